//! `tabctl notify`, and when a person is told of a tab.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;
use tabctl::error::Kind;

use crate::support::terminal::Terminal;
use crate::support::{World, inside};

const PATIENCE: Duration = Duration::from_secs(30);
/// Longer than an edge must last: what was not told by then is not told.
const LATER: Duration = Duration::from_millis(2500);

/// A world whose user is told by a program, which writes down what it gets.
fn told() -> (World, PathBuf) {
    let mut world = World::new();
    let (program, log) = (world.path("tell"), world.path("told.jsonl"));
    let script =
        format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >>'{0}.args'\ncat >>'{0}'\n", log.display());
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let settings = format!("notify: command\nnotify_command: {} 'two words'\n", program.display());
    std::fs::write(world.path("config").join("config.yaml"), settings).unwrap();
    world.set("TABCTL_TEST", "1");
    (world, log)
}

fn notices(log: &PathBuf) -> Vec<Value> {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[track_caller]
fn wait_for(world: &World, log: &PathBuf, count: usize) -> Vec<Value> {
    world.wait_until(&format!("{count} notices"), PATIENCE, || notices(log).len() >= count);
    notices(log)
}

#[test]
fn a_tab_that_turns_to_attention_is_told_once_and_with_its_reason() {
    let (world, log) = told();
    world.demo_tab("api");
    world.tabctl(["status", "attention", "--tab", "api", "-m", "which <one>?"]).ok();
    let all = wait_for(&world, &log, 1);
    assert_eq!(
        (&all[0]["title"], &all[0]["state"]),
        (&"api needs you".into(), &"attention".into())
    );
    assert_eq!(
        (&all[0]["text"], &all[0]["reason"]),
        (&"which ?one??".into(), &"which <one>?".into())
    );
    assert_eq!(all[0]["workspace"], world.workspace("api").display().to_string());
    let arguments = std::fs::read_to_string(log.with_extension("jsonl.args")).unwrap();
    assert_eq!(arguments, "two words\n", "no shell has read the line");
    // The same again is no edge, and another edge comes too soon.
    world.says("api", "attention");
    world.says("api", "thinking");
    world.says("api", "attention");
    std::thread::sleep(LATER);
    assert_eq!(notices(&log).len(), 1);
}

#[test]
fn what_does_not_last_and_who_is_looked_at_are_not_told() {
    let (world, log) = told();
    world.demo_tab("api");
    world.demo_tab("web");
    world.says("web", "attention");
    world.says("web", "thinking");
    let _terminal = Terminal::attached(&world, &world.pane("api"));
    world.says("api", "attention");
    std::thread::sleep(LATER);
    assert_eq!(notices(&log), Vec::<Value>::new());
    world.says("web", "attention");
    let all = wait_for(&world, &log, 1);
    assert_eq!(all[0]["tab"], "web", "a tab behind the one that is looked at");
}

#[test]
fn a_pane_that_nobody_has_in_front_is_told_also_in_the_window_that_is() {
    let (world, log) = told();
    world.demo_tab("api");
    let pane = world.pane("api");
    world.tmux(["split-window", "-t", &pane, "sleep 1000"]).ok();
    let other = world.tmux(["display-message", "-p", "-t", "tabctl:", "#{pane_id}"]).ok().stdout;
    let _terminal = Terminal::attached(&world, other.trim());
    world.says("api", "attention");
    wait_for(&world, &log, 1);
}

#[test]
fn who_looks_at_another_program_of_the_desktop_is_told() {
    let (world, log) = told();
    world.demo_tab("api");
    world.tmux(["set-option", "-g", "focus-events", "on"]).ok();
    let mut terminal = Terminal::attached(&world, &world.pane("api"));
    // The terminal says that its window lost the keyboard.
    terminal.type_bytes(b"\x1b[O");
    world.wait_until("the loss of focus", PATIENCE, || {
        !world.tmux(["list-clients", "-F", "#{client_flags}"]).stdout.contains("focused")
    });
    world.says("api", "attention");
    wait_for(&world, &log, 1);
}

#[test]
fn tabs_that_are_resumed_together_come_back_in_quiet() {
    let (world, log) = told();
    for tab in ["one", "two"] {
        world.demo_tab(tab);
    }
    world.kill_server();
    world.tabctl(["resume"]).ok();
    world.says("one", "attention");
    std::thread::sleep(LATER);
    assert_eq!(notices(&log), Vec::<Value>::new());
    // A single one is brought back by somebody who wants it.
    std::fs::remove_file(world.path("run").join("quiet.json")).unwrap();
    world.says("two", "attention");
    wait_for(&world, &log, 1);
}

#[test]
fn the_end_of_long_work_is_told_if_it_is_wanted() {
    let (world, log) = told();
    let settings = world.path("config").join("config.yaml");
    let known = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, known + "notify_finished: 1\n").unwrap();
    world.demo_tab("api");
    world.says("api", "thinking");
    std::thread::sleep(Duration::from_millis(1200));
    world.says("api", "idle");
    let all = wait_for(&world, &log, 1);
    assert_eq!(all[0]["title"], "api is ready");
}

#[test]
fn the_bell_of_the_pane_marks_its_window() {
    let world = World::new();
    world.demo_tab("api");
    world.demo_tab("web");
    let (api, web) = (world.pane("api"), world.pane("web"));
    world.tmux(["select-window", "-t", &web]).ok();
    world.says("api", "attention");
    let flag = |pane: &str| {
        world.tmux(["display-message", "-p", "-t", pane, "#{window_bell_flag}"]).ok().stdout
    };
    world.wait_until("the window's mark", PATIENCE, || flag(&api) == "1\n");
    assert_eq!(flag(&web), "0\n");
}

#[test]
fn off_is_off() {
    let mut world = World::new();
    world.set("TABCTL_NOTIFY", "off");
    world.demo_tab("api");
    world.demo_tab("web");
    world.tmux(["select-window", "-t", &world.pane("web")]).ok();
    world.says("api", "attention");
    std::thread::sleep(LATER);
    let flag = ["display-message", "-p", "-t", &world.pane("api"), "#{window_bell_flag}"];
    assert_eq!(world.tmux(flag).ok().stdout, "0\n");
    let run = world.tabctl(["notify", "test"]).ok();
    assert!(run.stdout.contains("notify is off"), "{run}");
}

#[test]
fn a_test_says_what_was_done_and_what_is_missing() {
    let mut world = World::new();
    let bin = world.path("bin");
    std::fs::create_dir_all(&bin).unwrap();
    let test =
        |world: &World, channel: &str| world.tabctl(["notify", "test", "--channel", channel]);
    let run = test(&world, "command").fails_with(Kind::Other);
    assert!(run.stdout.contains("notify_command is not set"), "{run}");
    let run = test(&world, "terminal").fails_with(Kind::Other);
    assert!(run.stdout.contains("no terminal is attached"), "{run}");

    let said = world.path("said");
    let script = format!("#!/bin/sh\nprintf '%s|' \"$@\" >'{}'\n", said.display());
    std::fs::write(bin.join("notify-send"), script).unwrap();
    std::fs::set_permissions(bin.join("notify-send"), PermissionsExt::from_mode(0o755)).unwrap();
    world.put_on_path(&bin);
    let run = test(&world, "desktop").ok();
    assert!(run.stdout.contains("notify-send took it"), "{run}");
    let said = std::fs::read_to_string(said).unwrap();
    assert!(said.starts_with("--app-name=tabctl|--|tabctl can reach you|"), "{said}");

    world.set("TABCTL_NOTIFY_COMMAND", "sh -c 'echo broken >&2; exit 3'");
    let json = world.tabctl(["notify", "test", "--channel", "command", "--json"]);
    let answer = json.clone().fails_with(Kind::Other).json();
    assert_eq!((&answer[0]["channel"], &answer[0]["done"]), (&"command".into(), &false.into()));
    assert!(answer[0]["what"].as_str().unwrap().contains("broken"), "{json}");
    world.tabctl(["notify", "test", "--channel", "mail"]).fails_with(Kind::Usage);

    world.set("TABCTL_NOTIFY_COMMAND", "no-such-program --flag");
    world.set("TABCTL_NOTIFY", "bell,command");
    let checks = world.tabctl(["doctor", "--json"]).json();
    let is_ours = |check: &&Value| check["what"] == "notify";
    let found: Vec<&Value> = checks.as_array().unwrap().iter().filter(is_ours).collect();
    assert_eq!(found.len(), 1, "{checks:#}");
    assert!(found[0]["seen"].as_str().unwrap().contains("no-such-program"), "{checks:#}");
}

#[test]
fn the_terminal_around_tmux_is_told_in_its_own_words() {
    let world = World::new();
    world.demo_tab("api");
    let mut terminal = Terminal::attached(&world, &world.pane("api"));
    world.tabctl(["notify", "test", "--channel", "terminal"]).ok();
    terminal.read_to("\x1b]9;tabctl can reach you: ");
}

#[test]
fn when_all_stop_at_once_a_person_is_told_of_some() {
    let world = World::new();
    let store = inside::store(&world);
    let now = chrono::DateTime::from_timestamp(1_795_000_000, 0).unwrap();
    let after = |seconds| now + chrono::TimeDelta::seconds(seconds);
    let taken = (0..30).filter(|_| store.take_notice(now).unwrap()).count();
    assert_eq!(taken, 5);
    assert!(!store.take_notice(after(9)).unwrap());
    assert!(store.take_notice(after(11)).unwrap());
    // A clock that was set back does not end it.
    assert!(store.take_notice(after(-100_000)).unwrap());
}
