//! `tabctl task`

use crate::support::World;

#[test]
fn a_task_is_written_shown_and_taken_away() {
    let world = World::new();
    let folder = world.shell_tab("api");
    world.tabctl_in(&folder, ["task", "make", "the  login\nwork"]).ok();
    assert_eq!(world.tabctl(["task", "--tab", "api"]).ok().stdout, "make the login work\n");
    assert_eq!(world.row("api")["task"], "make the login work");
    assert!(world.tabctl(["ls"]).ok().stdout.contains("make the login work"));
    assert!(world.session_file("api").contains("task: make the login work"));
    world.tabctl(["task", "--tab", "api", "--clear"]).ok();
    assert_eq!(world.tabctl(["task", "--tab", "api", "--json"]).ok().stdout.trim(), "null");
    assert!(!world.session_file("api").contains("\ntask:"));
}

#[test]
fn words_that_yaml_reads_otherwise_stay_words() {
    let world = World::new();
    world.shell_tab("api");
    for task in ["no", "1_000", "12:30", "null", "- x", "# not a comment", "a: b", "'q\"", "{a}"] {
        world.tabctl(["task", "--tab", "api", "--", task]).ok();
        assert_eq!(world.row("api")["task"], task);
    }
}
