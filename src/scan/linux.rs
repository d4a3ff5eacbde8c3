//! Linux: plain reads of `/proc`, a few microseconds per process.
//! Must treat every entry as one that may vanish between two reads.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::model::proc::{Proc, ProcId};

use super::table;

/// For each root, itself and all that descend from it, parents before children.
pub fn below(roots: &[u32]) -> Vec<Vec<u32>> {
    if lists_children() {
        return roots.iter().map(|root| table::descent(*root, children)).collect();
    }
    let all = table::by_parent();
    let children = |pid: u32| all.get(&pid).cloned().unwrap_or_default();
    roots.iter().map(|root| table::descent(*root, children)).collect()
}

/// What is seen of each process, in the order asked; nothing of one that has ended.
pub fn processes(pids: &[u32], boot: &str) -> Vec<Option<Proc>> {
    pids.iter().map(|pid| process(*pid, boot)).collect()
}

/// When a process started, in clock ticks since boot; nothing if it has ended.
pub fn start(pid: u32) -> Option<u64> {
    stat(pid).map(|stat| stat.start)
}

/// The same with its parent.
pub fn start_and_parent(pid: u32) -> Option<(u64, u32)> {
    stat(pid).map(|stat| (stat.start, stat.parent))
}

/// In which `/proc` counts CPU time: the kernel's `USER_HZ` is 100 on every system that tabctl is
/// built for, whatever its own clock.
const TICK: Duration = Duration::from_millis(10);

/// The CPU time of some processes, with that of their children that have ended.
pub fn cpu(pids: &[u32]) -> Duration {
    let ticks: u64 = pids.iter().filter_map(|pid| Some(stat(*pid)?.cpu)).sum();
    TICK.saturating_mul(u32::try_from(ticks).unwrap_or(u32::MAX))
}

/// The environment that a process was started with, as `NAME=value`.
pub fn environment(pid: u32) -> Vec<String> {
    strings(&entry(pid, "environ"))
}

/// Paths that a process holds open.
pub fn open_files(pid: u32) -> Vec<PathBuf> {
    let Ok(descriptors) = fs::read_dir(entry(pid, "fd")) else { return Vec::new() };
    descriptors
        .filter_map(|descriptor| fs::read_link(descriptor.ok()?.path()).ok())
        .filter(|path| path.is_absolute() && !path.starts_with("/dev") && !is_deleted(path))
        .collect()
}

fn process(pid: u32, boot: &str) -> Option<Proc> {
    let stat = stat(pid)?;
    Some(Proc {
        id: ProcId { pid, start: stat.start, boot: boot.to_owned() },
        parent: stat.parent,
        argv: strings(&entry(pid, "cmdline")),
        cwd: fs::read_link(entry(pid, "cwd")).ok().filter(|path| !is_deleted(path)),
        foreground: stat.group == stat.foreground_group,
    })
}

fn entry(pid: u32, name: &str) -> PathBuf {
    PathBuf::from(format!("/proc/{pid}/{name}"))
}

/// The kernel appends this to the target of a link into a file that is not there any more.
fn is_deleted(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b" (deleted)") && !path.exists()
}

/// Strings that each end in a zero byte.
fn strings(path: &Path) -> Vec<String> {
    let bytes = fs::read(path).unwrap_or_default();
    let text = bytes.strip_suffix(b"\0").unwrap_or(&bytes);
    if text.is_empty() {
        return Vec::new();
    }
    text.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

/// Whether this kernel was built to list children; it says so of this very process.
fn lists_children() -> bool {
    let own = fs::metadata("/proc/thread-self/children");
    !own.is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

/// A child belongs to the thread that started it, so every thread is asked.
fn children(pid: u32) -> Vec<u32> {
    let Ok(threads) = fs::read_dir(entry(pid, "task")) else { return Vec::new() };
    threads
        .filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("children")).ok())
        .flat_map(|line| line.split(' ').filter_map(|pid| pid.parse().ok()).collect::<Vec<u32>>())
        .collect()
}

/// The fields of `/proc/PID/stat` that are asked about.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    parent: u32,
    group: i32,
    /// The foreground process group of its terminal; -1 without a terminal.
    foreground_group: i32,
    start: u64,
    /// Clock ticks of CPU time, with those of its children that have ended.
    cpu: u64,
}

fn stat(pid: u32) -> Option<Stat> {
    // One call reads it all: it is shorter than this, and its length is not known beforehand.
    let mut line = [0; 1024];
    let read = fs::File::open(entry(pid, "stat")).ok()?.read(&mut line).ok()?;
    parse_stat(&line[..read])
}

/// `PF_EXITING` of the kernel's `sched.h`: it will not come back to its program any more.
const EXITING: u32 = 0x4;

/// Nothing for a zombie: it has ended, only its parent has not asked how. Nor for one that is being
/// taken apart, which takes a moment for a large process.
fn parse_stat(line: &[u8]) -> Option<Stat> {
    // The second field is a name that a program chooses, with spaces and parentheses if it likes;
    // what follows the last one is numbers.
    let close = line.iter().rposition(|byte| *byte == b')')?;
    let rest = str::from_utf8(&line[close + 1..]).ok()?;
    let field = |number: usize| rest.split_ascii_whitespace().nth(number - 3);
    let flags: u32 = field(9)?.parse().ok()?;
    if matches!(field(3)?, "Z" | "X" | "x") || flags & EXITING != 0 {
        return None;
    }
    Some(Stat {
        parent: field(4)?.parse().ok()?,
        group: field(5)?.parse().ok()?,
        foreground_group: field(8)?.parse().ok()?,
        start: field(22)?.parse().ok()?,
        cpu: (14..=17).filter_map(|number| field(number)?.parse::<u64>().ok()).sum(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_cannot_forge_its_line_by_its_name() {
        let line =
            b"17 (a) R 1 (b \xff) S 12 34 56 7 34 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2";
        let stat = Stat { parent: 12, group: 34, foreground_group: 34, start: 987_654, cpu: 26 };
        assert_eq!(parse_stat(line), Some(stat));
    }

    #[test]
    fn a_zombie_and_a_torn_line_are_nobody() {
        let zombie = b"17 (sh) Z 12 34 56 7 34 4194304 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2";
        let exiting = b"17 (sh) R 12 34 56 7 34 4194308 1 2 3 4 5 6 7 8 20 0 1 0 987654 1 2";
        for line in
            [&zombie[..], exiting, b"", b"17 (sh", b"17 (sh) S 12 34", b"17 (sh) S a b c d e f"]
        {
            assert_eq!(parse_stat(line), None, "{}", String::from_utf8_lossy(line));
        }
    }
}
