//! What the real agents show of the conversation that they go on with, when they are resumed.
//! Must name what no agent can show, so that nobody takes it for a failure of ours.

use std::time::Duration;

use super::cast::{Actor, CAST};
use super::stage::Stage;

/// Some take half a minute to start on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// What `resume` says of each. Gemini's hooks cannot be given at launch, opencode and copilot tell with
/// their first prompt, and aider has no ids.
const OUTCOMES: [(&str, &str); 8] = [
    ("claude", "recovered"),
    ("codex", "recovered"),
    ("gemini", "unverifiable"),
    ("opencode", "unverifiable"),
    ("qwen", "recovered"),
    ("copilot", "unverifiable"),
    ("droid", "recovered"),
    ("aider", "unverifiable"),
];

#[test]
fn every_real_agent_shows_which_conversation_it_goes_on_with_if_it_can() {
    let _turn = crate::support::agents::turn();
    let long = std::env::var_os("TABCTL_TEST_LONG").is_some();
    // One of each way; all of them in the long run.
    let few = if long { "" } else { "claude,gemini,droid,aider" };
    let only = std::env::var("TABCTL_TEST_LIVE").unwrap_or_else(|_| few.to_owned());
    let wanted = |actor: &&Actor| only.is_empty() || only.split(',').any(|it| it == actor.kind);
    let cast: Vec<&Actor> = CAST.iter().filter(wanted).collect();
    let folders: Vec<String> = cast.iter().map(|actor| actor.kind.to_owned()).collect();
    let Some(mut stage) = Stage::set(&folders) else { return };
    stage.world.set("TABCTL_RESUME_PATIENCE", "90");
    for actor in &cast {
        begin(&stage, actor);
    }
    stage.world.kill_server();
    let run = stage.world.tabctl(["resume", "--jobs", "2", "--json"]).ok();
    let done = run.json();
    for resumed in done.as_array().unwrap() {
        let agent = resumed["agent"].as_str().unwrap();
        let (_, wanted) = OUTCOMES.iter().find(|(kind, _)| *kind == agent).unwrap();
        let result = &resumed["result"];
        assert_eq!(result["outcome"], *wanted, "{agent}: {result:#}");
    }
    assert_eq!(done.as_array().unwrap().len(), cast.len());
}

/// A tab with one turn in it.
fn begin(stage: &Stage, actor: &Actor) {
    let folder = stage.world.workspace(actor.kind).display().to_string();
    let line = ["new", actor.kind, "--agent", actor.kind, "--detach", "--dir", &folder, "--"];
    stage.world.tabctl([&line[..], actor.flags].concat()).ok();
    let pane = stage.world.pane(actor.kind);
    stage.world.wait_for_text(&pane, actor.ready);
    stage.world.wait_for_quiet(&pane);
    stage.world.type_line(&pane, "remember alpha");
    stage.world.wait_for_text(&pane, "to: remember alpha");
    stage.world.wait_until("its conversation's id", PATIENCE, || {
        actor.kind == "aider" || stage.world.row(actor.kind)["session_id"].is_string()
    });
}
