//! What runs in every pane of a tab: starts the agent as ordered, holds the claims while it lives,
//! and becomes the user's shell when it ends. Must not take anything from its command line but an id.

use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::mpsc::{Sender, channel};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::{Handle, Signals};

use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::live::{Ended, Holder};
use crate::model::name;
use crate::model::plan::Order;
use crate::model::proc::ProcId;
use crate::scan;
use crate::sys::file::Lock;
use crate::sys::{clock, run};

use super::record::journal;
use super::{Ctx, follow};

/// Variables by which what runs in a tab knows where it is.
pub const TAB_VARIABLE: &str = "TABCTL_TAB";
/// The secret that goes with [`TAB_VARIABLE`].
pub const TOKEN_VARIABLE: &str = "TABCTL_TOKEN";

/// Runs a tab until its agent has ended, then becomes the user's shell. Returns only if the pane is
/// to close: with the error, or with nothing when the terminal was hung up.
pub fn run(ctx: &Ctx, id: TabId, say: &mut dyn FnMut(&str)) -> Result<()> {
    let _tab: Lock = ctx.store.claim(&format!("tab.{id}"))?.ok_or_else(|| {
        Fault::new(Kind::Busy, "this tab is already open in another pane")
            .hint("`tabctl ls` shows where")
    })?;
    let order = ctx.store.order(id)?;
    let token = format!("{:032x}", clock::random_u128()?);
    hold(ctx, id, &token)?;
    order.greeting.iter().for_each(|line| say(line));
    let folder = enter(&order, &ctx.paths.home, say);
    if !order.argv.words().is_empty() {
        let hung_up = match agent(ctx, id, &order, &token) {
            Ok(ended) => {
                farewell(ctx, id, &order, &ended.how, say);
                ended.hung_up
            }
            Err(error) => {
                end(ctx, id, None)?;
                say(&format!("{error:#}"));
                false
            }
        };
        if hung_up {
            return Ok(());
        }
    }
    Err(shell(id, &token, &order, &folder))
}

/// Writes down who holds the tab, and in which pane.
fn hold(ctx: &Ctx, id: TabId, token: &str) -> Result<()> {
    let boot = &ctx.store.boot;
    let runner = scan::identity(std::process::id(), boot).context("this process is not visible")?;
    let holder = Holder {
        runner,
        engine: ctx.engine().name().to_owned(),
        server: ctx.engine().server(),
        pane: ctx.engine().here(),
        adopted: false,
    };
    ctx.store.update_live(id, &mut |live| {
        live.holder = Some(holder.clone());
        live.held_since = Some(ctx.now());
        live.token = Some(token.to_owned());
        live.agent = None;
        live.ended = None;
        live.claims.clear();
        live.shown = None;
    })?;
    Ok(())
}

/// Changes to the recorded folder, or says that it is gone and stays at home.
fn enter(order: &Order, home: &Path, say: &mut dyn FnMut(&str)) -> PathBuf {
    let folder = Path::new(&order.directory);
    match std::env::set_current_dir(folder) {
        Ok(()) => folder.to_owned(),
        Err(error) => {
            say(&format!("cannot enter {}: {error}", order.directory));
            let _ = std::env::set_current_dir(home);
            home.to_owned()
        }
    }
}

struct AgentEnded {
    how: Ended,
    hung_up: bool,
}

/// Starts the agent and waits for its end, holding its conversation.
fn agent(ctx: &Ctx, id: TabId, order: &Order, token: &str) -> Result<AgentEnded> {
    let _conversation =
        order.conversation.as_deref().map(|key| conversation(ctx, key)).transpose()?;
    let signals = Forwarder::install()?;
    let child = spawn(order, id, token)?;
    let pid = Pid::from_child(&child);
    let forwarder = Forwarder::forward(signals, pid);
    let boot = &ctx.store.boot;
    let process = scan::identity(child.id(), boot).unwrap_or(ProcId {
        pid: child.id(),
        start: 0,
        boot: boot.clone(),
    });
    ctx.store.update_live(id, &mut |live| live.agent = Some(process.clone()))?;
    let mut with = serde_json::Map::new();
    with.insert("pid".to_owned(), child.id().into());
    journal(ctx, id, "started", with);
    let following = Following::start(ctx, id, child.id());
    let (code, signal) = wait(pid)?;
    following.stop();
    let hung_up = forwarder.stop();
    let how = Ended { at: ctx.now(), code, signal };
    end(ctx, id, Some(&how))?;
    Ok(AgentEnded { how, hung_up })
}

fn conversation(ctx: &Ctx, key: &str) -> Result<Lock> {
    ctx.store.claim(key)?.ok_or_else(|| {
        Fault::new(Kind::Busy, format!("the conversation {key} is already open in another tab"))
            .hint("`tabctl ls` shows where")
            .into()
    })
}

fn spawn(order: &Order, id: TabId, token: &str) -> Result<Child> {
    let (program, arguments) =
        order.argv.words().split_first().context("the order names no program")?;
    let mut command = run::command(program);
    command.args(arguments);
    if is_inside_an_agent(order) {
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| order.unset.iter().any(|mark| matches(mark, name)))
            {
                command.env_remove(&name);
            }
        }
    }
    if let Some(path) = &order.path {
        command.env("PATH", path);
    }
    command.envs(&order.set).env(TAB_VARIABLE, id.to_string()).env(TOKEN_VARIABLE, token);
    command.spawn().map_err(|error| {
        Fault::new(Kind::AgentMissing, format!("cannot start {program}: {error}"))
            .hint("`tabctl doctor` shows which agents are installed")
            .into()
    })
}

/// An agent's marks in the environment are scrubbed whole; without one, a variable such as
/// `CLAUDE_CODE_USE_BEDROCK` is the user's own setting and stays.
fn is_inside_an_agent(order: &Order) -> bool {
    order.unset.iter().any(|mark| !mark.ends_with('*') && std::env::var_os(mark).is_some())
}

fn matches(mark: &str, name: &str) -> bool {
    mark.strip_suffix('*').map_or(mark == name, |prefix| name.starts_with(prefix))
}

/// The keys of the terminal go to the whole foreground group: the agent gets them, the runner only
/// must not die of them. Handlers (unlike ignoring) are not inherited by the agent.
struct Forwarder {
    handle: Handle,
    thread: std::thread::JoinHandle<bool>,
}

impl Forwarder {
    /// Passes on to the agent what is sent to the runner alone. Installed before the agent starts.
    fn install() -> Result<Signals> {
        Ok(Signals::new([SIGINT, SIGQUIT, SIGTSTP, SIGHUP, SIGTERM])?)
    }

    fn forward(mut signals: Signals, agent: Pid) -> Forwarder {
        let handle = signals.handle();
        let thread = std::thread::spawn(move || {
            let mut hung_up = false;
            for signal in signals.forever() {
                let passed_on = match signal {
                    SIGHUP => Signal::HUP,
                    SIGTERM => Signal::TERM,
                    _ => continue,
                };
                hung_up |= signal == SIGHUP;
                let _ = kill_process(agent, passed_on);
            }
            hung_up
        });
        Forwarder { handle, thread }
    }

    /// Ends the forwarding; says whether the terminal was hung up.
    fn stop(self) -> bool {
        self.handle.close();
        self.thread.join().unwrap_or(false)
    }
}

/// A second pair of eyes on the agent; see [`follow`].
struct Following {
    end: Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Following {
    fn start(ctx: &Ctx, id: TabId, pid: u32) -> Following {
        let (end, ended) = channel();
        let (paths, settings) = (ctx.paths.clone(), ctx.settings.clone());
        let thread = std::thread::spawn(move || {
            follow::follow(&Ctx::new(paths, settings), id, pid, &ended);
        });
        Following { end, thread }
    }

    fn stop(self) {
        drop(self.end);
        // Whatever it was doing, the agent's end is told all the same.
        let _ = self.thread.join();
    }
}

/// Waits for the agent's end: exit code or signal.
fn wait(pid: Pid) -> Result<(Option<i32>, Option<i32>)> {
    loop {
        match waitpid(Some(pid), WaitOptions::UNTRACED) {
            Ok(Some((_, status))) if status.stopped() => {
                // There is no shell behind it to say `fg` to: a suspended agent would be a dead pane.
                let _ = kill_process(pid, Signal::CONT);
            }
            Ok(Some((_, status))) => {
                return Ok((status.exit_status(), status.terminating_signal()));
            }
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error).context("cannot wait for the agent"),
        }
    }
}

/// Writes down how the agent ended; `None` when it never started.
fn end(ctx: &Ctx, id: TabId, how: Option<&Ended>) -> Result<()> {
    let ended = how.cloned().unwrap_or(Ended { at: ctx.now(), code: None, signal: None });
    ctx.store.update_live(id, &mut |live| {
        live.agent = None;
        live.ended = Some(ended.clone());
    })?;
    let mut with = serde_json::Map::new();
    with.insert("code".to_owned(), ended.code.into());
    with.insert("signal".to_owned(), ended.signal.into());
    journal(ctx, id, "ended", with);
    Ok(())
}

fn farewell(ctx: &Ctx, id: TabId, order: &Order, how: &Ended, say: &mut dyn FnMut(&str)) {
    let tab = ctx.store.load_id(id).map(|tab| format!(" {}", name::shown(&tab.session.tab)));
    let tab = tab.unwrap_or_default();
    let program = order.argv.words().first().map_or("the agent", String::as_str);
    let program = program.rsplit('/').next().unwrap_or(program);
    let code = match (how.code, how.signal) {
        (Some(0), _) => String::new(),
        (Some(code), _) => format!(" with exit code {code}"),
        (None, Some(signal)) => format!(" by signal {signal}"),
        (None, None) => " without starting".to_owned(),
    };
    say(&format!("{program} ended{code}; `tabctl resume{tab}` brings it back into this tab"));
}

/// Becomes the user's shell, which keeps the tab's variables and loses the claims.
fn shell(id: TabId, token: &str, order: &Order, folder: &Path) -> anyhow::Error {
    let shell = std::env::var_os("SHELL")
        .filter(|shell| Path::new(shell).is_file())
        .unwrap_or_else(|| "/bin/sh".into());
    let mut command = run::command(shell);
    command.current_dir(folder).env(TAB_VARIABLE, id.to_string()).env(TOKEN_VARIABLE, token);
    if let Some(path) = &order.path {
        command.env("PATH", path);
    }
    run::exec(command)
}
