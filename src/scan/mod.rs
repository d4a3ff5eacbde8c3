//! The process table, only as far as it is asked about: given processes and the trees below panes.
//! Must not know what an agent is.

#[cfg(target_os = "linux")]
mod linux;
// Built on Linux for its tests alone.
#[cfg(any(test, not(target_os = "linux")))]
#[cfg_attr(target_os = "linux", allow(dead_code))]
mod portable;
mod table;

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use crate::model::proc::{Proc, ProcId};

#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
use portable as system;

/// No tree of processes is deeper in practice.
const MOST_ANCESTORS: usize = 64;

/// The processes of the trees below `roots`, one list per root: the root first, parents before
/// children. What has ended meanwhile or may not be read is left out; a root that has ended has an
/// empty list.
pub fn trees(roots: &[u32], boot: &str) -> Vec<Vec<Proc>> {
    let trees = system::below(roots);
    let pids: Vec<u32> = trees.iter().flatten().copied().collect();
    let mut found = system::processes(&pids, boot).into_iter();
    trees.iter().map(|tree| still_related(found.by_ref().take(tree.len()))).collect()
}

/// One process that lives now.
pub fn process(pid: u32, boot: &str) -> Option<Proc> {
    system::processes(&[pid], boot).pop().flatten()
}

/// The processes above this one, the nearest first, each looked at when it is asked for. It ends where
/// one cannot be seen any more: what has lost its parent belongs to nobody.
pub fn ancestors(boot: &str) -> impl Iterator<Item = ProcId> {
    let seen = |pid: u32| system::start_and_parent(pid).map(|(start, parent)| (pid, start, parent));
    let first = seen(std::os::unix::process::parent_id());
    let above = std::iter::successors(first, move |(_, start, parent)| {
        // A parent that is younger is a stranger with a reused number.
        seen(*parent).filter(|(_, parents, _)| parents <= start)
    });
    let identity = |(pid, start, _)| ProcId { pid, start, boot: boot.to_owned() };
    above.take(MOST_ANCESTORS).map(identity)
}

/// The identity of a process that lives now.
pub fn identity(pid: u32, boot: &str) -> Option<ProcId> {
    let start = system::start(pid)?;
    Some(ProcId { pid, start, boot: boot.to_owned() })
}

/// Whether exactly this process lives (a zombie does not).
pub fn lives(id: &ProcId, boot: &str) -> bool {
    id.boot == boot && system::start(id.pid) == Some(id.start)
}

/// The CPU time that the processes of a tree have used.
pub fn cpu(tree: &[Proc]) -> Duration {
    system::cpu(&tree.iter().map(|process| process.id.pid).collect::<Vec<_>>())
}

/// Environment of a process of ours; empty where it may not be read.
pub fn environment(pid: u32) -> Vec<(String, String)> {
    system::environment(pid)
        .into_iter()
        .filter_map(|entry| {
            let (name, value) = entry.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect()
}

/// The files that a process holds open; no devices, pipes and sockets, nothing that was deleted.
pub fn open_files(pid: u32) -> Vec<PathBuf> {
    system::open_files(pid)
}

/// A tree is read while it changes: keeps the root and what still descends from what was kept, so
/// that a number which was taken by a stranger meanwhile does not bring him in.
fn still_related(tree: impl Iterator<Item = Option<Proc>>) -> Vec<Proc> {
    let mut kept: Vec<Proc> = Vec::new();
    let mut pids = HashSet::new();
    for (place, process) in tree.enumerate() {
        let Some(process) = process else { continue };
        if place == 0 || pids.contains(&process.parent) {
            pids.insert(process.id.pid);
            kept.push(process);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test says what it expects by failing

    use std::io::{BufRead, BufReader};
    use std::process::{Child, Stdio};

    use super::*;
    use crate::sys::run;

    /// A shell in `/` with a child, and the file that it holds open.
    struct Family {
        shell: Child,
        child: u32,
        file: tempfile::NamedTempFile,
    }

    impl Family {
        fn start() -> Family {
            let file = tempfile::NamedTempFile::new().unwrap();
            let script = "exec 7<\"$1\"; sleep 300 & echo $!; wait";
            let mut shell = run::command("sh");
            shell.args(["-c", script, "sh"]).arg(file.path()).current_dir("/");
            shell.env("TABCTL_TEST_MARK", "a=b c").stdout(Stdio::piped());
            let mut shell = shell.spawn().unwrap();
            let mut line = String::new();
            BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let child = line.trim().parse().unwrap();
            // Its number is known before it has become `sleep`.
            while process(child, "").unwrap().argv != ["sleep", "300"] {
                std::thread::sleep(Duration::from_millis(1));
            }
            Family { shell, child, file }
        }
    }

    impl Drop for Family {
        fn drop(&mut self) {
            let child = i32::try_from(self.child).ok().and_then(rustix::process::Pid::from_raw);
            let _ = rustix::process::kill_process(child.unwrap(), rustix::process::Signal::KILL);
            let _ = self.shell.kill();
            let _ = self.shell.wait();
        }
    }

    #[test]
    fn a_tree_has_the_root_first_then_what_it_started() {
        let family = Family::start();
        let shell = family.shell.id();
        let trees = trees(&[shell, 0, shell], "boot");
        let [tree, nobody, again] = trees.as_slice() else { panic!("{trees:?}") };
        assert_eq!(nobody, &Vec::new());
        assert_eq!(tree, again);
        let [root, child] = tree.as_slice() else { panic!("{tree:?}") };
        assert_eq!((root.id.pid, root.parent), (shell, std::process::id()));
        assert_eq!(root.argv.last().unwrap(), family.file.path().to_str().unwrap());
        assert_eq!(root.cwd.as_deref(), Some(std::path::Path::new("/")));
        assert_eq!((child.id.pid, child.parent), (family.child, shell));
        assert_eq!(child.argv, ["sleep", "300"]);
        assert_eq!(process(family.child, "boot").as_ref(), Some(child));
    }

    #[test]
    fn the_ancestors_come_nearest_first() {
        let above: Vec<ProcId> = ancestors("boot").collect();
        assert_eq!(above[0].pid, std::os::unix::process::parent_id());
        let parent = |id: &ProcId| process(id.pid, "boot").unwrap().parent;
        assert!(above.windows(2).all(|pair| parent(&pair[0]) == pair[1].pid));
        assert_eq!(Some(&above[0]), identity(above[0].pid, "boot").as_ref());
    }

    #[test]
    fn a_child_of_any_thread_is_a_child() {
        let family = std::thread::spawn(Family::start).join().unwrap();
        let tree = trees(&[std::process::id()], "boot").pop().unwrap();
        assert!(tree.iter().any(|process| process.id.pid == family.child));
    }

    #[test]
    fn an_identity_ends_with_its_process_and_its_boot() {
        let mut child = run::command("sleep").arg("300").spawn().unwrap();
        let id = identity(child.id(), "boot").unwrap();
        assert!(lives(&id, "boot"));
        assert!(!lives(&id, "another boot"));
        assert!(!lives(&ProcId { start: id.start + 1, ..id.clone() }, "boot"), "a reused number");

        child.kill().unwrap();
        while lives(&id, "boot") {
            std::thread::sleep(Duration::from_millis(1));
        }
        // Not waited for yet: a zombie is nobody.
        assert_eq!(identity(child.id(), "boot"), None);
        assert_eq!(trees(&[child.id()], "boot"), [Vec::new()]);
        child.wait().unwrap();
        assert!(!lives(&id, "boot"));
    }

    /// A terminal in which a shell with job control has a job behind and a job before it.
    struct Terminal(tempfile::TempDir);

    impl Terminal {
        fn tmux(&self, words: &[&str]) -> String {
            let mut tmux = run::command("tmux");
            tmux.args(["-f", "/dev/null", "-S"]).arg(self.0.path().join("s")).args(words);
            let output = run::capture(tmux, Duration::from_secs(20)).unwrap();
            String::from_utf8(output.stdout).unwrap()
        }
    }

    impl Drop for Terminal {
        fn drop(&mut self) {
            self.tmux(&["kill-server"]);
        }
    }

    #[test]
    fn only_the_job_that_has_the_terminal_is_in_the_foreground() {
        let folder = tempfile::Builder::new().prefix("tabctl").tempdir().unwrap();
        let terminal = Terminal(folder);
        let jobs = ["sh", "-mc", "sleep 301 & sleep 302; exit"];
        let print = ["new-session", "-d", "-P", "-F", "#{pane_pid}", "--"];
        let root = terminal.tmux(&[&print[..], &jobs[..]].concat()).trim().parse().unwrap();
        let job = |argv: [&str; 2]| {
            let tree = trees(&[root], "boot").concat();
            tree.into_iter().find(|process| process.argv == argv)
        };
        let (behind, before) = loop {
            let jobs = (job(["sleep", "301"]), job(["sleep", "302"]));
            if let (Some(behind), Some(before)) = jobs
                && before.foreground
            {
                break (behind, before);
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        assert!(!behind.foreground);
        let seen = portable::processes(&[behind.id.pid, before.id.pid], "boot");
        let seen: Vec<_> = seen.iter().flatten().map(|process| process.foreground).collect();
        assert_eq!(seen, [false, true], "the portable way");
    }

    #[test]
    fn environment_and_open_files_are_read() {
        let family = Family::start();
        let environment = environment(family.shell.id());
        let mark = environment.iter().find(|(name, _)| name == "TABCTL_TEST_MARK").unwrap();
        assert_eq!(mark.1, "a=b c");
        let open = open_files(family.shell.id());
        assert!(open.iter().any(|path| path == family.file.path()), "{open:?}");
        assert_eq!(super::environment(0), []);
        assert_eq!(open_files(0), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_stranger_with_a_reused_number_is_left_out() {
        let member = |pid, parent| {
            let id = ProcId { pid, start: 1, boot: "boot".to_owned() };
            Some(Proc { id, parent, argv: Vec::new(), cwd: None, foreground: false })
        };
        let tree = [member(10, 1), None, member(12, 11), member(13, 10), member(14, 13)];
        let kept: Vec<u32> = still_related(tree.into_iter()).iter().map(|p| p.id.pid).collect();
        assert_eq!(kept, [10, 13, 14]);
        assert_eq!(still_related([None, member(13, 10)].into_iter()), []);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_portable_way_sees_the_same() {
        let family = Family::start();
        let roots = [family.shell.id(), 0];
        let by_proc = linux::below(&roots);
        assert_eq!(portable::below(&roots), by_proc);

        let pids = by_proc.concat();
        let same_clock = |mut seen: Vec<Option<Proc>>| {
            seen.iter_mut().flatten().for_each(|process| process.id.start = 0);
            seen
        };
        let portable_view = same_clock(portable::processes(&pids, "boot"));
        assert_eq!(portable_view, same_clock(linux::processes(&pids, "boot")));
        assert!(portable::start(family.child).is_some() && portable::start(0).is_none());
        assert_eq!(portable::environment(family.child), linux::environment(family.child));
    }
}
