//! The real agent calls the hooks: what a person sees of a turn, of a question and of `/clear`.
//! Must not fake the agent; only the model behind it is ours.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::agents::{self, CLAUDE};
use crate::support::inside::store;
use crate::support::{Mock, World};

const PATIENCE: Duration = Duration::from_mins(1);

/// All events that its file has rules for, and no others: an unknown one opens a dialog.
const EVENTS: [&str; 9] = [
    "SessionStart",
    "SessionEnd",
    "UserPromptSubmit",
    "PreToolUse",
    "PostToolUse",
    "PermissionRequest",
    "Notification",
    "Stop",
    "StopFailure",
];

#[test]
fn a_real_claude_tells_its_turns_its_questions_and_its_next_conversation() {
    let Some(programs) = agents::folder() else { return };
    let mut world = World::new();
    let folder = world.workspace("api");
    let mock = Mock::start(&world, &folder);
    agents::settle(&mut world, &mock, &programs);
    register(&world);
    let mut line = vec!["new", "api", "--agent", "claude", "--detach", "--dir"];
    line.extend([folder.to_str().unwrap(), "--"]);
    line.extend(CLAUDE.flags);
    world.tabctl(&line).ok();
    let pane = world.pane("api");
    world.wait_for_text(&pane, CLAUDE.ready);
    // Claude says it in other ways too, and the newest word is shown.
    let said = |state: &str, evidence: &str| {
        let row = world.row("api");
        let claims = row["claims"].as_array().cloned().unwrap_or_default();
        claims.into_iter().find(|claim| claim["state"] == state && claim["evidence"] == evidence)
    };
    let sees = |state: &str, evidence: &str| {
        world.wait_for(&format!("{state} by {evidence}"), PATIENCE, || said(state, evidence))
    };
    // Claude may empty its prompt right after an answer, with what is typed there: then it is typed
    // again.
    let types = |line: &str, is_taken: &dyn Fn() -> bool| {
        for _ in 0..3 {
            world.wait_for_quiet(&pane);
            world.type_line(&pane, line);
            let end = Instant::now() + Duration::from_secs(8);
            while Instant::now() < end {
                if is_taken() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        panic!("'{line}' was not taken\n{}", world.screens());
    };
    sees("idle", "hook SessionStart");
    types("[[wait 4]] hello", &|| said("thinking", "hook UserPromptSubmit").is_some());
    sees("idle", "hook Stop");
    types("[[bash touch made]]", &|| said("attention", "hook PermissionRequest").is_some());
    let status = sees("attention", "hook PermissionRequest");
    assert_eq!(status["reason"], "permission", "{status:#}");
    assert!(status["detail"].as_str().unwrap().contains("touch"), "{status:#}");
    world.wait_for_quiet(&pane);
    world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
    sees("idle", "hook Stop");

    let before = world.row("api")["session_id"].clone();
    types("/clear", &|| world.row("api")["session_id"] != before);
    sees("idle", "hook SessionStart");
    let id = world.row("api")["id"].as_str().unwrap().parse().unwrap();
    let agent = store(&world).load_id(id).unwrap().session.agent.unwrap();
    let past: Vec<Value> = agent.history.iter().map(|past| json!(past.session_id)).collect();
    assert_eq!(past, [before], "the old conversation is kept, and once");
}

/// Adds the hooks to what the home's settings say already.
fn register(world: &World) {
    let file = world.home().join(".claude/settings.json");
    let known = std::fs::read_to_string(&file).unwrap_or_else(|_| "{}".to_owned());
    let mut settings: Value = serde_json::from_str(&known).unwrap();
    let command = format!("{} hook claude", env!("CARGO_BIN_EXE_tabctl"));
    for event in EVENTS {
        settings["hooks"][event] =
            json!([{"hooks": [{"type": "command", "command": command, "timeout": 5}]}]);
    }
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, settings.to_string()).unwrap();
}
