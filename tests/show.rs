//! `tabctl show`

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn it_shows_everything_about_a_tab() {
    let world = World::new();
    let folder = world.demo_tab("api");
    world.tabctl(["note", "--tab", "api", "first\nsecond"]).ok();
    let shown = world.tabctl(["show", "api"]).ok().stdout;
    let id = world.row("api")["session_id"].as_str().unwrap().to_owned();
    for expected in ["demo-agent --session-id", "demo-agent --resume", &id, "second", "trusted"] {
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
    assert_eq!(world.tabctl_in(&folder, ["show"]).ok().stdout, shown, "the folder's tab is meant");
    let json = world.tabctl(["show", "api", "--json"]).ok().json();
    assert_eq!(json["session"]["notes"][0]["text"], "first\nsecond");
    assert_eq!(json["row"]["tab"], "api");
}

#[test]
fn a_file_that_nobody_approved_is_shown_with_nothing_run() {
    let world = World::new();
    let folder = world.demo_tab("api");
    let text = world.session_file("api");
    world.tabctl(["close", "api", "--yes"]).ok();
    world.tabctl(["rm", "api", "--yes"]).ok();
    std::fs::write(folder.join(".session.yaml"), &text).unwrap();
    let shown = world.tabctl_in(&folder, ["show"]).ok().stdout;
    assert!(shown.contains("not trusted"), "{shown}");
    assert_eq!(world.session_file("api"), text);
}

#[test]
fn a_broken_file_is_named_with_line_and_column() {
    let world = World::new();
    let folder = world.shell_tab("api");
    std::fs::write(folder.join(".session.yaml"), "version: 1\ntab: [\n").unwrap();
    let run = world.tabctl_in(&folder, ["show", "api"]).fails_with(Kind::BadFile);
    assert!(run.stderr.contains("line "), "{run}");
    assert_eq!(world.session_file("api"), "version: 1\ntab: [\n");
    assert!(world.row("api")["problem"].as_str().unwrap().contains("line "));
}
