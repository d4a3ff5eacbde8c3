//! `tabctl unlock`

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn a_person_unlocks_and_an_agent_does_not() {
    let mut world = World::new();
    world.shell_tab("api");
    world.tabctl(["lock", "api"]).ok();
    world.set("CLAUDECODE", "1");
    let run = world.tabctl(["unlock", "api"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stderr.contains("claude"), "{run}");
    assert_eq!(world.row("api")["locked"], true);
    world.unset("CLAUDECODE");
    let told = world.tabctl(["unlock", "api", "--json"]).ok().json();
    assert_eq!(told["locked"], false);
    assert_eq!(world.row("api")["locked"], false);
}
