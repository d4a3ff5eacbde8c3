//! `tabctl explain`

use std::path::PathBuf;

use tabctl::error::Kind;

use crate::support::World;
use crate::support::source::root;

fn recorded(agent: &str, screen: &str) -> PathBuf {
    root().join("tests/fixtures/agents").join(agent).join("screens").join(screen)
}

fn explain(world: &World, more: &[&str]) -> serde_json::Value {
    world.tabctl(["explain", "--json"].into_iter().chain(more.iter().copied())).ok().json()
}

#[test]
fn a_screen_in_a_file_is_explained_by_the_agents_rules() {
    let world = World::new();
    let file = recorded("codex", "permission-prompt.txt");
    let file = file.to_str().unwrap();
    let said = explain(&world, &["--agent", "codex", "--screen", file]);
    let expected = serde_json::json!(
        {"state": "attention", "reason": "permission", "rule": "screen permission"});
    assert_eq!(said, expected);
    let said = world.tabctl(["explain", "--agent", "codex", "--screen", file]).ok().stdout;
    assert_eq!(said, "attention permission  (rule: screen permission)\n");
    let said = explain(&world, &["--agent", "claude", "--screen", file]);
    assert_eq!(said, serde_json::json!({"state": "unknown"}), "another agent's screen");
}

#[test]
fn a_title_decides_where_the_screen_does_not_ask() {
    let world = World::new();
    let streaming = recorded("codex", "thinking-streaming.txt");
    let streaming = ["--agent", "codex", "--screen", streaming.to_str().unwrap()];
    assert_eq!(explain(&world, &streaming)["state"], "unknown");
    let said = explain(&world, &[&streaming[..], &["--title", "⠙ Topic | proj"]].concat());
    assert_eq!((&said["state"], &said["rule"]), (&"thinking".into(), &"title spinner".into()));
    // A title may be calm above a dialog.
    let trust = recorded("gemini", "trust-dialog.txt");
    let trust = ["--agent", "gemini", "--screen", trust.to_str().unwrap()];
    let said = explain(&world, &[&trust[..], &["--title", "◇  Ready (proj)"]].concat());
    assert_eq!((&said["state"], &said["reason"]), (&"attention".into(), &"trust".into()));
}

#[test]
fn colours_do_not_change_what_a_screen_says() {
    let world = World::new();
    let file = recorded("claude", "permission-prompt.ansi");
    assert!(std::fs::read_to_string(&file).unwrap().contains("\x1b["), "it has colours");
    let said = explain(&world, &["--agent", "claude", "--screen", file.to_str().unwrap()]);
    assert_eq!(said["reason"], "permission");
}

#[test]
fn standard_input_is_a_screen_too() {
    let world = World::new();
    // Nothing stands there.
    let said = explain(&world, &["--agent", "claude", "--screen", "-"]);
    assert_eq!(said, serde_json::json!({"state": "unknown"}));
}

#[test]
fn what_is_missing_is_named() {
    let world = World::new();
    let run = world.tabctl(["explain", "--agent", "claude", "--screen", "/no/such"]);
    assert!(run.fails_with(Kind::NotFound).stderr.contains("/no/such"));
    let run = world.tabctl(["explain", "--agent", "clod", "--screen", "-"]);
    assert!(run.fails_with(Kind::NotFound).stderr.contains("claude"));
    world.tabctl(["explain", "--agent", "claude"]).fails_with(Kind::Usage);
}

#[test]
fn it_shows_every_claim_and_the_rule_that_chose() {
    let world = World::new();
    world.demo_tab("api");
    world.tabctl(["status", "attention", "-m", "which one?", "--tab", "api"]).ok();
    let shown = world.tabctl(["explain", "api"]).ok().stdout;
    let first = shown.lines().next().unwrap_or_default();
    assert_eq!(first, "api  attention which one?  (rule: by-hand)");
    assert!(shown.lines().nth(1).unwrap().trim_start().starts_with("decides    said"), "{shown}");
    let json = world.tabctl(["explain", "api", "--json"]).ok().json();
    assert_eq!(json["status"]["rule"], "by-hand");
    assert_eq!(json["claims"][0]["standing"], "decides");
    assert_eq!(json["claims"][0]["by"], "person");
}

#[test]
fn what_it_printed_is_decided_again_and_so_is_the_journal() {
    let world = World::new();
    world.demo_tab("api");
    world.tabctl(["status", "thinking", "--tab", "api"]).ok();
    let json = world.tabctl(["explain", "api", "--json"]).ok();
    let file = world.path("evidence.json");
    std::fs::write(&file, &json.stdout).unwrap();
    let replayed = world.tabctl(["explain", "--json", "--replay", file.to_str().unwrap()]).ok();
    assert_eq!(replayed.json()["status"], json.json()["status"]);

    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    let journal = world.path("state").join("journal").join(format!("{id}.jsonl"));
    let journal = std::fs::read_to_string(journal).unwrap();
    let is_by_hand = |line: &&str| line.contains("\"transition\"") && line.contains("\"by-hand\"");
    let transition = journal.lines().find(is_by_hand).unwrap();
    std::fs::write(&file, transition).unwrap();
    let shown = world.tabctl(["explain", "--replay", file.to_str().unwrap()]).ok().stdout;
    assert!(shown.starts_with("thinking  (rule: by-hand)\n"), "{shown}");
}

#[test]
fn what_is_not_there_or_no_evidence_is_refused() {
    let world = World::new();
    world.tabctl(["explain", "nobody"]).fails_with(Kind::NotFound);
    let file = world.path("x.json");
    let replay = ["explain", "--replay", file.to_str().unwrap()];
    world.tabctl(replay).fails_with(Kind::NotFound);
    std::fs::write(&file, "\u{1b}[31m not JSON").unwrap();
    let run = world.tabctl(replay).fails_with(Kind::BadFile);
    assert!(!run.stderr.contains('\u{1b}'), "{run}");
}

#[test]
fn a_long_detail_takes_one_line_and_json_has_all_of_it() {
    let world = World::new();
    let script = "touch x; ".repeat(1000);
    let claims = serde_json::json!([{"state": "attention", "reason": "permission",
        "detail": script, "source": "hook", "at": "2026-11-21T10:00:00Z"}]);
    std::fs::write(world.path("evidence"), claims.to_string()).unwrap();
    let file = world.path("evidence").display().to_string();
    let shown = world.tabctl(["explain", "--replay", &file]).ok().stdout;
    assert!(shown.contains("permission, touch x;"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() < 200), "{shown}");
    let json = world.tabctl(["explain", "--replay", &file, "--json"]).ok().json();
    assert_eq!(json["status"]["detail"], script);
}
