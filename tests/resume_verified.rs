//! `tabctl resume` calls a tab recovered only by evidence: what the agent shows of its conversation.

use std::time::Duration;

use tabctl::error::Kind;

use crate::support::World;
use crate::support::throwaway::{READY, RECORD, RECORDS, STAY};

const PATIENCE: Duration = Duration::from_secs(20);

/// A world with an agent of this script, and one tab of it.
fn stage(spec: &str, script: &str) -> World {
    let mut world = World::new();
    world.set("TABCTL_RESUME_PATIENCE", "3");
    world.agent("thing", spec, script);
    world.down_tab("api", "thing", "a1");
    world
}

fn words(world: &World) -> Vec<String> {
    let journal = world.journal("api");
    journal.iter().filter_map(|entry| entry["what"].as_str().map(str::to_owned)).collect()
}

#[test]
fn an_agent_that_records_its_conversation_has_come_back_and_every_step_is_journaled() {
    let world = stage(RECORDS, &[RECORD, READY, STAY].concat());
    let done = world.tabctl(["resume", "--json"]).ok().json();
    assert_eq!(done[0]["result"]["outcome"], "recovered", "{done:#}");
    assert_eq!(done[0]["agent"], "thing");
    let journal = words(&world);
    let at = |word: &str| journal.iter().position(|it| it == word);
    for word in ["claimed", "pane-created", "started", "agent-seen", "id-confirmed", "resumed"] {
        assert!(at(word).is_some(), "{word} is missing: {journal:?}");
    }
    assert!(at("claimed") < at("pane-created") && at("pane-created") < at("agent-seen"));
    assert!(at("started") < at("id-confirmed") && at("id-confirmed") < at("resumed"));
}

#[test]
fn an_agent_that_lives_and_never_shows_its_conversation_is_not_recovered() {
    let world = stage(RECORDS, &[READY, STAY].concat());
    let run = world.tabctl(["resume", "api"]).fails_with(Kind::TimedOut);
    assert!(run.stdout.contains("unverified: its conversation was not seen within 3 s"), "{run}");
    assert_eq!(world.count("thing --id a1"), 1, "it is left alone");
    assert!(words(&world).contains(&"resumed".to_owned()));
    world.tabctl(["resume"]).ok();
}

#[test]
fn an_agent_that_asks_first_is_unverified_and_not_waited_for() {
    let ask = "printf '\\033]7501;state=blocked:app=thing:kind=auth\\033\\\\'\n";
    let mut world = stage(RECORDS, &[ask, STAY].concat());
    world.set("TABCTL_RESUME_PATIENCE", "60");
    let run = world.tabctl(["resume", "api"]).fails_with(Kind::TimedOut);
    assert!(run.stdout.contains("it asks first: "), "{run}");
}

#[test]
fn an_agent_that_opens_another_conversation_is_told_of_and_the_id_is_kept() {
    let wrong = RECORD.replace("$2", "b2");
    let world = stage(RECORDS, &[&wrong, READY, STAY].concat());
    let run = world.tabctl(["resume", "api"]).fails_with(Kind::ConversationMissing);
    assert!(run.stdout.contains("wrong conversation: it opened b2"), "{run}");
    assert_eq!(world.row("api")["session_id"], "a1");
    assert!(words(&world).contains(&"wrong-conversation".to_owned()));
    // Longer than the time in which it counts as astray: what was astray once stays so.
    std::thread::sleep(Duration::from_secs(5));
    assert_eq!(world.row("api")["session_id"], "a1", "{:?}", words(&world));
}

#[test]
fn an_agent_that_changes_its_conversation_later_is_still_followed() {
    let later = format!("sleep 1; {}", RECORD.replace("$2", "b2"));
    let world = stage(RECORDS, &[RECORD, READY, &later, STAY].concat());
    world.tabctl(["resume"]).ok();
    world.wait_until("the new conversation", PATIENCE, || world.row("api")["session_id"] == "b2");
}

#[test]
fn an_agent_that_can_show_nothing_comes_back_and_that_is_said() {
    let world = stage("", STAY);
    let run = world.tabctl(["resume"]).ok();
    assert!(run.stdout.contains("+ api  thing  came back"), "{run}");
    assert!(run.stdout.contains("it does not tell which conversation it opened"), "{run}");
    world.kill_server();
    let done = world.tabctl(["resume", "--json"]).ok().json();
    assert_eq!(done[0]["result"]["outcome"], "unverifiable");
}

#[test]
fn an_agent_that_ends_again_is_told_with_its_last_words_and_keeps_its_id() {
    let world = stage(RECORDS, "echo 'the model is on holiday'; exit 3\n");
    world.shell_tab("plain");
    world.kill_server();
    let run = world.tabctl(["resume"]).fails_with(Kind::Partial);
    assert!(run.stdout.contains("✗ api"), "{run}");
    assert!(run.stdout.contains("the agent ended with exit code 3: the model is on holiday"));
    assert!(run.stdout.contains("+ plain"), "{run}");
    assert!(run.stderr.contains("1 came back, 1 failed"), "{run}");
    assert_eq!(world.row("api")["session_id"], "a1");
}
