//! What is trusted: what a person made or approved, there, as it was then, and nothing else.

use std::time::{Duration, Instant};

use super::*;
use crate::error::{Kind, kind_of};
use crate::model::event::Event;

fn trust_of(world: &World, file: &Path) -> Trust {
    world.store.load(file).unwrap().trust
}

#[test]
fn what_tabctl_changes_for_a_person_stays_trusted() {
    let world = World::new();
    let tab = world.tab("api");
    assert_eq!(tab.trust, Trust::Trusted);
    let rebound = Event::Rebound {
        session_id: Some("abc-2".to_owned()),
        resume: Some(["claude", "--resume", "abc-2"].into_iter().collect()),
        reason: "clear".to_owned(),
    };
    let loaded = world.store.update(&tab.file, &mut |session| {
        session.apply(&rebound, clock::now());
        Ok(())
    });
    assert_eq!(loaded.unwrap().trust, Trust::Trusted);
    assert_eq!(trust_of(&world, &tab.file), Trust::Trusted);
    assert!(world.known(tab.session.id).trusted);
    // The version before the change is not trusted any more.
    by_hand(&tab.file, "session_id: abc-2", "session_id: abc-1");
    by_hand(&tab.file, "    - abc-2\n", "    - abc-1\n");
    by_hand(&tab.file, "  history", "  past");
    assert!(matches!(trust_of(&world, &tab.file), Trust::Changed(_)));
}

#[test]
fn an_edit_of_what_can_execute_revokes_and_an_edit_of_a_note_does_not() {
    let world = World::new();
    let tab = world.tab("api");
    let approved = Box::new(tab.session.executable());
    let harmless =
        [("tab: api", "tab: web"), ("locked: false", "locked: true\ntask: x\nmine: [1]")];
    for (from, to) in harmless {
        by_hand(&tab.file, from, to);
        assert_eq!(trust_of(&world, &tab.file), Trust::Trusted, "{to}");
        assert!(world.known(tab.session.id).trusted);
    }
    let harmful = [
        ("kind: claude", "kind: codex"),
        ("session_id: abc-1", "session_id: abc-2"),
        ("- --resume", "- --resumf"),
        ("directory: '.'", "directory: ..\n"),
        ("  kind: claude", "  kind: claude\n  launch: {argv: [sh]}"),
    ];
    for (from, to) in harmful {
        let good = fs::read(&tab.file).unwrap();
        by_hand(&tab.file, from, to);
        assert_eq!(trust_of(&world, &tab.file), Trust::Changed(approved.clone()), "{to}");
        assert!(!world.known(tab.session.id).trusted, "{to}");
        // A change by tabctl does not approve what somebody else wrote.
        let loaded = world.store.update(&tab.file, &mut |session| {
            session.task = Some("by tabctl".to_owned());
            session.agent.as_mut().unwrap().kind.push('x');
            Ok(())
        });
        assert_eq!(loaded.unwrap().trust, Trust::Changed(approved.clone()), "{to}");
        assert!(!world.known(tab.session.id).trusted, "{to}");
        raw(&tab.file, &good);
        assert_eq!(trust_of(&world, &tab.file), Trust::Trusted);
    }
}

#[test]
fn approving_is_for_what_was_shown() {
    let world = World::new();
    let tab = world.tab("api");
    by_hand(&tab.file, "kind: claude", "kind: codex");
    let shown = world.store.load(&tab.file).unwrap();
    by_hand(&tab.file, "kind: codex", "kind: sh");
    world.store.trust(&shown, "trust").unwrap();
    assert!(matches!(trust_of(&world, &tab.file), Trust::Changed(_)));
    assert!(!world.known(tab.session.id).trusted);
    by_hand(&tab.file, "kind: sh", "kind: codex");
    assert_eq!(trust_of(&world, &tab.file), Trust::Trusted);
    let shown = world.store.load(&tab.file).unwrap();
    world.store.trust(&shown, "trust").unwrap();
    assert!(world.known(tab.session.id).trusted);
}

#[test]
fn a_file_that_came_another_way_is_not_trusted_until_it_is_approved() {
    let world = World::new();
    let theirs = World::new().tab("api");
    let file = world.workspace("cloned").join(".session.yaml");
    raw(&file, &crate::store::session_file::render(&theirs.session).unwrap().into_bytes());
    let loaded = world.store.load(&file).unwrap();
    assert_eq!((&loaded.standing, &loaded.trust), (&Standing::Unregistered, &Trust::Never));
    let loaded = world.add_tag(&file, "seen").unwrap();
    assert_eq!((&loaded.standing, &loaded.trust), (&Standing::Known, &Trust::Never));
    assert!(!world.known(loaded.session.id).trusted);
    world.store.trust(&world.store.load(&file).unwrap(), "trust").unwrap();
    assert_eq!(trust_of(&world, &file), Trust::Trusted);
}

#[test]
fn a_moved_workspace_keeps_its_identity_and_its_trust() {
    let world = World::new();
    let tab = world.tab("api");
    let (from, to) = (tab.workspace.clone(), world.root.path().join("moved"));
    shell("mv", &[&from, &to]);
    let listed = world.known(tab.session.id);
    assert!(!listed.present && listed.problem.is_none());
    let file = to.canonicalize().unwrap().join(".session.yaml");
    let loaded = world.store.load(&file).unwrap();
    assert_eq!(loaded.standing, Standing::Moved { from: tab.file.clone() });
    assert_eq!(loaded.trust, Trust::Trusted);
    let loaded = world.store.register(&file).unwrap();
    assert_eq!((&loaded.standing, &loaded.trust), (&Standing::Known, &Trust::Trusted));
    let listed = world.known(tab.session.id);
    assert!(listed.present && listed.trusted && listed.problem.is_none());
    assert_eq!(listed.file, file.display().to_string());
    assert_eq!(world.store.load_id(tab.session.id).unwrap().file, file);
    assert_eq!(world.store.all().unwrap().len(), 1);
}

#[test]
fn a_renamed_session_file_is_the_same_tab() {
    let world = World::new();
    let tab = world.tab("api");
    let file = tab.file.with_file_name(".session.other.yaml");
    shell("mv", &[&tab.file, &file]);
    let loaded = world.add_tag(&file, "x").unwrap();
    assert_eq!((loaded.session.id, loaded.standing), (tab.session.id, Standing::Known));
    assert_eq!(world.known(tab.session.id).file, file.display().to_string());
}

#[test]
fn a_copied_workspace_becomes_a_tab_of_its_own_and_never_trusted() {
    let world = World::new();
    let tab = world.tab("api");
    let copy = world.root.path().join("copy");
    shell("cp", &[&tab.workspace, &copy]);
    let same_folder = tab.file.with_file_name(".session.copy.yaml");
    shell("cp", &[&tab.file, &same_folder]);
    for file in [copy.canonicalize().unwrap().join(".session.yaml"), same_folder] {
        let loaded = world.store.load(&file).unwrap();
        assert_eq!(loaded.standing, Standing::Copy { of: tab.file.clone() });
        assert_eq!(loaded.trust, Trust::Never);
        let refused = world.store.trust(&loaded, "trust").unwrap_err();
        assert_eq!(kind_of(&refused), Kind::NotTrusted);

        let loaded = world.add_tag(&file, "mine").unwrap();
        assert_ne!(loaded.session.id, tab.session.id);
        assert_eq!((&loaded.standing, &loaded.trust), (&Standing::Known, &Trust::Never));
        let agent = loaded.session.agent.as_ref().unwrap();
        assert_eq!((&agent.session_id, &agent.resume), (&None, &None));
        let past = &agent.history[0];
        assert_eq!((past.session_id.as_str(), past.reason.as_str()), ("abc-1", "copied"));
        assert_eq!(world.store.load(&file).unwrap().session, loaded.session);
    }
    assert_eq!(world.store.all().unwrap().len(), 3);
    let original = world.store.load(&tab.file).unwrap();
    assert_eq!((original.session, original.trust), (tab.session, Trust::Trusted));
}

#[test]
fn two_writers_of_one_copy_make_one_new_tab() {
    let world = World::new();
    let tab = world.tab("api");
    let copy = world.root.path().join("copy");
    shell("cp", &[&tab.workspace, &copy]);
    let file = copy.join(".session.yaml");
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (world, file) = (&world, &file);
            scope.spawn(move || world.add_tag(file, &number.to_string()).unwrap());
        }
    });
    assert_eq!(world.store.load(&file).unwrap().session.tags.len(), 8);
    assert_eq!(world.store.all().unwrap().len(), 2);
}

#[test]
fn a_workspace_that_was_made_anew_at_the_same_path_is_not_trusted() {
    let world = World::new();
    let tab = world.tab("api");
    let bytes = fs::read(&tab.file).unwrap();
    shell("mv", &[&tab.workspace, &world.root.path().join("aside")]);
    fs::create_dir(&tab.workspace).unwrap();
    raw(&tab.file, &bytes);
    assert_eq!(trust_of(&world, &tab.file), Trust::Never);
}

#[test]
fn a_crash_between_approval_and_write_costs_no_trust() {
    let world = World::new();
    let tab = world.tab("api");
    let mut next = tab.session.executable();
    next.session_id = Some("abc-2".to_owned());
    world.store.approve(&tab, &next, Some(&tab.session.executable()), "change").unwrap();
    assert_eq!(trust_of(&world, &tab.file), Trust::Trusted);
    by_hand(&tab.file, "session_id: abc-1", "session_id: abc-2");
    assert_eq!(trust_of(&world, &tab.file), Trust::Trusted);
    by_hand(&tab.file, "session_id: abc-2", "session_id: abc-3");
    assert!(matches!(trust_of(&world, &tab.file), Trust::Changed(_)));
}

#[test]
fn a_torn_approval_is_none() {
    let world = World::new();
    let tab = world.tab("api");
    let file = world.store.trust_file(tab.session.id);
    let whole = fs::read(&file).unwrap();
    for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
        raw(&file, &whole[..cut]);
        assert_eq!(trust_of(&world, &tab.file), Trust::Never, "{cut}");
    }
}

#[test]
fn no_hostile_file_is_ever_trusted_or_changed_by_looking_at_it() {
    let world = World::new();
    let good = world.tab("good");
    let file = world.workspace("hostile").join(".session.yaml");
    let corpus = hostile::corpus();
    assert!(corpus.len() >= 60, "{}", corpus.len());
    let began = Instant::now();
    for (name, bytes) in &corpus {
        raw(&file, bytes);
        if let Ok(loaded) = world.store.load(&file) {
            assert_eq!(loaded.trust, Trust::Never, "{name}");
            assert_eq!(loaded.standing, Standing::Unregistered, "{name}");
            let shown = crate::model::name::shown(&loaded.session.tab);
            assert!(
                !shown.contains(['$', '`', '#', '%', '\\', '\n', '\u{1b}']),
                "{name}: {shown:?}"
            );
        }
        assert_eq!(&fs::read(&file).unwrap(), bytes, "{name}");
    }
    assert!(!Path::new(hostile::CANARY).exists());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(world.store.all().unwrap().len(), 1);
    assert_eq!(world.store.load(&good.file).unwrap().session, good.session);
}

#[test]
fn hostile_spellings_are_refused_and_plain_ones_are_shown() {
    let world = World::new();
    let file = world.workspace("hostile").join(".session.yaml");
    let refused = [
        "tagged",
        "local tag",
        "python tag",
        "merged",
        "merged in a list",
        "twice",
        "twice, escaped",
        "second document",
        "alias bomb",
        "alias to itself",
        "deep flow",
        "deep block",
        "wide",
        "not utf-8",
        "utf-16",
        "empty",
        "binary tag",
        "path as a conversation",
        "long conversation",
        "option as a past conversation",
        "NUL in a command",
        "NUL in an environment",
        "equals sign in an environment",
        "control character in a folder",
        "line end in a folder",
        "id in lower case",
        "id that is a path",
        "open quote in a command",
    ];
    let shown = ["look-alike", "newer version", "newer version, other shape", "name 0"];
    for (name, bytes) in hostile::corpus() {
        raw(&file, &bytes);
        let loaded = world.store.load(&file);
        let is = |list: &[&str]| {
            list.iter().any(|end| name == *end || name.ends_with(&format!(", {end}")))
        };
        if is(&refused) {
            assert_eq!(kind_of(&loaded.unwrap_err()), Kind::BadFile, "{name}");
        } else if name == "kind, look-alike" {
            assert!(loaded.unwrap_err().to_string().contains("missing field `kind`"));
        } else if is(&shown) || name.starts_with("name ") {
            assert!(loaded.is_ok(), "{name}: {:?}", loaded.unwrap_err());
        }
    }
}
