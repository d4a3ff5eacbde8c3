//! What runs in every pane of a tab: starts the agent as ordered, holds the claims while it lives,
//! and becomes the user's shell when it ends. Must not take anything from its command line but an id.

mod delivering;
mod direct;
mod following;
mod keeping;
mod launch;
mod observer;
mod presenting;
mod proxy;
mod seen;
mod state_files;
mod tap;
mod waking;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::agents::{Observe, Spec};
use crate::config;
use crate::error::{Fault, Kind};
use crate::model::doer::{Doer, DoerKind};
use crate::model::id::TabId;
use crate::model::live::{Ended, Holder};
use crate::model::name;
use crate::model::plan::Order;
use crate::model::proc::ProcId;
use crate::scan;
use crate::sys::file::Lock;
use crate::sys::pty::Own;
use crate::sys::{clock, run};

use super::kept::Keeper;
use super::record::journal;
use super::{Ctx, actor, evidence, exec, kept, observe, segment};

/// Variables by which what runs in a tab knows where it is.
pub const TAB_VARIABLE: &str = "TABCTL_TAB";
/// The secret that goes with [`TAB_VARIABLE`].
pub const TOKEN_VARIABLE: &str = "TABCTL_TOKEN";
pub use presenting::THREAD as PRESENTING;

/// Runs a tab until its agent has ended, then becomes the user's shell. Returns only if the pane is
/// to close: with the error, or with nothing when the terminal was hung up.
pub fn run(ctx: &Ctx, id: TabId, say: &mut dyn FnMut(&str)) -> Result<()> {
    actor::act_as(Doer::known(DoerKind::System, "runner"));
    let _tab: Lock = ctx.store.claim(&format!("tab.{id}"))?.ok_or_else(|| {
        Fault::new(Kind::Busy, "this tab is already open in another pane")
            .hint("`tabctl ls` shows where")
    })?;
    let order = ctx.store.order(id)?;
    let token = format!("{:032x}", clock::random_u128()?);
    order.greeting.iter().for_each(|line| say(line));
    // A resume takes a tab for recovered as soon as somebody holds it: that one stands in its folder.
    let folder = enter(&order, &ctx.paths.home, say);
    hold(ctx, id, &token)?;
    if order.argv.words().is_empty() {
        evidence::look_after_others(ctx);
    } else {
        for line in &kept::before_start(ctx, id) {
            say(line);
        }
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
    Err(shell(Some((id, &token)), &order, &folder))
}

/// Becomes a plain shell that stood beside a tab, as part of its window. It is no tab.
pub fn run_beside(ctx: &Ctx, id: TabId, part: usize, say: &mut dyn FnMut(&str)) -> Result<()> {
    let order = ctx.store.shell(id, part)?;
    order.greeting.iter().for_each(|line| say(line));
    let folder = enter(&order, &ctx.paths.home, say);
    Err(shell(None, &order, &folder))
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
        live.renew();
        live.shown = None;
    })?;
    segment::show(ctx, id);
    segment::sweep(ctx);
    exec::open(ctx);
    evidence::begin(ctx, id);
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

/// How an agent ended, and whether the terminal is gone as well.
struct AgentEnded {
    how: Ended,
    hung_up: bool,
}

/// Starts the agent and waits for its end, holding its conversation.
fn agent(ctx: &Ctx, id: TabId, order: &Order, token: &str) -> Result<AgentEnded> {
    let _conversation =
        order.conversation.as_deref().map(|key| conversation(ctx, key)).transpose()?;
    let program = launch::program(order, id, token)?;
    let own = (observed(ctx, id) == Observe::Proxy).then(Own::open).flatten();
    let ended = match own {
        Some(own) => proxy::run(ctx, id, &program, &own)?,
        None => direct::run(ctx, id, program)?,
    };
    end(ctx, id, Some(&ended.how))?;
    Ok(ended)
}

/// How the agent is to be observed: as the person wants it, else as its file says.
fn observed(ctx: &Ctx, id: TabId) -> Observe {
    match ctx.settings.observe {
        config::Observe::Proxy => Observe::Proxy,
        config::Observe::Direct => Observe::Direct,
        config::Observe::Auto => {
            let kind = ctx.store.load_id(id).ok().and_then(|tab| tab.session.agent);
            let spec = kind.and_then(|agent| ctx.agents().get(&agent.kind).ok());
            spec.map_or_else(Observe::default, Spec::observe)
        }
    }
}

/// Writes down the agent's process, and begins to look after it.
fn started(ctx: &Ctx, id: TabId, pid: u32) -> Result<()> {
    let boot = &ctx.store.boot;
    let process = scan::identity(pid, boot).unwrap_or(ProcId { pid, start: 0, boot: boot.clone() });
    // Before whoever waits for the record goes on, so that the steps stand in their order.
    let mut with = serde_json::Map::new();
    with.insert("pid".to_owned(), pid.into());
    journal(ctx, id, "started", with);
    ctx.store.update_live(id, &mut |live| live.agent = Some(process.clone()))?;
    Ok(())
}

fn conversation(ctx: &Ctx, key: &str) -> Result<Lock> {
    ctx.store.claim(key)?.ok_or_else(|| {
        Fault::new(Kind::Busy, format!("the conversation {key} is already open in another tab"))
            .hint("`tabctl ls` shows where")
            .into()
    })
}

/// Writes down how the agent ended; `None` when it never started.
fn end(ctx: &Ctx, id: TabId, how: Option<&Ended>) -> Result<()> {
    let ended = how.cloned().unwrap_or(Ended { at: ctx.now(), code: None, signal: None });
    // The session file is a courtesy: its tab ends without it, too.
    let _ = observe::at_end(ctx, id);
    Keeper::default().look(ctx, id);
    ctx.store.update_live(id, &mut |live| {
        live.agent = None;
        live.ended = Some(ended.clone());
    })?;
    segment::show(ctx, id);
    let mut with = serde_json::Map::new();
    with.insert("code".to_owned(), ended.code.into());
    with.insert("signal".to_owned(), ended.signal.into());
    journal(ctx, id, "ended", with);
    Ok(())
}

fn farewell(ctx: &Ctx, id: TabId, order: &Order, how: &Ended, say: &mut dyn FnMut(&str)) {
    let session = ctx.store.load_id(id).ok().map(|tab| tab.session);
    let tab = session.as_ref().map(|it| format!(" {}", name::shown(&it.tab))).unwrap_or_default();
    let program = order.argv.words().first().map_or("the agent", String::as_str);
    let program = program.rsplit('/').next().unwrap_or(program);
    let kind = session.and_then(|it| it.agent).map(|agent| name::shown(&agent.kind));
    let agent = kind.unwrap_or_else(|| program.to_owned());
    let code = match (how.code, how.signal) {
        (Some(0), _) => String::new(),
        (Some(code), _) => format!(" with exit code {code}"),
        (None, Some(signal)) => format!(" by signal {signal}"),
        (None, None) => " without starting".to_owned(),
    };
    // It may have ended within a line, as at its own prompt.
    say("");
    say(&format!("{agent} ended{code}; `tabctl resume{tab}` brings it back into this tab"));
}

/// Becomes the user's shell, which keeps the tab's variables and loses the claims.
fn shell(tab: Option<(TabId, &str)>, order: &Order, folder: &Path) -> anyhow::Error {
    let shell = std::env::var_os("SHELL")
        .filter(|shell| Path::new(shell).is_file())
        .unwrap_or_else(|| "/bin/sh".into());
    let mut command = run::command(shell);
    command.current_dir(folder);
    if let Some((id, token)) = tab {
        command.env(TAB_VARIABLE, id.to_string()).env(TOKEN_VARIABLE, token);
    }
    if let Some(path) = &order.path {
        command.env("PATH", path);
    }
    run::exec(command)
}
