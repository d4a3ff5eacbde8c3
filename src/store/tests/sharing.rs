//! Many processes at once, claims, journals and repositories.

use std::time::{Duration, Instant};

use super::*;
use crate::sys::run::command;

const WRITERS: usize = 16;
const UPDATES: usize = 200;

/// One of many writers: counts in the one tab of the store, in a tag of its own and a shared one.
fn count(store: &Store, file: &Path, writer: usize, updates: usize) {
    for _ in 0..updates {
        let counted = store.update(file, &mut |session| {
            session.tags.resize(WRITERS + 1, "0".to_owned());
            for index in [writer, WRITERS] {
                let number: usize = session.tags[index].parse()?;
                session.tags[index] = (number + 1).to_string();
            }
            Ok(())
        });
        counted.unwrap();
    }
}

fn assert_nothing_was_lost(world: &World, tab: &Loaded, writers: usize, updates: usize) {
    let tags = world.store.load(&tab.file).unwrap().session.tags;
    let expected = vec![updates.to_string(); writers];
    assert_eq!(tags[..writers], expected);
    assert_eq!(tags[WRITERS], (writers * updates).to_string());
    let known = world.known(tab.session.id);
    assert!(known.problem.is_none() && known.trusted);
    assert_eq!(known.session.tags, tags);
    let left: Vec<_> = fs::read_dir(&tab.workspace).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn sixteen_threads_lose_no_update() {
    let world = World::in_memory();
    let tab = world.tab("api");
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (store, file) = (&world.store, &tab.file);
            scope.spawn(move || count(store, file, writer, UPDATES));
        }
    });
    assert_nothing_was_lost(&world, &tab, WRITERS, UPDATES);
}

#[test]
fn sixteen_processes_lose_no_update() {
    let world = World::in_memory();
    let tab = world.tab("api");
    let this = std::env::current_exe().unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let mut child = command(&this);
            child.args(["--exact", "--ignored", "store::tests::sharing::one_writer_of_many"]);
            child.env("TABCTL_TEST_WRITER", format!("{writer}"));
            child.env("TABCTL_TEST_ROOT", world.root.path()).env("TABCTL_TEST_FILE", &tab.file);
            child.stdout(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut writer in writers {
        assert!(writer.wait().unwrap().success());
    }
    assert_nothing_was_lost(&world, &tab, WRITERS, UPDATES);
}

#[test]
#[ignore = "run by sixteen_processes_lose_no_update, in a process of its own"]
fn one_writer_of_many() {
    let Some(root) = std::env::var_os("TABCTL_TEST_ROOT") else { return };
    let file = PathBuf::from(std::env::var_os("TABCTL_TEST_FILE").unwrap());
    let writer = std::env::var("TABCTL_TEST_WRITER").unwrap().parse().unwrap();
    count(&store_in(Path::new(&root), "boot-1"), &file, writer, UPDATES);
}

#[test]
fn a_killed_writer_leaves_a_whole_file_and_the_next_one_goes_on() {
    let world = World::new();
    let tab = world.tab("api");
    let this = std::env::current_exe().unwrap();
    for pause in [3, 7, 11, 19, 23, 31, 43, 57] {
        let mut child = command(&this);
        child.args(["--exact", "--ignored", "store::tests::sharing::one_writer_of_many"]);
        child.env("TABCTL_TEST_WRITER", "0").env("TABCTL_TEST_FILE", &tab.file);
        child.env("TABCTL_TEST_ROOT", world.root.path()).stdout(std::process::Stdio::null());
        let mut writer = child.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(pause));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let before = world.store.load(&tab.file).unwrap();
        assert_eq!(before.trust, Trust::Trusted);
        assert_eq!(world.known(tab.session.id).session, before.session);
        count(&world.store, &tab.file, 1, 1);
    }
    let left = fs::read_dir(&tab.workspace).unwrap().map(|entry| entry.unwrap().file_name());
    let ours =
        |name: &std::ffi::OsString| name == ".session.yaml" || crate::sys::file::is_temp_name(name);
    assert!(left.into_iter().all(|name| ours(&name)));
}

#[test]
fn one_of_many_claimers_wins_and_looking_never_costs_a_claim() {
    let world = World::new();
    let key = "claude.0b7c-11";
    assert!(!world.store.is_claimed(key));
    for _ in 0..20 {
        let winners: Vec<_> = std::thread::scope(|scope| {
            let looking = scope.spawn(|| (0..500).filter(|_| world.store.is_claimed(key)).count());
            let claims: Vec<_> =
                (0..8).map(|_| scope.spawn(|| world.store.claim(key).unwrap())).collect();
            let claims = claims.into_iter().filter_map(|claim| claim.join().unwrap()).collect();
            looking.join().unwrap();
            claims
        });
        assert_eq!(winners.len(), 1);
        assert!(world.store.is_claimed(key));
        assert!(world.store.claim(key).unwrap().is_none());
        drop(winners);
        assert!(!world.store.is_claimed(key));
    }
}

#[test]
fn a_claim_ends_with_the_process_that_held_it() {
    let world = World::new();
    let held = world.store.claim("tab.x").unwrap().unwrap();
    // A child started meanwhile does not inherit it.
    let mut child = command("sleep").arg("5").spawn().unwrap();
    drop(held);
    // What another thread starts in this moment has it until it has become another program.
    let end = Instant::now() + Duration::from_secs(5);
    while world.store.is_claimed("tab.x") {
        assert!(Instant::now() < end, "the child has it, too");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn no_key_leaves_the_folder_of_claims() {
    let world = World::new();
    let long = "x".repeat(5000);
    let keys = ["../../x", "a/b", "", ".", "..", ".hidden", "a b", "é", "a\0b", &long, "tab.x"];
    let held: Vec<_> = keys.iter().map(|key| world.store.claim(key).unwrap().unwrap()).collect();
    assert!(keys.iter().all(|key| world.store.is_claimed(key)));
    let folder = world.store.claim_file("x").parent().unwrap().to_owned();
    assert_eq!(fs::read_dir(folder).unwrap().count(), held.len());
}

#[test]
fn resumes_of_one_tab_wait_for_each_other() {
    let world = World::new();
    let id = TabId::from_parts(1, 1);
    let held = world.store.resume_lock(id).unwrap();
    std::thread::scope(|scope| {
        let began = Instant::now();
        let waiting = scope.spawn(|| world.store.resume_lock(id).map(drop));
        std::thread::sleep(Duration::from_millis(50));
        drop(held);
        waiting.join().unwrap().unwrap();
        assert!(began.elapsed() >= Duration::from_millis(50));
    });
}

fn entry(what: &str, detail: &str) -> Entry {
    let with = serde_json::json!({ "detail": detail }).as_object().cloned().unwrap();
    Entry { at: clock::now(), boot: "boot-1".to_owned(), what: what.to_owned(), actor: None, with }
}

#[test]
fn a_journal_keeps_its_order_tolerates_a_torn_line_and_does_not_grow_forever() {
    let world = World::new();
    let id = TabId::from_parts(1, 1);
    assert!(world.store.read_journal(id).is_empty());
    world.store.journal(id, &entry("first", "a\nb")).unwrap();
    let file = world.store.journal_file(id);
    let mut text = fs::read(&file).unwrap();
    text.extend_from_slice(br#"{"at":"2026-01-0"#);
    raw(&file, &text);
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    world.store.journal(id, &entry("second", "")).unwrap();
    let whats =
        || -> Vec<_> { world.store.read_journal(id).into_iter().map(|entry| entry.what).collect() };
    assert_eq!(whats(), ["first", "second"]);
    world.store.journal(id, &entry("huge", &"x".repeat(200_000))).unwrap();
    assert_eq!(whats(), ["first", "second", "huge"]);
    for number in 0..400 {
        world.store.journal(id, &entry(&number.to_string(), &"x".repeat(1000))).unwrap();
    }
    let whats = whats();
    assert_eq!(whats.last().map(String::as_str), Some("399"));
    assert!((100..300).contains(&whats.len()), "{}", whats.len());
    assert!(
        whats
            .windows(2)
            .all(|pair| { pair[0].parse::<u32>().unwrap() + 1 == pair[1].parse::<u32>().unwrap() })
    );
}

#[test]
fn many_hooks_of_one_tab_lose_no_word() {
    let world = World::new();
    let id = TabId::from_parts(1, 1);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let counted = world.store.update_live(id, &mut |live| {
                        let number: u32 = live.token.as_deref().unwrap_or("0").parse().unwrap();
                        live.token = Some((number + 1).to_string());
                    });
                    counted.unwrap();
                }
            });
        }
    });
    assert_eq!(world.store.live(id).unwrap().token.as_deref(), Some("400"));
}

#[test]
fn an_order_reads_back() {
    let world = World::new();
    let id = TabId::from_parts(1, 1);
    let order = crate::model::plan::Order {
        argv: ["claude", "--resume", "a b"].into_iter().collect(),
        prompt: vec!["--".to_owned(), "two\nlines".to_owned()],
        directory: "/w".to_owned(),
        set: [("A".to_owned(), "b\n".to_owned())].into(),
        path: Some("/bin".to_owned()),
        unset: vec!["CLAUDE*".to_owned()],
        conversation: Some("claude.x".to_owned()),
        fork: None,
        resumes: true,
        evidence: crate::model::plan::Evidence::Record,
        greeting: vec!["note".to_owned()],
        files: Vec::new(),
    };
    world.store.put_order(id, &order).unwrap();
    assert_eq!(world.store.order(id).unwrap(), order);
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = command("git");
    git.current_dir(folder).args(["-c", "user.name=x", "-c", "user.email=x@y"]).args(arguments);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = git.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn session_files_stay_out_of_every_kind_of_checkout() {
    let world = World::new();
    let repository = world.workspace("repository");
    git(&repository, &["init", "-q"]);
    git(&repository, &["commit", "-q", "--allow-empty", "-m", "x"]);
    git(&repository, &["worktree", "add", "-q", "../tree"]);
    git(
        &repository,
        &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./", "sub"],
    );
    git(&repository, &["commit", "-q", "-m", "y"]);
    raw(&repository.join(".git/info/exclude"), b"# theirs\n*.log");
    for folder in ["repository", "repository/deep/er", "tree", "repository/sub"] {
        let folder = world.workspace(folder);
        world.store.create(&folder, session("a")).unwrap();
        world.store.create(&folder, session("b")).unwrap();
        assert_eq!(git(&folder, &["status", "--porcelain"]), "", "{}", folder.display());
    }
    let exclude = fs::read_to_string(repository.join(".git/info/exclude")).unwrap();
    assert!(exclude.starts_with("# theirs\n*.log\n# tabctl"), "{exclude}");
    assert_eq!(exclude.matches(".session.yaml").count(), 1, "{exclude}");
    assert!(!repository.join(".gitignore").exists());
}

#[test]
fn the_exclude_file_is_left_alone_when_that_is_wanted() {
    let mut world = World::new();
    world.store.git_exclude = false;
    let repository = world.workspace("repository");
    git(&repository, &["init", "-q"]);
    world.store.create(&repository, session("a")).unwrap();
    assert_eq!(git(&repository, &["status", "--porcelain"]), "?? .session.yaml\n");
}

#[test]
fn a_failed_exclude_is_told_in_the_journal_and_the_tab_is_made() {
    let world = World::new();
    let repository = world.workspace("repository");
    git(&repository, &["init", "-q"]);
    fs::remove_file(repository.join(".git/info/exclude")).unwrap();
    std::os::unix::fs::symlink("/dev/null", repository.join(".git/info/exclude")).unwrap();
    let tab = world.store.create(&repository, session("a")).unwrap();
    assert_eq!(world.store.read_journal(tab.session.id)[0].what, "exclude-failed");
}

#[test]
fn git_knows_which_files_are_tracked_and_starts_nothing_of_the_repository() {
    let world = World::new();
    let repository = world.workspace("repository");
    let canary = repository.join("canary");
    git(&repository, &["init", "-q"]);
    let hook = format!("touch {}", canary.display());
    git(&repository, &["config", "core.fsmonitor", &hook]);
    for name in [".session.yaml", ".session.mine.yaml", ".session.[a].yaml"] {
        raw(&repository.join(name), b"x");
    }
    git(&repository, &["-c", "core.fsmonitor=false", "add", ".session.yaml"]);
    let tracked = |name: &str| world.store.is_tracked(&repository.join(name));
    assert!(tracked(".session.yaml"));
    assert!(!tracked(".session.mine.yaml") && !tracked(".session.[a].yaml"));
    assert!(!world.store.is_tracked(&world.workspace("elsewhere").join(".session.yaml")));
    assert!(!canary.exists());
    raw(&repository.join(".git/config"), b"[core\n");
    assert!(tracked(".session.mine.yaml"), "in doubt it is");
}
