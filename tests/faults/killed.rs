//! F1: a change that is killed at any of its system calls is there or not, and costs nothing else.

use std::time::{Duration, SystemTime};

use tabctl::store::Trust;

use super::bench::{
    BIND, Bench, Change, LOCK, NOTE, RENAME, STATUS, UNLOCK, changes_the_disk, files, is_temp,
};
use crate::support::World;
use crate::support::fault_table::{Trial, is_full, runs};
use crate::support::inside::store;
use crate::support::trace::{Call, traced};

const LIMIT: Duration = Duration::from_secs(20);

/// Kills a change at each of these system calls, from its first lock on; gives how often.
fn kill_at(change: Change, seed: usize, chosen: fn(&Call) -> bool) -> usize {
    let mut bench = Bench::new(change, seed);
    bench.calls.retain(chosen);
    let (mut killed, mut changed) = (0, 0);
    for call in &bench.calls {
        let what = format!("killed at {}#{}", call.name, call.number);
        let inject = format!("inject={}:signal=KILL:when={}", call.name, call.number);
        let run = bench.traced(&["-e", &inject]).run;
        let was_killed = run.status.is_none();
        assert!(was_killed || run.status == Some(0), "{what}\n{run}");
        assert!(was_killed || bench.shown() == bench.new, "{what}: acknowledged and lost\n{run}");
        killed += usize::from(was_killed);
        changed += usize::from(bench.shown() == bench.new);
        bench.recovers(&what);
    }
    let all = bench.calls.len();
    assert!(killed * 10 >= all * 9, "only {killed} of {all} were killed: the runs differ too much");
    assert!(0 < changed && changed < all, "{changed} of {all}: no call made the difference");
    let left = bench.left_behind();
    assert!(left.iter().all(|path| is_temp(path)), "{left:?}");
    // At most one by each that was killed between making it and renaming it.
    assert!(!left.is_empty() && left.len() < 40, "{} temporary files were left", left.len());
    killed
}

/// Everyday at each call that changes something, in the plan at each call of ten files.
fn kill(part: &str, change: Change) {
    let trial = Trial::begin("F1", part);
    let chosen: fn(&Call) -> bool = if is_full() { |_| true } else { changes_the_disk };
    let killed = (0..runs(1, 10)).map(|seed| kill_at(change, seed, chosen)).sum();
    trial.held(killed, &format!("{} file(s) of different length", runs(1, 10)));
}

#[test]
fn a_note_that_is_killed_at_any_call_is_there_or_not_and_nothing_is_torn() {
    let trial = Trial::begin("F1", "note");
    let killed = (0..runs(1, 10)).map(|seed| kill_at(NOTE, seed, |_| true)).sum();
    trial.held(killed, "at every call, also everyday");
}

#[test]
fn a_bind_that_is_killed_at_any_change_costs_no_trust() {
    kill("bind", BIND);
}

#[test]
fn a_status_that_is_killed_at_any_change_is_there_or_not() {
    kill("status", STATUS);
}

#[test]
fn a_rename_that_is_killed_at_any_change_leaves_one_of_the_two_names() {
    kill("rename", RENAME);
}

#[test]
fn a_lock_that_is_killed_at_any_change_is_there_or_not() {
    kill("lock", LOCK);
}

#[test]
fn an_unlock_that_is_killed_at_any_change_is_there_or_not() {
    kill("unlock", UNLOCK);
}

/// The calls of a line from its first lock on that are worth killing it at.
fn calls_of(world: &World, folder: &std::path::Path, line: &[&str]) -> Vec<Call> {
    let trace = traced(world, &[], LIMIT, folder, line);
    trace.run.ok();
    let lock = trace.calls.iter().position(|call| call.name == "flock").expect("a lock");
    let chosen = |call: &Call| call.is_own && (is_full() || changes_the_disk(call));
    trace.calls[lock..].iter().filter(|call| chosen(call)).cloned().collect()
}

fn injected(call: &Call) -> String {
    format!("inject={}:signal=KILL:when={}", call.name, call.number)
}

const CREATE: &[&str] =
    &["bind", "generic", "--tab", "new", "--session-id", "x1", "--", "cat", "one"];

#[test]
fn a_tab_whose_making_is_killed_at_any_change_is_there_or_can_be_made() {
    let trial = Trial::begin("F1", "create");
    let mut killed = 0;
    for _ in 0..runs(1, 10) {
        let world = World::new();
        let folder = world.workspace("new");
        let file = folder.join(".session.yaml");
        let made = || world.rows().iter().filter(|row| row["tab"] == "new").count();
        for _ in 0..2 {
            world.tabctl_in(&folder, CREATE).ok();
            world.tabctl(["rm", "new", "--yes"]).ok();
        }
        let calls = calls_of(&world, &folder, CREATE);
        for call in &calls {
            let what = format!("killed at {}#{}", call.name, call.number);
            world.tabctl_in(&folder, ["rm", "--yes"]);
            assert!(!file.exists() && made() == 0, "{what}: not taken away");
            let run = traced(&world, &["-e", &injected(call)], LIMIT, &folder, CREATE).run;
            killed += usize::from(run.status.is_none());
            assert!(run.status.is_none() || run.status == Some(0), "{what}\n{run}");
            if file.exists() {
                store(&world).load(&file).unwrap_or_else(|error| panic!("{what}: {error}"));
            }
            assert!(made() <= 1, "{what}");
            let again = world.tabctl_in(&folder, CREATE);
            assert_eq!(again.status, Some(0), "{what}\n{again}");
            assert_eq!(made(), 1, "{what}\n{again}");
            let trust = store(&world).load(&file).unwrap().trust;
            assert_eq!(trust, Trust::Trusted, "{what}\n{again}");
            let others = files(&folder).into_iter().filter(|path| *path != file && !is_temp(path));
            assert_eq!(others.collect::<Vec<_>>(), Vec::<std::path::PathBuf>::new(), "{what}");
        }
        assert!(killed * 5 >= calls.len() * 4, "only {killed} of {} were killed", calls.len());
    }
    trial.held(killed, "by `bind` in an empty folder, then once more");
}

#[test]
fn a_removal_that_is_killed_at_any_change_can_be_repeated() {
    let trial = Trial::begin("F1", "remove");
    let line = ["rm", "new", "--yes"];
    let mut killed = 0;
    for _ in 0..runs(1, 10) {
        let world = World::new();
        let folder = world.workspace("new");
        let file = folder.join(".session.yaml");
        let listed = || world.rows().len();
        for _ in 0..2 {
            world.tabctl_in(&folder, CREATE).ok();
            world.tabctl(line).ok();
        }
        world.tabctl_in(&folder, CREATE).ok();
        let calls = calls_of(&world, &folder, &line);
        for call in &calls {
            let what = format!("killed at {}#{}", call.name, call.number);
            world.tabctl_in(&folder, CREATE).ok();
            let run = traced(&world, &["-e", &injected(call)], LIMIT, &folder, line).run;
            killed += usize::from(run.status.is_none());
            assert!(run.status.is_none() || run.status == Some(0), "{what}\n{run}");
            // What is not listed any more has no file either: nobody would find it.
            assert!(listed() == 1 || !file.exists(), "{what}: {}", world.tabctl(["ls"]));
            if listed() == 1 {
                let again = world.tabctl(line);
                assert_eq!(again.status, Some(0), "{what}\n{again}");
            }
            assert!(listed() == 0 && !file.exists(), "{what}: {}", world.tabctl(["ls"]));
        }
        assert!(killed * 5 >= calls.len() * 4, "only {killed} of {} were killed", calls.len());
    }
    trial.held(killed, "then once more");
}

#[test]
fn what_killed_writers_left_behind_is_swept_after_an_hour_and_nothing_else() {
    let trial = Trial::begin("F1", "sweep");
    let world = World::new();
    let folder = world.workspace("api");
    world.tabctl_in(&folder, BIND.undoes).ok();
    world.tabctl(["note", "--tab", "api", "zero"]).ok();
    let old = SystemTime::now() - Duration::from_hours(2);
    let put = |folder: &std::path::Path, name: &str, at: SystemTime| {
        let path = folder.join(name);
        std::fs::write(&path, "x").unwrap();
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_times(std::fs::FileTimes::new().set_modified(at)).unwrap();
        path
    };
    let (state, temp) = (world.path("state"), |c: &str| format!(".tabctl-{}.tmp", c.repeat(32)));
    let generations = state.join("generations").join(world.row("api")["id"].as_str().unwrap());
    std::fs::create_dir_all(&generations).unwrap();
    let folders = [&folder, &state, &state.join("tabs"), &state.join("trust"), &generations];
    let left: Vec<_> = folders.map(|folder| put(folder, &temp("a"), old)).into();
    let kept = [
        put(&folder, &temp("b"), SystemTime::now()),
        put(&folder, ".tabctl-notes.tmp", old),
        put(&folder, "old", old),
    ];
    // The last look is a moment ago.
    world.tabctl(["note", "--tab", "api", "one"]).ok();
    assert!(left.iter().all(|path| path.exists()));
    put(&state, "swept", old);
    world.tabctl(["note", "--tab", "api", "two"]).ok();
    assert!(left.iter().all(|path| !path.exists()), "{left:?}");
    assert!(kept.iter().all(|path| path.exists()), "{kept:?}");
    trial.held(left.len(), "temporary files older than an hour are gone with the next change");
}
