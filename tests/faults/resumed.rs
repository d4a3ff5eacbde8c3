//! F1 and F7 of `resume`: killed at any change, or asked for a hundred times at once, it starts one
//! agent in one pane.

use std::sync::Mutex;
use std::time::Duration;

use super::bench::changes_the_disk;
use crate::support::fault_table::{Trial, is_full, runs};
use crate::support::inside::store;
use crate::support::trace::{Call, traced};
use crate::support::{Run, World};

const PATIENCE: Duration = Duration::from_secs(30);
const LIMIT: Duration = Duration::from_mins(1);

/// The demo agents that run in a world.
fn agents(world: &World) -> usize {
    world.processes().iter().filter(|process| process.command.contains("demo-agent")).count()
}

/// Another boot, with a server that is nobody's child: strace would wait for one that it started.
fn reboot(world: &World) {
    world.reboot();
    world.tmux(["new-session", "-d", "-s", "tabctl", "--", "sleep", "600"]).ok();
}

#[test]
fn a_resume_that_is_killed_at_any_change_is_finished_by_the_next_one() {
    let trial = Trial::begin("F1", "resume");
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "hello", 1);
    let id = world.row("api")["session_id"].clone();
    let resume = ["resume", "api"];
    reboot(&world);
    let trace = traced(&world, &[], LIMIT, &world.home(), resume);
    trace.run.ok();
    let lock = trace.calls.iter().position(|call| call.name == "flock").expect("a lock");
    let calls = trace.calls[lock..].iter();
    let calls: Vec<&Call> = calls.filter(|call| call.own && changes_the_disk(call)).collect();
    // Each costs some seconds; a few, spread over all of it, everyday.
    let step = if is_full() { 1 } else { calls.len().div_ceil(6).max(1) };
    let mut killed = 0;
    for call in calls.iter().skip(step / 2).step_by(step) {
        let what = format!("killed at {}#{}", call.name, call.number);
        reboot(&world);
        let inject = format!("inject={}:signal=KILL:when={}", call.name, call.number);
        let first = traced(&world, &["-e", &inject], LIMIT, &world.home(), resume).run;
        killed += usize::from(first.status.is_none());
        let second = world.tabctl(resume);
        assert_eq!(second.status, Some(0), "{what}\n{first}\n{second}");
        world.wait_until("the agent", PATIENCE, || agents(&world) == 1);
        let row = world.row("api");
        assert_eq!(row["session_id"], id, "{what}");
        let panes = world.tmux(["list-panes", "-a", "-F", "#{pane_id}"]).ok().stdout;
        assert_eq!(panes.lines().count(), 2, "{what}: {panes}");
        world.tabctl(resume).ok();
        assert_eq!(agents(&world), 1, "{what}");
    }
    // A client of tmux that has the call as well is killed first; and what waits makes more calls.
    assert!(killed > 1, "only {killed} were killed");
    let note = format!("of {} changes; then once more: one agent, one pane", calls.len());
    trial.held(killed, &note);
}

/// So many `resume`s at once, of these tabs in turn.
fn at_once(world: &World, count: usize, tabs: &[&str]) -> Vec<Run> {
    let runs = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for number in 0..count {
            let (runs, tab) = (&runs, tabs[number % tabs.len()]);
            scope.spawn(move || runs.lock().unwrap().push(world.tabctl(["resume", tab])));
        }
    });
    runs.into_inner().unwrap()
}

/// At once; the plan's 200 are its two parts of 100 each.
const AT_ONCE: usize = 100;

#[test]
fn a_hundred_resumes_of_one_tab_start_one_agent() {
    let trial = Trial::begin("F7", "one tab");
    let world = World::new();
    world.demo_tab("api");
    let rounds = runs(1, 5);
    for _ in 0..rounds {
        world.reboot();
        for run in at_once(&world, AT_ONCE, &["api"]) {
            run.ok();
        }
        assert_eq!(agents(&world), 1);
        let panes = world.tmux(["list-panes", "-a", "-F", "#{pane_id}"]).ok().stdout;
        assert_eq!(panes.lines().count(), 1, "{panes}");
    }
    trial.held(rounds * AT_ONCE, &format!("{rounds} x {AT_ONCE} at once: one agent, one pane"));
}

#[test]
fn a_hundred_resumes_of_two_tabs_with_one_conversation_start_one_agent() {
    let trial = Trial::begin("F7", "one conversation");
    let world = World::new();
    world.demo_tab("one");
    world.say("one", "hello", 1);
    let folder = world.demo_tab("two");
    let id = |tab: &str| world.row(tab)["session_id"].as_str().unwrap().to_owned();
    let text = world.session_file("two").replace(&id("two"), &id("one"));
    world.reboot();
    let file = folder.join(".session.yaml");
    std::fs::write(&file, text).unwrap();
    store(&world).trust(&store(&world).load(&file).unwrap(), "test").unwrap();
    assert_eq!(id("two"), id("one"));
    let rounds = runs(1, 5);
    for _ in 0..rounds {
        world.reboot();
        for run in at_once(&world, AT_ONCE, &["one", "two"]) {
            assert!(run.status.is_some_and(|code| code <= 15), "{run}");
        }
        assert_eq!(agents(&world), 1, "{}", world.tabctl(["ls"]));
        world.tabctl(["resume"]);
        assert_eq!(agents(&world), 1, "{}", world.tabctl(["ls"]));
    }
    trial.held(rounds * AT_ONCE, &format!("{rounds} x {AT_ONCE} at once: one agent"));
}
