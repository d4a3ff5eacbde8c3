//! F4 and F5: a system call that fails is told of and costs nothing; one that is only interrupted,
//! or does less than it was asked for, makes no difference.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use super::bench::{BIND, Bench, Change, NOTE};
use super::shim::Shim;
use crate::support::fault_table::{Trial, is_full};
use crate::support::{Run, World};

/// How calls fail: full and broken disks, quotas, read-only mounts, missing rights, too many files.
const FAILURES: &[(&str, &[&str])] = &[
    ("open", &["EACCES", "EROFS"]),
    ("openat", &["EACCES", "EROFS", "EMFILE"]),
    ("write", &["ENOSPC", "EIO", "EDQUOT"]),
    ("fsync", &["EIO", "ENOSPC"]),
    ("renameat", &["EROFS", "ENOSPC", "EDQUOT"]),
    ("renameat2", &["EROFS", "ENOSPC"]),
    ("read", &["EIO"]),
    ("statx", &["EACCES"]),
    ("fchmod", &["EPERM"]),
    ("flock", &["ENOLCK"]),
    ("mkdir", &["EROFS", "EDQUOT"]),
];

fn fail_at(change: Change, all_errors: bool) -> String {
    let bench = Bench::new(change, 0);
    let (mut refused, mut coped) = (0, 0);
    for (at, call) in bench.calls.iter().enumerate() {
        let failures = FAILURES.iter().find(|(name, _)| *name == call.name);
        let errors = failures.map_or(&[][..], |(_, errors)| errors);
        let errors = if all_errors { errors } else { errors.get(..1).unwrap_or_default() };
        for error in errors {
            let what = format!("{error} at {}#{} ({})", call.name, call.number, call.text);
            let inject = format!("inject={}:error={error}:when={}", call.name, call.number);
            let before = std::fs::read(bench.file()).unwrap();
            let run = bench.traced(&["-e", &inject]).run;
            let (same, shown) = (std::fs::read(bench.file()).unwrap() == before, bench.shown());
            if run.status == Some(0) {
                coped += 1;
                assert_eq!(shown, bench.new, "{what}: acknowledged and lost\n{run}");
            } else {
                refused += 1;
                assert!(run.status.is_some_and(|code| code <= 15), "{what}\n{run}");
                assert!(run.stderr.starts_with("tabctl: "), "{what}: is not told\n{run}");
                // Only the sync of the folder comes after the new content is in place.
                assert!(same || at > bench.renames(), "{what}: changed the file\n{run}");
            }
            let temps = bench.temps();
            assert!(temps.is_empty(), "{what}: left {temps:?}");
            bench.recovers(&what);
            bench.there_and_back();
        }
    }
    assert!(refused > 20 && coped > 5, "{refused} refused, {coped} coped with");
    format!("{refused} told and refused, {coped} coped with")
}

/// The number of runs is the sum of both in the note.
fn count(note: &str) -> usize {
    note.split_whitespace().filter_map(|word| word.parse::<usize>().ok()).sum()
}

#[test]
fn a_disk_that_fails_at_any_call_is_told_of_and_costs_nothing() {
    let trial = Trial::begin("F4", "note");
    let note = fail_at(NOTE, true);
    trial.held(count(&note), &note);
}

#[test]
fn a_disk_that_fails_at_any_call_of_a_bind_costs_no_trust() {
    let trial = Trial::begin("F4", "bind");
    let note = fail_at(BIND, is_full());
    trial.held(count(&note), &note);
}

/// What a signal can interrupt, and what some file systems (of networks, of users) let be interrupted
/// too. `close` is not here: after an error it must not be repeated.
const INTERRUPTIBLE: &[&str] = &[
    "open",
    "openat",
    "read",
    "pread64",
    "write",
    "flock",
    "fsync",
    "renameat",
    "renameat2",
    "fchmod",
    "fchown",
    "unlinkat",
    "getrandom",
];

#[test]
fn an_interrupted_call_is_made_again() {
    let trial = Trial::begin("F5", "interrupted");
    let bench = Bench::new(NOTE, 0);
    let may = |name: &str| INTERRUPTIBLE.contains(&name);
    let each = bench.all_calls.iter().filter(|call| may(&call.name));
    let each = each.map(|call| format!("{}:error=EINTR:when={}", call.name, call.number));
    // And every second one of a kind, so that the repeated one is not interrupted again.
    let names: BTreeSet<&str> = bench.all_calls.iter().map(|call| call.name.as_str()).collect();
    let first = |name: &str| bench.all_calls.iter().find(|call| call.name == name).unwrap().number;
    let often = names.into_iter().filter(|name| may(name));
    let often = often.map(|name| format!("{name}:error=EINTR:when={}+2", first(name)));
    let all: Vec<String> = each.chain(often).collect();
    for what in &all {
        let run = bench.traced(&["-e", &format!("inject={what}")]).run;
        assert_eq!(run.status, Some(0), "{what}\n{run}");
        assert_eq!(bench.shown(), bench.new, "{what}\n{run}");
        assert!(run.stderr.is_empty(), "{what}\n{run}");
        let temps = bench.temps();
        assert!(temps.is_empty(), "{what}: left {temps:?}");
        bench.recovers(what);
    }
    assert!(all.len() > 40, "only {} calls were interrupted", all.len());
    trial.held(all.len(), "EINTR by strace at each call of `note` that can be interrupted");
}

/// What is done in a world and how it answers; the same however its reads and writes are cut.
fn story(world: &World) -> Vec<Run> {
    let folder = world.workspace("api");
    let bind = ["bind", "generic", "--tab", "api", "--session-id", "x1", "--", "cat"];
    let lines: &[&[&str]] = &[
        &bind,
        &["task", "to be done"],
        &["note", "one"],
        &["note", "two: ä 日本"],
        &["tag", "t1", "t2"],
        &["status", "attention"],
        &["lock"],
        &["unlock"],
        &["rename", "web"],
        &["show"],
        &["ls"],
        &["resume", "--dry-run"],
    ];
    lines.iter().map(|line| world.tabctl_in(&folder, *line).ok()).collect()
}

#[test]
fn short_and_interrupted_reads_and_writes_make_no_difference() {
    let trial = Trial::begin("F5", "short");
    let shim = match Shim::built() {
        Ok(shim) => shim,
        Err(why) => return trial.not_run(&why),
    };
    let texts = |world: &World| {
        let file = world.session_file("api");
        let volatile = ["id:", "at:", "since:"];
        let kept = file.lines().filter(|line| {
            !volatile.iter().any(|key| line.trim_start_matches([' ', '-']).starts_with(key))
        });
        kept.map(str::to_owned).collect::<Vec<_>>()
    };
    let plain = World::new();
    story(&plain);
    let mut count = 0;
    for most in ["1", "2", "3", "7", "64", "1000"] {
        let mut world = World::new();
        shim.preload(&mut world);
        world.set("TABCTL_TEST_SHORT", most);
        count += story(&world).len();
        assert_eq!(texts(&world), texts(&plain), "at most {most} bytes a call");
        let damage = crate::support::inside::store(&world).damage();
        assert!(damage.is_empty(), "at most {most} bytes a call: {damage:?}");
    }
    trial.held(count, "reads and writes of 1 to 1000 bytes, each second one interrupted");
}

/// Runs a line with files limited to so many blocks of 512 bytes: a write is short, then fails.
fn limited(world: &World, folder: &std::path::Path, blocks: u64, line: &[&str]) -> Run {
    let script = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec tabctl \"$@\"";
    let mut command = world.command("/bin/sh");
    command.args(["-c", script, "sh", &blocks.to_string()]).args(line).current_dir(folder);
    Run::within(Duration::from_secs(20), &mut command)
}

#[test]
fn a_write_that_is_cut_off_costs_nothing() {
    let trial = Trial::begin("F5", "cut off");
    let world = World::new();
    let folder = world.workspace("api");
    world.tabctl_in(&folder, BIND.undoes).ok();
    world.tabctl_in(&folder, ["note", &"a long note ".repeat(300)]).ok();
    let file = folder.join(".session.yaml");
    let size = std::fs::metadata(&file).unwrap().size();
    let lines: &[&[&str]] = &[
        &["note", "more"],
        &["task", "another"],
        &["tag", "t"],
        &["lock"],
        &["bind", "generic", "--tab", "api", "--session-id", "x9", "--", "cat", "nine"],
    ];
    let (mut refused, mut count) = (0, 0);
    for blocks in 0..=(size / 512 + 2) {
        for line in lines {
            let before = std::fs::read(&file).unwrap();
            let run = limited(&world, &folder, blocks, line);
            let same = std::fs::read(&file).unwrap() == before;
            let what = format!("at most {blocks} blocks");
            assert!(run.status.is_some_and(|code| code <= 15), "{what}\n{run}");
            assert_eq!(run.status == Some(0), !same, "{what}\n{run}");
            refused += usize::from(same);
            count += 1;
            let temps = super::bench::files(&world.home()).into_iter();
            let temps = temps.chain(super::bench::files(&world.path("state")));
            let temps: Vec<_> = temps.filter(|path| super::bench::is_temp(path)).collect();
            assert!(temps.is_empty(), "{what}: left {temps:?}\n{run}");
            // Back to the file that all limits are tried on.
            std::fs::write(&file, &before).unwrap();
        }
    }
    assert!(refused > 20 && refused < count, "{refused} of {count} were refused");
    trial.held(count, &format!("RLIMIT_FSIZE; {refused} refused with the old content intact"));
}
