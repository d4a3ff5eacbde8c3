//! `tabctl resume --fork`: a copy of the conversation, with an id of its own.

use std::time::Duration;

use tabctl::error::Kind;

use crate::support::World;

const PATIENCE: Duration = Duration::from_secs(20);

fn world_with_a_conversation() -> (World, String) {
    let mut world = World::new();
    world.install_scribe();
    world.scribe_tab("api", "alpha");
    let id = world.conversation("api");
    world.reboot();
    (world, id)
}

/// Forks, and gives the new id once it is written down.
fn fork(world: &World, old: &str) -> String {
    world.tabctl(["resume", "api", "--fork"]).ok();
    world.wait_until("the fork's id", PATIENCE, || world.conversation("api") != old);
    world.conversation("api")
}

#[test]
fn a_fork_knows_the_earlier_turns_and_leaves_the_old_conversation_alone() {
    let (world, old) = world_with_a_conversation();
    let new = fork(&world, &old);
    world.wait_for_text(&world.pane("api"), "earlier: alpha");
    world.write("api", "beta");
    assert_eq!(world.written(&old), ["alpha"]);
    assert_eq!(world.written(&new), ["alpha", "beta"]);
    let session = world.tabctl(["show", "api", "--json"]).ok().json()["session"].clone();
    assert_eq!(session["agent"]["history"][0]["session_id"], old.as_str(), "{session:#}");
    assert_eq!(session["agent"]["history"][0]["reason"], "fork");
    world.reboot();
    world.tabctl(["resume"]).ok();
    world.wait_for_text(&world.pane("api"), "earlier: beta");
}

#[test]
fn a_fork_that_nobody_spoke_to_comes_back_with_the_earlier_turns() {
    let (world, old) = world_with_a_conversation();
    let new = fork(&world, &old);
    world.reboot();
    let plan = world.tabctl(["resume", "--dry-run"]).ok().stdout;
    assert!(plan.contains(&format!("--copy {old} --id {new}")), "{plan}");
    world.tabctl(["resume"]).ok();
    world.wait_for_text(&world.pane("api"), "earlier: alpha");
    world.write("api", "beta");
    assert_eq!(world.written(&new), ["alpha", "beta"]);
    assert_eq!(world.conversation("api"), new);
}

#[test]
fn a_fork_that_does_not_start_leaves_the_tab_with_its_conversation() {
    let (world, old) = world_with_a_conversation();
    let script = world.path("bin").join("scribe");
    std::fs::write(&script, "#!/bin/sh\necho no forks today\nexit 3\n").unwrap();
    let run = world.tabctl(["resume", "api", "--fork"]).fails_with(Kind::AgentFailed);
    assert!(run.stdout.contains("no forks today"), "{run}");
    assert_eq!(world.conversation("api"), old);
}

#[test]
fn what_cannot_be_forked_is_refused_with_the_reason() {
    let (world, _) = world_with_a_conversation();
    world.tabctl(["resume"]).ok();
    let run = world.tabctl(["resume", "api", "--fork"]).fails_with(Kind::Busy);
    assert!(run.stdout.contains("its agent lives"), "{run}");
    world.demo_tab("demo");
    world.say("demo", "hello", 1);
    let new = world.workspace("new");
    world.tabctl_in(&new, ["new", "new", "--agent", "scribe", "--detach"]).ok();
    world.reboot();
    let run = world.tabctl(["resume", "demo", "--fork"]).fails_with(Kind::Usage);
    assert!(run.stdout.contains("demo cannot fork"), "{run}");
    let run = world.tabctl(["resume", "new", "--fork"]).fails_with(Kind::ConversationMissing);
    assert!(run.stdout.contains("no conversation to fork yet"), "{run}");
    assert!(world.rows().iter().all(|row| row["status"]["state"] == "down"), "{:#?}", world.rows());
}
