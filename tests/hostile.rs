//! What came with a clone, or what a confused agent left behind: no command of tabctl runs any of it,
//! shows it raw to a terminal, hangs on it, or changes it.

use std::collections::BTreeSet;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::CommandFactory;
use tabctl::cli::Cli;
use tabctl::error::Kind;

use crate::support::Run;
use crate::support::hostile::corpus;
use crate::support::trap::Effect::{Reads, Writes};
use crate::support::trap::{Line, Trap};

/// Every command with arguments that point it at the folder it is run in, in the order in which they
/// are run there: first while nobody knows the file, then after `doctor --scan` has registered it.
const LINES: &[Line] = &[
    (Reads, &["show"]),
    (Reads, &["show", "--json"]),
    (Reads, &["history"]),
    (Reads, &["brief"]),
    (Reads, &["snapshot"]),
    (Reads, &["prompt", "."]),
    (Reads, &["status"]),
    (Reads, &["explain"]),
    (Reads, &["explain", "--json"]),
    (Reads, &["context"]),
    (Reads, &["context", "--json"]),
    (Reads, &["wait", "--for", "idle", "--timeout", "0s"]),
    (Reads, &["output"]),
    (Reads, &["kill", ".", "--yes"]),
    (Reads, &["run", "--in", ".", "--name", "$(id)", "--", "true"]),
    (Reads, &["resume", "--dry-run", "."]),
    (Reads, &["attach"]),
    (Reads, &["exec", ".", "--", "touch", "CANARY"]),
    (Reads, &["complete", "bash", "--list=80", "--line=tabctl trust "]),
    (Reads, &["rm"]),
    (Reads, &["trust"]),
    (Writes, &["doctor", "--scan", "."]),
    (Reads, &["ls"]),
    (Reads, &["ls", "--json"]),
    (Reads, &["ls", "--wide"]),
    (Reads, &["complete", "bash", "--list=80", "--line=tabctl show "]),
    (Reads, &["complete", "nushell", "--line=tabctl bind --session-id "]),
    (Reads, &["show"]),
    (Reads, &["doctor"]),
    (Reads, &["log"]),
    (Reads, &["log", "--verify"]),
    (Reads, &["brief", "."]),
    (Reads, &["brief", ".", "--markdown"]),
    (Reads, &["brief", "--all"]),
    (Reads, &["snapshot", "--diff"]),
    (Reads, &["snapshot", ".", "--show", "1"]),
    (Reads, &["snapshot", "--list"]),
    (Reads, &["reset", "--yes"]),
    (Reads, &["reset", "--back", "--yes"]),
    (Reads, &["pick", "--print"]),
    (Reads, &["watch"]),
    (Reads, &["resume", "--dry-run"]),
    (Reads, &["resume", "--dry-run", "--json"]),
    (Reads, &["resume"]),
    (Reads, &["resume", "."]),
    (Reads, &["resume", "--fresh", "--json", "."]),
    (Reads, &["attach", "."]),
    (Reads, &["next"]),
    (Reads, &["back"]),
    (Reads, &["close", "--yes"]),
    (Reads, &["output", ".", "--follow"]),
    (Reads, &["trust", "."]),
    (Reads, &["bind", "generic", "--session-id", "x1", "--tab", "api", "--", "cat"]),
    (Reads, &["send", ".", "hello"]),
    (Reads, &["send", ".", "--keys", "Enter"]),
    (Reads, &["broadcast", "--yes", "hello"]),
    (Reads, &["take"]),
    (Reads, &["queue"]),
    (Writes, &["send", ".", "--queue", "hello"]),
    (Writes, &["release", ".", "--to", "claude"]),
    (Writes, &["status", "idle", "--message", "hello"]),
    (Writes, &["task", "hello"]),
    (Writes, &["note", "hello"]),
    (Writes, &["tag", "hello"]),
    (Writes, &["lock"]),
    (Writes, &["unlock"]),
    (Writes, &["rename", "renamed"]),
    (Reads, &["resume", "renamed"]),
    (Reads, &["rm"]),
    (Reads, &["kill", "renamed", "--yes"]),
];

/// Commands that are not pointed at any session file, each with what it is tried with, once.
const BESIDE: &[&[&str]] = &[
    &["config"],
    &["take-terminal"],
    &["hooks", "check"],
    &["hook", "claude", "{}"],
    &["explain", "--agent", "claude", "--screen", ".session.yaml"],
    &["completions", "bash"],
    &["init", "bash"],
    &["tmux-conf"],
    &["notify", "test", "--channel", "command"],
    &["keep", "01HF7YAT00000000000000001A"],
    &["keep-job", "01HF7YAT00000000000000001A"],
    &["clear", "--yes"],
    &["ls", "--jobs"],
    &["man"],
    &["runner", "01HF7YAT00000000000000001A"],
    &["demo-agent"],
];

/// Commands that open windows, and are therefore tried with fewer files.
const OPENING: &[&str] = &["new", "demo"];

/// Commands that look at no folder of the person's: their own tests see to what they touch.
const APART: &[&str] = &["autostart", "selftest"];

#[test]
fn no_command_was_forgotten() {
    let mut known: BTreeSet<&str> = OPENING.iter().chain(APART).copied().collect();
    known.extend(LINES.iter().map(|(_, line)| line[0]));
    known.extend(BESIDE.iter().map(|line| line[0]));
    let mut cli = Cli::command();
    cli.build();
    let commands = cli.get_subcommands().map(clap::Command::get_name);
    let forgotten: Vec<_> =
        commands.filter(|name| *name != "help" && !known.contains(name)).collect();
    assert!(forgotten.is_empty(), "try them on hostile files too: {forgotten:?}");
}

/// Tries every file, in two threads. Everyday each line meets every eighth file, so that of some
/// spellings of a thing one meets it; with `TABCTL_TEST_LONG=1` each meets all.
fn try_all(files: &[(String, Vec<u8>)]) {
    let (next, every) = (AtomicUsize::new(0), if long() { 1 } else { 8 });
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some((name, bytes)) = files.get(number) else { break };
                    let trap = Trap::new(name, "repo");
                    std::fs::write(trap.file(), bytes).unwrap();
                    let lines = LINES.iter().enumerate();
                    let chosen = lines.filter(|(at, line)| {
                        line.1[0] == "doctor" || (at + number).is_multiple_of(every)
                    });
                    trap.run_all(chosen.map(|(_, line)| line));
                }
            });
        }
    });
}

/// Whether the long form of the tests was asked for.
fn long() -> bool {
    std::env::var_os("TABCTL_TEST_LONG").is_some_and(|value| value == "1")
}

#[test]
fn no_command_runs_shows_or_changes_what_a_hostile_file_holds() {
    let files = corpus();
    assert!(files.len() >= 60, "{}", files.len());
    try_all(&files);
}

/// A terminal's title and colour, in seven bits and in eight, and what turns a line around.
const ESCAPES: &str = r#""a\e]0;x\a\e[31m\x9b31m\x9d0;x\x9c\u202e\u2066\u061c\r\b\x7f\u2028b""#;

/// A session file that is well-formed but for one value.
fn with(at: &str, value: &str) -> (String, Vec<u8>) {
    let head = "version: 1\nid: 01HF7YAT00000000000000001A\n";
    let (tab, agent) = ("tab: api\n", "agent:\n  kind: claude\n");
    let text = match at.split_once('.') {
        Some(("agent", "kind")) => format!("{head}{tab}agent:\n  kind: {value}\n"),
        Some(("agent", rest)) => format!("{head}{tab}{agent}  {rest}: {value}\n"),
        Some((outer, inner)) => format!("{head}{tab}{agent}{outer}: {{{inner}: {value}}}\n"),
        None => format!("{head}{tab}{agent}{at}: {value}\n"),
    };
    (format!("{at}: {}", value.chars().take(60).collect::<String>()), text.into_bytes())
}

#[test]
fn no_field_reaches_a_terminal_raw() {
    let flow = |text: &str| text.replace("ESC", ESCAPES);
    let files: Vec<_> = [
        ("agent.kind", "ESC"),
        ("agent.resume", "[claude, ESC]"),
        ("agent.launch", "{argv: [claude, ESC], binary: ESC, environment: {ESC: ESC}}"),
        ("agent.launch", "{argv: [ESC]}"),
        ("agent.history", "[{session_id: x, at: 2026-01-01T00:00:00Z, reason: ESC}]"),
        ("environment", "{os: ESC, host: ESC}"),
        ("place", "{engine: ESC, session: ESC, window: ESC, index: 1}"),
        ("task", "ESC"),
        ("notes", "[{text: ESC, by: ESC}, {text: \"two\\nlines\\r\\e[2J\"}]"),
        ("status", "{state: idle, since: 2026-01-01T00:00:00Z, by: ESC, reason: ESC}"),
        ("tags", "[ESC, \"$(id)\"]"),
        ("queue", "[ESC]"),
        ("tab", "ESC"),
        ("ESC", "ESC"),
    ]
    .map(|(at, value)| with(&flow(at), &flow(value)))
    .into();
    for (number, (name, bytes)) in files.iter().enumerate() {
        let trap = Trap::new(name, &format!("repo{number}"));
        std::fs::write(trap.file(), bytes).unwrap();
        trap.run_all(LINES);
    }
}

#[test]
fn numbers_and_dates_without_end_are_only_numbers_and_dates() {
    let many = |one: &str, count| format!("[{}]", vec![one; count].join(", "));
    let status = |since: &str| format!("{{state: idle, since: {since}, by: person}}");
    try_all(&[
        with("place", "{engine: tmux, session: s, window: w, index: 4294967295}"),
        with("place", "{engine: tmux, session: s, window: w, index: 4294967296}"),
        with("place", "{engine: tmux, session: s, window: w, index: -1}"),
        with("status", &status("+262142-12-31T23:59:59Z")),
        with("status", &status("-262143-01-01T00:00:00Z")),
        with("status", &status("2026-13-45T99:99:99Z")),
        with("status", &status("2026-01-01T00:00:00+23:59")),
        with("notes", &many("{text: x}", 10_000)),
        with("tags", &many("x", 4_000)),
        with("task", &format!("\"{}\"", "x".repeat(200_000))),
        with("tab", &format!("\"{}\"", "\u{e31}".repeat(60_000))),
        with("directory", &format!("\"{}\"", "../".repeat(20_000))),
        with("locked", "yes"),
    ]);
}

/// Puts something in the place of a trap's session file.
type Make<'a> = &'a dyn Fn(&Trap);

#[test]
fn what_is_no_plain_file_of_ones_own_is_refused_and_left_alone() {
    let good = with("task", "hello").1;
    let fifo = |path: &Path| Run::of(std::process::Command::new("mkfifo").arg(path)).ok();
    let kinds: &[(&str, Make)] = &[
        ("a link", &|trap| {
            std::fs::write(trap.world.path("victim"), &good).unwrap();
            symlink(trap.world.path("victim"), trap.file()).unwrap();
        }),
        ("a link to nothing", &|trap| symlink("/nowhere", trap.file()).unwrap()),
        ("a link to itself", &|trap| symlink(trap.file(), trap.file()).unwrap()),
        ("a hard link", &|trap| {
            std::fs::write(trap.world.path("victim"), &good).unwrap();
            std::fs::hard_link(trap.world.path("victim"), trap.file()).unwrap();
        }),
        ("a FIFO", &|trap| drop(fifo(&trap.file()))),
        ("a folder", &|trap| std::fs::create_dir(trap.file()).unwrap()),
        ("a socket", &|trap| {
            std::os::unix::net::UnixListener::bind(trap.file()).unwrap();
        }),
        ("a link to a device", &|trap| symlink("/dev/zero", trap.file()).unwrap()),
        // Only root can make one; for everybody else the folder is then empty.
        ("a device", &|trap| {
            drop(Run::of(
                std::process::Command::new("mknod").arg(trap.file()).args(["c", "1", "5"]),
            ));
        }),
        ("a file that anybody can write", &|trap| {
            std::fs::write(trap.file(), &good).unwrap();
            std::fs::set_permissions(trap.file(), PermissionsExt::from_mode(0o666)).unwrap();
        }),
        ("a gigabyte", &|trap| {
            std::fs::File::create(trap.file()).unwrap().set_len(1 << 30).unwrap();
        }),
        ("git's index is a FIFO", &|trap| {
            std::fs::write(trap.file(), &good).unwrap();
            fifo(&trap.folder.join(".git/index"));
        }),
    ];
    for (name, make) in kinds {
        let trap = Trap::new(name, "repo");
        make(&trap);
        trap.run_all(LINES);
        if let Ok(victim) = std::fs::read(trap.world.path("victim")) {
            assert!(victim == good, "{name}: what it leads to was changed");
        }
    }
}

#[test]
fn a_folder_is_only_a_folder_whatever_it_is_called() {
    for name in
        ["$(touch canary)`touch canary`#(touch canary);x", "a\u{1b}]0;x\u{7}\u{9b}2J\u{202e}\nb"]
    {
        let trap = Trap::new(name, name);
        std::fs::write(trap.file(), with("task", "hello").1).unwrap();
        trap.run_all(LINES);
        // What lies there is a copy of what lies elsewhere, and says so.
        let copy = trap.folder.join("copy");
        std::fs::create_dir(&copy).unwrap();
        std::fs::copy(trap.file(), copy.join(".session.yaml")).unwrap();
        let there = Trap { folder: copy, ..trap };
        there.run_all(LINES);
    }
}

#[test]
fn commands_that_open_windows_or_have_no_file_run_nothing_of_it_either() {
    let files = corpus();
    let chosen = files.iter().step_by(if long() { 1 } else { 48 });
    for (name, bytes) in chosen {
        let trap = Trap::new(name, "repo");
        std::fs::write(trap.file(), bytes).unwrap();
        for line in BESIDE {
            trap.run(line);
        }
        // The server is there beforehand: strace would wait for one that tabctl starts.
        trap.world.tmux(["new-session", "-d", "-s", "tabctl", "--", "sleep", "600"]).ok();
        let made = trap.run(&["new", "other"]);
        assert_eq!(made.status, Some(0), "{made}");
        assert_eq!(trap.bytes().as_ref(), Some(bytes), "{name}");
        let shells = trap.world.processes();
        let odd = |command: &str| {
            !["/bin/sh", "sleep", "tmux"].iter().any(|ours| command.starts_with(ours))
        };
        let odd: Vec<_> = shells.iter().filter(|process| odd(&process.command)).collect();
        assert!(odd.is_empty(), "{name}: {odd:?}");
    }
    // It ends with its own server; under strace it would never end.
    let trap = Trap::new("demo", "repo");
    std::fs::write(trap.file(), with("agent.resume", "[touch, /tmp/tabctl-canary]").1).unwrap();
    trap.world.tabctl_in(&trap.folder, ["demo"]).ok();
    assert!(!trap.canary().exists() && !Path::new("/tmp/tabctl-canary").exists());
}

#[test]
fn what_is_asked_to_be_trusted_is_all_that_could_run() {
    let text = "version: 1\nid: 01HF7YAT00000000000000001A\ntab: api\nagent:\n  kind: claude\n  \
                session_id: 5b7c6e0e-0000-4000-8000-000000000000\n  resume: [claude, --resume, x]\n  \
                launch: {argv: [/tmp/evil, --dangerously-skip-permissions], binary: ./worse, \
                environment: {LD_PRELOAD: ./x.so}}\ndirectory: ../elsewhere\n";
    let trap = Trap::new("trust", "repo");
    std::fs::write(trap.file(), text).unwrap();
    let asked = trap.run(&["trust"]).fails_with(Kind::NeedsAnswer);
    for shown in ["--resume", "/tmp/evil", "./worse", "LD_PRELOAD=./x.so", "/elsewhere"] {
        assert!(asked.stdout.contains(shown), "{shown} is not shown\n{asked}");
    }
    assert!(asked.stdout.contains("--dangerously-skip-permissions skips permissions"), "{asked}");
}
