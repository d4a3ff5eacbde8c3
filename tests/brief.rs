//! `tabctl brief`

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tabctl::error::Kind;

use crate::support::{Desk, Run, World};

const PATIENCE: Duration = Duration::from_secs(40);

fn git(folder: &Path, line: &str) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "core.hooksPath="]);
    Run::of(git.args(line.split(' ')).current_dir(folder)).ok();
}

fn json(world: &World, args: &[&str]) -> Value {
    world.tabctl([&["brief"], args, &["--json"]].concat()).ok().json()
}

/// The tab's agent has a turn, as far as it says so.
fn turn(world: &World, tab: &str) {
    for state in ["thinking", "idle"] {
        world.tabctl(["status", state, "--tab", tab]).ok();
        world.wait_until(state, PATIENCE, || world.state(tab) == state);
    }
}

/// The person last looked at the tab so long ago.
fn looked(world: &World, tab: &str, ago: chrono::TimeDelta) {
    let id = world.row(tab)["id"].as_str().unwrap().to_owned();
    let folder = world.path("state").join("looks");
    std::fs::create_dir_all(&folder).unwrap();
    let at = chrono::Utc::now() - ago;
    let text = serde_json::json!({ "last": at }).to_string();
    std::fs::write(folder.join(format!("{id}.json")), text).unwrap();
}

#[test]
fn it_says_where_the_tab_stands_what_it_did_and_what_is_open() {
    let mut world = World::new();
    let folder = world.workspace("api");
    git(&folder, "init -q -b trunk");
    let pane = world.tab_with_shell("api", "bash");
    world.tabctl(["task", "--tab", "api", "mend the pump"]).ok();
    world.tabctl(["note", "--tab", "api", "older"]).ok();
    world.tabctl(["note", "--tab", "api", "run make check first"]).ok();
    world.run_in_shell(&pane, "sh -c 'exit 7'");
    world.run_in_shell(&pane, "echo hello");
    std::fs::write(folder.join("new file"), "1").unwrap();
    git(&folder, "add .");
    git(&folder, "commit -q -m first");
    let told = json(&world, &["api"]);
    assert_eq!((&told["tab"], &told["task"]), (&"api".into(), &"mend the pump".into()));
    assert_eq!((&told["branch"], &told["state"]), (&"trunk".into(), &"shell".into()));
    assert_eq!((&told["because"], &told["since"]), (&"unseen".into(), &Value::Null));
    let ran: Vec<(&Value, &Value)> = told["commands"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ran| (&ran["command"], &ran["code"]))
        .collect();
    assert_eq!(ran, [(&"sh -c 'exit 7'".into(), &7.into()), (&"echo hello".into(), &0.into())]);
    assert_eq!(told["changes"]["files"], serde_json::json!(["new file"]));
    assert!(told["changes"]["commits"][0].as_str().unwrap().ends_with(" first"), "{told:#}");
    assert_eq!(told["next"], serde_json::json!([{"by": "note", "text": "run make check first"}]));

    let text = world.tabctl(["brief", "api"]).ok().stdout;
    for shown in ["mend the pump", "~/work/api  on trunk", "sh -c 'exit 7'  exit 7", "new file"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    let next = text.lines().last().unwrap();
    assert!(next.starts_with("next") && next.contains("run make check first"), "{text}");
    assert!(text.contains("note: older"), "{text}");
    let markdown = world.tabctl(["brief", "api", "--markdown"]).ok().stdout;
    assert!(
        markdown.contains("# Tab `api`") && markdown.contains("`sh -c 'exit 7'` (exit 7)"),
        "{markdown}"
    );
    // In the tab itself nobody has to name it.
    let here = world.tabctl_in(&folder, ["brief", "--json"]).ok().json();
    assert_eq!(here["tab"], "api");
}

#[test]
fn only_what_happened_since_the_person_looked_is_told() {
    let world = World::new();
    world.demo_tab("api");
    let turns = |told: &Value| {
        let spans = told["states"].as_array().unwrap();
        spans.iter().filter_map(|it| it["turns"].as_u64()).sum::<u64>()
    };
    turn(&world, "api");
    turn(&world, "api");
    assert_eq!(turns(&json(&world, &["api"])), 2);
    looked(&world, "api", chrono::TimeDelta::zero());
    // Who has just come is told of the time before.
    assert_eq!(turns(&json(&world, &["api"])), 2);
    looked(&world, "api", chrono::TimeDelta::minutes(30));
    let told = json(&world, &["api"]);
    assert_eq!((&told["because"], turns(&told)), (&"looked".into(), 2));
    assert!(world.tabctl(["brief", "api"]).ok().stdout.contains("since you last looked"));
    let told = json(&world, &["api", "--since", "0s"]);
    assert_eq!((&told["because"], turns(&told)), (&"asked".into(), 0));
    let text = world.tabctl(["brief", "api", "--since", "0s"]).ok().stdout;
    assert!(text.contains(": nothing"), "{text}");
    world.tabctl(["brief", "api", "--since", "soon"]).fails_with(Kind::Usage);
}

#[test]
fn to_go_to_a_tab_is_to_look_at_it() {
    let world = World::new();
    world.demo_tab("api");
    world.demo_tab("web");
    let desk = Desk::open(&world, 100, 30);
    desk.run("tabctl go api");
    let seen = |tab: &str| {
        let id = world.row(tab)["id"].as_str().unwrap().to_owned();
        world.path("state").join("looks").join(format!("{id}.json")).exists()
    };
    world.wait_until("the look to be noted", PATIENCE, || seen("api"));
    assert!(!seen("web"));
    world.tabctl(["close", "api", "--yes"]).ok();
    world.tabctl(["rm", "api", "--yes"]).ok();
    let left = std::fs::read_dir(world.path("state").join("looks")).unwrap().count();
    assert_eq!(left, 0, "it goes with its tab");
}

#[test]
fn without_a_tab_all_that_changed_are_told_the_most_urgent_first() {
    let world = World::new();
    assert!(world.tabctl(["brief"]).ok().stderr.contains("nothing has changed"));
    for tab in ["api", "quiet", "web"] {
        world.demo_tab(tab);
    }
    turn(&world, "api");
    world.tabctl(["status", "attention", "-m", "which pump?", "--tab", "web"]).ok();
    world.wait_until("the state of web", PATIENCE, || world.state("web") == "attention");
    let tabs = |told: &Value| -> Vec<String> {
        told.as_array().unwrap().iter().map(|it| it["tab"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(tabs(&json(&world, &[]))[0], "web");
    let all = json(&world, &["--all", "--since", "0s"]);
    assert_eq!(tabs(&all), [""; 0]);
    let text = world.tabctl(["brief"]).ok().stdout;
    assert!(text.lines().next().unwrap().contains("which pump?"), "{text}");
    assert!(text.contains("1 turn, 0s at work; its agent was started"), "{text}");
}

#[test]
fn the_words_that_were_sent_are_found_in_the_agents_own_record() {
    let world = World::new();
    let folder = world.demo_tab("api");
    let desk = Desk::open(&world, 120, 40);
    // The dashboard is where a person types into another tab.
    desk.run("tabctl watch");
    desk.wait_for("api");
    desk.type_text("s");
    desk.wait_for("send");
    desk.type_text("look at the pump");
    desk.keys(["Enter"]);
    world.wait_for_text(&world.pane("api"), "(1) I will remember");
    let sent = || json(&world, &["api"])["prompts"].as_array().unwrap().clone();
    world.wait_until("the prompt to be written down", PATIENCE, || sent().len() == 1);
    let prompt = sent().remove(0);
    // The demo agent keeps its conversations where nobody is told to look for them.
    assert_eq!((&prompt["bytes"], &prompt["by"]), (&16.into(), &tabctl::sys::user::name().into()));
    assert!(folder.exists());
}

#[test]
fn what_the_terminal_shows_of_errors_is_told_with_the_tools_own_advice() {
    let mut world = World::new();
    let pane = world.tab_with_shell("api", "bash");
    let folder = world.workspace("api");
    let log = "error[E0425]: cannot find value `x` in this scope\n --> src/main.rs:3:5\n";
    std::fs::write(folder.join("log"), log).unwrap();
    world.run_in_shell(&pane, "cat log");
    let told = json(&world, &["api"]);
    // Of a text whose tool is known, what went wrong stands there; else nothing is made up.
    let known = !tabctl::model::digest::families::ALL.is_empty();
    let found = told["findings"].as_array().unwrap();
    assert_eq!(found.iter().any(|it| it["level"] == "error"), known, "{found:#?}");
    assert_eq!(told["findings_are_new"], true);
    // Nobody has written down when what stood there before came.
    let told = json(&world, &["api", "--since", "0s"]);
    assert_eq!(told["findings"], serde_json::json!([]), "{told:#}");
}

#[test]
fn what_is_down_broken_or_hostile_is_told_as_far_as_it_goes() {
    let world = World::new();
    let folder = world.demo_tab("api");
    world.say("api", "milk", 1);
    world.reboot();
    let text = world.tabctl(["brief", "api"]).ok().stdout;
    assert!(text.contains("down") && text.contains("`tabctl resume api` brings it back"), "{text}");
    // Names and words that a terminal would obey.
    git(&folder, "init -q");
    std::fs::write(folder.join("a\nb\u{1b}[31m"), "1").unwrap();
    std::fs::write(folder.join("\u{202e}x"), "1").unwrap();
    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    let log = world.path("state").join("shell").join(format!("{id}.log"));
    let at = chrono::Utc::now().timestamp_micros();
    let line = format!(
        "S\u{1f}bash\u{1f}7\u{1f}1\u{1f}{at}\u{1f}-\u{1f}/w\u{1f}\u{1f}echo \u{1b}]0;x\u{7}\u{9b}2J\n\
         E\u{1f}7\u{1f}1\u{1f}3\u{1f}1500\n"
    );
    std::fs::write(log, line).unwrap();
    let trap = world.path("sprung");
    let script = world.path("trap.sh");
    std::fs::write(&script, format!("#!/bin/sh\necho x >> '{}'\n", trap.display())).unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    for key in ["core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"] {
        git(&folder, &format!("config {key} {}", script.display()));
    }
    for args in [&["brief", "api"][..], &["brief", "api", "--markdown"], &["brief", "--all"]] {
        let text = world.tabctl(args).ok().stdout;
        let raw = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{9b}');
        assert!(!text.contains(raw), "{text:?}");
        assert!(text.lines().count() <= 40, "{text}");
    }
    assert!(!trap.exists(), "the repository ran something");
    std::fs::write(folder.join(".session.yaml"), "tab: [\n").unwrap();
    let text = world.tabctl(["brief", "api", "--full"]).ok().stdout;
    assert!(text.contains("~/work/api/.session.yaml is not usable"), "{text}");
    std::fs::remove_dir_all(&folder).unwrap();
    let text = world.tabctl(["brief", "api"]).ok().stdout;
    assert!(text.contains("missing") && text.contains("tabctl doctor --scan"), "{text}");
    world.tabctl(["brief", "nobody"]).fails_with(Kind::NotFound);
}

#[test]
fn a_screen_is_enough_however_long_the_journal_is() {
    let world = World::new();
    let folder = world.demo_tab("api");
    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    let journal = world.path("state").join("journal").join(format!("{id}.jsonl"));
    let begun = chrono::Utc::now();
    let line = |number: i64| {
        let to = if number % 2 == 0 { "thinking" } else { "idle" };
        let at = begun + chrono::TimeDelta::milliseconds(number);
        serde_json::json!({"seq": 1, "at": at, "boot": "x", "what": "transition", "with": {"to": to}})
            .to_string()
            + "\n"
    };
    let lines: String = (0..1500).map(line).collect();
    let known = std::fs::read_to_string(&journal).unwrap();
    std::fs::write(&journal, known + &lines).unwrap();
    for number in 0..100 {
        std::fs::write(folder.join(format!("file-{number}")), "1").unwrap();
    }
    git(&folder, "init -q");
    let desk = Desk::open(&world, 80, 24);
    desk.run("clear; tabctl brief api; echo done-$((1 + 1))");
    let screen = desk.wait_for("done-2");
    assert!(screen.contains("api") && screen.contains("more: `git"), "{screen}");
    assert!(screen.contains("750 turns"), "{screen}");
    let full = world.tabctl(["brief", "api", "--full"]).ok().stdout;
    assert!(full.lines().count() > 100, "{full}");
    let piped = world.tabctl(["brief", "api"]).ok().stdout;
    assert!(piped.lines().count() < 24, "{piped}");
}
