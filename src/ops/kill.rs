//! Ends what runs in a tab, and leaves the tab its pane. Must respect the lock, and must leave the
//! person's own shell alone.

use std::time::Duration;

use anyhow::Result;
use serde_json::Map;

use crate::error::{Fault, Kind};
use crate::model::row::Row;
use crate::scan;
use crate::store::Loaded;
use crate::sys::{signals, watch};

use super::actor::Actor;
use super::ending::{self, Ending, GRACE};
use super::record::{journal, must_be_unlocked};
use super::{Ctx, select};

/// How long a tab's runner may take to write down that its agent has ended.
const PATIENCE: Duration = Duration::from_secs(5);

/// Refuses what may not be ended: before a person is asked.
pub fn must_be_allowed(ctx: &Ctx, tab: &Loaded, row: &Row, force: bool) -> Result<()> {
    select::must_not_be_a_copy(ctx, tab)?;
    Actor::of_this_process(ctx).must_be_person("kill what runs in a tab")?;
    must_be_unlocked(&tab.session, force, "killed")?;
    if roots(ctx, row)?.is_none() {
        let message =
            format!("nothing runs in '{}': it is {}", row.tab, row.status.claim.state.word());
        let tab = &row.tab;
        let hint = match row.pane {
            Some(_) => format!("`tabctl close {tab}` closes its window"),
            None => format!("`tabctl rm {tab}` takes it out of the list"),
        };
        return Err(Fault::new(Kind::NotFound, message).hint(hint).into());
    }
    Ok(())
}

/// Tells all processes of a tab's agent to end, or of the command that runs in its shell, and ends those
/// that do not; with a `signal` only sends that. Gives how many were reached.
pub fn kill(ctx: &Ctx, tab: &Loaded, row: &Row, signal: Option<i32>, force: bool) -> Result<usize> {
    must_be_allowed(ctx, tab, row, force)?;
    let Some((roots, spared)) = roots(ctx, row)? else { return Ok(0) };
    let mut with = Map::new();
    with.insert(
        "signal".to_owned(),
        signal.map_or_else(|| "TERM".to_owned(), signals::name).into(),
    );
    journal(ctx, row.id, "killed", with);
    if let Some(signal) = signal {
        return Ok(ending::tell(ctx, &roots, &spared, signal));
    }
    let mut ending = Ending::new(ctx, &roots, &spared, GRACE);
    let left = ending.see_through();
    if left > 0 {
        return Err(Fault::new(
            Kind::Other,
            format!("{left} processes in '{}' do not end", row.tab),
        )
        .hint("they wait for a disk or a device; `ps` shows them in state D")
        .into());
    }
    // Whoever looks next is to see the tab as it is: its runner writes down the agent's end.
    let mut look = || {
        let live = ctx.store.live(row.id);
        let agent = live.and_then(|live| live.agent);
        Ok(agent.is_none_or(|agent| !roots.contains(&agent.pid)).then_some(()))
    };
    let is_adopted = || ctx.store.live(row.id)?.holder.map(|holder| holder.adopted);
    if is_adopted() == Some(false) {
        watch::until(&ctx.store.live_records(), PATIENCE, &mut look)?;
    }
    Ok(ending.count())
}

/// The processes to end with all below them, and those to spare: the shell of the tab, and whoever asks.
/// Nothing if nothing runs there.
fn roots(ctx: &Ctx, row: &Row) -> Result<Option<(Vec<u32>, Vec<u32>)>> {
    let boot = &ctx.store.boot;
    let agent = ctx.store.live(row.id).and_then(|live| live.agent);
    let own = std::process::id();
    if let Some(agent) = agent.filter(|agent| scan::lives(agent, boot)) {
        return Ok(Some((vec![agent.pid], vec![own])));
    }
    let panes = ctx.engine().panes()?;
    let pane = panes.into_iter().find(|pane| row.pane.as_ref() == Some(&pane.id) && !pane.dead);
    let Some(pane) = pane else { return Ok(None) };
    let tree = scan::trees(&[pane.pid], boot).into_iter().flatten().map(|process| process.id.pid);
    // Of a shell in a shell the outer one is spared; what stands above us here is no command to end.
    let mut spared: Vec<u32> = vec![pane.pid, own];
    spared.extend(scan::ancestors(boot).map(|process| process.pid));
    let runs = tree.into_iter().any(|pid| !spared.contains(&pid));
    Ok(runs.then(|| (vec![pane.pid], spared)))
}
