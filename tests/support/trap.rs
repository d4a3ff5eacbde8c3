//! A cloned repository that tries everything at once, and a tabctl that is watched in it: what it
//! starts, prints and changes. Must not be used for commands that leave a server behind.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tabctl::store::Trust;

use self::Effect::Writes;
use super::hostile::CANARY;
use super::inside::store;
use super::run::Run;
use super::trace::{Traced, traced};
use super::world::World;

/// No command may take longer, whatever lies in the folder.
const LIMIT: Duration = Duration::from_secs(20);

/// What a command may do with a session file that it is pointed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing, ever.
    Reads,
    /// A person changes this tab with it: a well-formed file may change, a broken one may not.
    Writes,
}

/// A command line, and what it may do.
pub type Line = (Effect, &'static [&'static str]);

/// A world with a cloned repository in it that tries everything at once.
pub struct Trap {
    /// Its world.
    pub world: World,
    /// The repository's folder.
    pub folder: PathBuf,
    /// What is tried, for messages.
    pub name: String,
}

impl Trap {
    /// A trap in a workspace of that name.
    pub fn new(name: &str, folder: &str) -> Trap {
        let mut world = World::new();
        let programs = world.path("bin");
        std::fs::create_dir(&programs).unwrap();
        world.put_on_path(&programs);
        let folder = world.workspace(folder);
        let trap = Trap { world, folder, name: name.to_owned() };
        // What a hole would start: an agent in PATH, programs beside the file, what git could run.
        trap.program(&programs.join("claude"), "[ \"$1\" = --version ] ||");
        for name in ["claude", "sh", "git", "tmux", "x"] {
            trap.program(&trap.folder.join(name), "");
        }
        let git = trap.folder.join(".git");
        for part in ["objects", "refs/heads", "info", "hooks"] {
            std::fs::create_dir_all(git.join(part)).unwrap();
        }
        std::fs::write(git.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        let x = trap.folder.join("x");
        let config = format!(
            "[core]\nrepositoryformatversion = 0\nfsmonitor = {0}\nhooksPath = {1}\npager = {0}\n\
             sshCommand = {0}\n[alias]\nls-files = !{0}\n[diff]\nexternal = {0}\n",
            x.display(),
            trap.folder.display()
        );
        std::fs::write(git.join("config"), config).unwrap();
        trap
    }

    /// The session file; the test puts it there.
    pub fn file(&self) -> PathBuf {
        self.folder.join(".session.yaml")
    }

    /// Is there once something of the repository ran.
    pub fn canary(&self) -> PathBuf {
        self.world.path("canary")
    }

    /// A program that leaves a trace of having run, `unless` that was to be expected.
    fn program(&self, path: &Path, unless: &str) {
        let script = format!("#!/bin/sh\n{unless} echo \"$0\" >>{}\n", self.canary().display());
        std::fs::write(path, script).unwrap();
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    }

    /// Runs a line; nothing but tabctl, tmux, git and systemctl is started, and nothing raw is printed.
    pub fn run(&self, line: &[&str]) -> Run {
        let options = ["-e", "trace=execve,execveat", "--seccomp-bpf"];
        let line = ["--color", "always"].iter().chain(line);
        let Traced { run, calls } = traced(&self.world, &options, LIMIT, &self.folder, line);
        let name = &self.name;
        assert!(!calls.is_empty(), "{name}: strace saw nothing, not even tabctl\n{run}");
        for call in &calls {
            let (program, words) = call.program();
            let base = program.rsplit('/').next().unwrap_or_default();
            let is_version = run.line.contains(" doctor") && words.get(1) == Some(&"--version");
            let ours = program == env!("CARGO_BIN_EXE_tabctl");
            let beside = program.starts_with(&*self.folder.to_string_lossy());
            assert!(
                !beside && (ours || ["tmux", "git", "systemctl"].contains(&base) || is_version),
                "{name}: started {program} {words:?}\n{run}"
            );
        }
        assert!(!self.canary().exists(), "{name}: something of it ran\n{run}");
        assert!(!Path::new("/tmp/tabctl-canary").exists(), "{name}: {CANARY} ran\n{run}");
        assert!(run.status.is_some_and(|code| code <= 17), "{name}: broke off\n{run}");
        for text in [&run.stdout, &run.stderr] {
            let raw = raw(text);
            assert!(raw.is_empty(), "{name}: printed {raw:?}\n{}\n{text:?}", run.line);
        }
        run
    }

    /// Runs these lines; the file stays as it is, or is changed by a command that may.
    pub fn run_all(&self, lines: impl IntoIterator<Item = &'static Line>) {
        let node = Node::of(&self.file());
        for (effect, line) in lines {
            let (before, well_formed) = (self.bytes(), self.well_formed());
            let run = self.run(line);
            let after = self.bytes();
            if before == after {
                continue;
            }
            assert!(*effect == Writes && well_formed, "{}: was changed\n{run}", self.name);
            let trust = store(&self.world).load(&self.file()).unwrap().trust;
            assert_ne!(trust, Trust::Trusted, "{}: was trusted\n{run}", self.name);
        }
        assert_eq!(Node::of(&self.file()), node, "{}: is something else now", self.name);
    }

    /// The bytes of a plain file; of anything else nothing is read, it could block.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let metadata = std::fs::symlink_metadata(self.file()).ok()?;
        let small = metadata.is_file() && metadata.len() < 1 << 20;
        small.then(|| std::fs::read(self.file()).unwrap())
    }

    fn well_formed(&self) -> bool {
        store(&self.world).load(&self.file()).is_ok()
    }
}

/// What stands at a path: kind, size if it is not a plain small file, and where a link leads.
#[derive(Debug, PartialEq, Eq)]
struct Node(String);

impl Node {
    fn of(path: &Path) -> Node {
        let Ok(metadata) = std::fs::symlink_metadata(path) else { return Node("none".to_owned()) };
        let link = std::fs::read_link(path).unwrap_or_default();
        let size = if metadata.is_file() && metadata.len() < 1 << 20 { 0 } else { metadata.len() };
        Node(format!("{:?} {size} {}", metadata.file_type(), link.display()))
    }
}

/// What a terminal would obey: controls, C1, bidi and line separators, and escapes other than the
/// colours that tabctl itself asks for. Bytes that are not UTF-8 are shown as one as well.
fn raw(text: &str) -> Vec<char> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(after.len());
        match after[end..].strip_prefix('m') {
            Some(after) => rest = after,
            None => return vec!['\u{1b}'],
        }
    }
    plain.push_str(rest);
    let is_raw = |c: &char| {
        matches!(u32::from(*c),
            0..=9 | 11..=0x1f | 0x7f..=0x9f | 0x61c | 0x200e | 0x200f | 0x2028..=0x202e
            | 0x2066..=0x2069 | 0xfffd | 0xe0000..=0xe007f)
    };
    plain.chars().filter(is_raw).collect()
}

#[test]
fn raw_bytes_are_found_and_colours_are_not() {
    assert!(raw("\u{1b}[1;31mred\u{1b}[0m é 日本 👍\n").is_empty());
    for hostile in ["\u{1b}]0;x\u{7}", "\u{1b}[2J", "\u{9b}31m", "a\rb", "\u{202e}", "\u{fffd}"] {
        assert!(!raw(hostile).is_empty(), "{hostile:?}");
    }
}
