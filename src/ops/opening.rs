//! Opens the pane of a tab where it stood: in its window, beside what stood beside it.
//! Must not run anything in the other panes but a plain shell.

use std::path::Path;

use anyhow::Result;

use crate::engine::{Opening, Side, Slot};
use crate::model::id::TabId;
use crate::model::layout::Layout;
use crate::model::pane::{Pane, PaneId};
use crate::model::plan::Order;
use crate::model::session::{Part, Place, Split};

use super::{Ctx, order, standing};

/// What runs in the panes: always tabctl itself.
#[derive(Debug, Clone, Copy)]
pub struct Runners<'a> {
    /// In the tab's own pane.
    pub own: &'a [String],
    /// The variables for all panes.
    pub env: &'a [(String, String)],
}

impl Runners<'_> {
    /// In the plain shell that stands at this place of the window.
    fn shell(&self, part: usize) -> Vec<String> {
        let words = ["--shell".to_owned(), part.to_string()];
        self.own.iter().cloned().chain(words).collect()
    }
}

/// A tab's window that is to be opened.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    /// The tab.
    pub id: TabId,
    /// Where it stood.
    pub place: &'a Place,
    /// What runs there.
    pub runners: Runners<'a>,
}

/// Opens several in their order; those that stand alone in as few calls as the multiplexer can do it.
pub fn open_all(ctx: &Ctx, windows: &[Window<'_>]) -> Vec<Result<PaneId>> {
    let is_shared = |window: &Window| window.place.split.is_some();
    let mut opened = Vec::new();
    for group in windows.chunk_by(|one, next| !is_shared(one) && !is_shared(next)) {
        if let [Window { id, place, runners }] = group {
            opened.push(open(ctx, *id, place, runners));
            continue;
        }
        let slots: Vec<Slot> =
            group.iter().map(|window| slot(ctx, window.id, window.place)).collect();
        let runners = group.iter().map(|window| window.runners);
        let wishes: Vec<Opening> = slots
            .iter()
            .zip(runners)
            .map(|(slot, Runners { own, env })| Opening { slot, argv: own, env })
            .collect();
        opened.extend(ctx.engine().open_all(&wishes));
    }
    opened
}

/// Opens it.
fn open(ctx: &Ctx, id: TabId, place: &Place, runners: &Runners<'_>) -> Result<PaneId> {
    let split = place.split.as_ref().filter(|_| ctx.engine().caps().panes);
    let Some((split, layout)) = split.and_then(|split| Some((split, layout(split, id)?))) else {
        return window(ctx, id, place, runners);
    };
    // The tabs of a window come back one after the other: the first opens it for all.
    let first = split.panes.iter().filter_map(Part::tab).min().unwrap_or(id);
    let _window = ctx.store.window_lock(first)?;
    let panes = ctx.engine().panes()?;
    let living = living(ctx, id, split, &panes).unwrap_or_default();
    let (pane, count) = if let Ok(pane) = join(ctx, id, split, &living, runners) {
        if standing::names_window(&pane, &ctx.engine().panes()?) {
            ctx.engine().rename(&pane, &place.window)?;
        }
        (pane, living.len() + 1)
    } else {
        let pane = window(ctx, id, place, runners)?;
        let shells = shells(ctx, id, split, &pane, runners);
        (pane, shells + 1)
    };
    if count == split.panes.len() {
        // It is there; only its size is another one.
        let _ = ctx.engine().layout(&pane, Some(&layout));
    }
    Ok(pane)
}

/// The layout of a window, if it is one of these panes, and the tab among them: a file may say
/// anything.
pub fn layout(split: &Split, id: TabId) -> Option<Layout> {
    let layout = Layout::parse(&split.layout)?;
    let fits = layout.panes() == split.panes.len() && split.panes.contains(&Part::Tab(id));
    fits.then_some(layout)
}

/// Opens a window for the tab alone.
fn window(ctx: &Ctx, id: TabId, place: &Place, runners: &Runners<'_>) -> Result<PaneId> {
    ctx.engine().open(&slot(ctx, id, place), runners.own, runners.env)
}

/// Where a tab's own window goes.
fn slot(ctx: &Ctx, id: TabId, place: &Place) -> Slot {
    let spare = standing::spare(ctx, id, place);
    Slot { index: place.index, spare, ..Slot::new(&place.session, &place.window, id) }
}

/// The panes of the window in which another part of it lives: another tab, or (where the tab's own
/// pane was closed) what stood beside it.
fn living<'a>(ctx: &Ctx, id: TabId, split: &Split, panes: &'a [Pane]) -> Option<Vec<&'a Pane>> {
    let others: Vec<TabId> =
        split.panes.iter().filter_map(Part::tab).filter(|tab| *tab != id).collect();
    let before = ctx.store.live(id).map(|live| live.window).unwrap_or_default();
    let stood = |pane: &Pane| before.iter().any(|it| (&it.pane, it.pid) == (&pane.id, pane.pid));
    let is_other = |pane: &&Pane| pane.tab.is_some_and(|tab| others.contains(&tab));
    let mut alive = panes.iter().filter(|pane| !pane.dead && pane.tab != Some(id));
    let found = alive.clone().find(is_other).or_else(|| alive.find(|pane| stood(pane)))?;
    Some(standing::window(found, panes))
}

/// Opens the tab's pane in a window that is there.
fn join(
    ctx: &Ctx,
    id: TabId,
    split: &Split,
    mates: &[&Pane],
    runners: &Runners<'_>,
) -> Result<PaneId> {
    let own = split.panes.iter().position(|part| part.tab() == Some(id));
    // If all others are there, the order tells its place.
    let after = own.filter(|_| mates.len() + 1 == split.panes.len());
    let (beside, side) = match after.and_then(|own| mates.get(own)) {
        Some(next) => (Some(next), Side::Before),
        None => (mates.last(), Side::After),
    };
    let beside = beside.ok_or_else(|| anyhow::anyhow!("a window without panes"))?;
    ctx.engine().split(&beside.id, side, Some(id), runners.own, runners.env)
}

/// Opens the plain shells beside the tab's pane; gives how many. Where there is no room for one, the
/// tab is there without it.
fn shells(ctx: &Ctx, id: TabId, split: &Split, own: &PaneId, runners: &Runners<'_>) -> usize {
    let (mut side, mut beside, mut opened) = (Side::Before, own.clone(), 0);
    for (at, part) in split.panes.iter().enumerate() {
        match part {
            Part::Tab(tab) if *tab == id => side = Side::After,
            Part::Tab(_) => {}
            Part::Shell(_) => {
                let argv = runners.shell(at);
                let pane = ctx.engine().split(&beside, side, None, &argv, runners.env);
                let Ok(pane) = pane else { return opened };
                opened += 1;
                if side == Side::After {
                    beside = pane;
                }
            }
        }
    }
    opened
}

/// What the plain shells beside a tab are to find, one order for each part of the window.
pub fn orders(ctx: &Ctx, workspace: &Path, own: &Path, split: &Split) -> Vec<Order> {
    let order = |part: &Part| {
        let Part::Shell(written) = part else { return order::shell(ctx, own) };
        let folder = standing::folder_of(workspace, written);
        if folder.is_dir() {
            return order::shell(ctx, &folder);
        }
        let (gone, here) = (ctx.paths.short(&folder), ctx.paths.short(own));
        let greeting = vec![format!("{gone} is gone; this shell is in {here}")];
        Order { greeting, ..order::shell(ctx, own) }
    };
    split.panes.iter().map(order).collect()
}

#[cfg(test)]
mod tests;
