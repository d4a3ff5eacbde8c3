//! Starts one tab under its lock. Must look at the world again there: whoever held the lock before
//! may have started it.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::name;
use crate::model::outcome::Outcome;
use crate::model::pane::PaneId;
use crate::model::plan::{Action, Order, Step};
use crate::model::row::{Known, Row};
use crate::model::session::Place;
use crate::model::status::State;
use crate::ops::order::Helps;
use crate::ops::plan::{self, Wish};
use crate::ops::record::record;
use crate::ops::{Ctx, anew, evidence, pane, snapshot, start};
use crate::scan;
use crate::sys::file::Lock;

use super::Resumed;
use super::verify::Watched;
use super::view::View;

/// The longest that an agent may take to end after its terminal is gone (claude needs a second).
const LAST_WORDS: Duration = Duration::from_secs(3);
/// The same where its runner lives, which ends it after ten seconds.
const LAST_ORDERS: Duration = Duration::from_secs(12);
/// The longest that another resume may have a tab's lock.
const LOCKED: Duration = Duration::from_secs(30);
/// How soon what could not be decided is tried again.
const TRY_AGAIN: Duration = Duration::from_millis(50);
/// The longest that a runner may take from its pane to its record.
const FIRST_WORD: Duration = Duration::from_secs(10);

/// A tab that is to be started.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// What is known of it.
    pub known: Known,
    /// Since when another resume has had its lock.
    locked: Option<Instant>,
    /// Since when it could not be decided because something was on its way out or in.
    moving: Option<Instant>,
    /// Not to be tried before.
    pub again: Instant,
}

impl Waiting {
    /// A tab that was not tried yet.
    pub fn new(known: Known) -> Waiting {
        Waiting { known, locked: None, moving: None, again: Instant::now() }
    }

    /// Since when; sets the time of the next try.
    fn since(what: &mut Option<Instant>, again: &mut Instant) -> Duration {
        *again = Instant::now() + TRY_AGAIN;
        what.get_or_insert_with(Instant::now).elapsed()
    }
}

/// What came of an attempt.
pub enum Begun {
    /// Nothing is to be awaited.
    Settled(Box<Resumed>),
    /// It was started, now or by somebody who did not see it through.
    Started(Box<Started>),
    /// It is claimed, and its window is to be opened: see [`open`].
    Ready(Box<Ready>),
    /// Something is on its way out or in: to be tried again soon.
    Later,
}

/// A tab of which all is written down that its runner needs.
pub struct Ready {
    /// What is known of it.
    pub known: Known,
    resumed: Resumed,
    lock: Lock,
    order: Order,
    place: Place,
}

/// A tab whose start is to be seen through.
pub struct Started {
    /// What was planned.
    pub resumed: Resumed,
    /// Held until its runner has it.
    pub lock: Option<Lock>,
    /// How it goes.
    pub watched: Watched,
}

/// Plans one tab and starts it if that is the plan. Never waits for a lock: others may be held.
pub fn begin(
    ctx: &Ctx,
    waiting: &mut Waiting,
    wish: Wish,
    helps: &Helps,
    view: &mut View,
) -> Result<Begun> {
    let id = waiting.known.session.id;
    let Some(lock) = ctx.store.try_resume_lock(id)? else {
        if Waiting::since(&mut waiting.locked, &mut waiting.again) < LOCKED {
            return Ok(Begun::Later);
        }
        let tab = name::shown(&waiting.known.session.tab);
        return Err(Fault::new(Kind::Busy, format!("another resume holds '{tab}'"))
            .hint("`tabctl ls` shows what becomes of it")
            .into());
    };
    waiting.known = ctx.store.known(id)?;
    if waiting.moving.is_some() || !view.holds_for(ctx, &waiting.known) {
        view.renew(ctx, &waiting.known)?;
    }
    let row = view.row(ctx, &waiting.known).context("no row for a tab")?;
    let since = waiting.moving.map_or(Duration::ZERO, |since| since.elapsed());
    if is_moving(ctx, &waiting.known, &row, view, since) {
        Waiting::since(&mut waiting.moving, &mut waiting.again);
        return Ok(Begun::Later);
    }
    let is_down = row.status.claim.state == State::Down;
    let typed = is_down.then(|| evidence::at_resume(ctx, id)).flatten();
    if typed.is_some() {
        waiting.known = ctx.store.known(id)?;
    }
    let mut step = plan::step(ctx, &waiting.known, &row, wish, helps);
    if wish.fresh && !wish.begun && step.action.order().is_some() {
        renew(ctx, id)?;
        waiting.known = ctx.store.known(id)?;
        step = plan::step(ctx, &waiting.known, &row, wish, helps);
    }
    step.remarks.extend(typed.filter(|typed| !step.remarks.contains(typed)));
    carry_out(ctx, &waiting.known, step, lock)
}

/// Does what is planned.
fn carry_out(ctx: &Ctx, known: &Known, step: Step, lock: Lock) -> Result<Begun> {
    let id = known.session.id;
    let mut resumed = of(known, step);
    let order = resumed.step.action.order().cloned();
    let pane = match &resumed.step.action {
        Action::Lives { pane } => {
            resumed.pane.clone_from(pane);
            return Ok(match left_over(ctx, known)? {
                Some(order) => Begun::Started(Box::new(Started {
                    resumed,
                    lock: None,
                    watched: Watched::of(&order),
                })),
                None => Begun::Settled(Box::new(resumed)),
            });
        }
        Action::Hold { .. } | Action::Refuse { .. } => {
            return Ok(Begun::Settled(Box::new(resumed)));
        }
        Action::Restart { pane, order } if ctx.engine().here().as_ref() == Some(pane) => {
            start::prepare(ctx, id, order)?;
            resumed.pane = Some(pane.clone());
            resumed.result = Some(Outcome::Here);
            return Ok(Begun::Settled(Box::new(resumed)));
        }
        Action::Restart { pane, order } => {
            left_open(ctx, id)?;
            start::restart(ctx, id, order, pane)?;
            pane.clone()
        }
        Action::Start { place, order } | Action::Shell { place, order, .. } => {
            left_open(ctx, id)?;
            start::make_ready(ctx, id, order, place)?;
            let (known, place, order) = (known.clone(), place.clone(), order.clone());
            return Ok(Begun::Ready(Box::new(Ready { known, resumed, lock, order, place })));
        }
    };
    let Some(order) = order else { return Ok(Begun::Later) };
    Ok(Begun::Started(Box::new(there(ctx, id, resumed, pane, lock, &order))))
}

/// Opens the windows of tabs that are ready; gives what became of each.
pub fn open(ctx: &Ctx, ready: Vec<Ready>) -> Vec<(Known, Result<Started>)> {
    let tabs: Vec<_> = ready.iter().map(|one| (one.known.session.id, &one.place)).collect();
    let opened = start::open_all(ctx, &tabs);
    let opened = opened.into_iter().zip(ready).map(|(pane, one)| {
        let Ready { known, resumed, lock, order, .. } = one;
        let id = known.session.id;
        let begun = pane.map(|pane| there(ctx, id, resumed, pane, lock, &order));
        (known, begun)
    });
    opened.collect()
}

/// A tab whose pane is there.
fn there(
    ctx: &Ctx,
    id: TabId,
    mut resumed: Resumed,
    pane: PaneId,
    lock: Lock,
    order: &Order,
) -> Started {
    resumed.pane = Some(pane);
    // Its file still says what it was: not before, because what was judged must be what is started.
    snapshot::before_resume(ctx, id);
    Started { resumed, lock: Some(lock), watched: Watched::of(order) }
}

/// What is said of a tab with which nothing was done yet.
pub fn of(known: &Known, step: Step) -> Resumed {
    let agent = known.session.agent.as_ref().map(|agent| agent.kind.clone());
    Resumed { step, agent, result: None, pane: None }
}

/// What an earlier resume had ordered and not seen through, if it still runs.
fn left_over(ctx: &Ctx, known: &Known) -> Result<Option<Order>> {
    let id = known.session.id;
    let Some(live) = known.live.as_ref().filter(|live| live.unfinished) else { return Ok(None) };
    let order = ctx.store.order(id).ok().filter(|_| live.ended.is_none());
    if order.is_none() {
        // It ran and was quit since: that is no business of this resume.
        ctx.store.update_live(id, &mut |live| live.unfinished = false)?;
    }
    Ok(order)
}

/// Notes that this is to be seen through, by the next resume if not by this one, and forgets the last
/// run in the same write: [`start::prepare`] would do it in one of its own.
fn left_open(ctx: &Ctx, id: TabId) -> Result<()> {
    ctx.store.update_live(id, &mut |live| {
        live.unfinished = true;
        start::forget(live);
    })?;
    Ok(())
}

/// Whether the tab is about to be another: an agent is ending, or a runner has not yet said that it
/// is there.
fn is_moving(ctx: &Ctx, known: &Known, row: &Row, view: &View, since: Duration) -> bool {
    let ends = plan::is_survivor(row) && since <= LAST_WORDS;
    let lingers = lingers(ctx, known, row) && since <= LAST_ORDERS;
    ends || lingers || (is_coming(ctx, known, view) && since <= FIRST_WORD)
}

/// Whether the runner of a pane that is gone still holds the tab, and what its agent held.
fn lingers(ctx: &Ctx, known: &Known, row: &Row) -> bool {
    let holder = known.live.as_ref().and_then(|live| live.holder.as_ref());
    row.pane.is_none() && holder.is_some_and(|holder| !holder.adopted && pane::is_held(ctx, holder))
}

/// Whether a runner was started in the tab's pane and has not written down yet that it holds it: left
/// there by a resume that was killed.
pub fn is_coming(ctx: &Ctx, known: &Known, view: &View) -> bool {
    let id = known.session.id;
    let has_holder = known.live.as_ref().is_some_and(|live| live.holder.is_some());
    let pane = view.panes().iter().find(|pane| pane.tab == Some(id) && !pane.dead);
    let Some(pane) = pane.filter(|_| !has_holder) else { return false };
    let process = scan::process(pane.pid, &ctx.store.boot);
    process.is_some_and(|process| {
        matches!(process.argv.as_slice(), [_, verb, tab] if verb == "runner" && *tab == id.to_string())
    })
}

/// With `--fresh` the tab gets a new conversation; the old id goes into its history.
fn renew(ctx: &Ctx, id: TabId) -> Result<()> {
    let tab = ctx.store.load_id(id)?;
    let events = anew::fresh(ctx, &tab)?;
    if !events.is_empty() {
        record(ctx, &tab, &events)?;
    }
    Ok(())
}
