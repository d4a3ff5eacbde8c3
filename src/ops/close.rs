//! Ends what runs in a tab, and takes tabs out of the list. Must respect the lock, and must never
//! take away a conversation: agents keep those.

use anyhow::Result;

use crate::error::{Fault, Kind};
use crate::model::name;
use crate::model::row::Row;
use crate::model::snapshot::Why;
use crate::model::status::State;
use crate::store::Loaded;

use super::record::{journal, must_be_unlocked};
use super::{Ctx, pane, select, snapshot};

/// Closes a tab's pane. The record stays: `resume` brings it back.
pub fn close(ctx: &Ctx, tab: &Loaded, row: &Row, force: bool) -> Result<()> {
    select::must_not_be_a_copy(ctx, tab)?;
    must_be_unlocked(&tab.session, force, "closed")?;
    let pane = pane::of_row(row, || {
        let tab = name::shown(&tab.session.tab);
        Fault::new(Kind::NotFound, format!("'{tab}' is not open anywhere"))
            .hint(format!("`tabctl rm {tab}` takes it out of the list"))
    })?;
    snapshot::before(ctx, tab, Some(row), Why::Close);
    ctx.engine().close(pane)?;
    journal(ctx, tab.session.id, "closed", serde_json::Map::new());
    Ok(())
}

/// Whether somebody would lose something if the tab were closed now.
pub fn is_at_work(row: &Row) -> bool {
    !matches!(row.status.claim.state, State::Shell | State::Down | State::Missing)
}

/// Refuses a tab that has a pane.
pub fn must_not_be_open(row: Option<&Row>) -> Result<()> {
    let Some(row) = row.filter(|row| row.pane.is_some()) else { return Ok(()) };
    Err(Fault::new(Kind::Busy, format!("'{}' is open", row.tab))
        .hint(format!("`tabctl close {}` first", row.tab))
        .into())
}

/// Takes a tab out of the list, with its session file unless `keep_file`.
pub fn remove(
    ctx: &Ctx,
    tab: &Loaded,
    row: Option<&Row>,
    keep_file: bool,
    force: bool,
) -> Result<()> {
    select::must_not_be_a_copy(ctx, tab)?;
    must_be_unlocked(&tab.session, force, "removed")?;
    must_not_be_open(row)?;
    snapshot::before(ctx, tab, row, Why::Remove);
    journal(ctx, tab.session.id, "removed", serde_json::Map::new());
    ctx.store.forget(tab.session.id, !keep_file)
}
