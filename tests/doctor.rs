//! `tabctl doctor`

use crate::support::World;

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
