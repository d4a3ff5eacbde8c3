//! What the runner makes of its agent's terminal: evidence, told when it changes.

use std::time::Duration;

use serde_json::Value;
use tabctl::model::id::TabId;
use tabctl::model::live::Live;
use tabctl::model::status::{Claim, Source, State};

use crate::support::processes::Process;
use crate::support::terminal::Terminal;
use crate::support::{World, inside};

const PATIENCE: Duration = Duration::from_secs(20);

fn live(world: &World) -> Live {
    inside::store(world).live(TabId::from_parts(1_700_000_000_000, 7)).unwrap_or_default()
}

fn claim(world: &World, source: Source) -> Option<Claim> {
    live(world).claims.into_iter().find(|claim| claim.source == source)
}

/// Waits until this source says this, and gives all that it says.
#[track_caller]
fn told(world: &World, source: Source, state: State, evidence: &str) -> Claim {
    world.wait_for(&format!("{source:?} to say {state:?}, {evidence}"), PATIENCE, || {
        let claim = claim(world, source)?;
        (claim.state == state && claim.evidence.as_deref() == Some(evidence)).then_some(claim)
    })
}

fn agent(world: &World, script: &str) -> Terminal {
    Terminal::with_agent(world, &["sh", "-c", &format!("stty -echo; {script}")])
}

#[test]
fn a_programs_own_word_is_told_with_its_reason_and_taken_back() {
    let world = World::new();
    let script = "next() { printf '\\033]7501;%s\\033\\\\' \"$1\"; read line; }; \
        next state=working:app=x; next state=blocked:kind=permission:msg=dG91Y2ggeA==; \
        next state=done; next state=clear; sleep 1000";
    let mut terminal = agent(&world, script);
    told(&world, Source::Program, State::Thinking, "program working");
    terminal.type_bytes(b"\n");
    let asks = told(&world, Source::Program, State::Attention, "program blocked");
    let why = (asks.reason.as_deref(), asks.detail.as_deref());
    assert_eq!(why, (Some("permission"), Some("touch x")));
    terminal.type_bytes(b"\n");
    told(&world, Source::Program, State::Idle, "program done");
    terminal.type_bytes(b"\n");
    told(&world, Source::Program, State::Unknown, "program clear");
}

#[test]
fn output_without_a_pause_is_work_and_silence_is_told_with_its_beginning() {
    let world = World::new();
    let script =
        "read line; for i in $(seq 40); do printf '%0100d\\r' $i; sleep 0.1; done; sleep 1000";
    let mut terminal = agent(&world, script);
    terminal.type_bytes(b"\n");
    let works = told(&world, Source::Silence, State::Thinking, "output steady");
    let silent = told(&world, Source::Silence, State::Unknown, "output silent");
    assert_eq!(silent.reason.as_deref(), Some("silent"));
    assert!(silent.at > works.at);
    // It was silent for three seconds before that could be told.
    let written = (silent.at - works.at).num_milliseconds();
    assert!((500..9000).contains(&written), "silent {written} ms after it worked");
}

#[test]
fn progress_is_work_until_it_is_taken_away() {
    let world = World::new();
    let mut terminal =
        agent(&world, "printf '\\033]9;4;3\\007'; read line; printf '\\033]9;4;0\\007'; read line");
    told(&world, Source::Terminal, State::Thinking, "progress running");
    terminal.type_bytes(b"\n");
    told(&world, Source::Terminal, State::Unknown, "progress none");
}

#[test]
fn nothing_is_claimed_after_the_agents_end() {
    let world = World::new();
    let mut terminal = agent(&world, "printf '\\033]7501;state=working\\007'; read line");
    told(&world, Source::Program, State::Thinking, "program working");
    terminal.type_bytes(b"\n");
    terminal.read_to("brings it back");
    terminal.type_bytes(b"printf '\\033]7501;state=idle\\007'; echo she''ll\n");
    terminal.read_to("shell");
    assert!(live(&world).agent.is_none());
    assert_ne!(claim(&world, Source::Program).map(|claim| claim.state), Some(State::Idle));
}

/// An agent of a person's own, with a rule for its title and one for its screen.
const TALKER: &str = r#"
kind: talker
program: talker
data: [~/.talker]
---
titles:
  - {name: busy, title: "^busy", state: thinking}
screens:
  - {name: trust, bottom: ["^Trust this folder"], state: attention, reason: trust}
state_file:
  file: "{data}/{pid}.json"
  says:
    - {name: busy, when: {status: busy}, state: thinking}
    - {name: idle, when: {status: idle}, state: idle}
"#;

/// A tab in tmux with that agent, which is a shell that runs `script`.
fn talking(world: &mut World, script: &str) -> String {
    let agents = world.path("config").join("agents");
    std::fs::create_dir_all(&agents).unwrap();
    std::fs::write(agents.join("talker.yaml"), TALKER).unwrap();
    let programs = world.path("bin");
    std::fs::create_dir_all(&programs).unwrap();
    // No script with this name: its process would be called after the shell.
    std::fs::copy("/bin/sh", programs.join("talker")).unwrap();
    world.put_on_path(&programs);
    let file = world.path("script");
    std::fs::write(&file, script).unwrap();
    let folder = world.workspace("api");
    let line = ["new", "api", "--agent", "talker", "--detach", "--"];
    world.tabctl_in(&folder, [&line[..], &[file.to_str().unwrap()]].concat()).ok();
    world.pane("api")
}

#[track_caller]
fn row_says(world: &World, source: &str, state: &str, evidence: &str) -> Value {
    world.wait_for(&format!("{source} to say {state}, {evidence}"), PATIENCE, || {
        let claims = world.row("api")["claims"].as_array().cloned().unwrap_or_default();
        let claim = claims.into_iter().find(|claim| claim["source"] == source)?;
        (claim["state"] == state && claim["evidence"] == evidence).then_some(claim)
    })
}

const TALKING: &str = "printf '\\033]2;busy with it\\007'; read line; \
    printf '\\033]2;calm\\007Trust this folder?\\n'; read line; clear; sleep 1000";

#[test]
fn a_title_and_a_dialog_are_told_by_the_rules_of_the_agents_file() {
    let mut world = World::new();
    let pane = talking(&mut world, TALKING);
    row_says(&world, "terminal", "thinking", "title busy");
    world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
    row_says(&world, "terminal", "unknown", "title other");
    let asks = row_says(&world, "screen", "attention", "screen trust");
    assert_eq!(asks["reason"], "trust");
    world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
    row_says(&world, "screen", "unknown", "screen other");
}

#[test]
fn without_a_terminal_of_its_own_titles_and_dialogs_are_seen_too() {
    let mut world = World::new();
    world.set("TABCTL_OBSERVE", "direct");
    let pane = talking(&mut world, TALKING);
    row_says(&world, "terminal", "thinking", "title busy");
    world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
    row_says(&world, "screen", "attention", "screen trust");
    row_says(&world, "terminal", "unknown", "title other");
    row_says(&world, "silence", "unknown", "screen still");
    let runner = world.tmux(["display-message", "-p", "-t", &pane, "#{pane_pid}"]).ok().stdout;
    let runner: u32 = runner.trim().parse().unwrap();
    let below = |it: &Process| it.parent == runner && it.command.starts_with("talker");
    assert!(world.processes().iter().any(below), "the agent is the runner's own child");
}

#[test]
fn a_state_file_is_read_when_it_changes() {
    let mut world = World::new();
    let says = |state: &str| format!("echo '{{\"status\": \"{state}\"}}' > ~/.talker/$$.json; ");
    let script =
        format!("mkdir -p ~/.talker; {}read line; {}sleep 1000", says("busy"), says("idle"));
    let pane = talking(&mut world, &script);
    row_says(&world, "state-file", "thinking", "state-file busy");
    world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
    row_says(&world, "state-file", "idle", "state-file idle");
}

#[test]
fn what_could_not_be_written_down_is_told_as_soon_as_it_can() {
    let world = World::new();
    let script = "printf '\\033]7501;state=working\\033\\\\'; read line; \
        printf '\\033]7501;state=blocked:kind=permission\\033\\\\asked'; sleep 1000";
    let mut terminal = agent(&world, script);
    told(&world, Source::Program, State::Thinking, "program working");
    let records = inside::store(&world).live_records();
    let aside = records.with_extension("aside");
    std::fs::rename(&records, &aside).unwrap();
    std::fs::write(&records, "in the way").unwrap();
    terminal.type_bytes(b"\n");
    terminal.read_to("asked");
    // The observer has long tried.
    std::thread::sleep(Duration::from_millis(500));
    std::fs::remove_file(&records).unwrap();
    std::fs::rename(&aside, &records).unwrap();
    told(&world, Source::Program, State::Attention, "program blocked");
}
