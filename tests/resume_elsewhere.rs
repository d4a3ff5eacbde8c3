//! `tabctl resume` of what is elsewhere: a workspace that was moved, a conversation that somebody has
//! opened by hand. With an agent that keeps no record of anything, as some real ones do.
//! Must not need a real agent.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tabctl::error::Kind;

use crate::support::World;

const PATIENCE: Duration = Duration::from_secs(20);

const SPEC: &str = "
kind: mute
program: mute
flags: {value: [--id, --in], id: [--id]}
start:
  preset: [--id, '{id}']
  resume: [--in, '{directory}', --id, '{id}']
transcript: {unknowable: nobody knows}
hooks:
  event: [event]
  session: [session]
  rules: [{on: [next], means: conversation, source: source, state: idle}]
";

/// It takes a line for the next conversation's id, and tells it by its hook.
const PROGRAM: &str = r#"#!/usr/bin/env python3
import json, subprocess, sys
print("is" + " there", flush=True)
for line in sys.stdin:
    told = json.dumps({"event": "next", "source": "clear", "session": line.strip()})
    subprocess.run(["tabctl", "hook", "mute"], input=told.encode())
"#;

const NEXT: &str = "00000000-0000-4000-8000-000000000000";

/// A world with that agent, and a tab of it.
fn world() -> (World, PathBuf, String) {
    let mut world = World::new();
    let bin = world.path("bin");
    std::fs::create_dir(&bin).unwrap();
    std::fs::write(bin.join("mute"), PROGRAM).unwrap();
    std::fs::set_permissions(bin.join("mute"), PermissionsExt::from_mode(0o755)).unwrap();
    world.put_on_path(&bin);
    let agents = world.path("config").join("agents");
    std::fs::create_dir_all(&agents).unwrap();
    std::fs::write(agents.join("mute.yaml"), SPEC).unwrap();
    let folder = world.workspace("api");
    world.tabctl_in(&folder, ["new", "api", "--agent", "mute", "--detach"]).ok();
    let id = world.row("api")["session_id"].as_str().unwrap().to_owned();
    (world, folder, id)
}

/// The same, after the tab went down with the machine.
fn after_a_reboot() -> (World, PathBuf, String) {
    let (world, folder, id) = world();
    world.reboot();
    (world, folder, id)
}

/// The command lines of the agents that run.
fn agents(world: &World) -> Vec<String> {
    let all = world.processes().into_iter().map(|process| process.command);
    all.filter(|command| command.contains("/mute --")).collect()
}

/// A person's shell in a pane that is no tab, and the agent started there.
fn by_hand(world: &World, folder: &Path, id: &str) -> String {
    let open = ["new-session", "-d", "-P", "-F", "#{pane_id}", "-c", folder.to_str().unwrap()];
    // Two words, so that tmux starts no login shell: /etc/profile would set another PATH.
    let pane = world.tmux([&open[..], &["/bin/sh", "-i"]].concat()).ok().stdout;
    let pane = pane.trim().to_owned();
    world.type_line(&pane, &format!("mute --id {id}"));
    world.wait_for_text(&pane, "is there");
    pane
}

#[test]
fn the_next_conversation_is_not_taken_back_for_what_the_agent_was_started_with() {
    let (world, _, first) = world();
    world.type_line(&world.pane("api"), NEXT);
    let now = || world.row("api")["session_id"].as_str().unwrap().to_owned();
    world.wait_until("the next conversation", PATIENCE, || now() == NEXT);
    // The agent's process is looked at every three seconds, and its command line names the first.
    let end = Instant::now() + Duration::from_secs(5);
    while Instant::now() < end {
        assert_eq!(now(), NEXT);
    }
    world.reboot();
    world.tabctl(["resume"]).ok();
    let running = agents(&world);
    let is_next = |line: &String| line.contains(NEXT) && !line.contains(&first);
    assert!(running.len() == 1 && running.iter().all(is_next), "{running:?}");
}

#[test]
fn a_moved_workspace_is_resumed_where_it_is_now() {
    let (world, folder, id) = after_a_reboot();
    let moved = folder.with_file_name("elsewhere");
    std::fs::rename(&folder, &moved).unwrap();
    // Whatever stands at the old place now is somebody else's.
    std::fs::create_dir(&folder).unwrap();
    world.tabctl(["doctor", "--scan", moved.parent().unwrap().to_str().unwrap()]).ok();
    let run = world.tabctl(["resume", "api"]).ok();
    assert!(run.stdout.contains("made anew"), "{run}");
    let running = agents(&world);
    let wanted = format!("--in {} --id {id}", moved.display());
    assert!(running.len() == 1 && running[0].ends_with(&wanted), "{wanted}: {running:?}");
}

#[test]
fn a_conversation_that_was_opened_by_hand_is_not_opened_beside_it() {
    let (world, folder, id) = after_a_reboot();
    let pane = by_hand(&world, &folder, &id);
    let run = world.tabctl(["resume", "api"]).fails_with(Kind::Busy);
    assert!(run.stdout.contains(&format!("open in pane {pane} (process ")), "{run}");
    assert!(run.stdout.contains(&format!("tabctl bind --pane {pane}")), "{run}");
    assert_eq!(agents(&world).len(), 1);
    world.tmux(["kill-pane", "-t", &pane]).ok();
    world.wait_until("its end", PATIENCE, || agents(&world).is_empty());
    world.tabctl(["resume", "api"]).ok();
}

#[test]
fn another_conversation_in_the_same_folder_is_in_nobodys_way() {
    let (world, folder, _) = after_a_reboot();
    by_hand(&world, &folder, NEXT);
    world.tabctl(["resume", "api"]).ok();
    assert_eq!(agents(&world).len(), 2);
}
