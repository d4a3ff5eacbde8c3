//! How soon `tabctl wait` returns after an agent's hook was called.
//! Must not count the start of the wait itself: it stands and watches before the event comes.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::hook::AGENT;
use super::{TURNS, World, tabctl};

/// Prints the time from a hook's start to the end of the wait, over many turns.
pub fn after_a_hook(world: &World, payload: &Path, tab: &str) {
    let mut all: Vec<Duration> = (0..TURNS + 3).map(|_| turn(world, payload, tab)).collect();
    // The first turns warm the caches.
    all.drain(..3);
    all.sort_unstable();
    let (middle, last) = (all[all.len() / 2], all[all.len() * 99 / 100]);
    let what = format!("hook event to wait, {TURNS} turns");
    println!("{what:34} p50 {middle:.2?}, p99 {last:.2?}, goal for p99 < 50ms");
}

/// One turn: the tab is idle, a wait for `thinking` stands, and a hook says it.
fn turn(world: &World, payload: &Path, tab: &str) -> Duration {
    let status = |state: &str| {
        let mut command = world.command(tabctl());
        command.args(["status", state, "--tab", "tab-0"]).env("TABCTL_TOKEN", "token");
        assert!(command.env("TABCTL_TAB", tab).stdout(Stdio::null()).status().unwrap().success());
    };
    status("idle");
    let mut wait = world.command(tabctl());
    wait.args(["wait", "tab-0", "--for", "thinking", "--timeout", "20s"]);
    let mut waiting = wait.stdout(Stdio::null()).spawn().unwrap();
    watches(waiting.id());
    let start = Instant::now();
    let mut hook: Command = world.command(tabctl());
    hook.env("TABCTL_TAB", tab).env("TABCTL_TOKEN", "token").args(["hook", AGENT]);
    let payload = std::fs::File::open(payload).unwrap();
    let mut hook = hook.stdin(payload).spawn().unwrap();
    assert!(waiting.wait().unwrap().success(), "the wait has seen it");
    let time = start.elapsed();
    assert!(hook.wait().unwrap().success());
    time
}

/// Until the process watches a folder and has had the time for its first look, which found nothing.
fn watches(pid: u32) {
    let folder = format!("/proc/{pid}/fdinfo");
    let is_watching = || {
        let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
        let mut texts = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
        texts.any(|text| text.contains("inotify wd:"))
    };
    let end = Instant::now() + Duration::from_secs(10);
    while !is_watching() {
        assert!(Instant::now() < end, "the wait never watched");
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(Duration::from_millis(60));
}
