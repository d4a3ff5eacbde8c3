//! The one reader: records, panes and processes become rows. Must not write anything.

use std::collections::HashMap;

use anyhow::Result;

use crate::error::{Fault, Kind, kind_of};
use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::pane::{Pane, PaneId};
use crate::model::row::{Known, Occupant, Row, join};
use crate::scan;
use crate::store::{Loaded, Trust};
use crate::sys::clock;

use super::unbound::{self, Unbound};
use super::{Ctx, select, sights};

/// What `ls` shows, and what could not be seen.
#[derive(Debug)]
pub struct Listing {
    /// One row a tab, by name.
    pub rows: Vec<Row>,
    /// Agents in panes that are no tabs.
    pub unbound: Vec<Unbound>,
    /// Why the multiplexer could not be asked; the rows then show records only.
    pub blind: Option<anyhow::Error>,
}

/// All tabs.
pub fn list(ctx: &Ctx) -> Result<Listing> {
    let Look { rows, panes, blind } = look(ctx)?;
    let unbound = unbound::find(ctx, &panes, &rows);
    Ok(Listing { rows, unbound, blind })
}

/// The tabs, and the panes that they were joined with.
pub struct Look {
    /// See [`Listing::rows`].
    pub rows: Vec<Row>,
    /// Every pane of the server.
    pub panes: Vec<Pane>,
    /// See [`Listing::blind`].
    pub blind: Option<anyhow::Error>,
}

/// Looks at all tabs, and at nothing else.
pub fn look(ctx: &Ctx) -> Result<Look> {
    let (known, panes) = while_panes_are_listed(ctx, || ctx.store.all());
    let (panes, blind) = match panes {
        Ok(panes) => (panes, None),
        Err(error) => (Vec::new(), Some(error)),
    };
    Ok(Look { rows: rows_of(ctx, known?, &panes), panes, blind })
}

/// One tab's row; nothing if it is not in the list. No other tab's record is read.
pub fn row(ctx: &Ctx, id: TabId) -> Result<Option<Row>> {
    let (known, panes) = while_panes_are_listed(ctx, || ctx.store.known(id));
    let known = match known {
        Err(error) if kind_of(&error) == Kind::NotFound => return Ok(None),
        known => known?,
    };
    // Where the multiplexer cannot be asked, the row tells what is written down.
    Ok(rows_of(ctx, vec![known], &panes.unwrap_or_default()).pop())
}

/// Reads what is written down while the multiplexer answers, which takes longer: both at once, and on
/// one thread, because a second one makes every allocation dearer.
fn while_panes_are_listed<T>(ctx: &Ctx, read: impl Fn() -> T) -> (T, Result<Vec<Pane>>) {
    let mut known = None;
    let panes = ctx.engine().panes_while(&mut || known = Some(read()));
    // A multiplexer that is not even installed left no time to read.
    (known.unwrap_or_else(read), panes)
}

/// The row of the tab whose file was read. Refuses a copy: its id leads to the original.
pub fn row_of(ctx: &Ctx, tab: &Loaded) -> Result<Option<Row>> {
    select::must_not_be_a_copy(ctx, tab)?;
    row(ctx, tab.session.id)
}

/// The same for whoever needs a tab that is in the list.
///
/// # Errors
/// `NotFound` if its file was never registered.
pub fn registered_row(ctx: &Ctx, tab: &Loaded) -> Result<Row> {
    row_of(ctx, tab)?.ok_or_else(|| {
        Fault::new(Kind::NotFound, "this session file is not registered")
            .hint("`tabctl trust` in its folder shows it and registers it")
            .into()
    })
}

/// The row of a session file that is not in the list: a copy, a moved one, one that was never seen.
pub fn row_of_file(ctx: &Ctx, tab: &Loaded) -> Row {
    let known = Known {
        session: tab.session.clone(),
        workspace: tab.workspace.display().to_string(),
        file: tab.file.display().to_string(),
        present: true,
        trusted: tab.trust == Trust::Trusted,
        problem: None,
        live: None,
    };
    join(known, None, &Occupant::Unseen, ctx.now())
}

/// Joins records with the panes of the server.
pub fn rows_of(ctx: &Ctx, known: Vec<Known>, panes: &[Pane]) -> Vec<Row> {
    let (now, since_boot) = (ctx.now(), clock::since_boot());
    let marked: HashMap<TabId, &Pane> =
        panes.iter().filter_map(|pane| Some((pane.tab?, pane))).collect();
    let by_id: HashMap<&PaneId, &Pane> = panes.iter().map(|pane| (&pane.id, pane)).collect();
    let mut seen: Vec<(Known, Option<&Pane>, Occupant, bool)> = known
        .into_iter()
        .map(|mut known| {
            if let Some(live) = known.live.as_mut()
                && live.lease.holder(since_boot).is_none()
            {
                live.lease.held = None;
            }
            let pane = pane_of(&known, &marked, &by_id);
            let vouched = is_vouched_for(&known, pane);
            if !vouched {
                known.live = known.live.map(|live| of_the_living(ctx, live, pane));
            }
            let occupant = occupant(ctx, &known, pane);
            let is_agent = !vouched && occupant == Occupant::Agent;
            let in_doubt = is_agent && sights::is_in_doubt(&known, now);
            (known, pane, occupant, in_doubt)
        })
        .collect();
    let doubts = seen.iter_mut().filter(|(_, _, _, in_doubt)| *in_doubt);
    let mut doubts: Vec<_> =
        doubts.filter_map(|(known, pane, _, _)| Some((known, (*pane)?))).collect();
    sights::add(ctx, &mut doubts, now);
    let rows = seen.into_iter().map(|(known, pane, occupant, _)| join(known, pane, &occupant, now));
    rows.collect()
}

/// The pane of a tab: the one that carries its mark, else the one its living holder stands in.
fn pane_of<'a>(
    known: &Known,
    marked: &HashMap<TabId, &'a Pane>,
    by_id: &HashMap<&PaneId, &'a Pane>,
) -> Option<&'a Pane> {
    let held = || {
        let holder = known.live.as_ref()?.holder.as_ref()?;
        let pane = by_id.get(holder.pane.as_ref()?)?;
        (pane.pid == holder.runner.pid).then_some(*pane)
    };
    marked.get(&known.session.id).copied().or_else(held).filter(|pane| !pane.dead)
}

/// Whether the runner itself stands in the pane: then its record is the truth, because it writes down
/// the agent's end in the moment it happens, and no process has to be looked at.
fn is_vouched_for(known: &Known, pane: Option<&Pane>) -> bool {
    let holder = known.live.as_ref().and_then(|live| live.holder.as_ref());
    pane.zip(holder).is_some_and(|(pane, holder)| !holder.adopted && pane.pid == holder.runner.pid)
}

/// A live record without the processes that are gone.
fn of_the_living(ctx: &Ctx, mut live: Live, pane: Option<&Pane>) -> Live {
    let boot = &ctx.store.boot;
    // A holder on this server whose pane is closed is on its way out.
    let is_closed = |server: &str| pane.is_none() && server == ctx.engine().server();
    live.holder = live
        .holder
        .filter(|holder| !is_closed(&holder.server) && scan::lives(&holder.runner, boot));
    live.agent = live.agent.filter(|agent| scan::lives(agent, boot));
    live
}

/// What is in a tab's pane. The process tree is only walked when the record does not tell.
fn occupant(ctx: &Ctx, known: &Known, pane: Option<&Pane>) -> Occupant {
    if known.live.as_ref().is_some_and(|live| live.agent.is_some()) {
        return Occupant::Agent;
    }
    let Some(pane) = pane else { return Occupant::Unseen };
    let trees = scan::trees(&[pane.pid], &ctx.store.boot);
    let Some(tree) = trees.first() else { return Occupant::Unseen };
    if tree.iter().any(|process| ctx.agents().recognise(&process.argv).is_some()) {
        return Occupant::Agent;
    }
    // Whoever asks from this very pane is not what runs in it: `tabctl ls | less` at a prompt.
    let own = std::process::id();
    if tree.iter().any(|process| process.id.pid == own && process.foreground) {
        return Occupant::Prompt;
    }
    // The runner has become the shell that it left behind, wherever in the tree it stands.
    let holder = known.live.as_ref().and_then(|live| live.holder.as_ref());
    let is_shell = |pid| pid == pane.pid || holder.is_some_and(|holder| holder.runner.pid == pid);
    let foreground = tree.iter().rfind(|process| process.foreground && !is_shell(process.id.pid));
    match foreground.and_then(|process| process.argv.first()) {
        Some(program) => Occupant::Command(crate::model::name::shown(
            program.rsplit('/').next().unwrap_or(program),
        )),
        None => Occupant::Prompt,
    }
}
