//! Many tabs brought back, beside the least that anybody could do: one `tmux new-window` each.
//! Must wait on both sides until every agent has said that it is ready.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tabctl::model::argv::Argv;
use tabctl::model::id::TabId;
use tabctl::model::session::{Agent, Environment, Launch, Place, Session};

use super::{World, compare_times, median, quiet, tabctl};

/// Tabs that are brought back.
const TABS: usize = 100;
/// How often; each takes seconds.
const ROUNDS: usize = 5;

/// A hundred tabs of the demo's agent, turn by turn with bare windows.
pub fn hundred_tabs() {
    let (mut bare, mut ours, mut peak) = (Vec::new(), Vec::new(), 0);
    for round in 0..=ROUNDS {
        let (one, (other, memory)) = (in_bare_windows(), brought_back());
        peak = memory.max(peak);
        // The first round warms the caches.
        if round > 0 {
            bare.push(one);
            ours.push(other);
        }
    }
    compare_times(&format!("resume, {TABS} tabs"), "<= 1.5", median(bare), median(ours));
    println!("{:34} {:>12} {:>9} KiB", "  peak memory of it", "", peak);
    for tabs in [10, 100, 1000] {
        planned(tabs);
    }
}

/// What is looked at and not done: `ls` and `resume --dry-run` of tabs that are all down.
fn planned(tabs: usize) {
    let world = World::new();
    demo_tabs(&world, tabs);
    quiet(world.tmux().args(["new-session", "-d", "-s", "other", "sleep", "3600"]));
    for (what, line) in [("ls", &["ls"][..]), ("resume --dry-run", &["resume", "--dry-run"])] {
        let mut times = Vec::new();
        let mut peak = 0;
        for _ in 0..10 {
            let start = Instant::now();
            peak = peak.max(measured(world.command(tabctl()).args(line)));
            times.push(start.elapsed());
        }
        let time = median(times);
        let each = time / u32::try_from(tabs).unwrap();
        println!(
            "{:34} {:>12} {time:>12.2?}  {each:.2?} a tab, {peak} KiB",
            format!("{what}, {tabs} tabs down"),
            ""
        );
    }
}

/// Runs a command to its end and gives the most memory that it had, in KiB.
fn measured(command: &mut Command) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let told = folder.path().join("told");
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["-f", "%M", "-o"]).arg(&told).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => timed.env(name, value),
            None => timed.env_remove(name),
        };
    }
    timed.stdin(Stdio::null()).stdout(Stdio::null());
    if timed.status().is_ok_and(|status| status.success()) {
        let told = std::fs::read_to_string(told).unwrap_or_default();
        return told.trim().parse().unwrap_or(0);
    }
    // No such program here: then without the figure.
    quiet(command);
    0
}

/// The same agents, each in a window of its own.
fn in_bare_windows() -> Duration {
    let world = World::new();
    let ids = demo_tabs(&world, TABS);
    quiet(world.tmux().args(["new-session", "-d", "-s", "bench", "sleep", "3600"]));
    let home = world.path("demo");
    let start = Instant::now();
    for (_, id) in &ids {
        let mut window = world.tmux();
        window.args(["new-window", "-d", "-t", "=bench:", "-e"]);
        window.arg(format!("TABCTL_DEMO_HOME={}", home.display()));
        quiet(window.args([tabctl(), "demo-agent", "--resume", id]));
    }
    until_all_hold(&home, &ids);
    start.elapsed()
}

/// Brought back by `tabctl resume`; gives the peak of its memory as well.
fn brought_back() -> (Duration, u64) {
    let world = World::new();
    let ids = demo_tabs(&world, TABS);
    quiet(world.tmux().args(["new-session", "-d", "-s", "bench", "sleep", "3600"]));
    let start = Instant::now();
    let mut resume = world.command(tabctl());
    let peak = measured(resume.args(["resume", "--yes", "--quiet"]));
    until_all_hold(&world.path("demo"), &ids);
    (start.elapsed(), peak)
}

/// An agent locks its conversation when it is ready.
fn until_all_hold(home: &std::path::Path, ids: &[(PathBuf, String)]) {
    for (_, id) in ids {
        let lock = home.join(format!("{id}.lock"));
        let end = Instant::now() + Duration::from_mins(1);
        while !tabctl::sys::file::is_locked(&lock) {
            assert!(Instant::now() < end, "an agent did not start");
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Tabs of the demo's agent that are down, each with a conversation.
fn demo_tabs(world: &World, count: usize) -> Vec<(PathBuf, String)> {
    let store = world.store();
    let home = world.path("demo");
    std::fs::create_dir_all(&home).unwrap();
    std::fs::set_permissions(&home, PermissionsExt::from_mode(0o700)).unwrap();
    (0..count)
        .map(|number| {
            let folder = world.path("home").join(format!("work/tab-{number}"));
            std::fs::create_dir_all(&folder).unwrap();
            let id = format!("4f1c2a9e-7b35-4d18-9c60-{number:012x}");
            std::fs::write(home.join(format!("{id}.jsonl")), "{}\n").unwrap();
            let millis = 1_900_000_000_000;
            let mut session =
                Session::new(TabId::from_parts(millis, number as u128), format!("tab-{number}"));
            let launch = Launch {
                argv: Argv::from_iter([tabctl(), "demo-agent", "--session-id", &id]),
                environment: [("TABCTL_DEMO_HOME".to_owned(), home.display().to_string())].into(),
                ..Launch::default()
            };
            session.agent = Some(Agent {
                kind: "demo".to_owned(),
                session_id: Some(id.clone()),
                launch: Some(launch),
                ..Agent::default()
            });
            let (os, host) = tabctl::sys::clock::machine();
            session.environment = Some(Environment { os, host });
            session.place = Some(Place {
                engine: "tmux".to_owned(),
                session: "bench".to_owned(),
                window: format!("tab-{number}"),
                index: Some(u32::try_from(number).unwrap() + 1),
                ..Place::default()
            });
            store.create(&folder, session).unwrap();
            (folder, id)
        })
        .collect()
}
