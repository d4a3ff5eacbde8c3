//! F13: a wall clock that jumps, and another boot: order, claims and what is live do not depend on it.

use std::time::Duration;

use serde_json::Value;

use super::shim::{self, Shim};
use crate::support::World;
use crate::support::fault_table::Trial;
use crate::support::inside::store;

const PATIENCE: Duration = Duration::from_secs(20);
/// A year, a day, and what summer time is.
const JUMPS: [i64; 6] = [-31_536_000, -86_400, -3_600, 3_600, 86_400, 31_536_000];

fn agents(world: &World) -> usize {
    world.processes().iter().filter(|process| process.command.contains("demo-agent")).count()
}

/// One world whose clock jumps; gives how much was looked at.
fn jump(shim: &Shim, seconds: i64) -> usize {
    let mut world = World::new();
    shim.preload(&mut world);
    let mut count = 0;
    let mut holds = |what: &str, is: bool| {
        assert!(is, "{seconds} s: {what}");
        count += 1;
    };
    world.demo_tab("api");
    let said = |world: &World, state: &str| {
        world.tabctl(["status", state, "--tab", "api"]).ok();
    };
    let notes = |world: &World| -> Vec<String> {
        let shown = world.tabctl(["show", "api", "--json"]).ok().json();
        let notes = shown["session"]["notes"].as_array().cloned().unwrap_or_default();
        notes.iter().map(|note| note["text"].as_str().unwrap().to_owned()).collect()
    };
    world.tabctl(["note", "--tab", "api", "before"]).ok();
    said(&world, "attention");
    holds("what was said is shown", world.state("api") == "attention");
    shim::jump(&world, seconds);
    holds("it is still shown", world.state("api") == "attention");
    world.tabctl(["note", "--tab", "api", "after"]).ok();
    holds("notes stand in the order they were written", notes(&world) == ["before", "after"]);
    said(&world, "idle");
    holds("what was said last counts", world.state("api") == "idle");
    world.tabctl(["resume", "api"]).ok();
    holds("the agent is not started again", agents(&world) == 1);
    let id = world.row("api")["id"].as_str().unwrap().parse().unwrap();
    let generations = store(&world).generations(id);
    holds(
        "the newest version is the first",
        generations
            .first()
            .is_some_and(|(_, text)| text.contains("before") && !text.contains("after")),
    );
    let journal: Vec<_> =
        store(&world).read_journal(id).into_iter().map(|entry| entry.what).collect();
    let last = |what: &str| journal.iter().rposition(|entry| entry == what);
    holds("the journal is in the order of what happened", last("noted") < last("status"));
    world.reboot();
    holds("nothing is live after a boot", world.state("api") == "down");
    world.tabctl(["resume", "api"]).ok();
    world.wait_until("the agent", PATIENCE, || agents(&world) == 1);
    holds("it comes back once", world.tabctl(["resume", "api"]).ok().status == Some(0));
    // And back again while it lives.
    shim::jump(&world, 0);
    said(&world, "thinking");
    holds("what was said last counts after the way back too", world.state("api") == "thinking");
    said(&world, "idle");
    holds("and the next", world.state("api") == "idle" && agents(&world) == 1);
    count
}

#[test]
fn a_clock_that_jumps_changes_no_order_and_starts_nothing_twice() {
    let trial = Trial::begin("F13", "clock");
    let shim = match Shim::built() {
        Ok(shim) => shim,
        Err(why) => return trial.not_run(&why),
    };
    let count = JUMPS.iter().map(|seconds| jump(&shim, *seconds)).sum();
    trial.held(count, "a year, a day, an hour, back and forth, under a living agent");
}

#[test]
fn what_another_boot_left_behind_is_not_alive() {
    let trial = Trial::begin("F13", "boot");
    let mut world = World::new();
    world.demo_tab("api");
    let live = || {
        let folder = std::fs::read_dir(world.path("run").join("live")).unwrap();
        let file = folder.map(|entry| entry.unwrap().path()).find(|path| path.is_file()).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        (file, serde_json::from_str::<Value>(&text).unwrap())
    };
    let (file, mut record) = live();
    let own = std::process::id();
    world.reboot();
    let rounds: u32 = 10;
    for boot in 0..rounds {
        // The same numbers, of a process that lives, and of all other boots.
        for who in ["runner", "agent"] {
            let place = match who {
                "runner" => &mut record["live"]["holder"]["runner"],
                _ => &mut record["live"]["agent"],
            };
            place["pid"] = own.into();
            place["start"] = start_of(own).into();
            place["boot"] = format!("boot-{boot}").into();
        }
        record["boot"] = format!("boot-{boot}").into();
        std::fs::write(&file, record.to_string()).unwrap();
        world.set("TABCTL_BOOT_ID", format!("another-{boot}"));
        let row = world.row("api");
        assert_eq!(row["status"]["state"], "down", "{row:#}");
        let plan = world.tabctl(["resume", "api", "--dry-run", "--json"]).ok().json();
        assert_eq!(plan[0]["action"], "start", "{plan:#}");
    }
    trial.held(2 * rounds as usize, "live records of other boots that name a living process");
}

/// When a process started, as a live record has it.
fn start_of(pid: u32) -> u64 {
    tabctl::scan::identity(pid, "any").unwrap().start
}
