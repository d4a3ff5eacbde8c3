//! A lost session file comes back as it was last, and never in the way of another one.

use super::*;
use crate::error::{Kind, fault_of, kind_of};

#[test]
fn a_lost_file_comes_back_as_it_was_last_with_its_comments_and_its_trust() {
    let world = World::new();
    let tab = world.tab("api");
    by_hand(&tab.file, "tab: api", "tab: api # mine\nkey: of a person");
    world.add_tag(&tab.file, "first").unwrap();
    let last = world.store.update(&tab.file, &mut |session| {
        session.agent.as_mut().unwrap().session_id = Some("abc-2".to_owned());
        Ok(())
    });
    let (last, text) = (last.unwrap(), fs::read_to_string(&tab.file).unwrap());
    fs::remove_file(&tab.file).unwrap();
    let problem = world.known(tab.session.id).problem.unwrap();
    assert!(problem.contains("`tabctl doctor --restore api`"), "{problem}");

    let back = world.store.put_back(tab.session.id).unwrap();
    assert_eq!((back.file, back.session, back.trust), (tab.file.clone(), last.session, last.trust));
    assert_eq!(fs::read_to_string(&tab.file).unwrap(), text);
    assert_eq!(back.standing, Standing::Known);
    let known = world.known(tab.session.id);
    assert!(known.problem.is_none() && known.trusted && known.present);
}

#[test]
fn a_file_that_was_never_changed_comes_back_from_the_index() {
    let world = World::new();
    let tab = world.tab("two words");
    let text = fs::read_to_string(&tab.file).unwrap();
    assert!(world.store.generations(tab.session.id).is_empty());
    fs::remove_file(&tab.file).unwrap();
    assert!(world.known(tab.session.id).problem.unwrap().contains("--restore 'two words'`"));
    assert_eq!(world.store.put_back(tab.session.id).unwrap().trust, Trust::Trusted);
    assert_eq!(fs::read_to_string(&tab.file).unwrap(), text);
}

#[test]
fn what_was_not_trusted_comes_back_not_trusted() {
    let world = World::new();
    let tab = world.tab("api");
    by_hand(&tab.file, "kind: claude", "kind: codex");
    world.add_tag(&tab.file, "x").unwrap();
    fs::remove_file(&tab.file).unwrap();
    let back = world.store.put_back(tab.session.id).unwrap();
    assert_eq!(back.session.agent.unwrap().kind, "codex");
    assert_eq!(back.trust, Trust::Changed(Box::new(tab.session.executable())));
    assert!(!world.known(tab.session.id).trusted);
}

#[test]
fn nothing_is_put_over_a_file_nor_into_another_folder() {
    let world = World::new();
    let (tab, other) = (world.tab("api"), world.tab("other"));
    let put_back = || kind_of(&world.store.put_back(tab.session.id).unwrap_err());
    let text = fs::read(&tab.file).unwrap();
    assert_eq!(put_back(), Kind::Clash);
    assert_eq!(fs::read(&tab.file).unwrap(), text);
    fs::copy(&other.file, &tab.file).unwrap();
    assert_eq!(put_back(), Kind::Clash);
    assert_eq!(fs::read(&tab.file).unwrap(), fs::read(&other.file).unwrap());
    let error = world.store.load_id(tab.session.id).unwrap_err();
    let hint = fault_of(&error).unwrap().hint.clone().unwrap();
    assert!(hint.contains("`tabctl doctor --restore api`"), "{hint}");

    fs::remove_dir_all(&tab.workspace).unwrap();
    assert_eq!(put_back(), Kind::NotFound);
    let elsewhere = world.workspace("elsewhere");
    std::os::unix::fs::symlink(&elsewhere, &tab.workspace).unwrap();
    assert_eq!(put_back(), Kind::NotFound);
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    let unknown = world.store.put_back(TabId::from_parts(1, 1)).unwrap_err();
    assert_eq!(kind_of(&unknown), Kind::NotFound);
}

#[test]
fn a_folder_that_was_made_again_has_no_trust() {
    let world = World::new();
    let tab = world.tab("api");
    // The old one stays, so that the new one cannot have its number.
    fs::rename(&tab.workspace, tab.workspace.with_file_name("old")).unwrap();
    fs::create_dir(&tab.workspace).unwrap();
    let back = world.store.put_back(tab.session.id).unwrap();
    assert_eq!((back.session, back.trust), (tab.session, Trust::Never));
}

#[test]
fn what_a_newer_tabctl_wrote_is_not_put_back_in_part() {
    let world = World::new();
    let tab = world.tab("api");
    by_hand(&tab.file, "version: 1", "version: 2\nlater: x");
    world.store.trust(&world.store.load(&tab.file).unwrap(), "trust").unwrap();
    fs::remove_file(&tab.file).unwrap();
    assert_eq!(kind_of(&world.store.put_back(tab.session.id).unwrap_err()), Kind::ReadOnly);
    assert!(!tab.file.exists());
}
