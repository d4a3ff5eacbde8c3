//! F7: `resume`, asked for a hundred times at once, starts one agent in one pane. What becomes of one
//! that is killed (F1, F8) stands in `resume_killed`.

use std::sync::Mutex;

use crate::support::fault_table::{Trial, runs};
use crate::support::inside::store;
use crate::support::{Run, World};

/// The demo agents that run in a world.
fn agents(world: &World) -> usize {
    world.processes().iter().filter(|process| process.command.contains("demo-agent")).count()
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
