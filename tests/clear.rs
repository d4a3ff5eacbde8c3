//! `tabctl clear`

use tabctl::error::Kind;

use crate::run::{jobs, start};
use crate::support::World;

#[test]
fn ended_jobs_go_with_their_output_and_those_that_run_stay() {
    let world = World::new();
    let nothing = world.tabctl(["clear"]).ok();
    assert!(nothing.stderr.contains("no ended job"), "{nothing}");
    start(&world, "one", "echo one");
    start(&world, "two", "exit 1");
    start(&world, "server", "sleep 100");
    world.tabctl(["wait", "one", "two"]);
    world.tabctl(["clear"]).fails_with(Kind::NeedsAnswer);
    assert_eq!(jobs(&world).len(), 3, "nothing goes without a yes");
    let cleared = world.tabctl(["clear", "--yes"]).ok();
    assert!(cleared.stderr.contains("2 jobs removed"), "{cleared}");
    let left = jobs(&world);
    assert_eq!((left.len(), &left[0]["name"]), (1, &"server".into()));
    world.tabctl(["output", "one"]).fails_with(Kind::NotFound);
    let folder = world.path("state").join("jobs");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 2, "the record and the folder of one");
    world.reboot();
    let cleared = world.tabctl(["clear", "--yes", "--json"]).ok().json();
    assert_eq!(cleared["cleared"], serde_json::json!(["server"]));
    assert!(jobs(&world).is_empty());
}

#[test]
fn a_person_is_asked_with_the_count() {
    let world = World::new();
    start(&world, "one", "exit 0");
    start(&world, "two", "exit 0");
    world.tabctl(["wait", "one", "two"]).ok();
    world.shell_tab("api");
    let pane = world.pane("api");
    world.type_line(&pane, "tabctl clear");
    world.wait_for_text(&pane, "Remove 2 jobs that have ended, with the output?");
    world.type_line(&pane, "y");
    world.wait_for_text(&pane, "2 jobs removed");
    assert!(jobs(&world).is_empty());
}
