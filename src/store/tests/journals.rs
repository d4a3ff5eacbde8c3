//! Journals under many writers, some of which are killed.

use std::time::Duration;

use super::*;
use crate::model::chain::{self, Breach};
use crate::sys::run::command;

const WRITERS: usize = 16;

fn entry(writer: &str, number: usize) -> Entry {
    let with = serde_json::json!({ "writer": writer, "number": number });
    Entry {
        at: clock::now(),
        boot: "boot-1".to_owned(),
        what: "counted".to_owned(),
        actor: None,
        with: with.as_object().cloned().unwrap(),
    }
}

/// One of many writers: notes in a file of its own what was acknowledged.
#[test]
#[ignore = "run by killed_writers_lose_nothing_that_was_acknowledged, in a process of its own"]
fn one_writer_of_many() {
    let Ok(writer) = std::env::var("TABCTL_TEST_WRITER") else { return };
    let root = PathBuf::from(std::env::var_os("TABCTL_TEST_ROOT").unwrap());
    let count = std::env::var("TABCTL_TEST_COUNT").unwrap().parse().unwrap();
    let store = store_in(&root, "boot-1");
    let acknowledged = root.join(format!("ack-{writer}"));
    for number in 0..count {
        store.journal(TabId::from_parts(1, 1), &entry(&writer, number)).unwrap();
        crate::sys::file::append(&acknowledged, b"x").unwrap();
    }
}

/// The everyday count; `TABCTL_TEST_LONG=1` for the full one.
#[test]
fn killed_writers_lose_nothing_that_was_acknowledged() {
    let count = if std::env::var_os("TABCTL_TEST_LONG").is_some() { 10_000 } else { 150 };
    let world = World::in_memory();
    let this = std::env::current_exe().unwrap();
    let write = |writer: String| {
        let mut child = command(&this);
        child.args(["--exact", "--ignored", "store::tests::journals::one_writer_of_many"]);
        child.env("TABCTL_TEST_WRITER", &writer).env("TABCTL_TEST_COUNT", count.to_string());
        child.env("TABCTL_TEST_ROOT", world.root.path()).stdout(std::process::Stdio::null());
        child.spawn().unwrap()
    };
    let mut writers: Vec<_> = (0..WRITERS).map(|writer| write(writer.to_string())).collect();
    for (number, victim) in writers.iter_mut().enumerate().step_by(3) {
        std::thread::sleep(Duration::from_millis(10 + 5 * number as u64));
        victim.kill().unwrap();
    }
    for (number, mut writer) in writers.into_iter().enumerate() {
        // A victim may have been quicker than its end.
        assert!(writer.wait().unwrap().success() || number % 3 == 0);
    }
    let acknowledged = |writer: usize| {
        let file = world.root.path().join(format!("ack-{writer}"));
        fs::metadata(file).map_or(0, |metadata| metadata.len() / 2)
    };
    let acknowledged: u64 = (0..WRITERS).map(acknowledged).sum();
    let id = TabId::from_parts(1, 1);
    world.store.journal(id, &entry("last", 0)).unwrap();
    let (lines, head) = world.store.whole_journal(id).unwrap();
    let head = head.unwrap();
    let breaches = chain::verify(lines.iter().map(Vec::as_slice), Some(&head));
    assert_eq!(breaches, Vec::<Breach>::new());
    assert!(head.seq > acknowledged, "{} of {acknowledged}", head.seq);
    // One of each that was killed may have been written and not acknowledged.
    assert!(head.seq <= acknowledged + 1 + WRITERS as u64, "{} of {acknowledged}", head.seq);
    assert_eq!(lines.len() as u64, head.seq - head.first + 1, "all that is kept is there");
}

#[test]
fn a_long_journal_lets_go_of_its_oldest_part_and_is_whole_all_the_same() {
    let world = World::in_memory();
    let id = TabId::from_parts(1, 1);
    let mut large = entry("large", 0);
    large.with.insert("text".to_owned(), "x".repeat(40_000).into());
    for _ in 0..120 {
        world.store.journal(id, &large).unwrap();
    }
    let (lines, head) = world.store.whole_journal(id).unwrap();
    let head = head.unwrap();
    assert_eq!(head.seq, 120);
    assert!(head.first > 1 && lines.len() > 90, "{} from {}", lines.len(), head.first);
    assert_eq!(chain::verify(lines.iter().map(Vec::as_slice), Some(&head)), []);
    let fewer = &lines[3..];
    assert_ne!(chain::verify(fewer.iter().map(Vec::as_slice), Some(&head)), []);
}

#[test]
fn a_part_that_was_packed_and_not_removed_is_not_read_twice() {
    let world = World::in_memory();
    let id = TabId::from_parts(1, 1);
    let mut large = entry("large", 0);
    large.with.insert("text".to_owned(), "x".repeat(20_000).into());
    let newest = world.store.journal_file(id);
    while {
        world.store.journal(id, &large).unwrap();
        newest.exists()
    } {}
    let (lines, _) = world.store.whole_journal(id).unwrap();
    // As it is when its writer is killed between the two.
    let mut left = lines.join(&b'\n');
    left.push(b'\n');
    crate::sys::file::write(&newest, &left, crate::sys::file::Durability::Quick).unwrap();
    assert_eq!(world.store.whole_journal(id).unwrap().0, lines);
    assert_eq!(world.store.read_journal(id).len(), lines.len());
    world.store.journal(id, &entry("next", 0)).unwrap();
    let (all, head) = world.store.whole_journal(id).unwrap();
    assert_eq!(all.len(), lines.len() + 1);
    assert_eq!(chain::verify(all.iter().map(Vec::as_slice), head.as_ref()), []);
}
