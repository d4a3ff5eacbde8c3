//! `tabctl explain`

use tabctl::error::Kind;

use crate::support::World;

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
    let transition = journal.lines().find(|line| line.contains("\"transition\"")).unwrap();
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
