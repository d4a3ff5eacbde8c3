//! A session file that was copied with its folder: it carries the id of another tab, and must never
//! reach that one.

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn a_copied_file_never_reaches_the_tab_that_it_was_copied_from() {
    let world = World::new();
    let folder = world.shell_tab("api");
    let copy = world.workspace("copy");
    std::fs::copy(folder.join(".session.yaml"), copy.join(".session.yaml")).unwrap();
    let (pane, file) = (world.pane("api"), world.session_file("api"));
    let name = || world.tmux(["display-message", "-p", "-t", &pane, "#{window_name}"]).ok().stdout;
    for line in
        [&["close", "--yes"][..], &["rm", "--yes"], &["attach"], &["status"], &["resume", "."]]
    {
        let run = world.tabctl_in(&copy, line).fails_with(Kind::NotTrusted);
        assert!(run.stderr.contains("a copy of"), "{run}");
    }
    assert_eq!((world.pane("api"), world.session_file("api")), (pane.clone(), file.clone()));
    world.tabctl_in(&copy, ["status", "attention"]).ok();
    assert_eq!(world.state("api"), "shell");
    // That made it a tab of its own, by the same name: the name alone means nobody now.
    let run = world.tabctl(["note", "--tab", "api", "hello"]).fails_with(Kind::Clash);
    assert!(run.stderr.contains("work/api") && run.stderr.contains("work/copy"), "{run}");
    world.tabctl_in(&copy, ["rename", "other"]).ok();
    assert_eq!((name().trim(), world.session_file("api")), ("api", file));
    world.tabctl_in(&copy, ["rm", "--yes"]).ok();
    assert_eq!(world.pane("api"), pane);
}
