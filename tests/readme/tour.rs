//! The five minutes of the README, run as they stand there.

use super::blocks;
use crate::support::throwaway::{READY, STAY};
use crate::support::{Run, World};

const HEADING: &str = "Five minutes";

/// A world in which `claude` and `codex` are stand-ins.
fn world() -> World {
    let mut world = World::new();
    for kind in ["claude", "codex"] {
        world.agent(kind, "", &format!("{READY}echo \"told: $*\"\n{STAY}"));
    }
    world
}

/// Runs a block as a person pastes it into a shell, in which any failure counts.
fn paste(world: &World, block: &str) -> Run {
    Run::of(world.command("bash").args(["-euo", "pipefail", "-c", block])).ok()
}

#[test]
fn the_tour_goes_as_it_is_told() {
    let world = world();
    let blocks = blocks(HEADING, "sh");
    let [make, look, say, lose, adopt] = blocks.as_slice() else {
        panic!("five steps: {blocks:#?}");
    };
    paste(&world, make);
    world.wait_for_text(&world.pane("api"), "--model opus");
    let seen = paste(&world, look);
    assert!(seen.stdout.contains("make the login page work again"), "{seen}");
    paste(&world, say);
    let row = world.row("api");
    assert_eq!(row["task"], "make the login page work again, also with SSO");
    assert_eq!((row["locked"].as_bool(), row["tags"][0].as_str()), (Some(false), Some("backend")));
    let told = paste(&world, lose);
    assert!(told.stdout.contains("came back"), "{told}");
    let back = world.pane("api");
    world.wait_for_text(&back, "--model opus");
    assert!(world.screen(&back).contains("the migration is half done"), "the note is shown");

    // Agents that were started by hand, one of them in the pane that the README names.
    let ids = ["0599c8f2-7c1e-7d10-b6a5-0e8a3f2b9c4d", "0699c8f2-7c1e-7d10-b6a5-0e8a3f2b9c4d"];
    let start = |id: &str| {
        let line = format!("claude --id {id}");
        let folder = world.workspace(id);
        let folder = folder.to_str().unwrap();
        let format = "#{pane_id}";
        let args = ["new-window", "-d", "-P", "-F", format, "-t", "tabctl:", "-c", folder, &line];
        world.tmux(args).ok().stdout.trim().to_owned()
    };
    let here = start(ids[0]);
    let mut old = String::new();
    while old != "%5" {
        assert!(old != "%9", "pane %5 was passed");
        old = start(ids[1]);
    }
    world.wait_for_text(&here, "told:");
    world.wait_for_text(&old, "told:");
    for line in adopt.lines() {
        let words = shell_words::split(line).unwrap();
        world.tabctl_from_pane(&here, &world.workspace(ids[0]), &words[1..]).ok();
    }
    let bound = |tab: &str| world.row(tab)["session_id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(bound("old"), ids[1]);
    assert_eq!(bound("review"), "0199c8f2-7c1e-7d10-b6a5-0e8a3f2b9c4d");
    assert!(world.rows().iter().any(|row| row["session_id"] == ids[0]), "the one in this pane");
}
