//! `tabctl hooks`, and the hooks that tabs get at launch.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use serde_json::Value;
use tabctl::error::Kind;

use crate::support::agents::{self, Agent, CLAUDE, CODEX};
use crate::support::{Mock, World};

const MINE: &str = "{\n  \"model\": \"opus\",\n  \"hooks\": {\n    \"Stop\": [\n      \
    {\"hooks\": [{\"type\": \"command\", \"command\": \"mine.sh\"}]}\n    ]\n  }\n}\n";

/// The person's settings for claude.
fn settings(world: &World, text: &str) -> PathBuf {
    let file = world.home().join(".claude/settings.json");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, text).unwrap();
    file
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn install(world: &World, agent: &str) {
    world.tabctl(["hooks", "install", agent, "--yes"]).ok();
}

fn uninstall(world: &World, agent: &str) {
    world.tabctl(["hooks", "uninstall", agent, "--yes"]).ok();
}

/// Every file and folder below the home, with what is in it.
fn home(world: &World) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    let mut found = Vec::new();
    let mut waiting = vec![world.home()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path.clone());
            }
            found.push((path.clone(), std::fs::read(path).ok()));
        }
    }
    found.sort();
    found
}

/// A program that leaves its command line and its variables in a file, and stays.
fn stand_in(world: &mut World, program: &str) -> PathBuf {
    let (bin, seen) = (world.path("bin"), world.path("seen"));
    std::fs::create_dir_all(&bin).unwrap();
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" > {0}.part\nenv | grep -E '^(QWEN|OPENCODE)' >> {0}.part\n\
         mv {0}.part {0}\nexec sleep 600\n",
        seen.display()
    );
    let path = bin.join(program);
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    world.put_on_path(&bin);
    seen
}

/// Starts a tab with the stand-in of an agent and gives what that was started with.
fn started(world: &World, seen: &Path, agent: &str, more: &[&str]) -> Vec<String> {
    let _ = std::fs::remove_file(seen);
    let folder = world.workspace("api");
    let line =
        ["new", "api", "--agent", agent, "--detach", "--dir", folder.to_str().unwrap(), "--"];
    world.tabctl([&line[..], more].concat()).ok();
    world.wait_until("the agent", std::time::Duration::from_secs(10), || seen.exists());
    read(seen).lines().map(str::to_owned).collect()
}

#[test]
fn what_is_installed_can_be_taken_back_to_the_byte() {
    let world = World::new();
    let texts = [
        MINE,
        "",
        "{}",
        "{ }\n",
        "{\n}\n",
        "\u{feff}{\r\n\t\"a\": 1\r\n}",
        "{\"hooks\":{}}",
        "{\"hooks\": {\"Stop\": []}}\n",
        "{\"hooks\": {\"Stop\": [ ], \"SessionStart\": [{\"hooks\":[]}]}}",
        "{\"a\":1}\n\n\n",
    ];
    for text in texts {
        let file = settings(&world, text);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        install(&world, "claude");
        let with = read(&file);
        assert_eq!(with.matches("tabctl hook claude").count(), 9, "{with}");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        world.tabctl(["hooks", "check", "claude"]).ok();
        let again = world.tabctl(["hooks", "install", "claude", "--yes"]).ok();
        assert!(again.stderr.contains("nothing to change"), "{again}");
        assert_eq!(read(&file), with);
        uninstall(&world, "claude");
        assert_eq!(read(&file), text, "the same bytes");
        assert!(world.tabctl(["hooks", "check", "claude"]).status == Some(1));
    }
}

#[test]
fn what_was_not_there_before_is_gone_after() {
    let world = World::new();
    let agents = [
        "claude",
        "codex",
        "gemini",
        "qwen",
        "copilot",
        "droid",
        "opencode",
        "amp",
        "aider",
        "cursor-agent",
        "goose",
        "kiro",
    ];
    for agent in agents {
        let before = home(&world);
        install(&world, agent);
        assert_ne!(home(&world), before, "{agent}");
        let report = world.tabctl(["hooks", "check", agent, "--json"]).ok().json();
        assert_eq!(report[0]["state"], "installed", "{report:#}");
        uninstall(&world, agent);
        assert_eq!(home(&world), before, "{agent}");
    }
    world.tabctl(["hooks", "install", "crush", "--yes"]).fails_with(Kind::NotFound);
}

#[test]
fn what_the_person_changed_since_stays() {
    let world = World::new();
    let file = settings(&world, MINE);
    install(&world, "claude");
    std::fs::write(&file, read(&file).replace("\"opus\"", "\"sonnet\"")).unwrap();
    uninstall(&world, "claude");
    assert_eq!(read(&file), MINE.replace("opus", "sonnet"));
}

#[test]
fn a_second_install_heals_what_is_broken() {
    let world = World::new();
    let file = settings(&world, MINE);
    install(&world, "claude");
    let whole = read(&file);
    let exe = env!("CARGO_BIN_EXE_tabctl");
    std::fs::write(&file, whole.replace(exe, "/gone/tabctl")).unwrap();
    let report = world.tabctl(["hooks", "check", "claude", "--json"]);
    assert_eq!((report.status, &report.json()[0]["state"]), (Some(1), &"broken".into()));
    install(&world, "claude");
    assert_eq!(read(&file), whole);
    std::fs::write(&file, whole.replace("SessionEnd", "Elsewhere")).unwrap();
    install(&world, "claude");
    assert_eq!(read(&file).matches("SessionEnd").count(), 1);
    assert!(!read(&file).contains("Elsewhere"));
    uninstall(&world, "claude");
    assert_eq!(read(&file), MINE);
}

#[test]
fn a_link_is_written_through_and_stays_a_link() {
    let world = World::new();
    let dotfiles = world.home().join("dotfiles");
    std::fs::create_dir_all(&dotfiles).unwrap();
    std::fs::create_dir_all(world.home().join(".claude")).unwrap();
    let (target, link) = (dotfiles.join("claude.json"), world.home().join(".claude/settings.json"));
    std::fs::write(&target, MINE).unwrap();
    symlink(&target, &link).unwrap();
    install(&world, "claude");
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert!(read(&target).contains("tabctl hook claude"));
    uninstall(&world, "claude");
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(read(&target), MINE);
}

#[test]
fn what_cannot_be_changed_safely_is_refused_and_left_alone() {
    let world = World::new();
    for (text, kind, why) in [
        ("{\n  \"a\": 1,\n}", Kind::BadFile, "line 3 column 1"),
        ("{// mine\n}", Kind::BadFile, "a comment"),
        ("[]", Kind::BadFile, "not an object"),
        ("{\"hooks\": {\"Stop\": 1}}", Kind::BadFile, "not an array"),
        ("{\"disableAllHooks\": true}", Kind::BadFile, "disableAllHooks"),
    ] {
        let file = settings(&world, text);
        let run = world.tabctl(["hooks", "install", "claude", "--yes"]).fails_with(kind);
        assert!(run.stderr.contains(why) && run.stderr.contains("~/.claude"), "{run}");
        assert_eq!(read(&file), text);
    }
    let file = settings(&world, MINE);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o444)).unwrap();
    world.tabctl(["hooks", "install", "claude", "--yes"]).fails_with(Kind::ReadOnly);
    assert_eq!(read(&file), MINE);
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, b"{\"a\": \"\xff\"}").unwrap();
    world.tabctl(["hooks", "install", "claude", "--yes"]).fails_with(Kind::BadFile);
    std::fs::write(&file, format!("{{\"a\": \"{}\"}}", "x".repeat(300_000))).unwrap();
    let run = world.tabctl(["hooks", "install", "claude", "--yes"]).fails_with(Kind::BadFile);
    assert!(run.stderr.contains("larger than"), "{run}");
    std::fs::remove_file(&file).unwrap();
    symlink("/nowhere/at/all", &file).unwrap();
    let run = world.tabctl(["hooks", "install", "claude", "--yes"]).fails_with(Kind::BadFile);
    assert!(run.stderr.contains("leads nowhere"), "{run}");
}

#[test]
fn only_a_person_installs_and_is_asked() {
    let mut world = World::new();
    let file = settings(&world, MINE);
    world.tabctl(["hooks", "install", "claude"]).fails_with(Kind::NeedsAnswer);
    let shown = world.tabctl(["hooks", "install", "claude", "--dry-run"]).ok();
    assert!(shown.stdout.contains("+++ ~/.claude/settings.json"), "{shown}");
    assert!(shown.stdout.lines().any(|line| line.starts_with('+') && line.contains("hook claude")));
    let told = world.tabctl(["hooks", "install", "codex", "--dry-run"]).ok();
    assert!(told.stderr.contains("trusted"), "{told}");
    world.set("CLAUDECODE", "1");
    let run = world.tabctl(["hooks", "install", "claude", "--yes"]).fails_with(Kind::NeedsAnswer);
    assert!(run.stderr.contains("a person decides"), "{run}");
    world.tabctl(["hooks", "uninstall", "claude", "--yes"]).fails_with(Kind::NeedsAnswer);
    assert_eq!(read(&file), MINE);
}

#[test]
fn a_tab_that_tabctl_starts_has_hooks_that_are_written_down_nowhere() {
    let mut world = World::new();
    for (agent, expected) in [
        ("claude", "--settings"),
        ("droid", "--settings"),
        ("copilot", "--plugin-dir"),
        ("codex", "-c"),
        ("aider", "--notifications"),
        ("opencode", "OPENCODE_CONFIG_DIR="),
        ("qwen", "QWEN_CODE_SYSTEM_DEFAULTS_PATH="),
    ] {
        let seen = stand_in(&mut world, agent);
        let words = started(&world, &seen, agent, &[]);
        assert!(words.iter().any(|word| word.starts_with(expected)), "{agent}: {words:?}");
        let state = world.path("state");
        for path in words.iter().filter_map(|word| word.rsplit('=').next()) {
            if let Some(file) = path.strip_prefix(state.to_str().unwrap()).map(|_| Path::new(path))
            {
                assert!(file.exists(), "{path}");
                assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{path}");
            }
        }
        let record = world.session_file("api");
        for trace in ["tabctl-hooks", "hook", "--settings", "--plugin-dir", "notifications"] {
            assert!(!record.contains(trace), "{agent}: {trace} in\n{record}");
        }
        let pane = world.pane("api");
        let bound = ["bind", agent, "--session-id", "0e21ee77-65ff-44ff-a937-e368c904208b"];
        if !["aider", "opencode"].contains(&agent) {
            world.tabctl_from_pane(&pane, &world.workspace("api"), bound).ok();
            assert!(!world.session_file("api").contains("tabctl-hooks"), "{agent}");
            assert!(!world.session_file("api").contains("notify"), "{agent}");
        }
        world.tabctl(["rm", "api", "--force", "--yes"]);
        world.reboot();
        std::fs::remove_dir_all(world.path("state")).unwrap();
        std::fs::remove_dir_all(world.workspace("api")).unwrap();
    }
}

#[test]
fn what_the_person_has_is_not_doubled_or_overridden_at_launch() {
    let mut world = World::new();
    let seen = stand_in(&mut world, "claude");
    let start = |world: &World, more: &[&str]| {
        let words = started(world, &seen, "claude", more);
        world.reboot();
        std::fs::remove_dir_all(world.path("state")).unwrap();
        std::fs::remove_dir_all(world.workspace("api")).unwrap();
        words
    };
    let given = |words: &[String]| words.iter().filter(|word| *word == "--settings").count();
    assert_eq!(given(&start(&world, &["--model", "opus"])), 1);
    let own = start(&world, &["--settings", "mine.json"]);
    assert!(given(&own) == 1 && own.contains(&"mine.json".to_owned()), "{own:?}");
    settings(&world, MINE);
    install(&world, "claude");
    assert_eq!(given(&start(&world, &[])), 0, "they are in the settings already");
    uninstall(&world, "claude");
    world.set("TABCTL_HOOKS", "false");
    assert_eq!(given(&start(&world, &[])), 0);
}

#[test]
fn a_claude_with_hooks_at_launch_starts_without_a_dialog() {
    starts_without_a_dialog(&CLAUDE);
}

#[test]
fn a_codex_with_hooks_at_launch_starts_without_a_dialog() {
    starts_without_a_dialog(&CODEX);
}

fn starts_without_a_dialog(agent: &Agent) {
    let Some(programs) = agents::folder() else { return };
    let mut world = World::new();
    let folder = world.workspace("api");
    let mock = Mock::start(&world, &folder);
    agents::settle(&mut world, &mock, &programs);
    let mut line = vec!["new", "api", "--agent", agent.kind, "--detach", "--dir"];
    line.extend([folder.to_str().unwrap(), "--"]);
    line.extend(agent.flags);
    world.tabctl(&line).ok();
    let pane = world.pane("api");
    world.wait_for_text(&pane, agent.ready);
    let started = world
        .processes()
        .into_iter()
        .find(|it| it.command.contains("tabctl-hooks") || it.command.contains("notify="));
    assert!(started.is_some(), "no process was given hooks\n{}", world.screens());
    let rows: Value = world.row("api");
    assert_eq!(rows["agent"], agent.kind, "{rows:#}");
}
