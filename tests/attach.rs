//! `tabctl attach`

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn outside_tmux_it_attaches_to_the_tabs_window() {
    let world = World::new();
    world.shell_tab("one");
    world.shell_tab("two");
    // A terminal of its own: a second tmux, in which a person attaches to the first.
    let terminal = world.path("terminal.sock");
    let terminal = terminal.to_str().unwrap();
    let outer = |args: &[&str]| {
        let mut command = world.command("tmux");
        command.args(["-u", "-f", "/dev/null", "-S", terminal]).args(args);
        crate::support::Run::of(&mut command)
    };
    outer(&[
        "new-session",
        "-d",
        "-x",
        "100",
        "-y",
        "30",
        "env",
        "-u",
        "TMUX",
        "tabctl",
        "attach",
        "one",
    ])
    .ok();
    world.wait_until("the client", std::time::Duration::from_secs(20), || {
        let seen = world.tmux(["list-clients", "-F", "#{window_name}"]).stdout;
        seen.trim() == "one"
    });
}

#[test]
fn inside_tmux_the_window_is_selected() {
    let world = World::new();
    world.shell_tab("one");
    world.shell_tab("two");
    let active =
        || world.tmux(["display-message", "-p", "-t", "tabctl:", "#{window_name}"]).ok().stdout;
    let pane = world.pane("one");
    for tab in ["two", "one", "two"] {
        world.tabctl_from_pane(&pane, &world.home(), ["go", tab]).ok();
        assert_eq!(active().trim(), tab);
    }
}

#[test]
fn without_a_terminal_it_says_so() {
    let world = World::new();
    world.shell_tab("one");
    let run = world.tabctl(["attach", "one"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stderr.contains("attaching needs a terminal"), "{run}");
}

#[test]
fn a_tab_that_is_down_is_not_attached_to() {
    let world = World::new();
    world.shell_tab("one");
    world.reboot();
    let run = world.tabctl(["attach", "one"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("tabctl resume one"), "{run}");
    let run = world.tabctl(["attach", "onne"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("'one'"), "the nearest name is offered: {run}");
}
