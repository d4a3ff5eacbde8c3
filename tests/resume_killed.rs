//! A `tabctl resume` that is killed at any step, and run again: one agent and one pane a tab.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::World;
use crate::support::fault_table::{Trial, runs};
use crate::support::processes;
use crate::support::run::Run;

/// The steps in the order in which they are journaled; `started` and `id-confirmed` by the runner.
const STEPS: [&str; 6] =
    ["claimed", "pane-created", "started", "agent-seen", "id-confirmed", "resumed"];
const LIMIT: Duration = Duration::from_secs(30);

/// Two tabs of the demo's agent that are down; a server that outlives what is traced.
fn stage() -> World {
    let world = World::new();
    for tab in ["one", "two"] {
        world.demo_tab(tab);
        world.say(tab, &format!("said in {tab}"), 1);
    }
    world.reboot();
    world.tmux(["new-session", "-d", "-s", "other", "--", "sleep", "600"]).ok();
    world
}

/// Everything is down again, as after a reboot.
fn down(world: &World) {
    world.reboot();
    world.tmux(["new-session", "-d", "-s", "other", "--", "sleep", "600"]).ok();
}

/// The resume after the killed one ends well, with one agent and one pane a tab, and the right ones.
#[track_caller]
fn recovers(world: &World, what: &str) {
    let run = world.tabctl(["resume", "--json"]);
    assert_eq!(run.status, Some(0), "{what}\n{run}\n{}", world.screens());
    // Another runner that came too late may still be leaving.
    world.wait_until(&format!("one pane a tab, {what}"), LIMIT, || {
        let panes = world.tmux(["list-panes", "-a", "-F", "#{@tabctl_id}"]).ok().stdout;
        let mut marks: Vec<&str> = panes.lines().filter(|line| !line.is_empty()).collect();
        let all = marks.len();
        marks.sort_unstable();
        marks.dedup();
        (all, marks.len()) == (2, 2)
    });
    for tab in ["one", "two"] {
        let id = world.row(tab)["session_id"].as_str().unwrap().to_owned();
        let agents = world.count(&format!("demo-agent --resume {id}"));
        assert_eq!(agents, 1, "{what}: {tab}\n{}", world.screens());
        world.wait_for_text(&world.pane(tab), &format!("I will remember \"said in {tab}\""));
        let last = world.journal(tab);
        let last = last.iter().rev().find(|entry| entry["what"] == "resumed");
        assert_eq!(last.unwrap()["with"]["outcome"], "recovered", "{what}");
    }
    let again = world.tabctl(["resume", "--json"]).ok().json();
    assert!(again.as_array().unwrap().iter().all(|it| it["action"] == "lives"), "{what}: {again}");
}

#[test]
fn a_resume_that_is_killed_at_any_step_is_finished_by_the_next_one() {
    let trial = Trial::begin("F8", "resume");
    let rounds = runs(1, 10);
    let world = stage();
    let steps = (0..rounds).flat_map(|_| STEPS);
    for step in steps {
        let id = world.row("two")["id"].as_str().unwrap().to_owned();
        let journal = world.path("state").join("journal").join(format!("{id}.jsonl"));
        let steps = |text: &str| text.matches(&format!("\"what\":\"{step}\"")).count();
        let read = || std::fs::read_to_string(&journal).unwrap_or_default();
        let before = steps(&read());
        let mut resume = world.command(env!("CARGO_BIN_EXE_tabctl"));
        resume.arg("resume").stdout(Stdio::null()).stderr(Stdio::null());
        let mut resume = resume.spawn().unwrap();
        let end = Instant::now() + LIMIT;
        while steps(&read()) == before && Instant::now() < end {
            std::thread::yield_now();
        }
        resume.kill().unwrap();
        resume.wait().unwrap();
        assert!(steps(&read()) > before, "'{step}' never came");
        recovers(&world, &format!("killed at '{step}'"));
        down(&world);
    }
    let note =
        format!("{rounds} x {}; then once more: one agent, one pane a tab", STEPS.join(", "));
    trial.held(rounds * STEPS.len(), &note);
}

/// `tabctl resume` alone under strace, without what it starts.
fn traced(world: &World, options: &[&str], log: &std::path::Path) -> Run {
    let mut command: Command = world.command("strace");
    command.args(["-qq", "-s", "4096", "-o"]).arg(log).args(options);
    command.arg("--").arg(env!("CARGO_BIN_EXE_tabctl")).args(["resume", "--jobs", "1"]);
    Run::within(LIMIT, &mut command)
}

/// The calls by which a resume changes something: what is on the disk, and what runs.
const CHANGING: &str = "trace=write,rename,renameat,renameat2,mkdir,vfork,clone3";

#[test]
fn a_resume_that_is_killed_at_any_change_is_finished_by_the_next_one() {
    let trial = Trial::begin("F1", "resume");
    let world = stage();
    let log = world.path("trace");
    traced(&world, &["-e", CHANGING], &log).ok();
    let trace = std::fs::read_to_string(&log).unwrap();
    let names: Vec<&str> = trace.lines().filter_map(|line| Some(line.split_once('(')?.0)).collect();
    let count = |upto: usize, name: &str| names[..=upto].iter().filter(|it| **it == name).count();
    let calls: Vec<(&str, usize)> =
        (0..names.len()).map(|at| (names[at], count(at, names[at]))).collect();
    assert!(calls.len() > 30, "{trace}");
    recovers(&world, "not killed at all");
    // Every call takes minutes; every seventh has all kinds of them.
    let mut killed = 0;
    for (name, number) in calls.iter().step_by(runs(7, 1)) {
        down(&world);
        let inject = format!("inject={name}:signal=KILL:when={number}");
        let run = traced(&world, &["-e", CHANGING, "-e", &inject], &log);
        killed += usize::from(run.status.is_none());
        recovers(&world, &format!("killed at {name}#{number}"));
    }
    assert!(killed >= 3, "only {killed} were killed: the runs differ too much");
    for process in world.processes().iter().filter(|it| it.command.starts_with("strace")) {
        processes::kill(process);
    }
    let note = format!("of {} changes; then once more: one agent, one pane a tab", calls.len());
    trial.held(killed, &note);
}
