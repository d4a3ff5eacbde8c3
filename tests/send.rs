//! `tabctl send`

#[path = "send/arrival.rs"]
mod arrival;
#[path = "send/crowd.rs"]
mod crowd;

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tabctl::error::Kind;

use crate::support::terminal::Terminal;
use crate::support::{Run, World};

const PATIENCE: Duration = Duration::from_secs(30);

/// The lines of a tab's journal that say this.
fn told(world: &World, tab: &str, what: &str) -> Vec<Value> {
    let all = world.tabctl(["log", tab, "--json"]).ok().json();
    all.as_array().unwrap().iter().filter(|line| line["what"] == what).cloned().collect()
}

/// A program in a pane that is no agent's own: it shows what it is given, byte by byte.
fn generic_tab(world: &World, name: &str) -> String {
    let folder = world.workspace(name);
    world
        .tabctl_in(&folder, ["new", name, "--agent", "generic", "--detach", "--", "cat", "-v"])
        .ok();
    world.wait_until("the agent", PATIENCE, || world.row(name)["pane"].is_string());
    world.pane(name)
}

#[test]
fn a_text_arrives_and_it_is_told_how_that_is_known() {
    let world = World::new();
    world.demo_tab("api");
    let run = world.tabctl(["send", "api", "buy", "milk"]).ok();
    // This one answers so fast that its own word may be over before it is heard.
    let is_known = ["api: delivered (agent's event: ", "api: seen on the screen"];
    assert!(is_known.iter().any(|how| run.stderr.contains(how)), "{run}");
    assert!(run.stdout.is_empty(), "{run}");
    world.wait_for_text(&world.pane("api"), "(1) I will remember \"buy milk\"");
    let run = world.tabctl(["send", "api", "--json", "and eggs"]).ok().json();
    let outcome = run["sent"]["outcome"].as_str().unwrap().to_owned();
    assert!(["delivered", "seen"].contains(&outcome.as_str()), "{run}");
    assert_eq!(run["sent"]["bytes"], 8);
    world.wait_for_text(&world.pane("api"), "(2) \"and eggs\", after \"buy milk\"");
    let sent = told(&world, "api", "sent");
    assert_eq!((sent.len(), &sent[1]["with"]["outcome"]), (2, &outcome.into()));
    assert!(!sent[0].to_string().contains("milk"), "what was typed is not repeated: {}", sent[0]);
}

#[test]
fn the_answer_to_a_turn_that_is_over_at_once_is_printed_at_once() {
    let world = World::new();
    world.demo_tab("api");
    for (text, answer) in
        [("milk", "(1) I will remember \"milk\"\n"), ("eggs", "(2) \"eggs\", after \"milk\"\n")]
    {
        let begun = Instant::now();
        let run = world.tabctl(["send", "api", "--wait", text]).ok();
        assert_eq!(run.stdout, answer, "{run}");
        // It took ten seconds to give up on seeing it.
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    }
}

#[test]
fn an_agent_that_has_ended_is_to_be_resumed_and_a_plain_shell_takes_commands() {
    let world = World::new();
    world.demo_tab("api");
    world.shell_tab("shell");
    let pane = world.pane("api");
    world.type_line(&pane, "exit");
    world.wait_for_text(&pane, "demo ended; `tabctl resume api`");
    let run = world.tabctl(["send", "api", "hello"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("has no agent now") && run.stderr.contains("tabctl resume api"));
    let run = world.tabctl(["send", "shell", "hello"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("`tabctl exec shell -- COMMAND`"), "{run}");
}

#[test]
fn the_end_of_an_agent_is_told_in_a_line_of_its_own() {
    let world = World::new();
    world.demo_tab("api");
    let pane = world.pane("api");
    let agent = world.processes().into_iter().find(|it| it.command.contains("demo-agent"));
    let pid = Pid::from_raw(agent.expect("it runs").pid.cast_signed()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    world.wait_for_text(&pane, "\ndemo ended by signal 15; `tabctl resume api`");
}

#[test]
fn a_file_that_is_too_large_or_none_is_told_of_once_with_the_limit() {
    let world = World::new();
    world.demo_tab("api");
    let file = world.path("large");
    for size in [17 * 1024, 300 * 1024] {
        std::fs::write(&file, "x".repeat(size)).unwrap();
        let run = world.tabctl(["send", "api", "--file", file.to_str().unwrap()]);
        let run = run.fails_with(Kind::Usage);
        assert!(run.stderr.contains("16384 is the most") && !run.stderr.contains("notes"), "{run}");
    }
    let folder = world.home();
    let run = world.tabctl(["send", "api", "--file", folder.to_str().unwrap()]);
    let run = run.fails_with(Kind::BadFile);
    assert_eq!(run.stderr.matches(folder.to_str().unwrap()).count(), 1, "{run}");
}

#[test]
fn what_nothing_confirms_has_an_exit_code_of_its_own() {
    let world = World::new();
    let pane = generic_tab(&world, "api");
    let run = world.tabctl(["send", "api", "hello"]).fails_with(Kind::Unconfirmed);
    assert!(run.stderr.contains("typed, not confirmed"), "{run}");
    world.wait_for_text(&pane, "hello");
}

#[test]
fn control_bytes_are_left_out_and_that_is_told() {
    let world = World::new();
    let pane = generic_tab(&world, "api");
    let run = world.tabctl(["send", "api", "--no-enter", "a\u{1b}[201~b\u{3}c"]).ok();
    assert!(run.stderr.contains("2 control characters were left out"), "{run}");
    world.wait_for_text(&pane, "a[201~bc");
    assert!(!world.screen(&pane).contains("^["), "{}", world.screen(&pane));
}

#[test]
fn a_file_and_standard_input_are_texts_too() {
    let world = World::new();
    world.demo_tab("api");
    let pane = world.pane("api");
    let brief = world.path("brief.md");
    std::fs::write(&brief, "from a file\n").unwrap();
    world.tabctl(["send", "api", "--file", brief.to_str().unwrap()]).ok();
    world.wait_for_text(&pane, "(1) I will remember \"from a file\"");
    let mut command = world.command(env!("CARGO_BIN_EXE_tabctl"));
    command.args(["send", "api", "-"]).stdin(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"from a pipe\n").unwrap();
    assert!(child.wait().unwrap().success());
    world.wait_for_text(&pane, "(2) \"from a pipe\"");
    let long = "x".repeat(16 * 1024 + 1);
    std::fs::write(&brief, long).unwrap();
    let run = world.tabctl(["send", "api", "--file", brief.to_str().unwrap()]);
    let run = run.fails_with(Kind::Usage);
    assert!(run.stderr.contains("16384 is the most"), "{run}");
    world.tabctl(["send", "api"]).fails_with(Kind::Usage);
}

#[test]
fn nothing_is_typed_where_no_agent_takes_it() {
    let world = World::new();
    world.shell_tab("shell");
    world.demo_tab("asks");
    world.tabctl(["status", "attention", "--tab", "asks"]).ok();
    world.demo_tab("locked");
    world.tabctl(["lock", "locked"]).ok();
    world.demo_tab("down");
    world.tabctl(["close", "down", "--yes"]).ok();
    for (tab, kind) in [
        ("shell", Kind::NotFound),
        ("asks", Kind::Busy),
        ("locked", Kind::Locked),
        ("down", Kind::NotFound),
    ] {
        world.tabctl(["send", tab, "hello"]).fails_with(kind);
    }
    world.tabctl(["send", "locked", "--override", "hello"]).ok();
    assert_eq!(told(&world, "locked", "sent")[0]["with"]["over_lock"], true);
    // From its own pane, as a person's shell beside the agent would.
    let pane = world.pane("asks");
    world.tabctl(["status", "idle", "--tab", "asks"]).ok();
    world.tabctl_from_pane(&pane, &world.home(), ["send", "asks", "hello"]).fails_with(Kind::Usage);
    assert!(!world.screen(&pane).contains("hello"), "{}", world.screen(&pane));
}

#[test]
fn what_somebody_has_begun_to_type_is_not_typed_into() {
    let world = World::new();
    world.demo_tab("api");
    let pane = world.pane("api");
    world.tmux(["send-keys", "-t", &pane, "-l", "half a sentence"]).ok();
    world.wait_for_text(&pane, "> half a sentence");
    let run = world.tabctl(["send", "api", "hello"]).fails_with(Kind::Busy);
    assert!(run.stderr.contains("was not sent"), "{run}");
    world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
    world.wait_for_text(&pane, "(1) I will remember \"half a sentence\"");
    world.tabctl(["send", "api", "hello"]).ok();
    world.wait_for_text(&pane, "(2) \"hello\", after \"half a sentence\"");
}

#[test]
fn keys_of_a_fixed_list_are_pressed_by_a_person() {
    let mut world = World::new();
    let pane = generic_tab(&world, "api");
    world.tabctl(["send", "api", "--no-enter", "yes"]).ok();
    world.wait_for_text(&pane, "yes");
    world.tabctl(["send", "api", "--keys", "Backspace,Backspace,Enter"]).ok();
    world.wait_for_text(&pane, "\ny\n");
    world.tabctl(["send", "api", "--keys", "Escape,Up,Enter"]).ok();
    world.wait_for_text(&pane, "^[^[[A");
    world.tabctl(["send", "api", "--keys", "M-x"]).fails_with(Kind::Usage);
    // A dialog is answered by keys, and by nothing else.
    world.tabctl(["status", "attention", "--tab", "api"]).ok();
    world.tabctl(["send", "api", "hello"]).fails_with(Kind::Busy);
    world.tabctl(["send", "api", "--keys", "1,Enter"]).ok();
    world.wait_for_text(&pane, "1\n1");
    world.tabctl(["release", "api", "--to", "claude"]).ok();
    world.set("CLAUDECODE", "1");
    world.tabctl(["send", "api", "--keys", "y"]).fails_with(Kind::NeedsAnswer);
}

#[test]
fn a_text_that_an_agent_would_obey_is_refused_unless_it_is_meant() {
    let world = World::new();
    let pane = generic_tab(&world, "api");
    let run = world.tabctl(["send", "api", "/clear everything"]).fails_with(Kind::Usage);
    assert!(run.stderr.contains("--command"), "{run}");
    world.tabctl(["send", "api", "--command", "/clear everything"]).fails_with(Kind::Unconfirmed);
    world.wait_for_text(&pane, "/clear everything");
}

#[test]
fn an_agent_types_only_where_a_person_has_let_it_and_says_so_before() {
    let mut world = World::new();
    world.demo_tab("api");
    let pane = world.pane("api");
    let as_claude = |world: &mut World, line: &[&str]| -> Run {
        world.set("CLAUDECODE", "1");
        let run = world.tabctl(line);
        world.unset("CLAUDECODE");
        run
    };
    let run = as_claude(&mut world, &["send", "api", "let me in"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stderr.contains("tabctl release api --to claude"), "{run}");
    world.tabctl(["release", "api", "--to", "codex"]).ok();
    as_claude(&mut world, &["send", "api", "let me in"]).fails_with(Kind::NeedsAnswer);
    world.tabctl(["release", "api", "--to", "claude"]).ok();
    as_claude(&mut world, &["send", "api", "thank you"]).ok();
    world.wait_for_text(&pane, "(1) I will remember \"thank you\"");
    let (intent, sent) = (told(&world, "api", "intent"), told(&world, "api", "sent"));
    assert_eq!(intent[0]["with"]["intent"], sent[0]["with"]["intent"]);
    assert_eq!(sent[0]["actor"]["kind"], "agent");
    assert_eq!(world.row("api")["held"]["who"], "claude");
    let number = |line: &Value| line["seq"].as_u64();
    assert!(number(&intent[0]) < number(&sent[0]));
    // What it may not do in any case.
    world.tabctl(["lock", "api"]).ok();
    as_claude(&mut world, &["send", "api", "--override", "x"]).fails_with(Kind::NeedsAnswer);
    as_claude(&mut world, &["take", "api"]).fails_with(Kind::NeedsAnswer);
    as_claude(&mut world, &["release", "api", "--to", "claude"]).fails_with(Kind::NeedsAnswer);
}

#[test]
fn an_agent_does_not_act_where_the_journal_cannot_be_written_and_a_person_does() {
    let mut world = World::new();
    world.demo_tab("api");
    let pane = world.pane("api");
    world.tabctl(["release", "api", "--to", "claude"]).ok();
    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    // A folder in the place of the journal: nobody writes there, not even root.
    let journal = world.path("state").join("journal").join(format!("{id}.jsonl"));
    std::fs::rename(&journal, world.path("journal")).unwrap();
    std::fs::create_dir(&journal).unwrap();
    world.set("CLAUDECODE", "1");
    let run = world.tabctl(["send", "api", "secretly"]).fails_with(Kind::Other);
    assert!(run.stderr.contains("the journal cannot be written"), "{run}");
    world.unset("CLAUDECODE");
    let run = world.tabctl(["send", "api", "openly"]).ok();
    assert!(run.stderr.contains("this is not in the journal"), "{run}");
    world.wait_for_text(&pane, "(1) I will remember \"openly\"");
}

#[test]
fn an_intent_that_nothing_follows_is_seen_in_the_log() {
    let mut world = World::new();
    // Between the first key and Enter it takes so long that it can be ended there.
    let agents = world.path("config").join("agents");
    std::fs::create_dir_all(&agents).unwrap();
    let slow = "kind: slow\npositionals: keep\ntranscript: {unknowable: it keeps none}\n---\n\
                typing: {pause: 9000}\n";
    std::fs::write(agents.join("slow.yaml"), slow).unwrap();
    let folder = world.workspace("api");
    let line = ["new", "api", "--agent", "slow", "--detach", "--", "cat", "-v"];
    world.tabctl_in(&folder, line).ok();
    let pane = world.pane("api");
    world.tabctl(["release", "api", "--to", "claude"]).ok();
    world.set("CLAUDECODE", "1");
    let mut child = world.command(env!("CARGO_BIN_EXE_tabctl"));
    let mut child = child.args(["send", "api", "half"]).stderr(Stdio::null()).spawn().unwrap();
    world.wait_for_text(&pane, "half");
    child.kill().unwrap();
    child.wait().unwrap();
    let intents = told(&world, "api", "intent");
    assert_eq!(intents[0]["with"]["outcome"], "under way", "a minute later it is not known");
    assert!(told(&world, "api", "sent").is_empty());
}

#[test]
fn an_agent_does_not_type_beside_a_person() {
    let mut world = World::new();
    world.demo_tab("api");
    let pane = world.pane("api");
    world.tabctl(["release", "api", "--to", "claude"]).ok();
    let mut person = Terminal::attached(&world, &pane);
    person.type_bytes(b"h");
    world.wait_for_text(&pane, "> h");
    person.type_bytes(b"\x7f");
    world.set("CLAUDECODE", "1");
    let run = world.tabctl(["send", "api", "me too"]).fails_with(Kind::Busy);
    assert!(run.stderr.contains("somebody is typing in 'api'"), "{run}");
    assert!(!world.screen(&pane).contains("me too"));
}
