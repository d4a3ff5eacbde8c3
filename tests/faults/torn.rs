//! F16: a session file that was cut anywhere, or that lost any one of its bits, breaks nothing and
//! is never made worse.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use tabctl::engine::fake::Fake;
use tabctl::ops::plan::{self, Wish};
use tabctl::ops::{Ctx, edit, list};
use tabctl::store::{Loaded, Trust};
use tabctl::ui::card;

use crate::support::World;
use crate::support::fault_table::{Trial, runs};
use crate::support::inside::context;

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
# what was said before it went down
notes:
- text: |-
    first: run `make check` before anything else, the database must be up for that

    second; the branch is feature/login, and the tests of the old page are still red
  by: person
  at: 2026-01-01T00:00:00Z
- {text: \"quoted \\u00e9 \\\"twice\\\" and 'once'\", at: 2026-01-02T03:04:05.678Z}
- {text: 'only a text: # no comment, [no list], {no map}'}
# and what else belongs to the person
x-list:
  - {a: 1, b: [2, 3.5, -4], c: ~}
  - >-
    folded text
    of two lines
x-map: {\"key with: colon\": true, empty: '', 日本: 👍}
x-last: |
  the end, with a line of its own
  and another one, so that the file has its thousand bytes as the plan of the faults wants it to have
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
    let trial = Trial::begin("F16", "look and note");
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
    trial.held(cases.len(), &format!("{written} of them could still be given a note"));
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
    let trial = Trial::begin("F16", "commands");
    let world = World::new();
    let folder = world.workspace("api");
    let file = folder.join(".session.yaml");
    std::fs::write(&file, WHOLE).unwrap();
    world.tabctl(["doctor", "--scan", folder.to_str().unwrap()]).ok();
    let mut codes: BTreeMap<i32, usize> = BTreeMap::new();
    for (name, bytes) in mutilated().into_iter().step_by(runs(61, 7)) {
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
    trial.held(codes.values().sum(), "ls, show, resume --dry-run, note as processes");
}
