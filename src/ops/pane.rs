//! The pane of a tab, for whoever reads it or acts on it. Must not take one of another server for it:
//! their numbers are alike.

use anyhow::Result;

use super::{Ctx, list, select};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::live::Holder;
use crate::model::pane::PaneId;
use crate::model::row::Row;
use crate::scan;
use crate::store::Loaded;

/// The pane of a tab, of which `row` was just seen.
///
/// # Errors
/// `Busy` if the tab lives on another server; what the caller says of a tab that has none.
pub fn of_row(row: &Row, none: impl FnOnce() -> Fault) -> Result<&PaneId> {
    must_be_here(row)?;
    row.pane.as_ref().ok_or_else(|| none().into())
}

/// Refuses a tab that lives on another server.
pub fn must_be_here(row: &Row) -> Result<()> {
    let Some(server) = &row.elsewhere else { return Ok(()) };
    let message = format!("'{}' lives on another server of the multiplexer: {server}", row.tab);
    let server = shell_words::quote(server);
    let hint = format!("with TABCTL_TMUX_SOCKET={server} before it, tabctl asks that one");
    Err(Fault::new(Kind::Busy, message).hint(hint).into())
}

/// The pane of a registered tab, for whoever needs nothing else of it; nothing if it is down. Where its
/// runner lives, the record tells, and the multiplexer is not asked.
pub fn of_tab(ctx: &Ctx, tab: &Loaded) -> Result<Option<PaneId>> {
    select::must_not_be_a_copy(ctx, tab)?;
    if let Some((pane, _)) = of_runner(ctx, tab.session.id) {
        return Ok(Some(pane));
    }
    let row = list::registered_row(ctx, tab)?;
    must_be_here(&row)?;
    Ok(row.pane)
}

/// Whether that holder lives, and on this server.
pub fn is_held(ctx: &Ctx, holder: &Holder) -> bool {
    holder.server == ctx.engine().server() && scan::lives(&holder.runner, &ctx.store.boot)
}

/// The pane of a registered tab and the process in it, where that is a runner which lives.
pub fn of_runner(ctx: &Ctx, id: TabId) -> Option<(PaneId, u32)> {
    let holder = ctx.store.live(id)?.holder?;
    let stands = !holder.adopted && is_held(ctx, &holder) && ctx.store.is_registered(id);
    holder.pane.filter(|_| stands).map(|pane| (pane, holder.runner.pid))
}
