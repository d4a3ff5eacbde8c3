//! `tabctl doctor`

use std::path::Path;
use std::time::{Duration, SystemTime};

use tabctl::error::Kind;

use crate::support::World;

/// What `doctor --fix --yes` did.
fn mended(world: &World) -> String {
    let run = world.tabctl(["doctor", "--fix", "--yes"]).ok();
    format!("{}{}", run.stdout, run.stderr)
}

const NOTHING: &str = "there is nothing to mend";

#[test]
fn a_healthy_world_is_said_to_be_healthy() {
    let world = World::new();
    world.shell_tab("api");
    let shown = world.tabctl(["doctor"]).ok().stdout;
    assert!(shown.contains("tmux 3") || shown.contains("tmux next"), "{shown}");
    let checks = world.tabctl(["doctor", "--json"]).ok().json();
    assert!(checks.as_array().unwrap().iter().all(|check| check["health"] != "bad"), "{checks:#}");
}

#[test]
fn what_is_broken_is_named_with_a_remedy() {
    let world = World::new();
    let broken = world.shell_tab("broken");
    world.tabctl(["task", "--tab", "broken", "good"]).ok();
    let gone = world.shell_tab("gone");
    std::fs::write(broken.join(".session.yaml"), "tab: [\n").unwrap();
    std::fs::remove_dir_all(gone).unwrap();
    let agents = world.path("config").join("agents");
    std::fs::create_dir_all(&agents).unwrap();
    std::fs::write(agents.join("mine.yaml"), "kind: mine\nno_such_key: 1\n").unwrap();
    let run = world.tabctl(["doctor"]);
    assert_eq!(run.status, Some(1), "{run}");
    for expected in ["broken", "last good version", "gone", "tabctl rm gone", "no_such_key"] {
        assert!(run.stdout.contains(expected), "{expected}: {run}");
    }
}

#[test]
fn a_lost_index_is_rebuilt_and_nothing_of_it_is_trusted() {
    let world = World::new();
    world.shell_tab("api");
    world.reboot();
    std::fs::remove_dir_all(world.path("state")).unwrap();
    assert!(world.rows().is_empty());
    let work = world.home().join("work");
    let shown = world.tabctl(["doctor", "--scan", work.to_str().unwrap()]).ok().stdout;
    assert!(shown.contains("registered"), "{shown}");
    assert_eq!(world.row("api")["trusted"], false);
}

#[test]
fn a_lost_session_file_is_put_back() {
    let world = World::new();
    let folder = world.shell_tab("api");
    let text = world.session_file("api");
    std::fs::remove_file(folder.join(".session.yaml")).unwrap();
    assert!(world.row("api")["problem"].as_str().unwrap().contains("gone"));
    let shown = world.tabctl(["doctor", "--restore", "api"]).ok().stdout;
    assert!(shown.contains("put back"), "{shown}");
    assert_eq!(world.session_file("api"), text);
    assert!(world.row("api")["problem"].is_null());
    world.tabctl(["doctor", "--restore", "nobody"]).fails_with(tabctl::error::Kind::NotFound);
}

#[test]
fn a_broken_session_file_is_replaced_only_when_asked_and_kept_beside() {
    let world = World::new();
    let folder = world.demo_tab("api");
    world.say("api", "hello", 1);
    world.tabctl(["task", "--tab", "api", "good"]).ok();
    world.tabctl(["note", "--tab", "api", "the last good word"]).ok();
    let good = world.session_file("api");
    let broken = good.replace("task: good", "task: [half a thou");
    let file = folder.join(".session.yaml");
    std::fs::write(&file, &broken).unwrap();
    let told = world.tabctl(["doctor"]);
    assert_eq!(told.status, Some(1), "{told}");
    assert!(told.stdout.contains("line ") && told.stdout.contains("tabctl doctor --fix"), "{told}");
    world.tabctl(["doctor", "--fix"]).fails_with(Kind::NeedsAnswer);
    assert_eq!(world.session_file("api"), broken, "nobody said yes");

    let told = mended(&world);
    assert!(told.contains(".session.yaml.broken-1"), "{told}");
    assert_eq!(std::fs::read_to_string(folder.join(".session.yaml.broken-1")).unwrap(), broken);
    let now = world.session_file("api");
    assert!(now.contains("task: good") && now.contains("the last good word"), "{now}");
    let row = world.row("api");
    assert_eq!((&row["problem"], &row["trusted"]), (&serde_json::Value::Null, &true.into()));
    assert_eq!(world.tabctl_in(&folder, ["show", "--json"]).ok().json()["row"]["tab"], "api");

    std::fs::write(&file, "again: [").unwrap();
    mended(&world);
    assert_eq!(std::fs::read_to_string(folder.join(".session.yaml.broken-1")).unwrap(), broken);
    assert_eq!(std::fs::read_to_string(folder.join(".session.yaml.broken-2")).unwrap(), "again: [");
    assert!(mended(&world).contains(NOTHING));
}

#[test]
fn a_file_that_is_refused_for_what_it_is_is_not_replaced() {
    let world = World::new();
    let folder = world.shell_tab("api");
    let file = folder.join(".session.yaml");
    std::fs::rename(&file, folder.join("elsewhere")).unwrap();
    std::os::unix::fs::symlink("elsewhere", &file).unwrap();
    assert_eq!(world.tabctl(["doctor"]).status, Some(1));
    assert!(mended(&world).contains(NOTHING));
    assert_eq!(std::fs::read_link(&file).unwrap(), Path::new("elsewhere"));
}

#[test]
fn a_lost_or_torn_index_entry_is_made_again_and_the_tab_stays_trusted() {
    let world = World::new();
    world.shell_tab("api");
    world.shell_tab("other");
    let entry = |tab: &str| {
        let id = world.row(tab)["id"].as_str().unwrap().to_owned();
        world.path("state").join("tabs").join(format!("{id}.json"))
    };
    let (api, other) = (entry("api"), entry("other"));
    std::fs::remove_file(&api).unwrap();
    std::fs::write(&other, "{\"file\":").unwrap();
    assert!(world.rows().is_empty());
    let told = world.tabctl(["doctor"]);
    assert_eq!(told.stdout.matches("is not in the list of tabs").count(), 2, "{told}");
    assert!(!told.stdout.contains("--scan"), "one remedy is enough: {told}");
    assert!(world.rows().is_empty(), "it was only told");
    mended(&world);
    for tab in ["api", "other"] {
        assert_eq!(world.row(tab)["trusted"], true);
    }
    assert!(mended(&world).contains(NOTHING));
}

#[test]
fn a_tab_that_was_removed_is_not_brought_back() {
    let world = World::new();
    world.shell_tab("api");
    world.tabctl(["close", "api", "--yes"]).ok();
    world.tabctl(["rm", "api", "--yes"]).ok();
    assert!(mended(&world).contains(NOTHING));
    assert!(world.rows().is_empty());
}

#[test]
fn temporary_files_are_swept_when_their_writer_must_be_gone() {
    let world = World::new();
    let folder = world.shell_tab("api");
    let name = |digit: char| format!(".tabctl-{}.tmp", digit.to_string().repeat(32));
    let state = world.path("state");
    let put = |path: &Path, hours: u64| {
        std::fs::write(path, "half").unwrap();
        let at = SystemTime::now() - Duration::from_secs(hours * 3600 + 60);
        std::fs::File::options().write(true).open(path).unwrap().set_modified(at).unwrap();
        path.to_owned()
    };
    let old = [put(&folder.join(name('a')), 1), put(&state.join("tabs").join(name('b')), 30)];
    let strange = folder.join("sub");
    std::fs::create_dir(&strange).unwrap();
    let kept = [
        put(&folder.join(name('c')), 0),
        put(&folder.join(".tabctl-mine.tmp"), 30),
        put(&strange.join(name('d')), 30),
    ];
    let linked = folder.join(name('e'));
    std::os::unix::fs::symlink(".tabctl-mine.tmp", &linked).unwrap();
    assert_eq!(world.tabctl(["doctor"]).ok().stdout.matches("was never finished").count(), 2);
    assert!(old.iter().all(|file| file.exists()), "it was only told");
    mended(&world);
    assert!(old.iter().all(|file| !file.exists()));
    assert!(kept.iter().all(|file| file.exists()) && linked.symlink_metadata().is_ok());
}

#[test]
fn a_resume_that_was_killed_half_way_is_found_and_its_books_are_closed() {
    let mut world = World::new();
    world.demo_tab("api");
    world.say("api", "hello", 1);
    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    let order = world.path("run").join("orders").join(format!("{id}.json"));
    world.reboot();
    let bin = world.path("bin");
    std::fs::create_dir(&bin).unwrap();
    // It kills whoever wants to open a window.
    let script = "#!/bin/sh\ncase \" $* \" in *' new-session '*|*' new-window '*) kill -9 $PPID; exit 1;; esac\n\
                  PATH=${PATH#*:} exec tmux \"$@\"\n";
    std::fs::write(bin.join("tmux"), script).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(bin.join("tmux"), mode).unwrap();
    world.put_on_path(&bin);
    assert_eq!(world.tabctl(["resume"]).status, None, "it was killed");
    std::fs::remove_file(bin.join("tmux")).unwrap();
    assert!(order.exists());
    let told = world.tabctl(["doctor"]).ok().stdout;
    assert!(told.contains("a resume stopped half-way (claimed)"), "{told}");
    assert!(order.exists(), "it was only told");
    mended(&world);
    assert!(!order.exists());
    assert!(mended(&world).contains(NOTHING));
    world.tabctl(["resume"]).ok();
    world.wait_for_text(&world.pane("api"), "I will remember \"hello\"");
    assert!(mended(&world).contains(NOTHING), "what lives is left alone");
    assert_eq!(world.state("api"), "idle");
}

#[test]
fn an_end_that_nobody_wrote_down_is_written_down() {
    let world = World::new();
    world.demo_tab("api");
    let closed = world.demo_tab("closed");
    world.tabctl_in(&closed, ["close", "--yes"]).ok();
    let told = world.tabctl(["doctor"]).ok().stdout;
    assert!(!told.contains("nobody said so"), "{told}");
    world.kill_server();
    let told = world.tabctl(["doctor"]).ok().stdout;
    assert_eq!(told.matches("and nobody said so").count(), 1, "{told}");
    mended(&world);
    assert!(mended(&world).contains(NOTHING));
    assert_eq!(world.state("api"), "down");
    world.tabctl(["resume", "api"]).ok();
}
