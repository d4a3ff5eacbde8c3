//! Brings a tab before the person. Must not start anything: that is `resume`.

use anyhow::Result;

use crate::engine::Attach;
use crate::error::{Fault, Kind};
use crate::model::row::Row;

use super::{Ctx, pane, standing, visits};

/// Goes to a tab's pane.
pub fn attach(ctx: &Ctx, row: &Row) -> Result<Attach> {
    let pane = pane::of_row(row, || {
        let state = row.status.claim.state.word();
        let message = format!("'{}' is {state}: there is no pane to go to", row.tab);
        Fault::new(Kind::NotFound, message)
            .hint(format!("`tabctl resume {}` brings it back", row.tab))
    })?;
    // Where it stands is worth knowing, and no reason not to go there.
    let _ = standing::note(ctx, row.id, pane);
    let from = visits::caller(ctx);
    let way = ctx.engine().attach(pane)?;
    visits::looked(ctx, row.id);
    if let (Attach::Switched, Some(from)) = (&way, from) {
        visits::leave(ctx, &from, pane);
    }
    Ok(way)
}
