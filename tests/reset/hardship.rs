//! A reset whose record cannot be written, and one that is interrupted: what is told is what is.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tabctl::error::Kind;

use super::{PATIENCE, noted, session};
use crate::support::World;
use crate::support::throwaway::{READY, RECORD, RECORDS, STAY};

/// Runs a line while `$1` can neither be written nor replaced.
const READ_ONLY: &str =
    "mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\" && cd / && shift && exec \"$@\"";

fn read_only(world: &World, path: &Path) -> Command {
    let mut command = world.command("unshare");
    command.args(["-m", "--propagation", "private", "/bin/sh", "-c", READ_ONLY, "sh"]).arg(path);
    command
}

#[test]
fn a_reset_whose_record_cannot_follow_ends_nothing_and_says_nothing_of_it() {
    let world = World::new();
    let folder = world.demo_tab("api");
    // In a folder that cannot be written at all, the record would go into the index.
    let file = folder.join(".session.yaml");
    if !read_only(&world, &file).arg("true").output().is_ok_and(|done| done.status.success()) {
        eprintln!("left out: only root can mount");
        return;
    }
    world.say("api", "milk", 1);
    noted(&world);
    world.tabctl(["reset", "api", "--yes"]).ok();
    world.wait_until("the fresh one", PATIENCE, || world.state("api") == "idle");
    world.tabctl(["note", "--tab", "api", "of the fresh one"]).ok();
    let (before, count) = (session(&world, "api"), world.journal("api").len());
    let lines: [&[&str]; 2] = [&["reset", "api", "--yes"], &["reset", "api", "--back", "--yes"]];
    for line in lines {
        let mut command = read_only(&world, &file);
        command.arg(env!("CARGO_BIN_EXE_tabctl")).args(line);
        let run = crate::support::Run::of(&mut command).fails_with(Kind::Other);
        assert_eq!(run.stdout, "", "{run}");
        assert_eq!((session(&world, "api"), world.state("api")), (before.clone(), "idle".into()));
        assert_eq!(world.journal("api").len(), count, "{run}");
    }
    world.say("api", "bread", 1);
    let mut command = read_only(&world, &folder);
    command.args([env!("CARGO_BIN_EXE_tabctl"), "reset", "api", "--yes"]);
    crate::support::Run::of(&mut command).ok();
    world.wait_until("another one", PATIENCE, || world.state("api") == "idle");
    assert_ne!(world.row("api")["session_id"], before["agent"]["session_id"]);
}

fn begin(world: &World, line: &[&str]) -> Child {
    let mut command = world.command(env!("CARGO_BIN_EXE_tabctl"));
    command.args(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Ctrl-C; gives the exit code, and what was said.
fn interrupted(child: Child) -> (Option<i32>, String) {
    // One that is over already is told by its exit code.
    let _ = kill_process(Pid::from_child(&child), Signal::INT);
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

/// Takes a second to end after it was told to.
const STUBBORN: &str = "trap 'echo told >>~/log; sleep 1; exit' TERM\n";

#[test]
fn a_reset_that_is_interrupted_once_the_agent_is_told_to_end_is_seen_through() {
    let mut world = World::new();
    world.agent("stubborn", RECORDS, &[STUBBORN, RECORD, READY, STAY].concat());
    world.down_tab("api", "stubborn", "old");
    world.tabctl(["resume", "api"]).ok();
    noted(&world);
    let told = || std::fs::read_to_string(world.home().join("log")).unwrap_or_default();
    for (line, given, count) in [
        (&["reset", "api", "--yes"][..], "its fresh conversation", 1),
        (&["reset", "api", "--back", "--yes"], "its earlier conversation", 2),
    ] {
        world.wait_until("it to be there", PATIENCE, || world.state("api") == "idle");
        let before = world.conversation("api");
        let child = begin(&world, line);
        world.wait_until("it to be told", PATIENCE, || told().lines().count() == count);
        let (code, said) = interrupted(child);
        assert_eq!(code, Some(130), "{said}");
        assert!(said.contains(&format!("interrupted: 'api' has {given}, and ")), "{said}");
        assert_ne!(world.conversation("api"), before, "{said}");
        let now = session(&world, "api");
        assert_eq!(now["notes"].is_null(), given.contains("fresh"), "{now:#}");
        let holds = || world.count(&format!("stubborn --id {}", world.conversation("api"))) > 0;
        world.wait_until("it to be started", PATIENCE, holds);
    }
    assert_eq!(world.conversation("api"), "old");
    let done = world.tabctl(["resume", "api", "--json"]).ok().json();
    assert!(done[0]["result"]["outcome"] == "recovered" || done[0]["result"].is_null(), "{done:#}");
}

#[test]
fn one_that_is_interrupted_while_the_fresh_one_starts_says_so() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "milk", 1);
    let old = world.conversation("api");
    let child = begin(&world, &["reset", "api", "--yes"]);
    // From its own record on, and before the agent has said that it is there.
    world.wait_until("the reset", Duration::from_secs(20), || {
        world.journal("api").iter().any(|it| it["what"] == "reset")
    });
    let (code, said) = interrupted(child);
    assert_eq!(code, Some(130), "{said}");
    assert!(said.contains("put away the conversation"), "{said}");
    assert!(said.contains("interrupted: 'api' has its fresh conversation, and "), "{said}");
    assert!(!said.contains("did not come back"), "{said}");
    world.wait_until("it to be there", PATIENCE, || world.state("api") == "idle");
    assert_ne!(world.conversation("api"), old);
    world.say("api", "bread", 1);
}
