//! Creating, changing and forgetting.

use super::*;
use crate::error::{Kind, kind_of};
use crate::model::event::Event;
use crate::model::session::Note;
use crate::model::status::State;

fn note(text: &str) -> Note {
    Note { text: text.to_owned(), by: Some("person".to_owned()), at: None, session_id: None }
}

#[test]
fn a_new_file_tells_an_agent_what_it_is_and_reads_back() {
    let world = World::new();
    let tab = world.tab("api");
    let text = fs::read_to_string(&tab.file).unwrap();
    assert_eq!(tab.file.file_name().unwrap(), ".session.yaml");
    assert!(text.starts_with("# One terminal tab"), "{text}");
    for said in ["tabctl status thinking|idle|attention", "tabctl note", "tabctl task"] {
        assert!(text.contains(said), "{text}");
    }
    let keys: Vec<_> = text
        .lines()
        .filter(|line| !line.starts_with(['#', ' ']))
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(keys, ["version", "id", "tab", "locked", "agent", "directory"]);
    let loaded = world.store.load(&tab.file).unwrap();
    assert_eq!((loaded.session, loaded.standing), (tab.session, Standing::Known));
}

#[test]
fn each_tab_of_a_folder_has_a_file_of_its_own() {
    let world = World::new();
    let folder = world.workspace("w");
    let names = ["api", "Fix/Login", "fix login", "日本", "tab"];
    let mut made: Vec<_> =
        names.iter().map(|name| world.store.create(&folder, session(name)).unwrap().file).collect();
    let files: Vec<_> = made.iter().map(|file| file.file_name().unwrap()).collect();
    let expected = [
        ".session.yaml",
        ".session.fix-login.yaml",
        ".session.fix-login-2.yaml",
        ".session.tab.yaml",
        ".session.tab-2.yaml",
    ];
    assert_eq!(files, expected);
    raw(&folder.join(".session.txt"), b"x");
    raw(&folder.join(".session..yaml"), b"x");
    made[1..].sort();
    assert_eq!(world.store.files_in(&folder), made);
    assert!(world.store.files_in(&folder.join("nowhere")).is_empty());
}

#[test]
fn many_creators_in_one_folder_never_meet() {
    let world = World::new();
    let folder = world.workspace("w");
    std::thread::scope(|scope| {
        for number in 0..16 {
            let (store, folder) = (&world.store, &folder);
            scope.spawn(move || {
                let name = if number % 2 == 0 { "same" } else { "other" };
                store.create(folder, session(name)).unwrap();
            });
        }
    });
    assert_eq!(world.store.files_in(&folder).len(), 16);
    assert_eq!(world.store.all().unwrap().len(), 16);
}

#[test]
fn a_tab_that_cannot_be_registered_leaves_nothing_behind() {
    for broken in ["tabs", "trust"] {
        let world = World::new();
        let folder = world.workspace("w");
        fs::create_dir_all(&world.store.paths.state).unwrap();
        let in_the_way = world.store.paths.state.join(broken);
        raw(&in_the_way, b"not a folder");
        let session = session("api");
        let error = world.store.create(&folder, session.clone()).unwrap_err();
        assert!(error.to_string().contains(broken), "{error}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "{broken}");
        assert!(!world.store.trust_file(session.id).exists());
        assert!(!world.store.is_registered(session.id));
        fs::remove_file(in_the_way).unwrap();
        let made = world.store.create(&folder, session).unwrap();
        assert_eq!(made.file.file_name().unwrap(), ".session.yaml");
    }
}

#[test]
fn a_tab_too_large_to_be_read_again_is_not_made() {
    let world = World::new();
    let folder = world.workspace("w");
    let yaml = Session { tags: vec!["x".repeat(300 * 1024)], ..session("api") };
    // Small enough as a file, but not as an index entry, where each line end is two characters.
    let lines = Session { notes: vec![note(&"\n".repeat(200 * 1024))], ..session("api") };
    for large in [yaml, lines] {
        let error = world.store.create(&folder, large).unwrap_err();
        assert_eq!(kind_of(&error), Kind::Usage, "{error}");
        assert!(error.to_string().contains("larger than 256 KiB"), "{error}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        assert!(world.store.all().unwrap().is_empty() && world.store.damage().is_empty());
    }
}

#[test]
fn what_stands_in_a_folder_is_never_replaced_by_a_new_tab() {
    let world = World::new();
    let folder = world.workspace("w");
    std::os::unix::fs::symlink("/etc/passwd", folder.join(".session.yaml")).unwrap();
    fs::create_dir(folder.join(".session.api.yaml")).unwrap();
    let tab = world.store.create(&folder, session("api")).unwrap();
    assert_eq!(tab.file.file_name().unwrap(), ".session.api-2.yaml");
}

#[test]
fn a_tab_cannot_be_made_twice_nor_where_no_folder_is() {
    let world = World::new();
    let tab = world.tab("api");
    let again = world.store.create(&world.workspace("other"), tab.session.clone());
    assert_eq!(kind_of(&again.unwrap_err()), Kind::Clash);
    let nowhere = world.store.create(&world.root.path().join("nowhere"), session("x"));
    assert_eq!(kind_of(&nowhere.unwrap_err()), Kind::NotFound);
}

#[test]
fn nothing_is_written_when_nothing_changed() {
    let world = World::new();
    let tab = world.tab("api");
    let before = (
        fs::metadata(&tab.file).unwrap().modified().unwrap(),
        crate::sys::file::identity(&tab.file),
    );
    world.store.update(&tab.file, &mut |_| Ok(())).unwrap();
    let failed = world.store.update(&tab.file, &mut |session| {
        session.task = Some("x".to_owned());
        anyhow::bail!("changed my mind")
    });
    assert_eq!(failed.unwrap_err().to_string(), "changed my mind");
    let after = (
        fs::metadata(&tab.file).unwrap().modified().unwrap(),
        crate::sys::file::identity(&tab.file),
    );
    assert_eq!(before, after);
    assert!(world.store.generations(tab.session.id).is_empty());
}

#[test]
fn the_last_five_versions_are_kept_and_a_state_makes_none() {
    let world = World::new();
    let tab = world.tab("api");
    let id = tab.session.id;
    let original = fs::read_to_string(&tab.file).unwrap();
    let text = |generation: usize| world.store.generations(id)[generation].1.clone();
    for number in 0..8 {
        let before = fs::read_to_string(&tab.file).unwrap();
        world.add_tag(&tab.file, &number.to_string()).unwrap();
        assert_eq!(text(0), before);
        if number == 0 {
            assert_eq!(before, original);
        }
    }
    assert_eq!(world.store.generations(id).len(), 5);
    assert!(text(4).contains("\"2\"") && !text(4).contains("\"3\""), "{}", text(4));
    let newest = text(0);
    for state in [State::Thinking, State::Idle, State::Thinking] {
        let status = Event::Status { state, by: "hook".to_owned(), reason: None };
        let loaded = world.store.update(&tab.file, &mut |session| {
            session.apply(&status, clock::now());
            Ok(())
        });
        assert_eq!(loaded.unwrap().session.status.unwrap().state, state);
    }
    assert_eq!(text(0), newest);
}

#[test]
fn an_edit_by_a_person_in_the_middle_of_a_change_is_merged() {
    let world = World::new();
    let tab = world.tab("api");
    let mut calls = 0;
    let loaded = world.store.update(&tab.file, &mut |session| {
        calls += 1;
        if calls == 1 {
            by_hand(&tab.file, "tab: api\n", "tab: api # mine\ntask: by hand\nmine: yes\n");
        }
        session.notes.push(note("by tabctl"));
        Ok(())
    });
    let loaded = loaded.unwrap();
    assert_eq!(calls, 2);
    assert_eq!(loaded.session.task.as_deref(), Some("by hand"));
    let text = fs::read_to_string(&tab.file).unwrap();
    for kept in ["tab: api # mine", "task: by hand", "mine: yes", "text: by tabctl"] {
        assert!(text.contains(kept), "{text}");
    }
    assert_eq!(text.matches("text: by tabctl").count(), 1);
}

#[test]
fn a_file_that_never_stands_still_is_left_alone() {
    let world = World::new();
    let tab = world.tab("api");
    let mut number = 0;
    let failed = world.store.update(&tab.file, &mut |session| {
        number += 1;
        by_hand(&tab.file, "version: 1", &format!("# {number}\nversion: 1"));
        session.locked = true;
        Ok(())
    });
    assert_eq!(kind_of(&failed.unwrap_err()), Kind::Busy);
    assert!(!world.store.load(&tab.file).unwrap().session.locked);
}

#[test]
fn what_cannot_be_read_back_is_not_written() {
    let world = World::new();
    let tab = world.tab("api");
    let before = fs::read(&tab.file).unwrap();
    let changes: [fn(&mut Session); 4] = [
        |session| session.agent.as_mut().unwrap().session_id = Some("-rf".to_owned()),
        |session| session.directory = "a\u{1b}b".to_owned(),
        |session| session.agent.as_mut().unwrap().resume = Some(["a\0b"].into_iter().collect()),
        |session| session.notes.push(note(&"x".repeat(300_000))),
    ];
    for change in changes {
        let failed = world.store.update(&tab.file, &mut |session| {
            change(session);
            Ok(())
        });
        assert_eq!(kind_of(&failed.unwrap_err()), Kind::Usage);
    }
    assert_eq!(fs::read(&tab.file).unwrap(), before);
}

#[test]
fn a_file_of_a_newer_version_is_read_and_never_written() {
    let world = World::new();
    let tab = world.tab("api");
    by_hand(&tab.file, "version: 1", "version: 2\nnew_thing: [1]");
    assert!(!tab.is_newer());
    let loaded = world.store.load(&tab.file).unwrap();
    assert!(loaded.is_newer());
    assert_eq!((loaded.session.version, loaded.session.tab.as_str()), (2, "api"));
    assert_eq!(loaded.session.agent, tab.session.agent);
    let before = fs::read(&tab.file).unwrap();
    assert_eq!(kind_of(&world.add_tag(&tab.file, "x").unwrap_err()), Kind::ReadOnly);
    assert_eq!(fs::read(&tab.file).unwrap(), before);
    assert!(world.known(tab.session.id).problem.unwrap().contains("newer"));
    by_hand(&tab.file, "locked: false", "locked: {by: ana}");
    assert_eq!(world.store.load(&tab.file).unwrap().session.tab, "api");
}

#[test]
fn a_problem_is_told_with_line_and_column() {
    let world = World::new();
    let tab = world.tab("api");
    let cases = [
        ("locked: false", "locked: perhaps", "line 8, column 9"),
        ("locked: perhaps", "locked: false\ntab: again", "line 9, column 1"),
        ("tab: again", "tag: !x again", "line 9, column 9"),
        ("tag: !x again", "tag: x\u{0}", "line 9, column 7"),
        ("tag: x\u{0}", "directory: \"\\e\"", "line 9, column 12"),
    ];
    for (from, to, place) in cases {
        by_hand(&tab.file, from, to);
        if to.starts_with("directory") {
            by_hand(&tab.file, "directory: '.'\n", "");
        }
        let error = world.store.load(&tab.file).unwrap_err();
        assert_eq!(kind_of(&error), Kind::BadFile, "{error}");
        assert!(error.to_string().contains(place), "{error}");
        assert!(error.to_string().contains(tab.file.to_str().unwrap()), "{error}");
        assert!(crate::error::fault_of(&error).unwrap().hint.is_some());
        let listed = world.known(tab.session.id);
        assert!(listed.problem.unwrap().contains(place));
        assert_eq!((listed.session, listed.trusted), (tab.session.clone(), false));
        let before = fs::read(&tab.file).unwrap();
        assert!(world.add_tag(&tab.file, "x").is_err());
        assert_eq!(fs::read(&tab.file).unwrap(), before);
    }
}

#[test]
fn forgetting_keeps_what_would_bring_the_tab_back() {
    let world = World::new();
    let (kept, deleted) = (world.tab("kept"), world.tab("deleted"));
    let text = fs::read_to_string(&deleted.file).unwrap();
    for (tab, delete_file) in [(&kept, false), (&deleted, true)] {
        let id = tab.session.id;
        world.store.update_live(id, &mut |live| live.token = Some("t".to_owned())).unwrap();
        world.store.forget(id, delete_file).unwrap();
        assert!(world.store.live(id).is_none());
        assert!(world.store.load_id(id).is_err());
        world.store.forget(id, delete_file).unwrap();
    }
    assert!(world.store.all().unwrap().is_empty());
    let again = world.store.load(&kept.file).unwrap();
    assert_eq!((again.standing, again.trust), (Standing::Unregistered, Trust::Never));
    assert!(!deleted.file.exists());
    assert_eq!(world.store.generations(deleted.session.id)[0].1, text);
}

#[test]
fn forgetting_deletes_no_file_of_another_tab() {
    let world = World::new();
    let (one, two) = (world.tab("one"), world.tab("two"));
    fs::copy(&two.file, &one.file).unwrap();
    world.store.forget(one.session.id, true).unwrap();
    assert!(one.file.exists());
}

#[test]
fn everything_in_the_folders_of_tabctl_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let tab = world.tab("api");
    let id = tab.session.id;
    world.add_tag(&tab.file, "x").unwrap();
    world.store.update_live(id, &mut |live| live.token = Some("t".to_owned())).unwrap();
    let entry = Entry {
        at: clock::now(),
        boot: String::new(),
        what: "x".to_owned(),
        actor: None,
        with: serde_json::Map::default(),
    };
    world.store.journal(id, &entry).unwrap();
    let _claim = world.store.claim("tab.x").unwrap();
    let mut folders = vec![world.root.path().join(".tabctl")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = fs::symlink_metadata(&path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
            seen += 1;
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    assert!(seen > 15, "{seen}");
}
