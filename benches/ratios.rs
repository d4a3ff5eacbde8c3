//! Speed as ratios: what tabctl does beside the least that anybody could do, measured in one run,
//! turn by turn, so that a busy machine slows both. `cargo bench` prints the table.
//! Must not fail: a figure is looked at, a test is passed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark stands outside the program, and prints"
)]

#[path = "ratios/complete.rs"]
mod complete;
#[path = "ratios/context.rs"]
mod context;
#[path = "ratios/exec.rs"]
mod exec;
#[path = "ratios/hook.rs"]
mod hook;
#[path = "ratios/presence.rs"]
mod presence;
#[path = "ratios/prompt.rs"]
mod prompt;
#[path = "ratios/proxy.rs"]
mod proxy;
#[path = "ratios/resume.rs"]
mod resume;
#[path = "ratios/scan.rs"]
mod scan;
#[path = "ratios/wait.rs"]
mod wait;
#[path = "ratios/watch.rs"]
mod watch;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tabctl::model::argv::Argv;
use tabctl::model::event::Event;
use tabctl::model::id::TabId;
use tabctl::model::live::{Holder, Live};
use tabctl::model::pane::PaneId;
use tabctl::model::session::{Agent, Launch, Session};
use tabctl::model::status::{Claim, Source, State};
use tabctl::store::Store;
use tabctl::sys::paths::Paths;

/// Every measurement's pairs of runs: enough for a median on a noisy machine.
const TURNS: usize = 60;

fn main() {
    // Started by itself under an agent's name, as the agent whose hooks are called.
    if std::env::args().next().as_deref() == Some(hook::AGENT) {
        let is_watched = std::env::args().nth(1).is_some_and(|word| word == "watch");
        return if is_watched { watch::as_agent() } else { hook::call() };
    }
    println!("{:34} {:>12} {:>12} {:>7} {:>7}", "what", "bare", "tabctl", "ratio", "goal");
    // `cargo bench -- proxy` measures only what it names.
    let only = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let parts: [(&str, fn()); 13] = [
        ("start", start_up),
        ("hook", hook::agent_calls_hooks),
        ("update", update),
        ("scan", scan::hundred_panes),
        ("ls", || [1, 100, 1000].into_iter().for_each(listing)),
        ("complete", complete::tab_pressed),
        ("context", context::digests),
        ("exec", exec::beside_two_calls),
        ("presence", presence::cost_of_a_turn),
        ("prompt", prompt::shells),
        ("proxy", proxy::beside_direct),
        ("resume", resume::hundred_tabs),
        ("watch", watch::hundred_quiet_tabs),
    ];
    for (_, measure) in parts.iter().filter(|(name, _)| only.as_ref().is_none_or(|it| it == name)) {
        measure();
    }
}

/// Measures two things turn by turn and prints their medians.
fn compare(what: &str, goal: &str, bare: &mut dyn FnMut(), ours: &mut dyn FnMut()) {
    let timed = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    let (mut bares, mut all_ours) = (Vec::new(), Vec::new());
    for turn in 0..TURNS + 3 {
        let (one, other) = (timed(bare), timed(ours));
        // The first turns warm the caches.
        if turn >= 3 {
            bares.push(one);
            all_ours.push(other);
        }
    }
    compare_times(what, goal, median(bares), median(all_ours));
}

/// Prints two times and their ratio.
fn compare_times(what: &str, goal: &str, bare: Duration, ours: Duration) {
    let ratio = ours.as_secs_f64() / bare.as_secs_f64();
    let (bare, ours) = (format!("{bare:.2?}"), format!("{ours:.2?}"));
    println!("{what:34} {bare:>12} {ours:>12} {ratio:>7.2} {goal:>7}");
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}

fn quiet(command: &mut Command) {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status().expect("it starts");
    assert!(status.success(), "{command:?}");
}

/// `tabctl --version` beside a Rust program that prints one line.
fn start_up() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("line.rs");
    std::fs::write(&source, "fn main() { println!(\"one line\"); }").unwrap();
    let program = folder.path().join("line");
    quiet(Command::new("rustc").args(["-O", "-o"]).arg(&program).arg(&source));
    compare(
        "start-up (one line printed)",
        "<= 1.5",
        &mut || quiet(&mut Command::new(&program)),
        &mut || quiet(Command::new(tabctl()).arg("--version")),
    );
}

/// One change of a session file beside a bare temp file, fsync, rename, fsync of the folder.
fn update() {
    let world = World::new();
    let folder = world.tabs(1).pop().expect("one was made");
    let store = world.store();
    let file = folder.join(".session.yaml");
    let bytes = std::fs::read(&file).unwrap();
    let other = folder.join("bare.yaml");
    let mut turn = 0;
    compare("session-file update", "-", &mut || durably(&other, &bytes), &mut || {
        turn += 1;
        store
            .update(&file, &mut |session: &mut Session| {
                let task = Event::Task(Some(format!("turn {turn}")));
                session.apply(&task, chrono::DateTime::UNIX_EPOCH);
                Ok(())
            })
            .unwrap();
    });
}

fn durably(path: &Path, bytes: &[u8]) {
    let temp = path.with_extension("tmp");
    let mut file = std::fs::File::create(&temp).unwrap();
    file.write_all(bytes).unwrap();
    file.sync_all().unwrap();
    std::fs::rename(&temp, path).unwrap();
    std::fs::File::open(path.parent().unwrap()).unwrap().sync_all().unwrap();
}

/// `tabctl ls` beside one bare `tmux list-panes -a` and a read of the same files.
fn listing(tabs: usize) {
    let world = World::new();
    let folders = world.tabs(tabs);
    world.panes(&folders);
    let files: Vec<PathBuf> = folders.iter().map(|folder| folder.join(".session.yaml")).collect();
    compare(
        &format!("ls, {tabs} tabs"),
        if tabs == 1 { "-" } else { "<= 1.5" },
        &mut || {
            quiet(world.tmux().args(["list-panes", "-a"]));
            for file in &files {
                std::hint::black_box(std::fs::read(file).unwrap());
            }
        },
        &mut || quiet(world.command(tabctl()).arg("ls")),
    );
}

fn tabctl() -> &'static str {
    env!("CARGO_BIN_EXE_tabctl")
}

/// Folders and a tmux server of the benchmark's own.
struct World {
    folder: tempfile::TempDir,
    /// In memory where there is such a place, as a person's own is.
    runtime: tempfile::TempDir,
}

impl World {
    fn new() -> World {
        let mut named = tempfile::Builder::new();
        named.prefix("tb");
        let in_memory = named.tempdir_in("/dev/shm");
        let runtime = in_memory.or_else(|_| named.tempdir()).unwrap();
        World { folder: named.tempdir().unwrap(), runtime }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn runtime(&self) -> PathBuf {
        self.runtime.path().to_owned()
    }

    fn store(&self) -> Store {
        let paths = Paths {
            home: self.path("home"),
            config: self.path("config"),
            state: self.path("state"),
            runtime: self.runtime(),
        };
        Store::new(paths, "bench".to_owned(), false)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("HOME", self.path("home"))
            .env("TABCTL_CONFIG_DIR", self.path("config"))
            .env("TABCTL_STATE_DIR", self.path("state"))
            .env("TABCTL_RUNTIME_DIR", self.runtime())
            .env("TABCTL_TMUX_SOCKET", self.path("s"))
            .env("TABCTL_BOOT_ID", "bench")
            .env_remove("TMUX");
        command
    }

    fn tmux(&self) -> Command {
        let mut command = Command::new("tmux");
        command.args(["-u", "-f", "/dev/null", "-S"]).arg(self.path("s")).env_remove("TMUX");
        command
    }

    /// Makes tabs with a task, an agent and a note each; gives their folders.
    fn tabs(&self, count: usize) -> Vec<PathBuf> {
        let store = self.store();
        (0..count)
            .map(|number| {
                let folder = self.path("home").join(format!("work/tab-{number}"));
                std::fs::create_dir_all(&folder).unwrap();
                let id = TabId::from_parts(1_700_000_000_000, number as u128);
                let mut session = Session::new(id, format!("tab-{number}"));
                session.task = Some("make the login page work again, with tests".to_owned());
                session.agent = Some(agent(number));
                store.create(&folder, session).unwrap();
                folder
            })
            .collect()
    }

    /// Opens one quiet pane a tab and marks it as tabctl does, a hundred to a call.
    fn panes(&self, folders: &[PathBuf]) {
        let wait = ["sleep", "3600"];
        for (chunk_number, chunk) in folders.chunks(100).enumerate() {
            let mut command = self.tmux();
            for (number, _) in chunk.iter().enumerate() {
                let id =
                    TabId::from_parts(1_700_000_000_000, (chunk_number * 100 + number) as u128);
                let first = chunk_number == 0 && number == 0;
                if first {
                    command.args(["new-session", "-d", "-s", "bench", "-x", "80", "-y", "24"]);
                } else {
                    command.args(["new-window", "-t", "=bench:"]);
                }
                command.args(wait).args([
                    ";",
                    "set-option",
                    "-p",
                    "@tabctl_id",
                    &id.to_string(),
                    ";",
                ]);
            }
            command.args(["display-message", "-p", "ready"]);
            quiet(&mut command);
        }
        self.agents(&self.store());
    }

    /// Writes down for each pane that its runner holds it and an agent lives in it.
    fn agents(&self, store: &Store) {
        let listing = self
            .tmux()
            .args(["list-panes", "-a", "-F", "#{@tabctl_id} #{pane_id} #{pane_pid}"])
            .output()
            .unwrap();
        for line in String::from_utf8(listing.stdout).unwrap().lines() {
            let [id, pane, pid] = line.split(' ').collect::<Vec<_>>()[..] else { continue };
            // A pane that is no tab has no id.
            let Ok(id) = id.parse::<TabId>() else { continue };
            let process = tabctl::scan::identity(pid.parse().unwrap(), "bench").unwrap();
            let holder = Holder {
                runner: process.clone(),
                engine: "tmux".to_owned(),
                server: self.path("s").display().to_string(),
                pane: Some(PaneId(pane.to_owned())),
                adopted: false,
            };
            let at = chrono::DateTime::UNIX_EPOCH;
            let by = Some("demo".to_owned());
            let idle = Claim { by, ..Claim::new(State::Idle, Source::Said, at) };
            let record = |live: &mut Live| {
                live.holder = Some(holder.clone());
                live.agent = Some(process.clone());
                live.claims = vec![idle.clone()];
            };
            store.update_live(id, &mut { record }).unwrap();
        }
    }
}

/// An agent as a tab that was made with `new` has it.
fn agent(number: usize) -> Agent {
    let id = format!("4f1c2a9e-7b35-4d18-9c60-{number:012x}");
    let argv = |flag: &str| Argv::from_iter(["claude", flag, id.as_str(), "--model", "opus"]);
    Agent {
        kind: "claude".to_owned(),
        session_id: Some(id.clone()),
        launch: Some(Launch { argv: argv("--session-id"), ..Launch::default() }),
        resume: Some(argv("--resume")),
        history: Vec::new(),
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // Not every measurement has one.
        let _ = self.tmux().arg("kill-server").stderr(Stdio::null()).status();
    }
}
