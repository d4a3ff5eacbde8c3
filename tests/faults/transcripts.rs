//! F21: a conversation that is missing, cut, or of elsewhere. It is resumed by its own id, or the
//! tab comes back as a shell that says why; a new conversation is never begun in silence.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tabctl::error::Kind;

use crate::support::World;
use crate::support::fault_table::Trial;

const ID: &str = "0f5a0c1e-7d4b-4e1f-9a53-2c8be0c3d417";
const OTHER: &str = "7e1c6f3a-1b2c-4d5e-8f90-a1b2c3d4e5f6";

/// An agent, and where below the home it keeps the conversation of this id in this folder.
type Keeps = (&'static str, fn(&str, &str) -> String);

const AGENTS: [Keeps; 5] = [
    ("claude", |folder, id| format!(".claude/projects/{}/{id}.jsonl", dashed(folder))),
    ("codex", |_, id| format!(".codex/sessions/2026/01/02/rollout-2026-01-02T03-04-05-{id}.jsonl")),
    ("qwen", |folder, id| format!(".qwen/projects/{}/chats/{id}.jsonl", dashed(folder))),
    ("droid", |folder, id| format!(".factory/sessions/{}/{id}.jsonl", folder.replace('/', "-"))),
    ("copilot", |_, id| format!(".copilot/session-state/{id}/events.jsonl")),
];

fn dashed(folder: &str) -> String {
    folder.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// What has become of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    There,
    Missing,
    Empty,
    CutInTheFirstLine,
    CutInTheMiddle,
    OfAnotherFolder,
    OnlyAnotherOne,
}

const FATES: [Fate; 7] = [
    Fate::There,
    Fate::Missing,
    Fate::Empty,
    Fate::CutInTheFirstLine,
    Fate::CutInTheMiddle,
    Fate::OfAnotherFolder,
    Fate::OnlyAnotherOne,
];

fn text(id: &str, folder: &str) -> String {
    let line = |number: u32| {
        format!(
            "{{\"sessionId\":\"{id}\",\"cwd\":\"{folder}\",\"type\":\"user\",\"n\":{number},\
             \"message\":{{\"role\":\"user\",\"content\":\"hello\"}}}}\n"
        )
    };
    (0..4).map(line).collect()
}

fn put(home: &Path, (kind, keeps): Keeps, folder: &str, fate: Fate) -> PathBuf {
    let (id, place) = match fate {
        Fate::OfAnotherFolder => (ID, "/somewhere/else".to_owned()),
        Fate::OnlyAnotherOne => (OTHER, folder.to_owned()),
        _ => (ID, folder.to_owned()),
    };
    let file = home.join(keeps(&place, id));
    let whole = text(id, &place);
    let bytes = match fate {
        Fate::Empty => "",
        Fate::CutInTheFirstLine => &whole[..40],
        Fate::CutInTheMiddle => &whole[..whole.len() / 2],
        _ => &whole,
    };
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    if fate != Fate::Missing {
        std::fs::write(&file, bytes).unwrap();
    }
    // It was prompted: else the agent would rightly be started with the same id again.
    let history = match kind {
        "claude" => ".claude/history.jsonl",
        "codex" => ".codex/history.jsonl",
        "qwen" => ".qwen/tmp/x/logs.json",
        _ => return file,
    };
    let history = home.join(history);
    std::fs::create_dir_all(history.parent().unwrap()).unwrap();
    std::fs::write(history, format!("{{\"sessionId\":\"{ID}\",\"session_id\":\"{ID}\"}}\n"))
        .unwrap();
    file
}

#[test]
fn a_conversation_is_resumed_by_its_own_id_or_not_at_all() {
    let trial = Trial::begin("F21", "plan");
    let mut count = 0;
    let mut shells = 0;
    for agent in AGENTS {
        for fate in FATES {
            let mut world = World::new();
            let programs = world.path("bin");
            std::fs::create_dir(&programs).unwrap();
            let program = programs.join(agent.0);
            std::fs::write(&program, "#!/bin/sh\nexit 0\n").unwrap();
            std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
            world.put_on_path(&programs);
            let folder = world.workspace("api").canonicalize().unwrap();
            let bind = ["bind", agent.0, "--tab", "api", "--session-id", ID, "--", agent.0];
            world.tabctl_in(&folder, bind).ok();
            put(&world.home(), agent, folder.to_str().unwrap(), fate);
            let plan = world.tabctl(["resume", "api", "--dry-run", "--json"]).json();
            let step = &plan[0];
            let what = format!("{} {fate:?}: {step:#}", agent.0);
            let argv = step["order"]["argv"].to_string();
            let is_resumed =
                step["action"] == "start" && argv.contains("resume") && argv.contains(ID);
            assert!(is_resumed || step["action"] == "shell", "{what}");
            assert!(!argv.contains(OTHER), "{what}");
            shells += usize::from(!is_resumed);
            if fate == Fate::There {
                assert!(is_resumed, "{what}");
            }
            if matches!(fate, Fate::Missing | Fate::OnlyAnotherOne) {
                let why = step["why"].as_str().unwrap_or_default();
                assert!(!is_resumed && why.contains(ID), "{what}");
            }
            count += 1;
        }
    }
    let note = format!("5 agents x 7 fates; {shells} times a shell that says why, else by its id");
    trial.held(count, &note);
}

/// The demo agents that run in a world.
fn agents(world: &World) -> Vec<String> {
    let all = world.processes().into_iter().map(|process| process.command);
    all.filter(|command| command.contains("demo-agent")).collect()
}

#[test]
fn an_agent_whose_transcript_was_damaged_is_resumed_or_told_and_never_begins_anew() {
    let trial = Trial::begin("F21", "resume");
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "hello", 1);
    let id = world.row("api")["session_id"].as_str().unwrap().to_owned();
    let file = world.home().join(format!(".local/state/tabctl-demo/{id}.jsonl"));
    let whole = std::fs::read(&file).unwrap();
    let mut count = 0;
    for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
        world.reboot();
        std::fs::write(&file, &whole[..cut]).unwrap();
        world.tabctl(["resume", "api"]).ok();
        world.wait_until("the agent", Duration::from_secs(20), || agents(&world).len() == 1);
        assert!(agents(&world)[0].contains(&format!("--resume {id}")), "{:?}", agents(&world));
        count += 1;
    }
    for is_folder in [false, true] {
        world.reboot();
        let _ = std::fs::remove_file(&file);
        if is_folder {
            std::fs::create_dir(&file).unwrap();
        }
        let run = world.tabctl(["resume", "api"]);
        assert!(run.status.is_some_and(|code| code != 0), "{run}");
        if !is_folder {
            run.fails_with(Kind::ConversationMissing);
        }
        assert_eq!(agents(&world), Vec::<String>::new());
        assert_eq!(world.row("api")["session_id"], Value::from(id.clone()), "the id is kept");
        count += 1;
    }
    trial.held(count, "cut at four places, missing, a folder in its place");
}
