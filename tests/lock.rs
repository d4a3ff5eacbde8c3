//! `tabctl lock`

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn a_locked_tab_is_not_renamed_closed_or_removed() {
    let world = World::new();
    world.shell_tab("api");
    world.tabctl(["lock", "api"]).ok();
    assert_eq!(world.row("api")["locked"], true);
    assert!(world.session_file("api").contains("locked: true"));
    for line in
        [&["rename", "api", "other"][..], &["close", "api", "--yes"], &["rm", "api", "--yes"]]
    {
        let run = world.tabctl(line).fails_with(Kind::Locked);
        assert!(run.stderr.contains("tabctl unlock api"), "{run}");
    }
    assert_eq!(world.state("api"), "shell");
    world.tabctl(["note", "--tab", "api", "notes are not locked"]).ok();
    world.tabctl(["rename", "api", "other", "--force"]).ok();
    assert_eq!(world.row("other")["locked"], true);
}

#[test]
fn an_agent_can_lock_but_not_force() {
    let mut world = World::new();
    world.shell_tab("api");
    world.set("CLAUDECODE", "1");
    world.tabctl(["lock", "api"]).ok();
    world.tabctl(["close", "api", "--yes", "--force"]).fails_with(Kind::NeedsAnswer);
    assert_eq!(world.state("api"), "shell");
}
