//! `tabctl demo`

use crate::support::{World, processes};

#[test]
fn the_demo_shows_the_main_job_and_leaves_nothing() {
    let mut world = World::new();
    let temp = world.path("tmp");
    std::fs::create_dir(&temp).unwrap();
    world.set("TMPDIR", &temp);
    // Freshly installed, it may stand in no folder of PATH.
    world.set("PATH", "/usr/local/bin:/usr/bin:/bin");
    let run = world.tabctl(["demo"]).ok();
    for expected in [
        "tabctl new demo",
        "(2) \"and eggs\", after \"buy milk\"",
        "down",
        "tabctl resume",
        "demo agent (tiny)",
        "(3) \"what else?\", after \"and eggs\"",
    ] {
        assert!(run.stdout.contains(expected), "{expected}: {run}");
    }
    assert!(world.rows().is_empty(), "the user's own list is untouched");
    let left: Vec<_> = std::fs::read_dir(&temp).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    let marked = processes::marked(&format!("TMPDIR={}", temp.display()));
    assert!(marked.is_empty(), "no process is left: {marked:?}");
}
