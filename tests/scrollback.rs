//! What stood in a tab's pane before the restart, for those who want it.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use tabctl::error::Kind;

use crate::support::World;

const PATIENCE: Duration = Duration::from_secs(40);

fn world(lines: &str) -> World {
    let world = World::new();
    let settings = format!("scrollback: {lines}\n");
    std::fs::write(world.path("config").join("config.yaml"), settings).unwrap();
    world
}

/// The text of the one snapshot, once `text` is part of it.
fn kept(world: &World, text: &str) -> String {
    let folder = world.path("state").join("snapshots");
    world.wait_for(&format!("a snapshot with '{text}'"), PATIENCE, || {
        let file = std::fs::read_dir(&folder).ok()?.next()?.ok()?.path();
        let mode = std::fs::metadata(&file).ok()?.permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
        std::fs::read_to_string(file).ok().filter(|kept| kept.contains(text))
    })
}

#[test]
fn what_stood_there_is_shown_above_the_first_line() {
    let world = world("100");
    world.demo_tab("api");
    world.say("api", "first OPENAI_API_KEY=abc123xyz", 1);
    // When the agent ends, it is looked at once more.
    world.type_line(&world.pane("api"), "exit");
    let kept = kept(&world, "first OPENAI");
    assert!(!kept.contains("abc123xyz") && kept.contains("[hidden]"), "{kept}");
    world.reboot();
    world.tabctl(["resume"]).ok();
    let pane = world.pane("api");
    world.wait_for_text(&pane, "demo agent");
    let screen = world.screen(&pane);
    let order =
        ["── what stood here on ", "first OPENAI_API_KEY=[hidden]", "── end of what", "demo agent"];
    let mut from = 0;
    for text in order {
        let at = screen[from..].find(text);
        assert!(at.is_some(), "{text} after the others\n{screen}");
        from += at.unwrap() + text.len();
    }
    let dimmed = world.tmux(["capture-pane", "-p", "-e", "-S", "-200", "-t", &pane]).ok().stdout;
    assert!(dimmed.contains("\u{1b}[2m── what stood here"), "{dimmed}");
    world.say("api", "second", 2);
    world.type_line(&pane, "exit");
    let again = self::kept(&world, "second");
    assert!(!again.contains("what stood here"), "only this life is kept: {again}");
    world.tabctl(["close", "api", "--yes"]).ok();
    world.tabctl(["rm", "api", "--yes"]).ok();
    let left = std::fs::read_dir(world.path("state").join("snapshots")).unwrap().count();
    assert_eq!(left, 0, "it goes with its tab");
}

#[test]
fn nothing_is_kept_unless_it_is_wanted() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "first", 1);
    world.type_line(&world.pane("api"), "exit");
    world.wait_until("the shell", PATIENCE, || world.state("api") == "shell");
    assert!(!world.path("state").join("snapshots").exists());
}

#[test]
fn what_was_kept_goes_when_it_is_not_wanted_any_more() {
    let world = world("100");
    world.demo_tab("api");
    world.say("api", "first", 1);
    world.type_line(&world.pane("api"), "exit");
    kept(&world, "first");
    world.reboot();
    std::fs::write(world.path("config").join("config.yaml"), "scrollback: 0\n").unwrap();
    world.tabctl(["resume", "api"]).ok();
    world.wait_for_text(&world.pane("api"), "demo agent");
    assert!(!world.screen(&world.pane("api")).contains("what stood here"));
    let folder = world.path("state").join("snapshots");
    let is_empty = || std::fs::read_dir(&folder).unwrap().next().is_none();
    world.wait_until("the snapshot to go", PATIENCE, is_empty);
}

#[test]
fn a_wrong_number_of_lines_is_said_with_the_right_ones() {
    for wrong in ["many", "99999", "-1"] {
        let run = world(wrong).tabctl(["ls"]);
        assert!(run.stderr.contains("a number from 0 to 5000"), "{run}");
    }
    let mut world = World::new();
    world.set("TABCTL_SCROLLBACK", "6000");
    let run = world.tabctl(["ls"]).fails_with(Kind::Usage);
    assert!(run.stderr.contains("a number from 0 to 5000"), "{run}");
}
