//! `tabctl completions`, and what the hidden `complete` offers to them.

mod pressed;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::{Command, CommandFactory};
use tabctl::cli::Cli;
use tabctl::cli::complete::{Place, place};

use crate::support::source::root;
use crate::support::{Run, World};

const SHELLS: [(&str, &str); 6] = [
    ("bash", "tabctl.bash"),
    ("zsh", "_tabctl"),
    ("fish", "tabctl.fish"),
    ("powershell", "tabctl.ps1"),
    ("elvish", "tabctl.elv"),
    ("nushell", "tabctl.nu"),
];

/// Arguments that hold what only a person knows.
const FREE: &[&str] = &[
    "arguments",
    "budget",
    "command_line",
    "done",
    "edit",
    "event",
    "filter",
    "for",
    "format",
    "jobs",
    "keys",
    "lasts",
    "lines",
    "message",
    "name",
    "number",
    "pane",
    "payload",
    "places",
    "show",
    "signal",
    "since",
    "task",
    "text",
    "timeout",
    "title",
    "words",
];

#[test]
fn the_committed_completions_are_what_the_program_prints() {
    let world = World::new();
    for (shell, file) in SHELLS {
        let made = world.tabctl(["completions", shell]).ok().stdout;
        assert!(made.contains("tabctl complete"), "{shell} asks the program");
        let path = root().join("completions").join(file);
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == made, "{file} is not what `tabctl completions {shell}` prints");
    }
}

#[test]
fn what_stands_in_each_place_was_thought_of() {
    let mut whole = Cli::command();
    whole.build();
    let mut forgotten = Vec::new();
    free_places(&whole, "tabctl", &mut forgotten);
    assert!(
        forgotten.is_empty(),
        "say in src/cli/complete.rs what can stand there, or here that nobody knows: {forgotten:#?}"
    );
}

fn free_places(command: &Command, verb: &str, found: &mut Vec<String>) {
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        // `help` has copies of all the others.
        if sub.get_name() != "help" {
            free_places(sub, sub.get_name(), found);
        }
    }
    for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values()) {
        let id = arg.get_id().as_str();
        if place(verb, arg) == Place::Free && !FREE.contains(&id) {
            found.push(format!("{verb}: {id}"));
        }
    }
}

/// What is offered in the place of the last word, each with what it is, in fish's form.
fn offered(world: &World, line: &str) -> BTreeMap<String, String> {
    let run = world.tabctl(["complete", "fish", &format!("--line={line}")]).ok();
    let pair = |line: &str| {
        let (value, about) = line.split_once('\t').unwrap_or((line, ""));
        (value.to_owned(), about.to_owned())
    };
    run.stdout.lines().map(pair).collect()
}

fn values(world: &World, line: &str) -> Vec<String> {
    offered(world, line).into_keys().collect()
}

/// A world with tabs that are not running; nothing is started for them.
fn tabs() -> World {
    let world = World::new();
    for (tab, id) in [
        ("api", "0199c8f2-7c1e-7d10-b6a5-0e8a3f2b9c4d"),
        ("web login", "0299c8f2-7c1e-7d10-b6a5-0e8a3f2b9c4d"),
        ("v1:login", "0399c8f2-7c1e-7d10-b6a5-0e8a3f2b9c4d"),
    ] {
        let folder = world.workspace(tab);
        let line = ["bind", "codex", "--tab", tab, "--session-id", id, "--", "codex"];
        world.tabctl_in(&folder, line).ok();
    }
    world.tabctl(["task", "make the login page work", "--tab", "api"]).ok();
    world.tabctl(["tag", "backend", "--tab", "api"]).ok();
    world.tabctl(["lock", "web login"]).ok();
    world
}

#[test]
fn tabs_are_offered_with_what_they_are() {
    let world = tabs();
    let offered = offered(&world, "tabctl attach ");
    assert_eq!(offered["api"], "· down, make the login page work");
    assert_eq!(offered["web login"], "· down, locked");
    assert_eq!(offered.len(), 3, "{offered:?}");
    assert_eq!(values(&world, "tabctl go a"), ["api"]);
    assert_eq!(values(&world, "tabctl note hello --tab 'web "), ["web login"]);
    assert_eq!(values(&world, "tabctl note hello --tab=v1:"), ["--tab=v1:login"]);
    assert_eq!(values(&world, "tabctl rename a"), ["api"]);
    let free = values(&world, "tabctl rename api ");
    assert!(free.iter().all(|value| value.starts_with('-')), "a new name is free: {free:?}");
}

#[test]
fn only_what_makes_sense_is_offered() {
    let world = tabs();
    assert_eq!(values(&world, "tabctl unlock "), ["web login"]);
    assert_eq!(values(&world, "tabctl lock "), ["api", "v1:login"]);
    assert_eq!(values(&world, "tabctl resume api "), ["v1:login", "web login"]);
    world.shell_tab("open");
    world.demo_tab("busy");
    let down = values(&world, "tabctl resume ");
    assert!(!down.contains(&"busy".to_owned()) && down.contains(&"api".to_owned()), "{down:?}");
    assert_eq!(offered(&world, "tabctl go b")["busy"], "○ idle");
}

#[test]
fn agents_states_conversations_tags_and_settings_are_offered() {
    let world = tabs();
    let has = |line: &str, value: &str| {
        let found = values(&world, line);
        assert!(found.iter().any(|one| one == value), "{line}: {found:?}");
    };
    has("tabctl new x --agent ", "claude");
    has("tabctl new x --agent=cl", "--agent=claude");
    has("tabctl hooks install ", "codex");
    has("tabctl bind co", "codex");
    has("tabctl log --actor pe", "person");
    has("tabctl log a", "api");
    has("tabctl status ", "attention");
    has("tabctl wait --for idle,att", "idle,attention");
    has("tabctl ls --filter ", "agent=codex");
    has("tabctl ls --filter tag", "tag=backend");
    has("tabctl tag --remove ", "backend");
    has("tabctl config resume_p", "resume_patience");
    has("tabctl man resu", "resume");
    has("tabctl bind codex --session-id 01", "0199c8f2-7c1e-7d10-b6a5-0e8a3f2b9c4d");
    has("tabctl res", "resume");
    has("tabctl resume --dr", "--dry-run");
    has("tabctl hooks ", "install");
    has("tabctl completions ", "nushell");
    has("cd /tmp && tabctl sh", "show");
    assert!(values(&world, "tabctl ").iter().all(|one| one != "complete" && one != "runner"));
}

#[test]
fn jobs_are_offered_beside_tabs_where_both_can_be_meant() {
    let world = tabs();
    world.tabctl(["run", "--name", "brave-otter", "--", "sh", "-c", "exit 3"]).ok();
    world.tabctl(["wait", "brave-otter"]);
    for verb in ["kill", "output", "wait"] {
        let offered = offered(&world, &format!("tabctl {verb} "));
        assert_eq!(offered["brave-otter"], "job, failed: sh -c 'exit 3'", "{verb}");
        assert!(offered.len() > 1, "and the tabs: {offered:?}");
    }
    assert!(!values(&world, "tabctl attach ").contains(&"brave-otter".to_owned()));
}

#[test]
fn a_conversation_that_no_tab_has_is_offered_in_its_folder() {
    let world = World::new();
    let folder = world.workspace("api");
    let dashed = folder.display().to_string().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let claude = world.home().join(".claude/projects").join(dashed);
    let codex = world.home().join(".codex/sessions/2026/09/01");
    for (dir, file) in [
        (&claude, "5e1d6f0a-8c3b-4d77-9a51-c0ffee123456.jsonl"),
        (&codex, "rollout-2026-09-01T10-00-00-0199c8f2-7c1e-7d10-b6a5-0e8a3f2b9c4d.jsonl"),
    ] {
        std::fs::create_dir_all(dir).unwrap();
        std::fs::write(dir.join(file), "{}\n").unwrap();
    }
    let line = "--line=tabctl bind claude --session-id ";
    let run = world.tabctl_in(&folder, ["complete", "fish", line]).ok();
    assert!(run.stdout.contains("5e1d6f0a-8c3b-4d77-9a51-c0ffee123456\tclaude, no tab"), "{run}");
    assert!(run.stdout.contains("0199c8f2-7c1e-7d10-b6a5-0e8a3f2b9c4d\tcodex, no tab"), "{run}");
}

#[test]
fn folders_are_offered_where_a_folder_is_meant() {
    let world = World::new();
    world.workspace("api");
    assert_eq!(values(&world, "tabctl new x --dir wo"), ["work/"]);
    assert_eq!(values(&world, "tabctl trust ./wo"), ["./work/"]);
}

/// Every file and folder of a world: its name, its size, and when it was written.
fn everything(world: &World) -> Vec<(PathBuf, u64, SystemTime)> {
    let mut found = Vec::new();
    let mut folders = vec![world.path("")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let about = std::fs::symlink_metadata(&path).unwrap();
            if about.is_dir() {
                folders.push(path.clone());
            }
            found.push((path, about.len(), about.modified().unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn to_complete_is_to_read_the_store_and_nothing_else() {
    let mut world = tabs();
    let before = everything(&world);
    // Neither tmux nor an agent can be found.
    world.set("PATH", "/nonexistent");
    for line in ["tabctl attach ", "tabctl bind codex --session-id ", "tabctl ", "tabctl ls -f "] {
        assert!(!values(&world, line).is_empty(), "{line}");
    }
    assert_eq!(everything(&world), before, "and nothing is written");

    let empty = World::new();
    for line in ["tabctl attach ", "tabctl bind --session-id ", "x", ""] {
        empty.tabctl(["complete", "bash", &format!("--line={line}")]).ok();
    }
    let folders = ["config", "state", "run"].map(|name| empty.path(name));
    assert!(folders.iter().all(|path| std::fs::read_dir(path).unwrap().next().is_none()));
}

#[test]
fn a_name_that_a_file_brought_along_is_offered_as_its_id() {
    let world = tabs();
    let folder = world.workspace("foreign");
    let file = folder.join(".session.yaml");
    let id = "01HF7YAT00000000000000001A";
    std::fs::write(
        &file,
        format!("version: 1\nid: {id}\ntab: \"a$(id)\\e[31m\"\ntask: \"x\\e]0;y\\a\"\n"),
    )
    .unwrap();
    world.tabctl(["doctor", "--scan", folder.to_str().unwrap()]).ok();
    let offered = offered(&world, "tabctl show ");
    assert_eq!(offered[id], "· down, a??id???31m, x");
    for shell in SHELLS.map(|(shell, _)| shell) {
        let run = world.tabctl(["complete", shell, "--line=tabctl show "]).ok();
        let odd = |c: char| c.is_control() && c != '\n' && c != '\t';
        assert!(!run.stdout.contains(odd) && !run.stdout.contains("$("), "{run}");
    }
}

/// Elvish is not asked: it knows the names of its editor only on a terminal, where Tab is pressed.
#[test]
fn each_shell_finds_the_file_well_formed() {
    for (shell, args) in [
        ("bash", vec!["-n"]),
        ("zsh", vec!["-n"]),
        ("fish", vec!["--no-execute"]),
        ("nu", vec!["--no-config-file", "--commands", "nu-check $env.FILE"]),
        ("pwsh", vec!["-NoProfile", "-NonInteractive", "-File"]),
    ] {
        let name = match shell {
            "nu" => "nushell",
            "pwsh" => "powershell",
            other => other,
        };
        let file = SHELLS.iter().find(|(shell, _)| *shell == name).unwrap().1;
        let path = root().join("completions").join(file);
        let world = World::new();
        if !pressed::is_there(&world, shell) {
            eprintln!("left out: {shell} is not installed");
            continue;
        }
        let mut command = world.command(shell);
        command.env("FILE", &path).args(args);
        if shell != "nu" {
            command.arg(Path::new(&path));
        }
        let run = Run::of(&mut command).ok();
        assert!(shell != "nu" || run.stdout.trim() == "true", "{run}");
    }
}
