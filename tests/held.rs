//! A conversation that somebody has open already: who, and the way there.

use std::path::Path;

use tabctl::error::Kind;

use crate::support::World;

/// A world with a tab that is down, whose conversation somebody goes on with by hand; and the pane.
fn opened_by_hand() -> (World, String) {
    let mut world = World::new();
    world.install_scribe();
    world.scribe_tab("api", "alpha");
    let id = world.conversation("api");
    world.reboot();
    let folder = world.workspace("api");
    let open = ["new-session", "-d", "-x", "140", "-y", "50", "-P", "-F", "#{pane_id}", "-c"];
    let shell = [folder.to_str().unwrap(), "/bin/sh", "-i"];
    let pane = world.tmux([&open[..], &shell].concat()).ok().stdout.trim().to_owned();
    world.type_line(&pane, &format!("scribe --resume {id}"));
    world.wait_for_text(&pane, "say> ");
    (world, pane)
}

#[test]
fn a_conversation_in_a_pane_that_is_no_tab_is_refused_with_the_pane_and_can_be_bound_there() {
    let (world, pane) = opened_by_hand();
    let run = world.tabctl(["resume", "api"]).fails_with(Kind::Busy);
    assert!(run.stdout.contains(&format!("is open in pane {pane}")), "{run}");
    let bind = format!("tabctl bind --pane {pane} --tab api");
    assert!(run.stdout.contains(&bind), "{run}");
    assert!(run.stdout.contains("tabctl resume api --fork"), "{run}");
    world.tabctl(bind.split(' ').skip(1)).ok();
    assert_eq!(world.pane("api"), pane, "what was said to do is the way");
}

#[test]
fn a_conversation_that_is_open_elsewhere_can_be_forked() {
    let (world, pane) = opened_by_hand();
    let old = world.conversation("api");
    world.tabctl(["resume", "api", "--fork"]).ok();
    let forked = world.pane("api");
    assert_ne!(forked, pane);
    world.wait_for_text(&forked, "earlier: alpha");
    world.write("api", "beta");
    let new = world.conversation("api");
    assert_eq!(
        (world.written(&old), world.written(&new)),
        (vec!["alpha".to_owned()], vec!["alpha".to_owned(), "beta".to_owned()])
    );
}

#[test]
fn a_conversation_in_another_tab_is_refused_with_its_name() {
    let mut world = World::new();
    world.install_scribe();
    world.scribe_tab("api", "alpha");
    let id = world.conversation("api");
    world.reboot();
    let other = world.workspace("other");
    let line = ["new", "other", "--agent", "scribe", "--detach", "--", "--resume", &id];
    world.tabctl_in(&other, line).ok();
    world.wait_for_text(&world.pane("other"), "say> ");
    let run = world.tabctl(["resume", "api"]).fails_with(Kind::Busy);
    assert!(run.stdout.contains("is open in the tab 'other'"), "{run}");
    assert!(run.stdout.contains("tabctl attach other"), "{run}");
}

#[test]
fn a_record_that_a_killed_process_left_behind_holds_nothing() {
    let mut world = World::new();
    world.install_scribe();
    world.scribe_tab("api", "alpha");
    world.reboot();
    let open = world.home().join("scribe/open");
    let left = std::fs::read_dir(&open).unwrap().count();
    assert_eq!(left, 1, "{}", open.display());
    // A process that lives, and is something else.
    let id = world.conversation("api");
    let record = open.join(format!("{}.json", std::process::id()));
    std::fs::write(Path::new(&record), format!("{{\"id\": \"{id}\"}}")).unwrap();
    world.tabctl(["resume"]).ok();
    world.wait_for_text(&world.pane("api"), "earlier: alpha");
}
