//! `tabctl log`

use std::path::PathBuf;
use std::process::Stdio;

use tabctl::error::Kind;

use crate::support::World;

/// The journal of a tab.
fn journal(world: &World, tab: &str) -> PathBuf {
    let id = world.row(tab)["id"].as_str().unwrap().to_owned();
    world.path("state").join("journal").join(format!("{id}.jsonl"))
}

#[test]
fn it_says_who_did_what_and_when() {
    let mut world = World::new();
    world.shell_tab("api");
    world.tabctl(["lock", "api"]).ok();
    world.set("CLAUDECODE", "1");
    world.tabctl(["note", "--tab", "api", "from an agent"]).ok();
    let lines = world.tabctl(["log", "api", "--json"]).ok().json();
    let said = |what: &str| {
        let found = lines.as_array().unwrap().iter().find(|line| line["what"] == what);
        found.unwrap_or_else(|| panic!("{what}: {lines}")).clone()
    };
    assert_eq!(said("locked")["actor"]["kind"], "person");
    assert_eq!(said("locked")["actor"]["assurance"], "peer-cred");
    assert_eq!(said("noted")["actor"]["kind"], "agent");
    assert_eq!(said("noted")["actor"]["who"], "claude");
    assert_eq!(said("noted")["actor"]["assurance"], "claimed");
    let seqs: Vec<u64> =
        lines.as_array().unwrap().iter().map(|line| line["seq"].as_u64().unwrap()).collect();
    assert!(seqs.is_sorted() && seqs[0] == 1, "{seqs:?}");
    let text = world.tabctl(["log", "--actor", "claude"]).ok().stdout;
    assert!(text.contains("agent claude") && text.contains("noted"), "{text}");
    assert!(!text.contains("locked"), "{text}");
    let run = world.tabctl(["log", "--since", "2099-01-01"]).ok();
    assert!(run.stdout.is_empty() && run.stderr.contains("nothing"), "{run}");
    world.tabctl(["log", "--since", "soon"]).fails_with(Kind::Usage);
    world.tabctl(["log", "nobody"]).fails_with(Kind::NotFound);
}

#[test]
fn the_log_of_a_removed_tab_is_still_there() {
    let world = World::new();
    world.shell_tab("api");
    world.tabctl(["close", "api", "--yes"]).ok();
    world.tabctl(["rm", "api", "--yes"]).ok();
    let text = world.tabctl(["log"]).ok().stdout;
    assert!(text.contains("removed"), "{text}");
}

#[test]
fn tampering_is_found_and_named() {
    let world = World::new();
    world.shell_tab("api");
    world.shell_tab("web");
    for number in 0..4 {
        world.tabctl(["task", "--tab", "api", &format!("task {number}")]).ok();
    }
    let run = world.tabctl(["log", "--verify"]).ok();
    assert!(run.stdout.contains("✓ api") && run.stdout.contains("✓ web"), "{run}");
    let file = journal(&world, "api");
    let whole = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let number = lines.len();
    let mut moved = lines.clone();
    moved.swap(number - 3, number - 2);
    let without = |left: usize| [&lines[..left], &lines[left + 1..]].concat();
    let edited = whole.replacen(r#""what":"task""#, r#""what":"tusk""#, 1);
    for (bad, told) in [
        (edited.lines().collect(), "was changed after it was written"),
        (without(number - 2), "was taken away"),
        (lines[..number - 1].to_vec(), "was cut off the end"),
        (moved, "does not stand where it was written"),
    ] {
        std::fs::write(&file, bad.join("\n") + "\n").unwrap();
        let run = world.tabctl(["log", "--verify"]).fails_with(Kind::BadFile);
        assert!(run.stdout.contains(told), "{told}: {run}");
        assert!(run.stdout.contains("✓ web"), "{run}");
        let found = world.tabctl(["log", "api", "--verify", "--json"]).fails_with(Kind::BadFile);
        assert_ne!(found.json()[0]["breaches"], serde_json::json!([]));
    }
    std::fs::write(&file, &whole).unwrap();
    world.tabctl(["log", "--verify"]).ok();
    // What is written behind a gap does not close it.
    std::fs::write(&file, lines[..number - 1].join("\n") + "\n").unwrap();
    world.tabctl(["task", "--tab", "api", "later"]).ok();
    let run = world.tabctl(["log", "--verify"]).fails_with(Kind::BadFile);
    assert!(run.stdout.contains(&format!("line {number} was taken away")), "{run}");
}

#[test]
fn a_lost_head_is_told_for_good() {
    let world = World::new();
    world.shell_tab("api");
    let head = journal(&world, "api").with_extension("head");
    std::fs::remove_file(&head).unwrap();
    world.tabctl(["task", "--tab", "api", "later"]).ok();
    let run = world.tabctl(["log", "--verify"]).fails_with(Kind::BadFile);
    assert!(run.stdout.contains("head was lost"), "{run}");
}

#[test]
fn a_journal_that_was_taken_away_is_missed() {
    let world = World::new();
    world.shell_tab("api");
    world.shell_tab("web");
    world.tabctl(["log", "--verify"]).ok();
    let file = journal(&world, "api");
    for gone in [file.with_extension("head"), file] {
        std::fs::remove_file(&gone).unwrap();
        for args in [&["log", "--verify"][..], &["log", "api", "--verify"]] {
            let run = world.tabctl(args).fails_with(Kind::BadFile);
            assert!(run.stdout.contains("api") && run.stdout.contains("head was lost"), "{run}");
        }
    }
}

#[test]
fn writers_that_are_killed_lose_nothing_that_was_acknowledged() {
    let world = World::new();
    world.shell_tab("api");
    let writers: usize = 8;
    let tasks = |writer: usize| {
        let mut told = Vec::new();
        for number in 0..12 {
            let task = format!("writer {writer} task {number}");
            let mut command = world.command(env!("CARGO_BIN_EXE_tabctl"));
            command.args(["task", "--tab", "api", &task]).stdin(Stdio::null());
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            if (writer + number).is_multiple_of(3) {
                // Somewhere on its way, or after it.
                std::thread::sleep(std::time::Duration::from_millis(3 * number as u64));
                let _ = child.kill();
            }
            if child.wait().unwrap().success() {
                told.push(task);
            }
        }
        told
    };
    let told: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..writers).map(|writer| scope.spawn(move || tasks(writer))).collect();
        all.into_iter().flat_map(|it| it.join().unwrap()).collect()
    });
    assert!(told.len() >= writers * 8, "{}", told.len());
    world.tabctl(["log", "--verify"]).ok();
    let lines = world.tabctl(["log", "api", "--lines", "0", "--json"]).ok().json();
    let written = lines.as_array().unwrap().iter().filter(|line| line["what"] == "task").count();
    assert!(written >= told.len(), "{written} of {}", told.len());
}
