//! A tab that lives on another server of the multiplexer than the one that is asked. Panes have the
//! same numbers on every server.

use tabctl::error::Kind;

use crate::support::{Run, World};

/// What tmux says on a second server of the world's.
fn on_other(world: &World, args: &[&str]) -> String {
    let mut command = world.command("tmux");
    command.args(["-u", "-f", "/dev/null", "-S"]).arg(world.path("other")).args(args);
    Run::of(&mut command).ok().stdout
}

#[test]
fn what_stands_in_a_pane_of_the_same_number_is_left_alone() {
    let mut world = World::new();
    world.shell_tab("api");
    let home = world.socket().display().to_string();
    let other = world.path("other").display().to_string();
    on_other(&world, &["new-session", "-d", "-s", "mine", "cat"]);
    let list = ["list-panes", "-a", "-F", "#{pane_id} #{pane_pid}"];
    let panes = on_other(&world, &list);
    assert_eq!(panes.split(' ').next(), Some(&*world.pane("api")));

    world.set("TABCTL_TMUX_SOCKET", &other);
    let row = world.row("api");
    assert!(row["pane"].is_null(), "{row:#}");
    assert_eq!(row["elsewhere"], home.as_str());
    for args in [
        &["close", "api", "--yes"][..],
        &["go", "api"],
        &["take", "api"],
        &["context", "api"],
        &["output", "api"],
        &["send", "api", "hello"],
        &["exec", "api", "--", "true"],
    ] {
        let run = world.tabctl(args).fails_with(Kind::Busy);
        let told = run.stderr.contains(&home) && run.stderr.contains("another server");
        assert!(told, "{args:?}: {run}");
    }
    // It is open, and is not opened once more.
    world.tabctl(["resume"]).ok();
    world.tabctl(["resume", "api"]).ok();
    let screen = on_other(&world, &["capture-pane", "-p", "-t", "mine:"]);
    assert_eq!(screen.trim(), "");
    assert_eq!(on_other(&world, &list), panes);
    // Told where it is, every verb finds it.
    world.set("TABCTL_TMUX_SOCKET", &home);
    world.tabctl(["context", "api"]).ok();
    world.tabctl(["close", "api"]).ok();
    on_other(&world, &["kill-server"]);
}
