//! The list of tabs, whatever has happened to their files.

use std::collections::BTreeSet;

use super::*;
use crate::error::{Kind, kind_of};
use crate::model::live::Holder;
use crate::model::proc::ProcId;
use crate::sys::file::{self, Durability};

#[test]
fn tabs_are_listed_by_name_with_what_is_live() {
    let world = World::new();
    let tabs = ["b", "c", "a"].map(|name| world.tab(name));
    let runner = ProcId { pid: 1, start: 2, boot: "boot-1".to_owned() };
    let holder = Holder {
        runner,
        engine: "tmux".to_owned(),
        server: "s".to_owned(),
        pane: None,
        adopted: false,
    };
    let live = world.store.update_live(tabs[0].session.id, &mut |live| {
        live.holder = Some(holder.clone());
    });
    let all = world.store.all().unwrap();
    let names: Vec<_> = all.iter().map(|tab| tab.session.tab.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert_eq!(all[1].live, Some(live.unwrap()));
    assert!(all.iter().all(|tab| tab.present && tab.trusted && tab.problem.is_none()));
    assert_eq!(all[0].workspace, tabs[2].workspace.display().to_string());
}

#[test]
fn after_a_reboot_nothing_is_live() {
    let world = World::new();
    let tab = world.tab("api");
    let id = tab.session.id;
    world.store.update_live(id, &mut |live| live.token = Some("t".to_owned())).unwrap();
    let rebooted = store_in(world.root.path(), "boot-2");
    assert!(rebooted.live(id).is_none() && rebooted.lives().is_empty());
    assert!(rebooted.all().unwrap()[0].live.is_none());
    let fresh = rebooted.update_live(id, &mut |live| assert!(live.token.is_none())).unwrap();
    assert_eq!(fresh, crate::model::live::Live::default());
}

#[test]
fn the_file_counts_and_the_index_is_only_faster() {
    let world = World::in_memory();
    let tab = world.tab("api");
    by_hand(&tab.file, "tab: api", "tab: web");
    assert_eq!(world.known(tab.session.id).session.tab, "web");
    let entry = fs::read(world.store.index_file(tab.session.id)).unwrap();
    assert!(!String::from_utf8(entry).unwrap().contains("web"), "reading never writes");
    let many: Vec<_> = (0..150).map(|n| world.tab(&format!("tab {n:03}"))).collect();
    by_hand(&many[140].file, "tab 140", "tab 200");
    let names: Vec<_> = world.store.all().unwrap().into_iter().map(|t| t.session.tab).collect();
    assert_eq!((names.len(), names[149].as_str()), (151, "tab 200"));
}

#[test]
fn a_deleted_folder_is_missing_and_a_deleted_file_is_a_problem() {
    let world = World::new();
    let (folder, file) = (world.tab("folder"), world.tab("file"));
    fs::remove_dir_all(&folder.workspace).unwrap();
    fs::remove_file(&file.file).unwrap();
    let (folder, file) = (world.known(folder.session.id), world.known(file.session.id));
    assert_eq!((folder.present, folder.problem, folder.trusted), (false, None, false));
    assert!(file.present && !file.trusted);
    assert!(file.problem.unwrap().contains("gone"));
    assert_eq!(file.session.tab, "file");
    let error = world.store.load_id(file.session.id).unwrap_err();
    assert_eq!(kind_of(&error), Kind::NotFound);
}

#[test]
fn a_registered_file_that_became_something_else_is_a_problem() {
    let world = World::new();
    let (one, two) = (world.tab("one"), world.tab("two"));
    fs::copy(&two.file, &one.file).unwrap();
    assert!(world.known(one.session.id).problem.unwrap().contains("another tab"));
    assert_eq!(kind_of(&world.store.load_id(one.session.id).unwrap_err()), Kind::BadFile);
    fs::remove_file(&one.file).unwrap();
    std::os::unix::fs::symlink(&two.file, &one.file).unwrap();
    assert!(world.known(one.session.id).problem.unwrap().contains("symbolic link"));
    assert!(world.known(two.session.id).problem.is_none());
}

#[test]
fn what_is_not_a_plain_file_of_ours_is_a_problem_and_never_hangs() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let tab = world.tab("api");
    let whole = fs::read(&tab.file).unwrap();
    let makers: [(&str, &dyn Fn()); 5] = [
        ("is a FIFO", &|| mknodat(CWD, &tab.file, FileType::Fifo, Mode::RWXU, 0).unwrap()),
        ("is a folder", &|| fs::create_dir(&tab.file).unwrap()),
        ("is larger than 256 KiB", &|| {
            raw(&tab.file, &whole);
            let file = fs::OpenOptions::new().write(true).open(&tab.file).unwrap();
            file.set_len(1 << 30).unwrap();
        }),
        ("has a second hard link", &|| {
            raw(&tab.file, &whole);
            fs::hard_link(&tab.file, tab.workspace.join("other")).unwrap();
        }),
        ("can be written by others", &|| {
            raw(&tab.file, &whole);
            fs::set_permissions(&tab.file, fs::Permissions::from_mode(0o666)).unwrap();
        }),
    ];
    for (what, make) in makers {
        let _ = fs::remove_file(&tab.file);
        let _ = fs::remove_dir(&tab.file);
        make();
        let began = std::time::Instant::now();
        for error in
            [world.store.load(&tab.file).unwrap_err(), world.add_tag(&tab.file, "x").unwrap_err()]
        {
            assert_eq!(kind_of(&error), Kind::BadFile, "{error}");
            assert!(error.to_string().contains(what), "{error}");
        }
        let known = world.known(tab.session.id);
        assert!(known.problem.unwrap().contains(what));
        assert_eq!(known.session, tab.session);
        assert!(began.elapsed().as_secs() < 2, "{what}");
    }
}

#[test]
fn a_torn_index_entry_hides_one_tab_and_is_told() {
    let world = World::new();
    let (lost, other) = (world.tab("lost"), world.tab("fine"));
    let file = world.store.index_file(lost.session.id);
    let whole = fs::read(&file).unwrap();
    for cut in [0, 1, whole.len() - 1] {
        raw(&file, &whole[..cut]);
        let all = world.store.all().unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].session, other.session);
        let damage = world.store.damage();
        assert_eq!(damage.len(), 1);
        assert_eq!(damage[0].file, file);
    }
    raw(&world.store.index_folder().join("notes.json"), b"{}");
    raw(&world.store.index_folder().join("README"), b"{}");
    assert_eq!(world.store.damage().len(), 3);
    // The file itself is enough to come back, and its approval still stands.
    let loaded = world.add_tag(&lost.file, "x").unwrap();
    assert_eq!((loaded.session.id, loaded.trust), (lost.session.id, Trust::Trusted));
    assert_eq!(world.store.all().unwrap().len(), 2);
}

#[test]
fn a_name_has_one_holder() {
    let world = World::new();
    let tab = world.tab("api");
    let id = |known: Option<crate::model::row::Known>| known.map(|known| known.session.id);
    assert_eq!(id(world.store.holder_of_name("api", None)), Some(tab.session.id));
    assert_eq!(id(world.store.holder_of_name("api", Some(tab.session.id))), None);
    assert_eq!(id(world.store.holder_of_name("web", None)), None);
    drop(world.store.names_lock().unwrap());
}

#[test]
fn an_unknown_tab_is_not_found() {
    let world = World::new();
    assert!(world.store.all().unwrap().is_empty() && world.store.damage().is_empty());
    let id = TabId::from_parts(1, 1);
    assert_eq!(kind_of(&world.store.load_id(id).unwrap_err()), Kind::NotFound);
    assert_eq!(kind_of(&world.store.order(id).unwrap_err()), Kind::NotFound);
    for file in ["nowhere/.session.yaml", "..", "/"] {
        let error = world.store.load(&world.root.path().join(file)).unwrap_err();
        assert!(matches!(kind_of(&error), Kind::NotFound | Kind::BadFile), "{error}");
    }
}

#[test]
fn a_file_cut_or_flipped_anywhere_is_reported_and_harms_no_other_tab() {
    let world = World::in_memory();
    let (victim, other) = (world.tab("victim"), world.tab("other"));
    world.add_tag(&victim.file, "héllo: #").unwrap();
    let whole = fs::read(&victim.file).unwrap();
    let mut problems = BTreeSet::new();
    let cut = (0..whole.len()).map(|end| whole[..end].to_vec());
    let flipped = (0..whole.len()).flat_map(|at| {
        [0x01, 0x20, 0x80].map(|bit| {
            let mut bytes = whole.clone();
            bytes[at] ^= bit;
            bytes
        })
    });
    for bytes in cut.chain(flipped) {
        raw(&victim.file, &bytes);
        match world.store.load(&victim.file) {
            Ok(loaded) => drop(loaded),
            Err(e) => drop(problems.insert(kind_of(&e) as u8)),
        }
        assert_eq!(world.known(victim.session.id).session.id, victim.session.id);
        assert_eq!(fs::read(&victim.file).unwrap(), bytes);
    }
    assert_eq!(Vec::from_iter(problems), [Kind::BadFile as u8]);
    let loaded = world.add_tag(&other.file, "x").unwrap();
    assert_eq!(loaded.session.tags, ["x"]);
}

#[test]
fn an_index_that_cannot_be_read_is_not_an_empty_one() {
    let world = World::new();
    assert!(world.store.all().unwrap().is_empty(), "one that is not there is");
    let _ = std::fs::create_dir_all(&world.store.paths.state);
    file::write(&world.store.index_folder(), b"", Durability::Quick).unwrap();
    let error = format!("{:#}", world.store.all().unwrap_err());
    assert!(error.contains("cannot read") && error.contains("tabs"), "{error}");
}
