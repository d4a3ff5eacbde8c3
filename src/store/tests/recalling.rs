//! The file that was read last: read once as long as nothing changes, and again when anything does.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use super::*;

/// What was written before this is told apart from what is written after it.
fn settle() {
    std::thread::sleep(Duration::from_millis(120));
}

fn is_kept(world: &World, id: TabId) -> bool {
    world.store.recall.of(&world.store, id).is_some()
}

#[test]
fn what_has_not_changed_is_read_once() {
    let world = World::new();
    let tab = world.tab("one");
    let id = tab.session.id;
    settle();
    let read = world.store.load_id(id).unwrap();
    assert!(is_kept(&world, id));
    let again = world.store.load_id(id).unwrap();
    assert_eq!((again.session, again.trust), (read.session, Trust::Trusted));
    let other = world.tab("two");
    assert!(!is_kept(&world, other.session.id));
}

#[test]
fn what_was_written_a_moment_ago_is_read_again() {
    let world = World::new();
    let tab = world.tab("one");
    settle();
    world.add_tag(&tab.file, "new").unwrap();
    let marks = world.store.stamps_of(tab.session.id, &tab.file);
    let read = world.store.load_id(tab.session.id).unwrap();
    assert_eq!(read.session.tags, ["new"]);
    // On a machine that was busy for so long it has settled by itself.
    let moment = clock::now().timestamp_nanos_opt().unwrap();
    let written = file::stamp(&tab.file).unwrap().ctime;
    assert!(
        marks.is_some() && (moment - written > 50_000_000 || !is_kept(&world, read.session.id))
    );
}

#[test]
fn every_change_is_seen_by_the_next_who_asks() {
    type Change = fn(&World, &Loaded);
    let changes: [(&str, Change); 6] = [
        ("edited", |_, tab| by_hand(&tab.file, "abc-1", "abc-2")),
        ("not approved", |world, tab| {
            fs::remove_file(world.store.trust_file(tab.session.id)).unwrap();
        }),
        ("not registered", |world, tab| {
            fs::remove_file(world.store.index_file(tab.session.id)).unwrap();
        }),
        ("gone", |_, tab| fs::remove_file(&tab.file).unwrap()),
        ("open to all", |_, tab| {
            fs::set_permissions(&tab.file, fs::Permissions::from_mode(0o666)).unwrap();
        }),
        ("another folder", |world, tab| {
            let elsewhere = world.root.path().join("elsewhere");
            fs::rename(&tab.workspace, &elsewhere).unwrap();
            fs::create_dir(&tab.workspace).unwrap();
            fs::rename(elsewhere.join(".session.yaml"), &tab.file).unwrap();
        }),
    ];
    for (what, change) in changes {
        let world = World::new();
        let tab = world.tab("one");
        let id = tab.session.id;
        settle();
        world.store.load_id(id).unwrap();
        assert!(is_kept(&world, id), "{what}");
        change(&world, &tab);
        let now = world.store.load_id(id);
        let is_as_before = now
            .as_ref()
            .is_ok_and(|now| (&now.session, &now.trust) == (&tab.session, &Trust::Trusted));
        assert!(!is_as_before && !is_kept(&world, id), "{what}: {now:?}");
    }
}
