//! Where a person came from, so that there is a way back, and when a tab was looked at. Must not
//! remember more than some steps, and must not lead to a pane that is another one by now.

use anyhow::Result;

use crate::engine::{Attach, Client};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::pane::PaneId;
use crate::store::Stop;

use super::Ctx;

/// So many steps back are remembered.
const STEPS: usize = 50;

/// The client of the person who called this program, if it is called from within the multiplexer.
pub fn caller(ctx: &Ctx) -> Option<Client> {
    let here = ctx.engine().here()?;
    let clients = ctx.engine().clients(None).ok()?;
    clients.into_iter().filter(|client| client.pane == here).max_by_key(|client| client.active)
}

/// Writes down what the person leaves. Where that cannot be written, there is no way back, and nothing
/// else is lost.
pub fn leave(ctx: &Ctx, from: &Client, to: &PaneId) {
    if from.pane == *to {
        return;
    }
    let server = ctx.engine().server();
    let stop = Stop { server, pane: from.pane.clone(), pid: from.pid };
    let _ = ctx.store.change_stops(&from.tty, &mut |stops| {
        stops.retain(|known| *known != stop);
        stops.push(stop.clone());
        let old = stops.len().saturating_sub(STEPS);
        stops.drain(..old);
    });
}

/// Writes down that a person looks at a tab now. Where that cannot be written, it counts as unseen.
pub fn looked(ctx: &Ctx, id: TabId) {
    let _ = ctx.store.note_look(id, ctx.now());
}

/// Goes back to where the person came from last.
pub fn back(ctx: &Ctx) -> Result<Attach> {
    let Some(from) = caller(ctx) else {
        return Err(Fault::new(Kind::NotFound, "there is no way back from outside tmux")
            .hint("`tabctl go TAB` goes to a tab")
            .into());
    };
    let panes = ctx.engine().panes()?;
    let server = ctx.engine().server();
    let stands = |stop: &Stop| {
        panes.iter().any(|pane| pane.id == stop.pane && pane.pid == stop.pid && !pane.dead)
    };
    let to = ctx.store.change_stops(&from.tty, &mut |stops| {
        while let Some(stop) = stops.pop() {
            if stop.server == server && stop.pane != from.pane && stands(&stop) {
                return Some(stop.pane);
            }
        }
        None
    })?;
    let to = to.ok_or_else(|| {
        Fault::new(Kind::NotFound, "there is nowhere to go back to")
            .hint("`tabctl next` and `tabctl go` remember where you were")
    })?;
    if let Some(id) = panes.iter().find(|pane| pane.id == to).and_then(|pane| pane.tab) {
        looked(ctx, id);
    }
    ctx.engine().attach(&to)
}
