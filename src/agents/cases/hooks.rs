//! Every hook event that was recorded of an agent means what the file beside the recordings says.

use std::collections::BTreeMap;
use std::fs;

use chrono::DateTime;
use serde::Deserialize;
use serde_json::Value;

use super::{folder, registry};
use crate::model::report::{Report, What};

/// A payload as it came, with the event's name where the command line told it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    event: Option<String>,
    payload: Value,
}

/// In one line: what it means, in which conversation, from which subagent, and when if it told.
fn line(report: &Report) -> String {
    let what = match &report.what {
        What::Conversation { source, state } => {
            let state = state.map(|state| format!(", {}", state.word())).unwrap_or_default();
            format!("conversation by {source}{state}")
        }
        What::Idle { background, reminder } => {
            let background = background.map(|count| format!(", {count} behind it"));
            let reminder = if *reminder { ", a reminder" } else { "" };
            format!("idle{}{reminder}", background.unwrap_or_default())
        }
        What::Attention { reason, detail } => {
            format!("{reason}: {}", detail.as_deref().unwrap_or("?"))
        }
        What::Thinking => "thinking".to_owned(),
        What::Answered => "answered".to_owned(),
        What::SubagentStarted => "a subagent starts".to_owned(),
        What::SubagentEnded => "a subagent ends".to_owned(),
        What::Ended => "ended".to_owned(),
        What::Ignored => return "ignored".to_owned(),
    };
    let id = report.session_id.as_deref().map_or("nobody", |id| &id[..id.len().min(12)]);
    let told = if report.at == DateTime::UNIX_EPOCH { "" } else { ", in time" };
    let by = report.subagent.as_deref().map(|id| format!(" by {id}")).unwrap_or_default();
    format!("{what} ({id}{by}{told})")
}

#[test]
fn every_recorded_hook_event_means_what_is_said_beside_it() {
    let write = std::env::var_os("TABCTL_TEST_WRITE").is_some();
    for kind in registry().kinds() {
        let folder = folder().join(kind).join("hooks");
        let Ok(files) = fs::read_dir(&folder) else { continue };
        let spec = registry().get(kind).unwrap();
        let mut found = BTreeMap::new();
        for file in files.map(|file| file.unwrap().path()) {
            if file.extension().is_none_or(|end| end != "json") {
                continue;
            }
            let recorded: Recorded =
                serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
            // Later than everything: what tells its time is earlier.
            let arrived = DateTime::from_timestamp(4_000_000_000, 0).unwrap();
            let report = spec.event(recorded.event.as_deref(), &recorded.payload, arrived);
            let report = report.unwrap_or_else(|| panic!("{} is malformed", file.display()));
            let at = if report.at == arrived { DateTime::UNIX_EPOCH } else { report.at };
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            found.insert(name, line(&Report { at, ..report }));
        }
        let expected = folder.with_file_name("hooks-expected.json");
        if write {
            let mut text = serde_json::to_string_pretty(&found).unwrap();
            text.push('\n');
            let mut options = fs::File::options();
            let file = options.write(true).create(true).truncate(true).open(&expected);
            std::io::Write::write_all(&mut file.unwrap(), text.as_bytes()).unwrap();
        }
        let said: BTreeMap<String, String> =
            serde_json::from_str(&fs::read_to_string(&expected).unwrap()).unwrap();
        assert_eq!(found, said, "{kind}");
    }
}

#[test]
fn what_was_only_read_about_is_read_as_it_was_documented() {
    let id = "0f5a0c1e-7d4b-4e1f-9a53-2c8be0c3d417";
    let cases = [
        ("goose", None, r#"{"event":"Stop","session_id":"<id>"}"#, "idle (0f5a0c1e-7d4)"),
        (
            "cursor-agent",
            None,
            r#"{"hook_event_name":"beforeSubmitPrompt","conversation_id":"<id>"}"#,
            "thinking (0f5a0c1e-7d4)",
        ),
        ("kiro", None, r#"{"hook_event_name":"Stop","session_id":"<id>"}"#, "idle (0f5a0c1e-7d4)"),
        ("amp", Some("agent.start"), r#"{"thread":{"id":"T-1"}}"#, "thinking (T-1)"),
        ("aider", None, "{}", "idle (nobody)"),
        (
            "opencode",
            None,
            r#"{"type":"session.idle","properties":{"sessionID":"ses_1"}}"#,
            "idle, a reminder (ses_1)",
        ),
        (
            "opencode",
            Some("session.created"),
            r#"{"info":{"id":"ses_2","parentID":"ses_1"}}"#,
            "a subagent starts (ses_1 by ses_2)",
        ),
        (
            "claude",
            None,
            r#"{"hook_event_name":"SubagentStop","session_id":"<id>","agent_id":"a1"}"#,
            "a subagent ends (0f5a0c1e-7d4 by a1)",
        ),
    ];
    for (kind, event, payload, expected) in cases {
        let payload = payload.replace("<id>", id);
        let spec = registry().get(kind).unwrap();
        let payload = spec.payload(payload.as_bytes()).unwrap();
        let report = spec.event(event, &payload, DateTime::UNIX_EPOCH);
        assert_eq!(report.as_ref().map(line).as_deref(), Some(expected), "{kind}: {payload}");
    }
}
