//! Waits until tabs have a state. Must not poll where the change of a live record tells.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::{Ctx, list};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::name;
use crate::model::row::{Known, Row};
use crate::model::status::State;
use crate::scan;
use crate::sys::watch;

/// A pane that closes and a shell's job write no record: these are looked for now and then.
const LOOK: Duration = Duration::from_millis(900);
/// A wait without a limit: longer than any machine stays up.
const FOREVER: Duration = Duration::from_hours(10 * 365 * 24);

/// What is waited for.
#[derive(Debug)]
pub struct Wish {
    /// The tabs.
    pub tabs: Vec<Known>,
    /// Any of these states.
    pub states: Vec<State>,
    /// Every tab must have one; else the first that does is enough.
    pub all: bool,
    /// How long; without it, for ever.
    pub limit: Option<Duration>,
}

/// Waits. Gives the rows of the tabs that have reached one of the states.
///
/// # Errors
/// `TimedOut`; `Gone` once a tab is down, missing or removed, and so can never get there.
pub fn wait(ctx: &Ctx, wish: &Wish) -> Result<Vec<Row>> {
    let ids: Vec<TabId> = wish.tabs.iter().map(|known| known.session.id).collect();
    let folder = ctx.store.live_records();
    let mut seen: Option<Vec<Option<Live>>> = None;
    let mut looked = Instant::now();
    let mut look = || {
        let lives: Vec<Option<Live>> = ids.iter().map(|id| ctx.store.live(*id)).collect();
        // Other tabs' records change in the same folder.
        let is_told = |live: &Option<Live>| live.as_ref().is_some_and(|live| is_told(ctx, live));
        if seen.as_ref() == Some(&lives) && (looked.elapsed() < LOOK || lives.iter().all(is_told)) {
            return Ok(None);
        }
        seen = Some(lives);
        looked = Instant::now();
        reached(wish, list::list(ctx)?.rows)
    };
    let found = watch::until(&folder, wish.limit.unwrap_or(FOREVER), &mut look)?;
    found.ok_or_else(|| {
        Fault::new(Kind::TimedOut, "the time is over, and the state is not reached")
            .hint("`tabctl ls` shows what the tabs do; --timeout gives them longer")
            .into()
    })
}

/// Whether every change of a tab is written into its live record: a runner that lives sees to it.
fn is_told(ctx: &Ctx, live: &Live) -> bool {
    let runs = live.agent.is_some() && live.ended.is_none();
    let holder = live.holder.as_ref().filter(|holder| !holder.adopted);
    runs && holder.is_some_and(|holder| scan::lives(&holder.runner, &ctx.store.boot))
}

/// The rows that fulfil the wish, if they do.
fn reached(wish: &Wish, rows: Vec<Row>) -> Result<Option<Vec<Row>>> {
    let is_there = |row: &Row| wish.states.contains(&row.status.claim.state);
    let lives = |row: &&Row| !matches!(row.status.claim.state, State::Down | State::Missing);
    let wanted = |known: &Known| rows.iter().find(|row| row.id == known.session.id);
    let there = wish.tabs.iter().filter(|known| wanted(known).is_some_and(is_there)).count();
    let gone: Vec<&Known> = wish
        .tabs
        .iter()
        .filter(|known| wanted(known).is_none_or(|row| !is_there(row) && !lives(&row)))
        .collect();
    if there == wish.tabs.len() || (there > 0 && !wish.all) {
        let is_meant = |row: &Row| wish.tabs.iter().any(|known| known.session.id == row.id);
        let is_it = |row: &Row| is_meant(row) && is_there(row);
        return Ok(Some(rows.into_iter().filter(is_it).collect()));
    }
    // Of several, one that lives can still get there, if one is enough.
    let hopeless = if wish.all { !gone.is_empty() } else { gone.len() == wish.tabs.len() };
    match gone.first().filter(|_| hopeless) {
        None => Ok(None),
        Some(known) => {
            let tab = name::shown(&known.session.tab);
            Err(Fault::new(Kind::Gone, format!("the tab '{tab}' is not live any more"))
                .hint(format!("`tabctl resume {tab}` brings it back"))
                .into())
        }
    }
}
