//! Processes by what they carry in their environment, and their end.
//! Must not signal a process that carries no mark of the asking world.

use rustix::process::{Pid, Signal, kill_process};

/// A process that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Process id.
    pub pid: u32,
    /// Parent process id.
    pub parent: u32,
    /// The command line, its words joined by spaces.
    pub command: String,
}

/// The processes that were started with `mark` (`NAME=value`) in their environment, by pid.
#[cfg(target_os = "linux")]
pub fn marked(mark: &str) -> Vec<Process> {
    let pids = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let mut found: Vec<Process> = pids.filter_map(|pid| read(pid, mark)).collect();
    found.sort_by_key(|process| process.pid);
    found
}

/// One process, unless it has gone meanwhile, is another user's, a zombie, or without the mark.
#[cfg(target_os = "linux")]
fn read(pid: u32, mark: &str) -> Option<Process> {
    let file = |name: &str| std::fs::read(format!("/proc/{pid}/{name}")).ok();
    file("environ")?.split(|byte| *byte == 0).find(|variable| *variable == mark.as_bytes())?;
    let words = file("cmdline")?;
    let words = String::from_utf8_lossy(words.strip_suffix(b"\0").unwrap_or(&words)).into_owned();
    // After the name in parentheses, which may itself hold any character: state, parent, …
    let stat = String::from_utf8_lossy(&file("stat")?).into_owned();
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let alive = fields.next().is_some_and(|state| !matches!(state, "Z" | "X"));
    let parent = fields.next()?.parse().ok()?;
    alive.then(|| Process { pid, parent, command: words.replace('\0', " ") })
}

/// The processes that were started with `mark` (`NAME=value`) in their environment, by pid.
#[cfg(not(target_os = "linux"))]
pub fn marked(mark: &str) -> Vec<Process> {
    let listing = std::process::Command::new("ps")
        .args(["-axEww", "-o", "pid=,ppid=,command="])
        .output()
        .expect("ps is part of every system without /proc");
    let parse = |line: &str| {
        let line = line.trim_start();
        let (pid, rest) = line.split_once(char::is_whitespace)?;
        let (parent, command) = rest.trim_start().split_once(char::is_whitespace)?;
        // The environment follows the command line, which has no mark of its own.
        let (command, _) = command.split_once(&format!(" {mark}"))?;
        let (pid, parent) = (pid.parse().ok()?, parent.parse().ok()?);
        Some(Process { pid, parent, command: command.to_owned() })
    };
    String::from_utf8_lossy(&listing.stdout).lines().filter_map(parse).collect()
}

/// Of `processes`, `root` and all that descend from it.
pub fn tree(processes: &[Process], root: u32) -> Vec<Process> {
    let mut members: Vec<Process> = Vec::new();
    let mut wave: Vec<u32> = vec![root];
    while let Some(pid) = wave.pop() {
        members.extend(processes.iter().filter(|process| process.pid == pid).cloned());
        wave.extend(processes.iter().filter(|process| process.parent == pid).map(|p| p.pid));
    }
    members
}

/// Ends a process at once. One that has gone meanwhile is fine.
pub fn kill(process: &Process) {
    if let Some(pid) = i32::try_from(process.pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::KILL);
    }
}
