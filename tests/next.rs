//! `tabctl next`

use tabctl::error::Kind;

use crate::support::World;
use crate::support::terminal::Terminal;

fn quiet() -> World {
    let mut world = World::new();
    world.set("TABCTL_NOTIFY", "off");
    world
}

/// The pane that the one client looks at.
pub fn front(world: &World) -> String {
    world.tmux(["list-clients", "-F", "#{pane_id}"]).ok().stdout.trim().to_owned()
}

#[test]
fn the_one_that_has_waited_longest_comes_first_and_then_the_others_in_turn() {
    let world = quiet();
    for tab in ["one", "two", "three", "four"] {
        world.demo_tab(tab);
    }
    let pane = |tab: &str| world.pane(tab);
    // `status` keeps whole milliseconds; a person is slower.
    for tab in ["three", "one", "four"] {
        world.says(tab, "attention");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let _terminal = Terminal::attached(&world, &pane("two"));
    for tab in ["three", "one", "four", "three"] {
        world.tabctl_from_pane(&front(&world), &world.home(), ["next"]).ok();
        assert_eq!(front(&world), pane(tab), "{tab}");
    }
    world.says("one", "thinking");
    world.tabctl_from_pane(&front(&world), &world.home(), ["next"]).ok();
    assert_eq!(front(&world), pane("four"), "who is answered is passed over");
}

#[test]
fn where_nobody_needs_you_it_says_so_and_stays() {
    let world = quiet();
    world.demo_tab("one");
    world.demo_tab("two");
    let here = world.pane("one");
    let _terminal = Terminal::attached(&world, &here);
    let run = world.tabctl_from_pane(&here, &world.home(), ["next"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("no other tab needs you"), "{run}");
    world.says("one", "attention");
    let run = world.tabctl_from_pane(&here, &world.home(), ["next"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("no other tab"), "you are there already: {run}");
    assert_eq!(front(&world), here);
}

#[test]
fn outside_tmux_it_attaches() {
    let world = quiet();
    world.demo_tab("one");
    world.says("one", "attention");
    let run = world.tabctl(["next"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stderr.contains("attaching needs a terminal"), "{run}");
}
