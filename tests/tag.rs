//! `tabctl tag`

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn tags_are_added_once_removed_and_shown() {
    let world = World::new();
    let folder = world.shell_tab("api");
    world.tabctl_in(&folder, ["tag", "urgent", "backend", "urgent"]).ok();
    assert_eq!(world.tabctl(["tag", "--tab", "api"]).ok().stdout, "backend\nurgent\n");
    world.tabctl(["tag", "--tab", "api", "--remove", "urgent", "new"]).ok();
    let tags = world.tabctl(["tag", "--tab", "api", "--json"]).ok().json();
    assert_eq!(tags, serde_json::json!(["backend", "new"]));
    world.tabctl(["tag", "--tab", "api", "$(id)"]).fails_with(Kind::Usage);
}
