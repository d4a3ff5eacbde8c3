//! `tabctl back`

use tabctl::error::Kind;

use crate::next::front;
use crate::support::World;
use crate::support::terminal::Terminal;

#[test]
fn it_leads_back_step_by_step_and_passes_over_what_was_closed() {
    let world = World::new();
    for tab in ["one", "two", "three", "four"] {
        world.shell_tab(tab);
    }
    // A window that is no tab is a place to come back to, too.
    let plain = world.tmux(["new-window", "-P", "-F", "#{pane_id}", "-t", "tabctl:", "sleep 1000"]);
    let plain = plain.ok().stdout.trim().to_owned();
    let _terminal = Terminal::attached(&world, &plain);
    let run = |args: &[&str]| world.tabctl_from_pane(&front(&world), &world.home(), args);
    let pane = |tab: &str| world.pane(tab);
    run(&["back"]).fails_with(Kind::NotFound);
    for tab in ["one", "two", "three", "four"] {
        run(&["go", tab]).ok();
        assert_eq!(front(&world), pane(tab));
    }
    world.tabctl(["close", "two", "--yes"]).ok();
    for back in [pane("three"), pane("one"), plain.clone()] {
        run(&["back"]).ok();
        assert_eq!(front(&world), back);
    }
    let run = run(&["back"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("nowhere to go back to"), "{run}");
    assert_eq!(front(&world), plain);
}

#[test]
fn two_terminals_have_each_their_own_way_back() {
    let world = World::new();
    let panes: Vec<String> = ["one", "two", "three"]
        .into_iter()
        .map(|tab| {
            world.shell_tab(tab);
            world.pane(tab)
        })
        .collect();
    world.tmux(["new-session", "-d", "-s", "second", "sleep 1000"]).ok();
    let second = world.tmux(["display-message", "-p", "-t", "=second:", "#{pane_id}"]).ok().stdout;
    let _first = Terminal::attached(&world, &panes[0]);
    let from = |pane: &str, args: &[&str]| world.tabctl_from_pane(pane, &world.home(), args);
    from(&panes[0], &["go", "two"]).ok();
    let _second = Terminal::attached(&world, second.trim());
    from(second.trim(), &["back"]).fails_with(Kind::NotFound);
    from(&panes[1], &["back"]).ok();
    let looked_at = world.tmux(["list-clients", "-F", "#{pane_id}"]).ok().stdout;
    assert!(looked_at.lines().any(|pane| pane == panes[0]), "{looked_at}");
}

#[test]
fn a_pane_of_an_earlier_server_is_no_way_back() {
    let world = World::new();
    world.shell_tab("one");
    world.shell_tab("two");
    let terminal = Terminal::attached(&world, &world.pane("one"));
    world.tabctl_from_pane(&world.pane("one"), &world.home(), ["go", "two"]).ok();
    drop(terminal);
    world.kill_server();
    world.tabctl(["resume"]).ok();
    let _terminal = Terminal::attached(&world, &world.pane("two"));
    let here = front(&world);
    let run = world.tabctl_from_pane(&here, &world.home(), ["back"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("nowhere"), "{run}");
}

#[test]
fn from_outside_there_is_no_way_back() {
    let world = World::new();
    world.shell_tab("one");
    let run = world.tabctl(["back"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("tabctl go"), "{run}");
}
