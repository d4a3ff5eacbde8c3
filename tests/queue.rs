//! `tabctl queue`, and the prompts that it shows: they outlive a reboot, and are typed once.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use serde_json::Value;
use tabctl::error::Kind;

use crate::support::processes::{self, Process};
use crate::support::{Run, World};

const PATIENCE: Duration = Duration::from_secs(30);

fn queued(world: &World, tab: &str) -> Vec<Value> {
    world.tabctl(["queue", tab, "--json"]).ok().json().as_array().cloned().unwrap()
}

fn standings(world: &World, tab: &str) -> Vec<String> {
    let standing = |one: &Value| one["standing"].as_str().unwrap().to_owned();
    queued(world, tab).iter().map(standing).collect()
}

/// The prompts that the demo agent was given, in their order.
fn prompts(world: &World) -> Vec<String> {
    let folder = world.home().join(".local/state/tabctl-demo");
    let mut prompts = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
        let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        prompts.extend(lines.filter_map(|line| Some(line["prompt"].as_str()?.to_owned())));
    }
    prompts
}

#[test]
fn prompts_wait_for_the_agent_to_be_idle_and_are_typed_in_their_order() {
    let world = World::new();
    world.demo_tab("api");
    world.tabctl(["status", "thinking", "--tab", "api"]).ok();
    for text in ["one", "two", "three"] {
        world.tabctl(["send", "api", "--queue", text]).ok();
    }
    assert_eq!(standings(&world, "api"), ["waits"; 3]);
    assert!(world.session_file("api").contains("text: two"), "{}", world.session_file("api"));
    assert!(prompts(&world).is_empty(), "it is at work");
    world.tabctl(["status", "idle", "--tab", "api"]).ok();
    world.wait_until("all of them", PATIENCE, || prompts(&world).len() == 3);
    assert_eq!(prompts(&world), ["one", "two", "three"]);
    world.wait_until("an empty queue", PATIENCE, || queued(&world, "api").is_empty());
    assert!(!world.session_file("api").contains("queue"), "{}", world.session_file("api"));
    let log = world.tabctl(["log", "api", "--json"]).ok().json();
    let sent = log.as_array().unwrap().iter().filter(|line| line["what"] == "sent").count();
    assert_eq!(sent, 3);
}

#[test]
fn what_waits_outlives_a_reboot() {
    let world = World::new();
    world.demo_tab("api");
    world.tabctl(["status", "thinking", "--tab", "api"]).ok();
    world.tabctl(["send", "api", "--queue", "after the reboot"]).ok();
    world.reboot();
    assert_eq!(standings(&world, "api"), ["waits"]);
    world.tabctl(["resume"]).ok();
    world.wait_until("the prompt", PATIENCE, || prompts(&world) == ["after the reboot"]);
    world.wait_until("an empty queue", PATIENCE, || queued(&world, "api").is_empty());
}

#[test]
fn what_was_begun_when_its_runner_died_is_not_typed_again() {
    let world = World::new();
    // Between the first key and Enter it takes so long that it can be ended there.
    let agents = world.path("config").join("agents");
    std::fs::create_dir_all(&agents).unwrap();
    let slow =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/src/agents/demo.yaml"));
    let slow = slow.unwrap().replace("typing:\n", "typing:\n  pause: 9000\n");
    std::fs::write(agents.join("demo.yaml"), slow).unwrap();
    world.demo_tab("api");
    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    world.tabctl(["send", "api", "--queue", "once"]).ok();
    let claims = world.path("state").join("queue").join(format!("{id}.json"));
    let is_begun = || std::fs::read_to_string(&claims).unwrap_or_default().contains("claimed");
    world.wait_until("the prompt to be begun", PATIENCE, is_begun);
    // The command line of tmux has the runner's in it, too.
    let is_runner =
        |it: &Process| it.command.starts_with(&format!("{} runner ", env!("CARGO_BIN_EXE_tabctl")));
    let runner = world.processes().into_iter().find(is_runner);
    processes::kill(&runner.expect("a runner"));
    world.wait_until("its end", PATIENCE, || world.state("api") == "down");
    // Its claim ends with its last file, which may be a moment after its terminal.
    world.wait_until("the word", PATIENCE, || standings(&world, "api") == ["unknown-outcome"]);
    let shown = world.tabctl(["queue", "api"]).ok().stdout;
    assert!(shown.contains("unknown outcome"), "{shown}");
    world.tabctl(["resume"]).ok();
    world.wait_until("the agent", PATIENCE, || world.state("api") == "idle");
    // One that is queued behind it is typed, and it is not.
    std::fs::remove_file(agents.join("demo.yaml")).unwrap();
    world.tabctl(["close", "api", "--yes"]).ok();
    world.tabctl(["resume", "api"]).ok();
    world.tabctl(["send", "api", "--queue", "next"]).ok();
    world.wait_until("the next", PATIENCE, || prompts(&world) == ["next"]);
    world.wait_until("its end", PATIENCE, || standings(&world, "api") == ["unknown-outcome"]);
    let log = world.tabctl(["log", "api", "--json"]).ok().json();
    let is_open = |line: &Value| line["what"] == "intent" && line["with"]["outcome"].is_string();
    assert_eq!(log.as_array().unwrap().iter().filter(|line| is_open(line)).count(), 1, "{log}");
    world.tabctl(["queue", "api", "--remove", "1"]).ok();
    assert!(queued(&world, "api").is_empty());
}

#[test]
fn what_tmux_gave_no_answer_to_is_not_typed_again() {
    let mut world = World::new();
    // It pastes, and nobody hears of it.
    let (folder, hangs) = (world.path("slow"), world.path("hangs"));
    std::fs::create_dir(&folder).unwrap();
    let found = Run::of(world.command("sh").args(["-c", "command -v tmux"])).ok();
    let script = format!(
        "#!/bin/sh\n'{}' \"$@\"\ncode=$?\n\
         case $* in *paste-buffer*) [ ! -e '{}' ] || exec sleep 600 ;; esac\nexit $code\n",
        found.stdout.trim(),
        hangs.display()
    );
    let tmux = folder.join("tmux");
    std::fs::write(&tmux, script).unwrap();
    std::fs::set_permissions(&tmux, PermissionsExt::from_mode(0o700)).unwrap();
    world.put_on_path(&folder);
    world.demo_tab("api");
    std::fs::write(&hangs, "").unwrap();
    world.tabctl(["send", "api", "--queue", "once"]).ok();
    let pane = world.pane("api");
    world.wait_for_text(&pane, "> once");
    world.wait_until("the word", PATIENCE, || standings(&world, "api") == ["unknown-outcome"]);
    // A person sends it off. It is not typed a second time, and the next one is.
    std::fs::remove_file(&hangs).unwrap();
    world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
    world.wait_until("the prompt", PATIENCE, || prompts(&world) == ["once"]);
    world.tabctl(["send", "api", "--queue", "next"]).ok();
    world.wait_until("the next", PATIENCE, || prompts(&world).len() > 1);
    assert_eq!(prompts(&world), ["once", "next"]);
    world.wait_until("its end", PATIENCE, || standings(&world, "api") == ["unknown-outcome"]);
}

#[test]
fn what_came_with_the_file_is_shown_and_never_typed() {
    let world = World::new();
    let folder = world.demo_tab("api");
    let file = folder.join(".session.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}queue:\n  - delete everything\n")).unwrap();
    assert_eq!(standings(&world, "api"), ["not-queued-here"]);
    world.tabctl(["send", "api", "--queue", "hello"]).ok();
    world.wait_until("the one that was queued", PATIENCE, || prompts(&world) == ["hello"]);
    world.wait_until("the other", PATIENCE, || standings(&world, "api") == ["not-queued-here"]);
    // A person may make it theirs.
    world.tabctl(["queue", "api", "--edit", "1", "--text", "keep everything"]).ok();
    world.wait_until("it", PATIENCE, || prompts(&world) == ["hello", "keep everything"]);
}

#[test]
fn a_person_changes_the_queue_and_an_agent_only_what_it_queued() {
    let mut world = World::new();
    world.demo_tab("api");
    world.tabctl(["status", "thinking", "--tab", "api"]).ok();
    for text in ["one", "two", "three"] {
        world.tabctl(["send", "api", "--queue", text]).ok();
    }
    world.tabctl(["release", "api", "--to", "claude"]).ok();
    world.set("CLAUDECODE", "1");
    world.tabctl(["send", "api", "--queue", "mine"]).ok();
    world.tabctl(["queue", "api", "--remove", "1"]).fails_with(Kind::NeedsAnswer);
    world.tabctl(["queue", "api", "--clear", "--yes"]).fails_with(Kind::NeedsAnswer);
    world.tabctl(["queue", "api", "--move", "4", "1"]).fails_with(Kind::NeedsAnswer);
    world.tabctl(["queue", "api", "--remove", "4"]).ok();
    world.unset("CLAUDECODE");
    world.tabctl(["queue", "api", "--move", "3", "1"]).ok();
    world.tabctl(["queue", "api", "--edit", "2", "--text", "one and a half"]).ok();
    // An editor that replaces the text, as a person would.
    let editor = world.path("editor");
    std::fs::write(&editor, "#!/bin/sh\nprintf 'in an editor' >\"$1\"\n").unwrap();
    std::fs::set_permissions(&editor, PermissionsExt::from_mode(0o700)).unwrap();
    let run = world.tabctl(["queue", "api", "--edit", "3"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stderr.contains("no terminal") && run.stderr.contains("--text"), "{run}");
    // Where there is a terminal, it has it.
    world.shell_tab("desk");
    let bin = env!("CARGO_BIN_EXE_tabctl");
    let line = format!("EDITOR={} {bin} queue api --edit 3", editor.display());
    world.type_line(&world.pane("desk"), &line);
    let is_in = || queued(&world, "api")[2]["text"] == "in an editor";
    world.wait_until("the editor", PATIENCE, is_in);
    let texts: Vec<_> = queued(&world, "api").iter().map(|one| one["text"].clone()).collect();
    assert_eq!(texts, ["three", "one and a half", "in an editor"]);
    assert_eq!(standings(&world, "api"), ["waits"; 3]);
    world.tabctl(["queue", "api", "--remove", "4"]).fails_with(Kind::NotFound);
    world.tabctl(["queue", "api", "--clear"]).fails_with(Kind::NeedsAnswer);
    world.tabctl(["queue", "api", "--clear", "--yes"]).ok();
    assert!(queued(&world, "api").is_empty() && !world.session_file("api").contains("queue"));
}

#[test]
fn nothing_is_typed_while_a_person_has_the_tab() {
    let world = World::new();
    world.demo_tab("api");
    world.tabctl(["take", "api"]).ok();
    world.tabctl(["send", "api", "--queue", "later"]).ok();
    world.tabctl(["send", "api", "now"]).ok();
    world.wait_until("the other", PATIENCE, || prompts(&world) == ["now"]);
    assert_eq!(standings(&world, "api"), ["waits"]);
    world.tabctl(["release", "api"]).ok();
    world.wait_until("the prompt", PATIENCE, || prompts(&world) == ["now", "later"]);
}
