//! Systems without a `/proc` that can be relied on: the `sysinfo` crate, `ps` and `lsof`.
//! Must ask about the given processes only, except for who descends from whom.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessStatus, UpdateKind};

use crate::model::proc::{Proc, ProcId};
use crate::sys::run;

use super::table;

/// The longest that `ps` or `lsof` may take.
const LIMIT: Duration = Duration::from_secs(5);

/// For each root, itself and all that descend from it, parents before children.
pub fn below(roots: &[u32]) -> Vec<Vec<u32>> {
    let all = table::by_parent();
    let children = |pid: u32| all.get(&pid).cloned().unwrap_or_default();
    roots.iter().map(|root| table::descent(*root, children)).collect()
}

/// What is seen of each process, in the order asked; nothing of one that has ended.
pub fn processes(pids: &[u32], boot: &str) -> Vec<Option<Proc>> {
    let wanted =
        ProcessRefreshKind::nothing().with_cmd(UpdateKind::Always).with_cwd(UpdateKind::Always);
    let Some(seen) = table::look(Some(pids), wanted) else { return vec![None; pids.len()] };
    let foreground = in_foreground(pids);
    let process = |pid: &u32| {
        let process = seen.process(Pid::from_u32(*pid)).filter(|process| is_alive(process))?;
        Some(Proc {
            id: ProcId { pid: *pid, start: process.start_time(), boot: boot.to_owned() },
            parent: process.parent().map_or(0, Pid::as_u32),
            argv: process.cmd().iter().map(|word| word.to_string_lossy().into_owned()).collect(),
            cwd: process.cwd().map(PathBuf::from),
            foreground: foreground.contains(pid),
        })
    };
    pids.iter().map(process).collect()
}

/// When a process started, in seconds since 1970; nothing if it has ended.
pub fn start(pid: u32) -> Option<u64> {
    let seen = table::look(Some(&[pid]), ProcessRefreshKind::nothing())?;
    seen.process(Pid::from_u32(pid)).filter(|process| is_alive(process)).map(Process::start_time)
}

/// The same with its parent.
pub fn start_and_parent(pid: u32) -> Option<(u64, u32)> {
    let seen = table::look(Some(&[pid]), ProcessRefreshKind::nothing())?;
    let process = seen.process(Pid::from_u32(pid)).filter(|process| is_alive(process))?;
    Some((process.start_time(), process.parent().map_or(0, Pid::as_u32)))
}

/// The CPU time of some processes.
pub fn cpu(pids: &[u32]) -> Duration {
    let seen = table::look(Some(pids), ProcessRefreshKind::nothing().with_cpu());
    let process = |pid: &u32| seen.as_ref()?.process(Pid::from_u32(*pid));
    let milliseconds = pids.iter().filter_map(process).map(Process::accumulated_cpu_time).sum();
    Duration::from_millis(milliseconds)
}

/// The environment that a process was started with, as `NAME=value`.
pub fn environment(pid: u32) -> Vec<String> {
    let wanted = ProcessRefreshKind::nothing().with_environ(UpdateKind::Always);
    let seen = table::look(Some(&[pid]), wanted);
    let process = seen.as_ref().and_then(|seen| seen.process(Pid::from_u32(pid)));
    let entries = process.map(Process::environ).unwrap_or_default();
    entries.iter().map(|entry| entry.to_string_lossy().into_owned()).collect()
}

/// Paths that a process holds open.
pub fn open_files(pid: u32) -> Vec<PathBuf> {
    let output = ask("lsof", &["-w", "-n", "-P", "-F", "fn", "-p", &pid.to_string()]);
    parse_lsof(&output).into_iter().filter(|path| path.is_file()).collect()
}

fn is_alive(process: &Process) -> bool {
    !matches!(process.status(), ProcessStatus::Zombie | ProcessStatus::Dead)
}

/// `sysinfo` does not know the foreground group of a terminal; `ps` does, everywhere.
fn in_foreground(pids: &[u32]) -> HashSet<u32> {
    let list = pids.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    parse_ps(&ask("ps", &["-o", "pid=,pgid=,tpgid=", "-p", &list]))
}

/// What a tool says, or nothing: it is looked up fresh each time, and a wrong guess is worse.
fn ask(program: &str, arguments: &[&str]) -> String {
    let mut command = run::command(program);
    command.args(arguments);
    run::capture(command, LIMIT)
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default()
}

/// From lines of pid, process group and the terminal's foreground group: who is in the foreground.
fn parse_ps(output: &str) -> HashSet<u32> {
    output
        .lines()
        .filter_map(|line| {
            let mut fields = line.split_ascii_whitespace();
            let (pid, group) = (fields.next()?.parse().ok()?, fields.next()?);
            (fields.next()? == group).then_some(pid)
        })
        .collect()
}

/// From field lines (`f` descriptor, `n` name): the names at numbered descriptors, which leaves out
/// the working folder, the program and its libraries.
fn parse_lsof(output: &str) -> Vec<PathBuf> {
    let mut is_numbered = false;
    let mut paths = Vec::new();
    for line in output.lines() {
        if let Some(descriptor) = line.strip_prefix('f') {
            is_numbered = descriptor.starts_with(|c: char| c.is_ascii_digit());
        } else if let Some(name) = line.strip_prefix('n').filter(|name| name.starts_with('/')) {
            paths.extend(is_numbered.then(|| PathBuf::from(name)));
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_foreground_is_the_group_that_the_terminal_says() {
        // `ps -o pid=,pgid=,tpgid=` of a shell with a job behind and a job before it, and a daemon.
        let output = "  812   812   901\n  900   900   901\n  901   901   901\n    1     0    -1\n";
        assert_eq!(parse_ps(output), HashSet::from([901]));
        assert_eq!(parse_ps("error: list of process IDs must follow -p\n"), HashSet::new());
    }

    #[test]
    fn an_open_file_is_one_with_a_number() {
        let output = "p31760\nfcwd\nn/work\nftxt\nn/usr/bin/node\nfmem\nn/lib/libc.so\n\
                      f0\nn/dev/null\nf5\nn/home/me/chat one.jsonl\nf6\nnpipe\nf7\nnlocalhost:80\n";
        let paths = ["/dev/null", "/home/me/chat one.jsonl"].map(PathBuf::from);
        assert_eq!(parse_lsof(output), paths);
    }
}
