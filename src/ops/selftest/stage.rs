//! A private world: folders and a tmux server of its own, a boot of its own, gone at the end.
//! Must not touch a process that does not descend from its own server.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::config::{self, Settings};
use crate::model::id::TabId;
use crate::model::pane::PaneId;
use crate::model::proc::ProcId;
use crate::model::row::Row;
use crate::ops::{Ctx, list};
use crate::scan;
use crate::sys::signals::{self, Held};
use crate::sys::{clock, file, paths::Paths, run, watch};

use super::stuck;

/// The longest that one command may take.
const LIMIT: Duration = Duration::from_secs(90);
/// The longest that what was killed may take to be gone.
const END_LIMIT: Duration = Duration::from_secs(10);

/// The world.
pub struct Stage {
    /// What tabctl sees in it.
    pub ctx: Ctx,
    /// Its folder.
    pub folder: PathBuf,
    variables: BTreeMap<OsString, OsString>,
    held: Held,
    boot: u32,
    keep: bool,
}

impl Stage {
    /// One that sees nothing of the person's but `PATH`.
    pub fn sealed(keep: bool) -> Result<Stage> {
        let folder = std::env::temp_dir().join(name()?);
        let paths = Paths {
            home: folder.join("home"),
            config: folder.join("config"),
            state: folder.join("state"),
            runtime: folder.join("run"),
        };
        let variables = ["PATH", "LANG", "LC_ALL"].into_iter();
        let mut variables: BTreeMap<OsString, OsString> =
            variables.filter_map(|name| Some((name.into(), std::env::var_os(name)?))).collect();
        variables.insert("HOME".into(), paths.home.clone().into());
        variables.insert("SHELL".into(), "/bin/sh".into());
        variables.insert("TERM".into(), "xterm-256color".into());
        Stage::set(&folder, paths, variables, keep)
    }

    /// One for the person's own agent: with its home and environment, and without what is tabctl's.
    pub fn open(keep: bool, paths: &Paths) -> Result<Stage> {
        // Some agents refuse to work below /tmp.
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let cache = cache.filter(|cache| cache.is_absolute());
        let base = cache.unwrap_or_else(|| paths.home.join(".cache"));
        let base = if base.is_dir() { base } else { std::env::temp_dir() };
        let folder = base.join(name()?);
        let paths =
            Paths { state: folder.join("state"), runtime: folder.join("run"), ..paths.clone() };
        let is_ours = |name: &OsString| {
            let name = name.to_string_lossy();
            name.starts_with("TABCTL_") || name == "TMUX" || name == "TMUX_PANE"
        };
        let variables = std::env::vars_os().filter(|(name, _)| !is_ours(name)).collect();
        Stage::set(&folder, paths, variables, keep)
    }

    fn set(
        folder: &Path,
        paths: Paths,
        mut variables: BTreeMap<OsString, OsString>,
        keep: bool,
    ) -> Result<Stage> {
        let held = Held::hold()?;
        file::private_dir(folder)?;
        // Where the folder of temporary files is a link, what runs there shows the real one.
        let folder = folder.canonicalize()?;
        for made in [&paths.home, &paths.state, &paths.runtime] {
            file::make_folders(made)?;
        }
        let socket = folder.join("tmux");
        // Any other program of that name is not the one that is tested.
        let own = std::env::current_exe()?;
        let path = variables.get(&OsString::from("PATH")).cloned().unwrap_or_default();
        let own = own.parent().map(Path::to_owned);
        let all = own.into_iter().chain(std::env::split_paths(&path));
        variables.insert("PATH".into(), std::env::join_paths(all)?);
        for (name, value) in [
            ("TABCTL_CONFIG_DIR", paths.config.as_os_str()),
            ("TABCTL_STATE_DIR", paths.state.as_os_str()),
            ("TABCTL_RUNTIME_DIR", paths.runtime.as_os_str()),
            ("TABCTL_TMUX_SOCKET", socket.as_os_str()),
            ("TABCTL_TMUX_CONF", "/dev/null".as_ref()),
            ("TABCTL_SESSION", "selftest".as_ref()),
            ("TABCTL_GIT_EXCLUDE", "false".as_ref()),
        ] {
            variables.insert(name.into(), value.to_owned());
        }
        let settings = Settings {
            tmux_socket: socket.display().to_string(),
            tmux_conf: "/dev/null".to_owned(),
            session: "selftest".to_owned(),
            git_exclude: false,
            ..config::defaults()?.0
        };
        let mut stage =
            Stage { ctx: Ctx::new(paths, settings), folder, variables, held, boot: 0, keep };
        stage.next_boot();
        Ok(stage)
    }

    fn next_boot(&mut self) {
        self.boot += 1;
        let boot = format!("selftest-{}", self.boot);
        self.variables.insert("TABCTL_BOOT_ID".into(), boot.clone().into());
        self.ctx.store.boot = boot;
    }

    /// The signal that asked for an end.
    pub fn interrupted(&self) -> Option<i32> {
        self.held.came()
    }

    fn go_on(&self) -> Result<()> {
        if self.interrupted().is_some() { Err(stuck("interrupted")) } else { Ok(()) }
    }

    /// A new folder in it.
    pub fn workspace(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join("work").join(name);
        file::private_dir(&folder)?;
        Ok(folder)
    }

    /// This very program, in this world.
    pub fn command(&self, words: &[&str], more: &[(&str, &Path)]) -> Result<Command> {
        let mut command = run::command(std::env::current_exe()?);
        command.env_clear().envs(&self.variables).envs(more.iter().copied());
        command.args(words).current_dir(&self.folder);
        Ok(command)
    }

    /// Runs it to its end; nothing but success will do.
    pub fn tabctl(&self, words: &[&str]) -> Result<Output> {
        self.go_on()?;
        ended(words, run::capture(self.command(words, &[])?, LIMIT))
    }

    /// Starts it beside; see [`Running::end`].
    pub fn start(&self, words: &[&str], more: &[(&str, &Path)]) -> Result<Running> {
        self.go_on()?;
        let command = self.command(words, more)?;
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Ok(Running { words, thread: std::thread::spawn(move || run::capture(command, LIMIT)) })
    }

    /// The one command of a person after a reboot: how many milliseconds it took, and what it said
    /// if it did not bring everything back.
    pub fn resume(&self) -> Result<(u64, Option<String>)> {
        self.go_on()?;
        let begun = Instant::now();
        let output = run::capture(self.command(&["resume"], &[])?, LIMIT)?;
        let took = super::millis(begun.elapsed());
        let said = (!output.status.success()).then(|| complaint(&["resume"], &output));
        Ok((took, said))
    }

    /// All rows.
    pub fn rows(&self) -> Result<Vec<Row>> {
        Ok(list::list(&self.ctx)?.rows)
    }

    /// The row of a tab.
    pub fn row(&self, tab: &str) -> Result<Row> {
        let row = self.rows()?.into_iter().find(|row| row.tab == tab);
        row.with_context(|| format!("the tab '{tab}' is not in the list"))
    }

    /// What a pane shows.
    pub fn screen(&self, pane: &PaneId) -> Result<String> {
        let mut screens = self.ctx.engine().capture(std::slice::from_ref(pane), 60)?;
        Ok(screens.pop().unwrap_or_default().text)
    }

    /// Waits until `look` finds something.
    pub fn until<T>(
        &self,
        what: &str,
        limit: Duration,
        look: &mut dyn FnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let found = watch::until_seen(&self.ctx.paths.runtime.join("live"), limit, &mut || {
            self.go_on()?;
            look()
        })?;
        found.ok_or_else(|| stuck(format!("waited {} s for {what}", limit.as_secs())))
    }

    /// Pulls the plug. The runtime folder is left as it is: nothing in it may be believed.
    pub fn crash(&mut self) -> Result<()> {
        self.go_on()?;
        self.kill()?;
        self.next_boot();
        Ok(())
    }

    /// Kills the server and all that descends from it.
    fn kill(&self) -> Result<()> {
        let boot = &self.ctx.store.boot;
        let lives = self.ctx.store.lives();
        let tabs: Vec<TabId> = lives.keys().copied().collect();
        let runners = lives.into_values().filter_map(|live| live.holder).map(|it| it.runner);
        let runners: Vec<ProcId> = runners.filter(|runner| scan::lives(runner, boot)).collect();
        // A pane's process is a child of the server.
        let parent = |runner: &ProcId| Some(scan::process(runner.pid, boot)?.parent);
        let servers: Vec<u32> = runners.iter().filter_map(parent).filter(|pid| *pid > 1).collect();
        let roots: Vec<u32> =
            servers.into_iter().take(1).chain(runners.iter().map(|r| r.pid)).collect();
        let doomed: Vec<ProcId> =
            scan::trees(&roots, boot).into_iter().flatten().map(|process| process.id).collect();
        for process in &doomed {
            signals::kill(process.pid);
        }
        let end = Instant::now() + END_LIMIT;
        // The last thread of a process may hold its locks when the first has long ended.
        let claimed = |id: &TabId| self.ctx.store.is_claimed(&format!("tab.{id}"));
        while doomed.iter().any(|process| scan::lives(process, boot)) || tabs.iter().any(claimed) {
            if Instant::now() > end {
                return Err(stuck("what was killed does not end"));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Ends everything and takes the folder away, or leaves both and says where.
    pub fn clear(self) -> Option<PathBuf> {
        if self.keep && self.interrupted().is_none() {
            return Some(self.folder);
        }
        let _ = self.kill();
        // A server that nothing runs in.
        let _ = self.ctx.tmux().kill_server();
        for _ in 0..100 {
            if std::fs::remove_dir_all(&self.folder).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }
}

/// A command that runs beside.
pub struct Running {
    words: Vec<String>,
    thread: std::thread::JoinHandle<Result<Output>>,
}

impl Running {
    /// Whether it is over, however it went.
    pub fn is_over(&self) -> bool {
        self.thread.is_finished()
    }

    /// Waits for its end.
    pub fn end(self) -> Result<Output> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let output = self.thread.join().unwrap_or_else(|_| Err(stuck("a thread died")));
        ended(&words, output)
    }
}

fn ended(words: &[&str], output: Result<Output>) -> Result<Output> {
    let output = output?;
    if output.status.success() {
        return Ok(output);
    }
    Err(stuck(complaint(words, &output)))
}

fn complaint(words: &[&str], output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let (said, answered) = (text(&output.stderr), text(&output.stdout));
    format!("`tabctl {}` failed:\n{answered}\n{said}", words.join(" "))
}

/// Short: a socket's path is limited to 104 bytes.
fn name() -> Result<String> {
    Ok(format!("tabctl-selftest-{:08x}", clock::random_u128()? >> 96))
}
