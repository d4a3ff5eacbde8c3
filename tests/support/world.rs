//! A sealed world: its own home, its own tabctl folders, its own tmux server, a bare environment.
//! Must leave nothing behind, and must not touch a process or a file that is not its own.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::processes::{self, Process};
use super::run::Run;

/// A world for one test. Worlds do not see each other, so tests run in parallel.
pub struct World {
    root: PathBuf,
    boot: AtomicU32,
    variables: BTreeMap<String, OsString>,
}

impl World {
    /// An empty world; nothing runs in it yet.
    pub fn new() -> World {
        let root = make_root();
        for folder in ["home", "config", "state", "run"] {
            std::fs::create_dir(root.join(folder)).expect("the folder is new");
        }
        let mut world = World { root, boot: AtomicU32::new(1), variables: BTreeMap::new() };
        world.set("PATH", std::env::var_os("PATH").unwrap_or_default());
        let tested = Path::new(env!("CARGO_BIN_EXE_tabctl"));
        world.put_on_path(tested.parent().expect("a file has a folder"));
        world
    }

    /// The home folder of the world's user.
    pub fn home(&self) -> PathBuf {
        self.root.join("home")
    }

    /// A workspace folder of this name, made if it is not there.
    pub fn workspace(&self, name: &str) -> PathBuf {
        let folder = self.home().join("work").join(name);
        std::fs::create_dir_all(&folder).expect("the home is writable");
        folder
    }

    /// A path for a file of the test's own, outside the home.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Sets a variable for everything that is started from now on.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.insert(name.to_owned(), value.into());
    }

    /// Takes a variable away again.
    pub fn unset(&mut self, name: &str) {
        self.variables.remove(name);
    }

    /// Makes the programs of `folder` the first to be found.
    pub fn put_on_path(&mut self, folder: &Path) {
        let known = self.variables.get("PATH").cloned().unwrap_or_default();
        let all = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&known));
        self.set("PATH", std::env::join_paths(all).expect("no folder has a colon in its name"));
    }

    /// A command that sees this world alone; it starts in the home folder.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.home()).env_clear();
        command.envs([
            ("HOME", self.home()),
            ("TABCTL_CONFIG_DIR", self.root.join("config")),
            ("TABCTL_STATE_DIR", self.root.join("state")),
            ("TABCTL_RUNTIME_DIR", self.root.join("run")),
            ("TABCTL_TMUX_SOCKET", self.socket()),
            ("TABCTL_TMUX_CONF", PathBuf::from("/dev/null")),
        ]);
        command.envs([("SHELL", "/bin/sh"), ("TERM", "xterm-256color"), ("LANG", "C.UTF-8")]);
        command.env("TABCTL_BOOT_ID", format!("boot-{}", self.boot.load(Ordering::SeqCst)));
        command.envs(&self.variables);
        command
    }

    /// Runs tabctl in the home folder.
    pub fn tabctl<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        self.tabctl_in(&self.home(), args)
    }

    /// Runs tabctl in `folder`.
    pub fn tabctl_in<S: AsRef<OsStr>>(
        &self,
        folder: &Path,
        args: impl IntoIterator<Item = S>,
    ) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_tabctl"));
        command.current_dir(folder).args(args);
        Run::of(&mut command)
    }

    /// Runs tabctl as a program in `pane` would: with the pane's variables, in `folder`.
    pub fn tabctl_from_pane<S: AsRef<OsStr>>(
        &self,
        pane: &str,
        folder: &Path,
        args: impl IntoIterator<Item = S>,
    ) -> Run {
        let tmux = self.tmux(["display-message", "-p", "-t", pane, "#{socket_path},#{pid},0"]).ok();
        let mut command = self.command(env!("CARGO_BIN_EXE_tabctl"));
        command.env("TMUX", tmux.stdout.trim()).env("TMUX_PANE", pane);
        command.current_dir(folder).args(args);
        Run::of(&mut command)
    }

    /// Runs a command of the world's own tmux server.
    pub fn tmux<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        let mut command = self.command("tmux");
        command.args(["-u", "-f", "/dev/null", "-S"]).arg(self.socket()).args(args);
        Run::of(&mut command)
    }

    /// The socket of the world's tmux server.
    pub fn socket(&self) -> PathBuf {
        self.root.join("tmux.sock")
    }

    /// Every process that was started in this world and lives.
    pub fn processes(&self) -> Vec<Process> {
        processes::marked(&format!("TABCTL_STATE_DIR={}", self.root.join("state").display()))
    }

    /// Ends the tmux server and all that runs in its panes, at once and without a word.
    pub fn kill_server(&self) {
        let server = self.tmux(["display-message", "-p", "#{pid}"]).ok().stdout;
        let server = server.trim().parse().expect("a process id");
        let doomed = processes::tree(&self.processes(), server);
        doomed.iter().for_each(processes::kill);
        self.wait_until("the tmux server's processes to be gone", Duration::from_secs(10), || {
            let living = self.processes();
            doomed.iter().all(|gone| living.iter().all(|process| process.pid != gone.pid))
        });
    }

    /// Pulls the plug: all processes end, and what starts next is of another boot. The runtime
    /// folder is kept, which is the harder case: nothing in it may be believed.
    pub fn reboot(&self) {
        self.kill_all();
        let _ = std::fs::remove_file(self.socket());
        self.boot.fetch_add(1, Ordering::SeqCst);
    }

    fn kill_all(&self) {
        // What forks while it is being killed is found in the next round.
        for _ in 0..200 {
            let living = self.processes();
            if living.is_empty() {
                return;
            }
            living.iter().for_each(processes::kill);
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until `holds`; at the limit the test fails and shows every screen.
    #[track_caller]
    pub fn wait_until(&self, what: &str, limit: Duration, mut holds: impl FnMut() -> bool) {
        self.wait_for(what, limit, || holds().then_some(()));
    }

    /// Waits until `look` finds something; at the limit the test fails and shows every screen.
    #[track_caller]
    pub fn wait_for<T>(
        &self,
        what: &str,
        limit: Duration,
        mut look: impl FnMut() -> Option<T>,
    ) -> T {
        let end = Instant::now() + limit;
        loop {
            if let Some(found) = look() {
                return found;
            }
            let late = Instant::now() > end;
            assert!(!late, "waited {} s for {what}\n{}", limit.as_secs(), self.screens());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.kill_all();
        if std::env::var_os("TABCTL_TEST_KEEP").is_some() {
            eprintln!("kept: {}", self.root.display());
        } else {
            let _ = std::fs::remove_dir_all(&self.root);
        }
    }
}

/// A new folder for this user alone. It stands in the user's cache folder: in no repository, so that
/// the project's own `.git` stays out of it, and not below `/tmp`, where some agents refuse to work.
fn make_root() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let base = cache.or(home).unwrap_or_else(std::env::temp_dir).join("tabctl-tests");
    std::fs::create_dir_all(&base).expect("the cache folder is writable");
    let base = base.canonicalize().expect("it was just made");
    let folder = tempfile::Builder::new().prefix("w.").tempdir_in(base).expect("it is writable");
    let root = folder.keep();
    // A socket's path is limited to 104 bytes on macOS and 108 on Linux.
    let length = root.join("tmux.sock").as_os_str().len();
    assert!(length < 104, "{} is too long for a socket; set XDG_CACHE_HOME", root.display());
    root
}
