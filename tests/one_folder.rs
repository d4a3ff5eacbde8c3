//! Agents without conversation ids: one folder is one conversation, and no two tabs can have it open.

use tabctl::error::Kind;

use crate::support::World;

fn diary(world: &World, tab: &str) {
    let folder = world.workspace("shared");
    world.tabctl_in(&folder, ["new", tab, "--agent", "diary", "--detach"]).ok();
    world.wait_for_text(&world.pane(tab), "diary ");
}

fn world() -> World {
    let mut world = World::new();
    world.install_diary();
    diary(&world, "one");
    world
}

#[test]
fn the_second_tab_of_a_folder_is_refused_with_the_first_ones_name_and_a_remedy() {
    let world = world();
    world.type_line(&world.pane("one"), "alpha");
    let folder = world.workspace("shared");
    let line = ["new", "two", "--agent", "diary", "--detach"];
    let run = world.tabctl_in(&folder, line).fails_with(Kind::Busy);
    assert!(run.stderr.contains("the tab 'one'") && run.stderr.contains("worktree"), "{run}");
    assert_eq!(world.rows().len(), 1, "nothing of it is left");
    world.reboot();
    diary(&world, "two");
    let run = world.tabctl(["resume", "one"]).fails_with(Kind::Busy);
    assert!(run.stdout.contains("the tab 'two'") && run.stdout.contains("worktree"), "{run}");
    assert!(run.stdout.contains("one folder can hold one only"), "{run}");
    world.reboot();
    let plan = world.tabctl(["resume", "--dry-run"]).ok().stdout;
    assert!(plan.contains("the same conversation as in two"), "{plan}");
    let run = world.tabctl(["resume"]).fails_with(Kind::Partial);
    assert!(run.stdout.contains("the tab 'one'"), "{run}");
    assert_eq!(world.state("two"), "down");
    world.wait_for_text(&world.pane("one"), "has 3 lines");
}

#[test]
fn a_history_file_of_its_own_makes_it_another_conversation() {
    let world = world();
    let folder = world.workspace("shared");
    let line = ["new", "two", "--agent", "diary", "--detach", "--", "--file", "mine"];
    world.tabctl_in(&folder, line).ok();
    world.wait_for_text(&world.pane("two"), "shared/mine");
    world.reboot();
    let plan = world.tabctl(["resume", "--dry-run"]).ok().stdout;
    assert!(!plan.contains("the same conversation"), "{plan}");
    world.tabctl(["resume"]).ok();
    world.wait_for_text(&world.pane("one"), "diary ");
    world.wait_for_text(&world.pane("two"), "shared/mine");
}

#[test]
fn a_folder_without_its_history_is_only_a_shell() {
    let world = world();
    world.reboot();
    std::fs::remove_file(world.workspace("shared").join(".diary")).unwrap();
    let run = world.tabctl(["resume", "one"]).fails_with(Kind::ConversationMissing);
    assert!(run.stdout.contains("the conversation of this folder is gone"), "{run}");
    assert!(run.stdout.contains(".diary") && run.stdout.contains("--fresh"), "{run}");
    assert_eq!(world.state("one"), "shell");
}
