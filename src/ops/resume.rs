//! Brings tabs back with their own conversations. Must start nothing twice, however often it is asked.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::model::event::Event;
use crate::model::id::TabId;
use crate::model::pane::PaneId;
use crate::model::plan::{Action, Step};
use crate::model::row::{Known, Row};
use crate::scan;
use crate::sys::{clock, watch};

use super::order::Helps;
use super::plan::{self, Wish};
use super::record::record;
use super::start::{self, Outcome};
use super::{Ctx, list};

/// The longest that an agent may take to end after its terminal is gone (claude needs a second).
const LAST_WORDS: Duration = Duration::from_secs(3);
/// The same where its runner lives, which ends it after ten seconds.
const LAST_ORDERS: Duration = Duration::from_secs(12);

/// What became of one tab.
#[derive(Debug, Clone, Serialize)]
pub struct Resumed {
    /// What was planned.
    #[serde(flatten)]
    pub step: Step,
    /// What came of it; nothing for a tab that lived or was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Outcome>,
    /// The pane it is in now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pane: Option<PaneId>,
    /// It is to be started in the place of this very process: see [`super::runner::run`].
    #[serde(skip)]
    pub here: bool,
}

impl Resumed {
    /// Whether nothing had to be done, and nothing is worth saying.
    pub fn was_there(&self) -> bool {
        matches!(self.step.action, Action::Lives { .. }) && self.step.remarks.is_empty()
    }

    /// Whether it was started, and nobody has seen yet what became of it.
    fn waits(&self) -> bool {
        self.pane.is_some() && self.result.is_none() && self.step.action.order().is_some()
    }

    /// Whether the tab is as the person wanted it.
    pub fn is_well(&self) -> bool {
        match &self.step.action {
            Action::Lives { .. } => true,
            Action::Start { .. } | Action::Restart { .. } => self.result == Some(Outcome::Runs),
            Action::Shell { .. } | Action::Refuse { .. } => false,
        }
    }
}

/// Resumes tabs, one after the other; `tell` hears of each when it is decided.
pub fn resume(
    ctx: &Ctx,
    mut tabs: Vec<Known>,
    wish: Wish,
    tell: &mut dyn FnMut(&Resumed),
) -> Result<Vec<Resumed>> {
    // Locked tabs are the ones a person cares for most; the rest in the order they stood in.
    tabs.sort_by_key(|known| {
        let place = known.session.place.clone().unwrap_or_default();
        (!known.session.locked, place.session, place.index)
    });
    let helps = Helps::default();
    let mut done: Vec<Resumed> = Vec::new();
    for known in tabs {
        // What goes wrong with one tab is said of that tab, and the others go on.
        let resumed = one(ctx, &known, wish, &helps).unwrap_or_else(|error| Resumed {
            step: plan::refusal(&known, &error),
            result: None,
            pane: None,
            here: false,
        });
        if !resumed.waits() {
            tell(&resumed);
        }
        done.push(resumed);
    }
    // All agents get their time to refuse at once.
    for resumed in done.iter_mut().filter(|resumed| resumed.waits()) {
        if let Some(pane) = &resumed.pane {
            let outcome = start::outcome(ctx, resumed.step.id, pane);
            resumed.result = Some(outcome.unwrap_or(Outcome::Unverified));
        }
        tell(resumed);
    }
    Ok(done)
}

/// Plans and starts one tab under its lock.
fn one(ctx: &Ctx, known: &Known, wish: Wish, helps: &Helps) -> Result<Resumed> {
    let id = known.session.id;
    let _lock = ctx.store.resume_lock(id)?;
    // Whoever held the lock before may have started it: look at the world again, under the lock.
    let mut step = planned(ctx, id, wish, helps)?;
    if wish.fresh && step.action.order().is_some() {
        renew(ctx, id)?;
        step = planned(ctx, id, wish, helps)?;
    }
    let settled = |step, result, pane, here| Resumed { step, result, pane, here };
    let pane = match &step.action {
        Action::Lives { pane } => {
            let pane = pane.clone();
            return Ok(settled(step, None, pane, false));
        }
        Action::Refuse { .. } => return Ok(settled(step, None, None, false)),
        Action::Restart { pane, order } if ctx.engine().here().as_ref() == Some(pane) => {
            start::prepare(ctx, id, order)?;
            let pane = Some(pane.clone());
            return Ok(settled(step, Some(Outcome::Runs), pane, true));
        }
        Action::Restart { pane, order } => {
            start::restart(ctx, id, order, pane)?;
            pane.clone()
        }
        Action::Start { place, order } | Action::Shell { place, order, .. } => {
            start::open(ctx, id, order, place)?
        }
    };
    let seen = step.action.order().map(|order| start::wait(ctx, id, order)).transpose()?;
    // It runs, whether or not its file can be written.
    if let Err(error) = start::settle(ctx, id, &pane) {
        step.remarks.push(format!("its place could not be written down: {error:#}"));
    }
    let result = (seen != Some(true)).then_some(Outcome::Unverified);
    Ok(settled(step, result, Some(pane), false))
}

/// Whether the runner of a pane that is gone still holds the tab, and what its agent held.
fn lingers(ctx: &Ctx, row: &Row) -> bool {
    let holder = ctx.store.live(row.id).and_then(|live| live.holder);
    row.pane.is_none()
        && holder.is_some_and(|holder| {
            let is_ours = !holder.adopted && holder.server == ctx.engine().server();
            is_ours && scan::lives(&holder.runner, &ctx.store.boot)
        })
}

/// Plans one tab. An agent whose pane was closed a moment ago gets the time to end.
fn planned(ctx: &Ctx, id: TabId, wish: Wish, helps: &Helps) -> Result<Step> {
    let mut step = None;
    let begun = Instant::now();
    watch::until_seen(&ctx.store.live_records(), LAST_ORDERS, &mut || {
        let known = ctx.store.known(id)?;
        let panes = ctx.engine().panes()?;
        let row =
            list::rows_of(ctx, vec![known.clone()], &panes).pop().context("no row for a tab")?;
        step = Some(plan::step(ctx, &known, &row, wish, helps));
        let is_over = !plan::is_survivor(&row) || begun.elapsed() > LAST_WORDS;
        Ok((is_over && !lingers(ctx, &row)).then_some(()))
    })?;
    step.context("a tab was not planned")
}

/// With `--fresh` the tab gets a new conversation; the old id goes into its history.
fn renew(ctx: &Ctx, id: TabId) -> Result<()> {
    let tab = ctx.store.load_id(id)?;
    let Some(agent) = &tab.session.agent else { return Ok(()) };
    let spec = ctx.agents().get(&agent.kind)?;
    let session_id = spec.presets_id().then(clock::new_uuid).transpose()?;
    let reason = "fresh".to_owned();
    record(ctx, &tab, &[Event::Rebound { session_id, resume: None, reason }])?;
    Ok(())
}
