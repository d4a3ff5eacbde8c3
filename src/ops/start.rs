//! Opens a pane with the runner in it and waits for what becomes of it.
//! Must be called under the tab's resume lock, so that nothing is started twice.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::json;

use crate::error::{Fault, Kind};
use crate::model::event::Event;
use crate::model::id::TabId;
use crate::model::live::{Ended, Live};
use crate::model::pane::{Pane, PaneId};
use crate::model::plan::Order;
use crate::model::session::{Environment, Place};
use crate::store::Loaded;
use crate::sys::{clock, watch};

use super::opening::{self, Runners, Window};
use super::record::journal;
use super::{Ctx, launch_hooks, scrollback, standing};

/// The longest until the runner has started the agent: a loaded machine, a cold disk.
const START_LIMIT: Duration = Duration::from_secs(10);
/// An agent that refuses to start (no such conversation, bad flag) has ended by then.
const GRACE: Duration = Duration::from_millis(1200);
/// The lines of an agent's screen that are shown when it failed.
const LAST_LINES: u16 = 12;

/// What became of a start.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// The process lives.
    Runs,
    /// It ended at once; its last lines.
    Ended {
        /// How.
        how: Ended,
        /// What was on the screen.
        screen: String,
    },
    /// Nothing was seen of it in time.
    Unverified,
}

/// Opens a window for a tab and puts the runner into it; see [`settle`] for the record.
pub fn open(ctx: &Ctx, id: TabId, order: &Order, place: &Place) -> Result<PaneId> {
    make_ready(ctx, id, order, place)?;
    open_all(ctx, &[(id, place)]).pop().context("no window was asked for")?
}

/// Does all of it but the window: see [`open_all`].
pub fn make_ready(ctx: &Ctx, id: TabId, order: &Order, place: &Place) -> Result<()> {
    let mut greeting = scrollback::lines(ctx, id);
    greeting.extend(order.greeting.iter().cloned());
    prepare(ctx, id, &Order { greeting, ..order.clone() })?;
    if let Some(split) = &place.split {
        let workspace = ctx.store.load_id(id)?.workspace;
        let orders = opening::orders(ctx, &workspace, Path::new(&order.directory), split);
        ctx.store.put_shells(id, &orders)?;
    }
    Ok(())
}

/// Opens the windows of tabs that are ready, those that stand alone in one call of the multiplexer;
/// gives what became of each.
pub fn open_all(ctx: &Ctx, tabs: &[(TabId, &Place)]) -> Vec<Result<PaneId>> {
    let env = passed_on(ctx);
    let runners = match tabs.iter().map(|(id, _)| runner(*id)).collect::<Result<Vec<_>>>() {
        Ok(runners) => runners,
        Err(error) => return tabs.iter().map(|_| Err(anyhow::anyhow!("{error:#}"))).collect(),
    };
    let windows: Vec<Window> = tabs
        .iter()
        .zip(&runners)
        .map(|((id, place), own)| Window { id: *id, place, runners: Runners { own, env: &env } })
        .collect();
    let opened =
        opening::open_all(ctx, &windows).into_iter().zip(tabs).map(|(opened, (id, place))| {
            let pane = opened
                .with_context(|| format!("no window could be opened for '{}'", place.window))?;
            let mut with = serde_json::Map::new();
            with.insert("pane".to_owned(), json!(pane.0));
            journal(ctx, *id, "pane-created", with);
            Ok(pane)
        });
    opened.collect()
}

/// Puts the runner into the pane that a tab still has.
pub fn restart(ctx: &Ctx, id: TabId, order: &Order, pane: &PaneId) -> Result<()> {
    prepare(ctx, id, order)?;
    ctx.engine().respawn(pane, &runner(id)?, &passed_on(ctx))
}

/// Tells the runner of a tab what to run, and forgets the last run.
pub fn prepare(ctx: &Ctx, id: TabId, order: &Order) -> Result<()> {
    launch_hooks::write_files(ctx, order)?;
    ctx.store.put_order(id, order)?;
    journal(ctx, id, "claimed", serde_json::Map::new());
    ctx.store.update_live(id, &mut forget)?;
    Ok(())
}

/// Forgets the last run of a tab.
pub fn forget(live: &mut Live) {
    live.holder = None;
    live.renew();
    live.shown = None;
}

/// The fixed command line of every pane: this program, a hidden verb, the tab's id.
fn runner(id: TabId) -> Result<Vec<String>> {
    let exe = std::env::current_exe().context("cannot find out where tabctl itself is")?;
    let exe = exe.into_os_string().into_string().map_err(|path| {
        Fault::new(Kind::Other, format!("the path of tabctl is not UTF-8: {}", path.display()))
            .hint("install tabctl somewhere else")
    })?;
    Ok(vec![exe, "runner".to_owned(), id.to_string()])
}

/// What the runner must know, whatever the multiplexer's server was started with: where tabctl keeps
/// its things, and whose home and shell it is.
fn passed_on(ctx: &Ctx) -> Vec<(String, String)> {
    let folder =
        |name: &str, path: &Path| path.to_str().map(|path| (name.to_owned(), path.to_owned()));
    let variable = |name: &str| Some((name.to_owned(), std::env::var(name).ok()?));
    [
        folder("TABCTL_CONFIG_DIR", &ctx.paths.config),
        folder("TABCTL_STATE_DIR", &ctx.paths.state),
        folder("TABCTL_RUNTIME_DIR", &ctx.paths.runtime),
        folder("HOME", &ctx.paths.home),
        Some(("TABCTL_TMUX_SOCKET".to_owned(), ctx.settings.tmux_socket.clone())),
        variable("TABCTL_BOOT_ID"),
        variable("SHELL"),
        variable("TABCTL_OBSERVE"),
        variable("TABCTL_SCROLLBACK"),
        variable("TABCTL_TMUX_PRESENCE"),
        variable("TABCTL_NOTIFY"),
    ]
    .into_iter()
    .flatten()
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

/// Waits until the runner has started the tab's agent (or shell), and not longer.
pub fn wait(ctx: &Ctx, id: TabId, order: &Order) -> Result<bool> {
    let folder = ctx.store.live_records();
    let seen = watch::until(&folder, START_LIMIT, &mut || {
        let Some(live) = ctx.store.live(id) else { return Ok(None) };
        let there =
            live.holder.is_some() && (live.agent.is_some() || order.argv.words().is_empty());
        Ok((there || live.ended.is_some()).then_some(()))
    })?;
    Ok(seen.is_some())
}

/// After [`wait`]: whether the agent is still there when it had time to refuse.
pub fn outcome(ctx: &Ctx, id: TabId, pane: &PaneId) -> Result<Outcome> {
    let folder = ctx.store.live_records();
    let ended =
        watch::until(&folder, GRACE, &mut || Ok(ctx.store.live(id).and_then(|live| live.ended)))?;
    if let Some(how) = ended {
        let screen = ctx.engine().capture(std::slice::from_ref(pane), LAST_LINES);
        let screen = screen.ok().and_then(|mut all| all.pop()).unwrap_or_default().text;
        return Ok(Outcome::Ended { how, screen });
    }
    let live = ctx.store.live(id).unwrap_or_default();
    Ok(if live.holder.is_some() { Outcome::Runs } else { Outcome::Unverified })
}

/// Writes down where the tab stands now, and on which machine.
pub fn settle(ctx: &Ctx, id: TabId, pane: &PaneId) -> Result<Loaded> {
    settle_among(ctx, id, pane, &ctx.engine().panes()?)
}

/// The same for one of several, against one look at the multiplexer.
pub fn settle_among(ctx: &Ctx, id: TabId, pane: &PaneId, panes: &[Pane]) -> Result<Loaded> {
    let tab = ctx.store.load_id(id)?;
    let Some(standing) = standing::seen(ctx, &tab, pane, panes) else { return Ok(tab) };
    let (os, host) = clock::machine();
    let here = Environment { os, host };
    let is_news = tab.session.environment.as_ref() != Some(&here);
    let moved = is_news.then_some(Event::Settled(here));
    standing::write(ctx, &tab, &standing, moved.as_slice())
}
