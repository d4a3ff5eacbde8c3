//! Many at once: no writer undoes what another one wrote, no name and no conversation is had twice.

use std::collections::BTreeSet;
use std::sync::{Barrier, Mutex};
use std::time::Duration;

use tabctl::error::Kind;

use crate::support::{Run, World};

/// As many as an eager person has agents, twice over.
const WRITERS: usize = 16;

/// Everyday fewer, with `TABCTL_TEST_LONG=1` all: each is a process of its own.
fn updates() -> usize {
    let long = std::env::var_os("TABCTL_TEST_LONG").is_some_and(|value| value == "1");
    if long { 200 } else { 50 }
}

#[test]
fn sixteen_writers_lose_no_update() {
    let world = World::new();
    let folder = world.workspace("api");
    let bind = ["bind", "generic", "--tab", "api", "--session-id", "x1", "--", "cat"];
    world.tabctl_in(&folder, bind).ok();
    let tag = |writer: usize, number: usize| format!("w{writer}-{number}");
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let world = &world;
            scope.spawn(move || {
                for number in 0..updates() {
                    world.tabctl(["tag", "--tab", "api", &tag(writer, number)]).ok();
                }
            });
        }
    });
    let written = world.tabctl(["tag", "--tab", "api", "--json"]).ok().json();
    let written: BTreeSet<String> = serde_json::from_value(written).unwrap();
    let all = (0..WRITERS).flat_map(|writer| (0..updates()).map(move |number| (writer, number)));
    let lost: Vec<_> = all.filter(|(w, n)| !written.contains(&tag(*w, *n))).collect();
    assert!(lost.is_empty(), "{} updates are lost: {lost:?}", lost.len());
    assert_eq!(written.len(), WRITERS * updates());
    assert_eq!(world.row("api")["trusted"], true);
}

#[test]
fn a_name_is_given_once_however_many_ask_for_it() {
    const ASKING: usize = 8;
    let world = World::new();
    let asked = |round: usize, by: usize, line: &[&str]| {
        let folder = world.workspace(&format!("w{round}-{by}"));
        let run = world.tabctl_in(&folder, line);
        let clash = run.status == Some(i32::from(Kind::Clash.exit_code()));
        assert!(run.status == Some(0) || clash, "{run}");
        run.status == Some(0)
    };
    let at_once = |ask: &(dyn Fn(usize) -> bool + Sync)| {
        let barrier = Barrier::new(ASKING);
        std::thread::scope(|scope| {
            let asking = |by| {
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    ask(by)
                })
            };
            let all: Vec<_> = (0..ASKING).map(asking).collect();
            all.into_iter().map(|one| usize::from(one.join().unwrap())).sum::<usize>()
        })
    };
    for round in 0..3 {
        let name = format!("made-{round}");
        // Whoever comes second binds another conversation to the tab that is there now.
        let bound = at_once(&|by| {
            let id = format!("x{round}-{by}");
            let line = ["bind", "generic", "--tab", &name, "--session-id", &id, "--", "cat"];
            asked(round, by, &line)
        });
        let called = world.rows().into_iter().filter(|row| row["tab"] == name.as_str()).count();
        assert!(bound > 0 && called == 1, "{}", world.tabctl(["ls"]));
        for by in 0..ASKING {
            let (name, id) = (format!("w{round}-{by}"), format!("y{round}-{by}"));
            let line = ["bind", "generic", "--tab", &name, "--session-id", &id, "--", "cat"];
            assert!(asked(round, by, &line));
        }
        let name = format!("renamed-{round}");
        let renamed =
            at_once(&|by| asked(round, by, &["rename", &format!("w{round}-{by}"), &name]));
        assert_eq!(renamed, 1, "{}", world.tabctl(["ls"]));
    }
}

/// Approves what a folder's session file runs, as a person does: by reading it and typing `y`.
fn trust(world: &World, folder: &std::path::Path) {
    let open = ["new-session", "-d", "-x", "120", "-y", "40", "-P", "-F", "#{pane_id}"];
    let pane = world.tmux([&open[..], &["/bin/sh", "-i"]].concat()).ok().stdout.trim().to_owned();
    world.type_line(&pane, &format!("cd {} && tabctl trust; echo code=$?", folder.display()));
    world.wait_for_text(&pane, "Trust it?");
    world.tmux(["send-keys", "-t", &pane, "y"]).ok();
    world.wait_until("the answer", Duration::from_secs(10), || {
        world.screen(&pane).lines().any(|line| line == "code=0")
    });
}

#[test]
fn two_tabs_that_claim_one_conversation_start_one_agent() {
    let world = World::new();
    world.demo_tab("one");
    world.say("one", "hello", 1);
    let folder = world.demo_tab("two");
    let id = |tab: &str| world.row(tab)["session_id"].as_str().unwrap().to_owned();
    let (ones, twos) = (id("one"), id("two"));
    world.reboot();
    let text = world.session_file("two").replace(&twos, &ones);
    std::fs::write(folder.join(".session.yaml"), text).unwrap();
    assert_eq!(id("two"), ones);
    trust(&world, &folder);
    assert_eq!(world.row("two")["trusted"], true);
    let runs: Mutex<Vec<Run>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for number in 0..20 {
            let (world, runs) = (&world, &runs);
            let tab = ["one", "two"][number % 2];
            scope.spawn(move || runs.lock().unwrap().push(world.tabctl(["resume", tab])));
        }
    });
    let agents = |world: &World| {
        let all = world.processes();
        all.iter().filter(|process| process.command.contains("demo-agent")).count()
    };
    assert_eq!(agents(&world), 1);
    for run in runs.into_inner().unwrap() {
        assert!(run.status.is_some_and(|code| code <= 15), "{run}");
    }
    let held = ["one", "two"].map(|tab| world.state(tab) != "shell" && world.state(tab) != "down");
    assert_eq!(held.iter().filter(|held| **held).count(), 1, "{}", world.tabctl(["ls"]));
    world.tabctl(["resume"]);
    assert_eq!(agents(&world), 1);
}
