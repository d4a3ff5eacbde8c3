//! One look at the multiplexer for many tabs. Must know when it is too old for one of them.

use std::collections::HashMap;

use anyhow::Result;

use crate::model::id::TabId;
use crate::model::live::Holder;
use crate::model::pane::Pane;
use crate::model::row::{Known, Row};
use crate::ops::{Ctx, list};
use crate::sys::file::Stamp;

/// What stood where, and what had been ordered by then.
pub struct View {
    panes: Vec<Pane>,
    ordered: HashMap<TabId, (Option<Stamp>, Option<Holder>)>,
}

impl View {
    /// Looks. Whatever opens a pane for a tab has changed its order before, so that comes first.
    pub fn take(ctx: &Ctx, tabs: &[Known]) -> Result<View> {
        let ordered = tabs.iter().map(|known| (known.session.id, mark(ctx, known))).collect();
        Ok(View { ordered, panes: ctx.engine().panes()? })
    }

    /// Whether nobody has given a tab a pane since. Asked under the lock of its resume.
    pub fn holds_for(&self, ctx: &Ctx, known: &Known) -> bool {
        self.ordered.get(&known.session.id) == Some(&mark(ctx, known))
    }

    /// Looks again, for this tab and for all whose order has not changed since.
    pub fn renew(&mut self, ctx: &Ctx, known: &Known) -> Result<()> {
        self.ordered.insert(known.session.id, mark(ctx, known));
        self.panes = ctx.engine().panes()?;
        Ok(())
    }

    /// The panes.
    pub fn panes(&self) -> &[Pane] {
        &self.panes
    }

    /// The row of one tab.
    pub fn row(&self, ctx: &Ctx, known: &Known) -> Option<Row> {
        let holder = known.live.as_ref().and_then(|live| live.holder.as_ref());
        let held = holder.and_then(|holder| holder.pane.as_ref());
        let is_its = |pane: &&Pane| pane.tab == Some(known.session.id) || Some(&pane.id) == held;
        let panes: Vec<Pane> = self.panes.iter().filter(is_its).cloned().collect();
        list::rows_of(ctx, vec![known.clone()], &panes).pop()
    }
}

fn mark(ctx: &Ctx, known: &Known) -> (Option<Stamp>, Option<Holder>) {
    let holder = known.live.as_ref().and_then(|live| live.holder.clone());
    (ctx.store.order_stamp(known.session.id), holder)
}
