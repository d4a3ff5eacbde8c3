//! Goes to the next tab that needs a person. Must not start anything, and must not guess: where
//! nobody needs one, it says so.

use anyhow::Result;

use crate::engine::Attach;
use crate::error::{Fault, Kind};
use crate::model::pane::PaneId;
use crate::model::row::Row;
use crate::model::status::State;

use super::{Ctx, attach, list};

/// Goes there: to the one that has waited longest, or from a tab that needs one to the next of them.
pub fn next(ctx: &Ctx) -> Result<Attach> {
    let listing = list::list(ctx)?;
    if let Some(error) = listing.blind {
        return Err(error);
    }
    let here = ctx.engine().here();
    let row = choose(listing.rows, here.as_ref()).ok_or_else(|| {
        Fault::new(Kind::NotFound, "no other tab needs you")
            .hint("`tabctl ls` shows what they do; `tabctl wait --any --for attention` waits")
    })?;
    attach::attach(ctx, &row)
}

fn choose(rows: Vec<Row>, here: Option<&PaneId>) -> Option<Row> {
    let needs = |row: &Row| row.status.claim.state == State::Attention && row.pane.is_some();
    let mut waiting: Vec<Row> = rows.into_iter().filter(needs).collect();
    waiting.sort_by_key(|row| (row.since, row.id));
    let own = here.and_then(|here| waiting.iter().position(|row| row.pane.as_ref() == Some(here)));
    let at = match own {
        None => 0,
        Some(_) if waiting.len() == 1 => return None,
        Some(own) => (own + 1) % waiting.len(),
    };
    (at < waiting.len()).then(|| waiting.swap_remove(at))
}
