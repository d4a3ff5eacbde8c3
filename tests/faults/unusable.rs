//! F18: a workspace that cannot be written, a file that is another one's, a link, a FIFO, or stale as
//! on a network. No command hangs or changes it, it is told, and all other tabs go on.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tabctl::error::Kind;

use crate::support::fault_table::Trial;
use crate::support::trace::traced;
use crate::support::{Run, World};

/// The longest that any command may take. A busy machine gets three tries.
const NO_HANG: Duration = Duration::from_secs(2);
const LIMIT: Duration = Duration::from_secs(20);

const LINES: [&[&str]; 6] = [
    &["ls", "--json"],
    &["show", "api"],
    &["resume", "api", "--dry-run"],
    &["note", "--tab", "api", "hello"],
    &["status", "attention", "--tab", "api"],
    &["bind", "generic", "--tab", "api", "--session-id", "x2", "--", "cat", "two"],
];

/// What is wrong with the file or its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    ReadOnly,
    Foreign,
    Link,
    Fifo,
    Folder,
    Stale,
}

impl Wrong {
    /// Makes it wrong; why it cannot be done here.
    fn make(self, world: &World, folder: &Path) -> Result<(), String> {
        let file = folder.join(".session.yaml");
        let away = world.path("away");
        match self {
            Wrong::ReadOnly => can_bind(folder)?,
            Wrong::Foreign => std::os::unix::fs::chown(&file, Some(54_321), None)
                .map_err(|_| "only root can give a file away".to_owned())?,
            Wrong::Link => {
                std::fs::rename(&file, &away).unwrap();
                std::os::unix::fs::symlink(&away, &file).unwrap();
            }
            Wrong::Fifo => {
                std::fs::remove_file(&file).unwrap();
                assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
            }
            Wrong::Folder => {
                std::fs::remove_file(&file).unwrap();
                std::fs::create_dir(&file).unwrap();
            }
            Wrong::Stale => {}
        }
        Ok(())
    }

    /// Runs a line against it.
    fn run(self, world: &World, folder: &Path, line: &[&str]) -> Run {
        match self {
            Wrong::ReadOnly => read_only(world, folder, line),
            // Each time that the file is opened, by its path or by its name in its folder.
            Wrong::Stale => {
                let path = folder.join(".session.yaml");
                let options = ["-P", path.to_str().unwrap(), "-e", "inject=openat:error=ESTALE"];
                traced(world, &options, LIMIT, folder, line).run
            }
            _ => {
                let mut command = world.command(env!("CARGO_BIN_EXE_tabctl"));
                command.args(line).current_dir(folder);
                Run::within(LIMIT, &mut command)
            }
        }
    }
}

const BIND_READ_ONLY: &str = "mount --bind \"$1\" \"$1\" && mount -o remount,ro,bind \"$1\" && cd \"$1\" && shift && exec \"$@\"";

fn in_a_namespace(command: &mut Command, folder: &Path) {
    command.args(["-m", "--propagation", "private", "/bin/sh", "-c", BIND_READ_ONLY, "sh"]);
    command.arg(folder);
}

fn can_bind(folder: &Path) -> Result<(), String> {
    let mut command = Command::new("unshare");
    in_a_namespace(&mut command, folder);
    let done = command.arg("true").output().map_err(|_| "there is no `unshare`".to_owned())?;
    if done.status.success() { Ok(()) } else { Err("only root can mount".to_owned()) }
}

fn read_only(world: &World, folder: &Path, line: &[&str]) -> Run {
    let mut command = world.command("unshare");
    in_a_namespace(&mut command, folder);
    Run::within(LIMIT, command.arg(env!("CARGO_BIN_EXE_tabctl")).args(line))
}

/// What stands at the file's place.
fn node(file: &Path) -> String {
    let metadata = std::fs::symlink_metadata(file).unwrap();
    let bytes = if metadata.is_file() { std::fs::read(file).unwrap() } else { Vec::new() };
    format!("{:?} {:?}", metadata.file_type(), String::from_utf8_lossy(&bytes))
}

#[test]
fn a_file_that_cannot_be_used_or_written_is_told_of_and_holds_nothing_up() {
    let trial = Trial::begin("F18", "commands");
    let all =
        [Wrong::ReadOnly, Wrong::Foreign, Wrong::Link, Wrong::Fifo, Wrong::Folder, Wrong::Stale];
    let (mut count, mut left_out) = (0, Vec::new());
    for wrong in all {
        let world = World::new();
        for tab in ["api", "other"] {
            let bind = ["bind", "generic", "--tab", tab, "--session-id", tab, "--", "cat"];
            world.tabctl_in(&world.workspace(tab), bind).ok();
        }
        let folder = world.workspace("api");
        let file = folder.join(".session.yaml");
        if let Err(why) = wrong.make(&world, &folder) {
            left_out.push(format!("{wrong:?}: {why}"));
            continue;
        }
        let before = node(&file);
        for line in LINES {
            let mut run = None;
            let quick = (0..3).any(|_| {
                let begun = Instant::now();
                run = Some(wrong.run(&world, &folder, line));
                begun.elapsed() < NO_HANG
            });
            let run = run.unwrap();
            let what = format!("{wrong:?}\n{run}");
            assert!(quick, "took too long: {what}");
            assert!(run.status.is_some_and(|code| code <= 15), "{what}");
            assert!(!run.stderr.contains("panicked"), "{what}");
            assert_eq!(node(&file), before, "was changed: {what}");
            assert!(run.status == Some(0) || run.stderr.starts_with("tabctl: "), "{what}");
            let goes_on = line[0] == "ls" || wrong == Wrong::ReadOnly;
            assert!(!goes_on || run.status == Some(0), "{what}");
            let refused = !goes_on && matches!(line[0], "note" | "bind");
            assert!(!refused || run.status != Some(0), "acknowledged and not done: {what}");
            count += 1;
            if line[0] == "ls" {
                let rows = run.json();
                let row = |tab: &str| {
                    let row = rows.as_array().unwrap().iter().find(|row| row["tab"] == tab);
                    row.unwrap_or_else(|| panic!("{tab} is missing: {what}")).clone()
                };
                assert!(
                    row("other")["problem"].is_null() && row("other")["trusted"] == true,
                    "{what}"
                );
                let told = matches!(wrong, Wrong::ReadOnly | Wrong::Stale);
                assert!(told || row("api")["problem"].is_string(), "{what}");
            }
        }
        // One tab is not usable; the others are.
        world.tabctl(["note", "--tab", "other", "hello"]).ok();
    }
    let out = if left_out.is_empty() { String::new() } else { format!("; not: {left_out:?}") };
    let note =
        format!("read-only bind, other owner, link, FIFO, folder, ESTALE; none over 2 s{out}");
    trial.held(count, &note);
}

#[test]
fn what_is_changed_in_a_read_only_workspace_is_kept_until_it_can_be_written() {
    let world = World::new();
    let folder = world.workspace("api");
    if let Err(why) = can_bind(&folder) {
        eprintln!("skipped: {why}");
        return;
    }
    let bind =
        |id: &'static str| ["bind", "generic", "--tab", "api", "--session-id", id, "--", "cat", id];
    world.tabctl_in(&folder, bind("x1")).ok();
    let before = world.session_file("api");
    for line in [&["note", "kept"][..], &["lock"], &["task", "look"], &bind("x2")] {
        read_only(&world, &folder, line).ok();
    }
    read_only(&world, &folder, &["rename", "pump"]).fails_with(Kind::Locked);
    read_only(&world, &folder, &["rename", "pump", "--force"]).ok();
    assert_eq!(world.session_file("api"), before, "it could not be written");
    // Also by those who read the file, and after a reboot.
    world.reboot();
    let row = world.row("pump");
    assert_eq!((&row["task"], &row["locked"]), (&"look".into(), &true.into()));
    assert_eq!((&row["session_id"], &row["trusted"]), (&"x2".into(), &true.into()));
    assert!(row["problem"].as_str().unwrap().starts_with("read-only workspace"), "{row:#}");
    assert!(world.tabctl(["note", "--tab", "pump"]).ok().stdout.contains("kept"));
    assert!(world.tabctl(["doctor"]).stdout.contains("read-only workspace"));
    // A copy of the folder has what the file says, and is another tab.
    let copy = world.workspace("copy");
    std::fs::copy(folder.join(".session.yaml"), copy.join(".session.yaml")).unwrap();
    let copied = world.tabctl_in(&copy, ["note"]).ok();
    assert!(!copied.stdout.contains("kept"), "{copied}");
    // The next change goes into the file, and with it all that was kept.
    world.tabctl(["tag", "--tab", "pump", "wip"]).ok();
    let after = world.session_file("api");
    for kept in ["tab: pump", "kept", "locked: true", "task: look", "x2", "wip"] {
        assert!(after.contains(kept), "{kept}: {after}");
    }
    let row = world.row("pump");
    assert!(row["problem"].is_null() && row["trusted"] == true, "{row:#}");
}

#[test]
fn a_file_that_was_changed_elsewhere_is_believed_and_what_was_kept_can_be_looked_up() {
    let world = World::new();
    let folder = world.workspace("api");
    if let Err(why) = can_bind(&folder) {
        eprintln!("skipped: {why}");
        return;
    }
    let bind = ["bind", "generic", "--tab", "api", "--session-id", "x1", "--", "cat"];
    world.tabctl_in(&folder, bind).ok();
    read_only(&world, &folder, &["task", "kept"]).ok();
    let file = folder.join(".session.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}task: theirs\n")).unwrap();
    let row = world.row("api");
    assert!(row["task"] == "theirs" && row["problem"].is_null(), "{row:#}");
    let shown = world.tabctl(["show", "api", "--json"]).ok().json();
    assert_eq!(shown["session"]["task"], "theirs");
    let id = row["id"].as_str().unwrap();
    let generations = std::fs::read_dir(world.path("state").join("generations").join(id)).unwrap();
    let is_it = |path: &Path| std::fs::read_to_string(path).unwrap().contains("task: kept");
    assert!(generations.flatten().any(|entry| is_it(&entry.path())));
    world.tabctl(["note", "--tab", "api", "on"]).ok();
    assert!(world.session_file("api").contains("task: theirs"), "{}", world.session_file("api"));
}

#[test]
fn a_tab_in_a_read_only_workspace_is_resumed_all_the_same() {
    let world = World::new();
    let folder = world.workspace("api");
    if let Err(why) = can_bind(&folder) {
        eprintln!("skipped: {why}");
        return;
    }
    world.demo_tab("api");
    world.say("api", "hello", 1);
    world.reboot();
    world.tmux(["new-session", "-d", "-s", "tabctl", "--", "sleep", "600"]).ok();
    let run = read_only(&world, &folder, &["resume", "api"]).ok();
    assert!(
        world.processes().iter().any(|process| process.command.contains("demo-agent")),
        "{run}"
    );
    assert_eq!(world.row("api")["trusted"], true);
}
