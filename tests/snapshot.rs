//! `tabctl snapshot`

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tabctl::error::Kind;

use crate::support::{Run, World};

const PATIENCE: Duration = Duration::from_secs(40);

fn config(world: &World, text: &str) {
    std::fs::write(world.path("config").join("config.yaml"), text).unwrap();
}

fn kept(world: &World, tab: &str) -> Vec<Value> {
    let all = world.tabctl(["snapshot", tab, "--list", "--json"]).ok().json();
    all.as_array().unwrap().clone()
}

fn whys(world: &World, tab: &str) -> Vec<String> {
    kept(world, tab).iter().map(|it| it["why"].as_str().unwrap().to_owned()).collect()
}

/// As if the snapshots of a tab had been written so long ago.
fn age(world: &World, tab: &str, ago: Duration) {
    let id = world.row(tab)["id"].as_str().unwrap().to_owned();
    let folder = world.path("state").join("archive").join(id);
    let then = std::time::SystemTime::now() - ago;
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let file = std::fs::File::options().write(true).open(file.path()).unwrap();
        file.set_modified(then).unwrap();
    }
}

fn git(folder: &Path, line: &str) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "core.hooksPath="]);
    Run::of(git.args(line.split(' ')).current_dir(folder)).ok();
}

#[test]
fn a_snapshot_has_the_tab_as_it_is_and_no_secret() {
    let mut world = World::new();
    world.set("MY_TOKEN", "hidden1hidden1");
    let folder = world.demo_tab("api");
    git(&folder, "init -q -b trunk");
    std::fs::write(folder.join("a"), "1\n").unwrap();
    git(&folder, "add a");
    git(&folder, "commit -q -m first");
    std::fs::write(folder.join("a"), "2\nAPI_KEY=hidden2hidden2\n").unwrap();
    world.say("api", "milk OPENAI_API_KEY=hidden3hidden3", 1);
    world.tabctl(["note", "--tab", "api", "to be kept"]).ok();
    let run = world.tabctl(["snapshot", "api", "--diff"]).ok();
    assert!(run.stdout.contains("snapshot 1 of api"), "{run}");

    let one = world.tabctl(["snapshot", "api", "--show", "1", "--json"]).ok().json();
    assert_eq!(
        (&one["why"], &one["agent"], &one["git"]["branch"]),
        (&"asked".into(), &"demo".into(), &"trunk".into())
    );
    assert_eq!(one["session_id"], world.conversation("api").as_str());
    assert_eq!(one["git"]["dirty"][0], serde_json::json!({"path": "a", "status": "M"}));
    assert!(one["git"]["diff"].as_str().unwrap().contains("-1\n+2\n+API_KEY=[hidden]"), "{one:#}");
    assert_eq!(one["git"]["hash"].as_str().unwrap().len(), 64);
    assert!(one["file"].as_str().unwrap().contains("to be kept"), "{one:#}");
    assert!(
        one["lines"]["text"].as_str().unwrap().contains("milk OPENAI_API_KEY=[hidden]"),
        "{one:#}"
    );
    let names = one["environment"].as_array().unwrap();
    assert!(names.contains(&"MY_TOKEN".into()) && names.contains(&"HOME".into()), "{names:?}");
    assert_eq!(one["by"]["kind"], "person");
    let text = world.tabctl(["snapshot", "api", "--show", "1"]).ok().stdout;
    for shown in ["trunk", "M  a", "to be kept", "milk", "MY_TOKEN", "+2"] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    for secret in ["hidden1", "hidden2", "hidden3"] {
        assert!(!text.contains(secret) && !one.to_string().contains(secret), "{secret}");
    }
    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    let folder = world.path("state").join("archive").join(id);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    assert_eq!((mode(&folder), mode(&file)), (0o700, 0o600));
    world.tabctl(["snapshot", "api", "--show", "7"]).fails_with(Kind::NotFound);
    world.tabctl(["snapshot", "nobody"]).fails_with(Kind::NotFound);
    let log = world.tabctl(["log", "api"]).ok().stdout;
    assert!(log.contains("snapshot"), "{log}");
}

#[test]
fn one_is_taken_before_a_tab_is_closed_resumed_or_removed_and_outlives_it() {
    let world = World::new();
    config(&world, "scrollback: 100\n");
    world.demo_tab("api");
    world.say("api", "milk", 1);
    world.tabctl(["close", "api", "--yes"]).ok();
    let closed = kept(&world, "api").pop().unwrap();
    assert_eq!(closed["why"], "close");
    assert!(closed["lines"]["text"].as_str().unwrap().contains("milk"), "{closed:#}");
    world.wait_until("the pane to close", PATIENCE, || world.row("api")["pane"].is_null());
    world.tabctl(["task", "--tab", "api", "something new"]).ok();
    age(&world, "api", Duration::from_mins(5));
    world.tabctl(["resume", "api"]).ok();
    assert_eq!(whys(&world, "api"), ["close", "resume"]);
    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    world.reboot();
    world.tabctl(["rm", "api", "--yes"]).ok();
    assert!(world.rows().is_empty());
    for name in ["api", &id] {
        assert_eq!(whys(&world, name).last().unwrap(), "remove", "{name}");
    }
    let all = world.tabctl(["snapshot", "--list"]).ok().stdout;
    assert!(all.contains("api") && all.contains("close"), "{all}");
    let text = world.tabctl(["snapshot", "api", "--show", "1"]).ok().stdout;
    assert!(text.contains("before it was closed") && text.contains("milk"), "{text}");
}

#[test]
fn what_stands_on_a_screen_is_kept_by_itself_only_where_that_is_wanted() {
    let world = World::new();
    world.demo_tab("api");
    world.say("api", "milk", 1);
    world.tabctl(["close", "api", "--yes"]).ok();
    let closed = kept(&world, "api").pop().unwrap();
    assert_eq!((&closed["why"], &closed["lines"]), (&"close".into(), &Value::Null));
    let other = World::new();
    config(&other, "snapshots: 0\nscrollback: 100\n");
    other.demo_tab("api");
    other.tabctl(["close", "api", "--yes"]).ok();
    assert!(kept(&other, "api").is_empty());
    let run = other.tabctl(["snapshot", "api", "--list"]).ok();
    assert!(run.stderr.contains("no snapshot yet"), "{run}");
    // One that is asked for is kept all the same.
    other.tabctl(["snapshot", "api"]).ok();
    assert_eq!(whys(&other, "api"), ["asked"]);
}

#[test]
fn a_turn_that_ends_leaves_one_now_and_then() {
    let world = World::new();
    config(&world, "snapshot_every: 1\nscrollback: 100\n");
    world.demo_tab("api");
    world.say("api", "milk", 1);
    // It works too fast for anybody to see it.
    for state in ["thinking", "idle"] {
        world.tabctl(["status", state, "--tab", "api"]).ok();
    }
    world.wait_until("a snapshot after the turn", PATIENCE, || {
        kept(&world, "api").iter().any(|it| {
            it["why"] == "turn"
                && it["lines"]["text"].as_str().is_some_and(|it| it.contains("milk"))
        })
    });
    let all = kept(&world, "api");
    let turn = all.iter().rfind(|it| it["why"] == "turn").unwrap();
    assert_eq!((&turn["by"]["kind"], &turn["state"]), (&"system".into(), &"idle".into()));
}

#[test]
fn the_oldest_go_first_and_what_a_reset_put_away_stays() {
    let world = World::new();
    config(&world, "snapshots: 3\n");
    world.demo_tab("api");
    world.say("api", "milk", 1);
    world.tabctl(["task", "--tab", "api", "mine"]).ok();
    world.tabctl(["reset", "api", "--yes"]).ok();
    for _ in 0..5 {
        world.tabctl(["snapshot", "api"]).ok();
    }
    let whys = whys(&world, "api");
    let count = |why: &str| whys.iter().filter(|it| *it == why).count();
    assert_eq!((count("asked"), count("reset")), (3, 1), "{whys:?}");
    let numbers: Vec<u64> =
        kept(&world, "api").iter().map(|it| it["number"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted() && numbers.last().unwrap() >= &6, "{numbers:?}");
    age(&world, "api", Duration::from_hours(24 * 60));
    world.tabctl(["snapshot", "api"]).ok();
    assert_eq!(self::whys(&world, "api"), ["reset", "asked"]);
    // Size: nothing fits.
    config(&world, "snapshot_size: 0\n");
    world.tabctl(["snapshot", "api"]).ok();
    assert_eq!(self::whys(&world, "api"), ["asked"]);
}

#[test]
fn a_torn_or_forged_snapshot_is_left_out_and_shows_nothing_raw() {
    let world = World::new();
    world.demo_tab("api");
    world.tabctl(["snapshot", "api"]).ok();
    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    let folder = world.path("state").join("archive").join(&id);
    let first = folder.join("000001.asked.json.gz");
    let bytes = std::fs::read(&first).unwrap();
    std::fs::write(folder.join("000002.asked.json.gz"), &bytes[..bytes.len() / 2]).unwrap();
    std::fs::write(folder.join("x\u{1b}[31m.json.gz"), b"no").unwrap();
    std::fs::write(folder.join("000004.turn.json.gz"), b"\x1f\x8b").unwrap();
    let listed = world.tabctl(["snapshot", "api", "--list"]).ok().stdout;
    assert_eq!(listed.lines().count(), 1, "{listed}");
    world.tabctl(["snapshot", "api", "--show", "2"]).fails_with(Kind::NotFound);
    let forged = serde_json::json!({
        "id": id, "tab": "a\u{1b}]0;x\u{7}", "at": "2026-01-01T00:00:00Z", "why": "asked",
        "by": {"kind": "person", "who": "\u{9b}2J", "assurance": "claimed"}, "folder": "\u{1b}[2J",
        "environment": ["\u{202e}"], "file": "a\u{1b}[31m", "agent": "\u{7}",
        "git": {"branch": "\u{1b}[5m", "dirty": [{"path": "a\nb\u{1b}", "status": "\u{1b}"}],
                "diff": "\u{1b}[7m"},
        "lines": {"at": "2026-01-01T00:00:00Z", "text": "x\u{1b}[41m\n\u{9d}"},
    });
    let plain = folder.join("000005.asked.json");
    std::fs::write(&plain, forged.to_string()).unwrap();
    Run::of(Command::new("gzip").arg(&plain)).ok();
    for args in [&["snapshot", "api", "--show", "5"][..], &["snapshot", "api", "--list"]] {
        let text = world.tabctl(args).ok().stdout;
        let raw = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!text.contains(raw), "{text:?}");
    }
}
