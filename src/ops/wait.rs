//! Waits until tabs have a state. Must not poll where the change of a live record tells.

use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Ctx, list};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::name;
use crate::model::row::{Known, Row};
use crate::model::status::State;
use crate::sys::watch;

/// A pane that closes and a process that dies write no record: these are looked for now and then.
const LOOK: TimeDelta = TimeDelta::seconds(1);
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
    let mut seen: Option<(DateTime<Utc>, Vec<Option<Live>>)> = None;
    let mut look = || {
        let now = ctx.now();
        let lives: Vec<Option<Live>> = ids.iter().map(|id| ctx.store.live(*id)).collect();
        // Other tabs' records change in the same folder.
        if seen.as_ref().is_some_and(|(at, known)| (now - *at).abs() < LOOK && *known == lives) {
            return Ok(None);
        }
        seen = Some((now, lives));
        reached(wish, list::list(ctx)?.rows)
    };
    let found = watch::until(&folder, wish.limit.unwrap_or(FOREVER), &mut look)?;
    found.ok_or_else(|| {
        Fault::new(Kind::TimedOut, "the time is over, and the state is not reached")
            .hint("`tabctl ls` shows what the tabs do; --timeout gives them longer")
            .into()
    })
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
