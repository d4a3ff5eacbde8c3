//! tabctl under `strace`: which system calls a run makes, and what becomes of it when one of them
//! fails or is its last. Must not be used where the traced run leaves a server behind: strace waits.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::run::Run;
use super::world::World;

/// One system call, as far as it can be told by its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Its name: `openat`.
    pub name: String,
    /// The how-manieth of this name it is in its process, from 1: what `when=` counts.
    pub number: u32,
    /// Its arguments and result as strace writes them.
    pub text: String,
    /// Made by the program itself, and not by one that it has started.
    pub is_own: bool,
}

/// A run and what was seen of it.
pub struct Traced {
    /// What it did.
    pub run: Run,
    /// Its system calls, and those of its children, in order.
    pub calls: Vec<Call>,
}

/// Runs tabctl in `folder` under strace with `options`, such as `-e trace=execve`.
///
/// # Panics
/// If it takes longer than `limit`, or if strace is not there.
pub fn traced<S: AsRef<OsStr>>(
    world: &World,
    options: &[&str],
    limit: Duration,
    folder: &Path,
    args: impl IntoIterator<Item = S>,
) -> Traced {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let log = world.path(&format!("trace.{number}"));
    let mut command: Command = world.command("strace");
    command.args(["-f", "-qq", "-s", "4096", "-o"]).arg(&log).args(options);
    command.arg("--").arg(env!("CARGO_BIN_EXE_tabctl")).args(args).current_dir(folder);
    let run = Run::within(limit, &mut command);
    // Arguments can be any bytes; strace writes them as escapes.
    let text = std::fs::read_to_string(&log).unwrap_or_else(|error| {
        panic!("strace left no trace ({error}): is it installed, and may it trace?\n{run}")
    });
    let _ = std::fs::remove_file(log);
    Traced { run, calls: calls(&text) }
}

/// Reads a trace. The second half of a call that others interrupted is passed over.
fn calls(text: &str) -> Vec<Call> {
    let mut counts: HashMap<(&str, &str), u32> = HashMap::new();
    let mut calls = Vec::new();
    let mut own = None;
    for line in text.lines() {
        let Some((pid, call)) = line.split_once(' ') else { continue };
        let is_own = *own.get_or_insert(pid) == pid;
        let Some((name, text)) = call.trim_start().split_once('(') else { continue };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            continue;
        }
        let number = counts.entry((pid, name)).or_default();
        *number += 1;
        calls.push(Call { name: name.to_owned(), number: *number, text: text.to_owned(), is_own });
    }
    calls
}

impl Call {
    /// The program and the arguments of an `execve`.
    pub fn program(&self) -> (&str, Vec<&str>) {
        let program = self.text.split('"').nth(1).unwrap_or_default();
        let words = self.text.split_once('[').map_or("", |(_, rest)| rest);
        let words = words.split_once(']').map_or("", |(words, _)| words);
        (program, words.split('"').skip(1).step_by(2).collect())
    }

    /// Whether it names this file of the workspace.
    pub fn names(&self, file: &str) -> bool {
        self.text.contains(&format!("/{file}\"")) || self.text.contains(&format!("\"{file}\""))
    }
}

#[test]
fn a_trace_is_read_as_strace_writes_it() {
    let seen = calls(
        "12 execve(\"/usr/bin/tmux\", [\"tmux\", \"-V\"], 0x7ffd /* 9 vars */) = 0\n\
         12 openat(AT_FDCWD, \"/w/.session.yaml\", O_RDONLY) = 3\n\
         13 openat(3, \".session.yaml\", O_RDONLY <unfinished ...>\n\
         12 openat(AT_FDCWD, \"/w/x\", O_RDONLY) = -1 ENOENT (No such file or directory)\n\
         13 <... openat resumed>) = 4\n\
         12 --- SIGCHLD {si_signo=SIGCHLD} ---\n\
         12 +++ exited with 0 +++\n",
    );
    let names: Vec<_> = seen.iter().map(|call| (call.name.as_str(), call.number)).collect();
    assert_eq!(names, [("execve", 1), ("openat", 1), ("openat", 1), ("openat", 2)]);
    assert_eq!(seen[0].program(), ("/usr/bin/tmux", vec!["tmux", "-V"]));
    assert!(seen[1].names(".session.yaml") && seen[2].names(".session.yaml"));
    assert!(!seen[3].names(".session.yaml"));
}
