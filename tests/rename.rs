//! `tabctl rename`

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn the_record_and_the_window_get_the_new_name() {
    let world = World::new();
    let folder = world.shell_tab("api");
    world.tabctl(["rename", "api", "login fix"]).ok();
    let pane = world.pane("login fix");
    let window =
        || world.tmux(["display-message", "-p", "-t", &pane, "#{window_name}"]).ok().stdout;
    assert_eq!(window().trim(), "login fix");
    world.type_line(&pane, "printf '\\033kstolen\\033\\\\' && sleep 1");
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(window().trim(), "login fix", "a program cannot rename it");
    world.tabctl_in(&folder, ["rename", "short"]).ok();
    assert_eq!(window().trim(), "short");
    world.reboot();
    world.tabctl(["resume"]).ok();
    assert_eq!(world.row("short")["place"]["window"], "short");
}

#[test]
fn a_taken_or_harmful_name_is_refused() {
    let world = World::new();
    world.shell_tab("api");
    world.shell_tab("docs");
    world.tabctl(["rename", "api", "docs"]).fails_with(Kind::Clash);
    world.tabctl(["rename", "api", "a#(touch x)"]).fails_with(Kind::Usage);
    world.tabctl(["rename", "nobody", "x"]).fails_with(Kind::NotFound);
    assert_eq!(world.rows().len(), 2);
}
