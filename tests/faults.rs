//! What must not cost a tab: a process that is killed at any moment, a disk that fails at any call,
//! a file that lost its end or one of its bits. The first two need `strace`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tabctl::engine::fake::Fake;
use tabctl::model::session::Session;
use tabctl::ops::plan::{self, Wish};
use tabctl::ops::{Ctx, edit, list};
use tabctl::store::{Loaded, Trust};
use tabctl::sys::file::is_temp_name;
use tabctl::ui::card;

use crate::support::World;
use crate::support::inside::{context, store};
use crate::support::trace::{Call, Traced, traced};

const LIMIT: Duration = Duration::from_secs(20);

/// A change, what takes it back, and what a session file says of it.
struct Change {
    does: &'static [&'static str],
    undoes: &'static [&'static str],
    shows: fn(&Session) -> Value,
}

const NOTE: Change = Change {
    does: &["note", "--tab", "api", "run make check first"],
    undoes: &["note", "--tab", "api", "--clear"],
    shows: |session| session.notes.iter().map(|note| note.text.clone()).collect(),
};
const BIND: Change = Change {
    does: &["bind", "generic", "--tab", "api", "--session-id", "x2", "--", "cat", "two"],
    undoes: &["bind", "generic", "--tab", "api", "--session-id", "x1", "--", "cat"],
    shows: |session| {
        let agent = session.agent.clone().unwrap_or_default();
        json!([agent.session_id, agent.launch.map(|launch| launch.argv)])
    },
};
const STATUS: Change = Change {
    does: &["status", "attention", "--tab", "api"],
    undoes: &["status", "idle", "--tab", "api"],
    shows: |session| json!(session.status.as_ref().map(|status| status.state)),
};

/// One trusted tab that nothing runs in, and the system calls of a change of it.
struct Bench {
    world: World,
    folder: PathBuf,
    change: Change,
    calls: Vec<Call>,
    old: Value,
    new: Value,
}

impl Bench {
    fn new(change: Change) -> Bench {
        let world = World::new();
        let folder = world.workspace("api");
        world.tabctl_in(&folder, BIND.undoes).ok();
        let mut bench =
            Bench { world, folder, change, calls: Vec::new(), old: Value::Null, new: Value::Null };
        // Until as many earlier versions are kept as ever will be: then every run does the same.
        for _ in 0..4 {
            bench.world.tabctl(bench.change.does).ok();
            bench.world.tabctl(bench.change.undoes).ok();
        }
        bench.old = bench.shown();
        let Traced { run, calls } = bench.traced(&[]);
        run.ok();
        bench.new = bench.shown();
        assert_ne!(bench.old, bench.new);
        bench.world.tabctl(bench.change.undoes).ok();
        assert_eq!(bench.shown(), bench.old);
        // Before the first lock nothing is written: that much is only reading.
        let lock = calls.iter().position(|call| call.name == "flock").expect("a lock");
        bench.calls = calls[lock..].to_vec();
        assert!(bench.renames() < bench.calls.len(), "no rename of the session file");
        bench
    }

    fn traced(&self, options: &[&str]) -> Traced {
        traced(&self.world, options, LIMIT, &self.folder, self.change.does)
    }

    fn file(&self) -> PathBuf {
        self.folder.join(".session.yaml")
    }

    fn loaded(&self) -> Loaded {
        store(&self.world).load(&self.file()).unwrap()
    }

    fn shown(&self) -> Value {
        (self.change.shows)(&self.loaded().session)
    }

    /// Where in the calls the session file gets its new content.
    fn renames(&self) -> usize {
        let is_it = |call: &Call| call.name.starts_with("rename") && call.names(".session.yaml");
        self.calls.iter().position(is_it).unwrap_or(usize::MAX)
    }

    /// What lies in the workspace beside the session file.
    fn left_behind(&self) -> Vec<PathBuf> {
        files(&self.folder).into_iter().filter(|path| *path != self.file()).collect()
    }

    /// Whatever happened: the tab is as before or as wanted, trusted, and can be changed back.
    fn recovers(&self, what: &str) {
        let (now, trust) = (self.shown(), self.loaded().trust);
        assert!(now == self.old || now == self.new, "{what}: {now}");
        assert_eq!(trust, Trust::Trusted, "{what}: {now}");
        let undone = self.world.tabctl(self.change.undoes);
        assert_eq!(undone.status, Some(0), "{what}\n{undone}");
        assert_eq!(self.shown(), self.old, "{what}");
        let damage = store(&self.world).damage();
        assert!(damage.is_empty(), "{what}: {damage:?}");
    }
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    entries.into_iter().flat_map(below).collect()
}

fn is_temp(path: &Path) -> bool {
    path.file_name().is_some_and(is_temp_name)
}

/// Whether a call changes what is on the disk. A process that is killed at any other leaves behind
/// what it leaves when it is killed at the next one of these.
fn changes_the_disk(call: &Call) -> bool {
    let changing = ["write", "fsync", "fchmod", "fchown", "ftruncate", "mkdir"];
    let families = ["rename", "unlink"];
    changing.contains(&call.name.as_str())
        || families.iter().any(|family| call.name.starts_with(family))
        || (call.name.starts_with("open") && call.text.contains("O_CREAT"))
}

/// Kills a change at each of these system calls, from its first lock on.
fn kill_at(change: Change, chosen: fn(&Call) -> bool) {
    let mut bench = Bench::new(change);
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
}

#[test]
fn a_note_that_is_killed_at_any_call_is_there_or_not_and_nothing_is_torn() {
    kill_at(NOTE, |_| true);
}

#[test]
fn a_bind_that_is_killed_at_any_change_costs_no_trust() {
    kill_at(BIND, changes_the_disk);
}

#[test]
fn a_status_that_is_killed_at_any_change_is_there_or_not() {
    kill_at(STATUS, changes_the_disk);
}

/// How calls fail: full and broken disks, read-only mounts, missing rights, too many files.
const FAILURES: &[(&str, &[&str])] = &[
    ("open", &["EACCES", "EROFS"]),
    ("openat", &["EACCES", "EROFS", "EMFILE"]),
    ("write", &["ENOSPC", "EIO"]),
    ("fsync", &["EIO", "ENOSPC"]),
    ("renameat", &["EROFS", "ENOSPC"]),
    ("renameat2", &["EROFS", "ENOSPC"]),
    ("read", &["EIO"]),
    ("statx", &["EACCES"]),
    ("fchmod", &["EPERM"]),
    ("flock", &["ENOLCK"]),
    ("mkdir", &["EROFS"]),
];

#[test]
fn a_disk_that_fails_at_any_call_is_told_of_and_costs_nothing() {
    let bench = Bench::new(NOTE);
    let (mut refused, mut coped) = (0, 0);
    for (at, call) in bench.calls.iter().enumerate() {
        let failures = FAILURES.iter().find(|(name, _)| *name == call.name);
        for error in failures.map_or(&[][..], |(_, errors)| errors) {
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
            let temps: Vec<_> = [bench.left_behind(), files(&bench.world.path("state"))].concat();
            let temps: Vec<_> = temps.into_iter().filter(|path| is_temp(path)).collect();
            assert!(temps.is_empty(), "{what}: left {temps:?}");
            bench.recovers(&what);
            // Once there and back, so that the next run makes exactly the same calls.
            bench.world.tabctl(bench.change.does).ok();
            bench.world.tabctl(bench.change.undoes).ok();
        }
    }
    assert!(refused > 20 && coped > 5, "{refused} refused, {coped} coped with");
}

/// A file with something in every field, a comment and a key of the person's own.
const WHOLE: &str = "\
# mine
version: 1
id: 01HF7YAT00000000000000001A
tab: api
locked: false
agent: {kind: generic, session_id: x1, resume: [cat, one], launch: {argv: [cat, one]}}
directory: .
place: {engine: tmux, session: s, window: api, index: 3}
task: 'a, b: c'
x-mine: [1, é]
status: {state: idle, since: 2026-01-01T00:00:00Z, by: person}
tags: [one, two]
notes:
- text: |-
    first

    second
  at: 2026-01-01T00:00:00Z
";

/// Every prefix of the file, and the file with every single byte changed.
fn mutilated() -> Vec<(String, Vec<u8>)> {
    let whole = WHOLE.as_bytes();
    let cut = (0..whole.len()).map(|end| (format!("cut at {end}"), whole[..end].to_vec()));
    let masks = [0x01, 0x80, 0x20, 0x10, 0x08, 0x02];
    let flipped = (0..whole.len()).map(|at| {
        let mut bytes = whole.to_vec();
        bytes[at] ^= masks[at % masks.len()];
        (format!("byte {at} flipped"), bytes)
    });
    cut.chain(flipped).collect()
}

/// Looks at everything in a world: reading, which writes nothing.
fn look(ctx: &Ctx, file: &Path) -> Option<Loaded> {
    let rows = list::list(ctx).unwrap().rows;
    let steps = plan::steps(ctx, &ctx.store.all().unwrap(), Wish::default()).unwrap();
    assert!(rows.len() == steps.len() && !rows.is_empty());
    let _: Vec<String> = steps.iter().flat_map(card::step).collect();
    let loaded = ctx.store.load(file).ok()?;
    card::tab(&list::row_of_file(ctx, &loaded), &loaded.session, "", ctx.now());
    Some(loaded)
}

#[test]
fn a_file_cut_or_flipped_anywhere_breaks_nothing_and_is_never_made_worse() {
    let (cases, next, written) = (mutilated(), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let world = World::new();
                let file = world.workspace("api").join(".session.yaml");
                std::fs::write(&file, WHOLE).unwrap();
                let ctx = context(&world, Fake::new());
                ctx.store.register(&file).unwrap();
                ctx.store.trust(&ctx.store.load(&file).unwrap(), "test").unwrap();
                while let Some((name, bytes)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    std::fs::write(&file, bytes).unwrap();
                    let loaded = look(&ctx, &file);
                    assert!(std::fs::read(&file).unwrap() == *bytes, "{name}: reading changed it");
                    let Some(loaded) = loaded else { continue };
                    written.fetch_add(
                        usize::from(note(&ctx, name, &loaded, bytes)),
                        Ordering::Relaxed,
                    );
                }
            });
        }
    });
    let written = written.into_inner();
    assert!(written > 100, "only {written} were still good enough for a note");
}

/// Adds a note to a file that still reads: refused, or all else is as it was.
fn note(ctx: &Ctx, name: &str, loaded: &Loaded, bytes: &[u8]) -> bool {
    let noted = edit::note(ctx, loaded, "hello");
    let after = std::fs::read(&loaded.file).unwrap();
    if noted.is_err() {
        assert!(after == *bytes, "{name}: refused, and changed all the same");
        return false;
    }
    let now = ctx.store.load(&loaded.file).unwrap_or_else(|error| panic!("{name}: {error}"));
    let same_command = now.session.executable() == loaded.session.executable();
    assert!(same_command, "{name}: what it runs has changed");
    assert_eq!(now.trust == Trust::Trusted, loaded.trust == Trust::Trusted, "{name}");
    let (mut now, mut before) = (now.session, loaded.session.clone());
    assert_eq!(now.notes.pop().map(|note| note.text).as_deref(), Some("hello"), "{name}");
    // A copy, or a file whose id was hit, is a tab of its own.
    before.id = now.id;
    now.notes.retain(|note| before.notes.contains(note));
    assert_eq!(now, before, "{name}");
    for line in bytes.split(|b| *b == b'\n').filter(|line| line.starts_with(b"x-mine: [1")) {
        let kept = after.windows(line.len()).any(|part| part == line);
        assert!(kept, "{name}: {:?} is gone", String::from_utf8_lossy(line));
    }
    true
}

#[test]
fn no_command_panics_on_a_mutilated_file() {
    let world = World::new();
    let folder = world.workspace("api");
    let file = folder.join(".session.yaml");
    std::fs::write(&file, WHOLE).unwrap();
    world.tabctl(["doctor", "--scan", folder.to_str().unwrap()]).ok();
    let mut codes: BTreeMap<i32, usize> = BTreeMap::new();
    for (name, bytes) in mutilated().into_iter().step_by(29) {
        std::fs::write(&file, &bytes).unwrap();
        for line in [&["ls"][..], &["show"], &["resume", "--dry-run"], &["note", "hello"]] {
            let run = world.tabctl_in(&folder, line);
            let code = run.status.unwrap_or_else(|| panic!("{name}: ended by a signal\n{run}"));
            assert!(code <= 15 && !run.stderr.contains("panicked"), "{name}\n{run}");
            let same = std::fs::read(&file).unwrap() == bytes;
            assert!(same || (line[0] == "note" && code == 0), "{name}: was changed\n{run}");
            *codes.entry(code).or_default() += 1;
        }
    }
    assert!(codes.len() > 1, "good and bad ones: {codes:?}");
}
