//! What a listing itself looks at, for tabs that no runner observes. Must ask the multiplexer once, and
//! walk processes only where nothing else tells.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Ctx, cpu};
use crate::model::pane::{Pane, PaneId};
use crate::model::row::Known;
use crate::model::status::{Claim, Source, State};

/// A word as fresh as this is true: nobody looks further.
const FRESH: TimeDelta = TimeDelta::seconds(3);
/// What the rules for screens look at stands at the bottom.
const LINES: u16 = 60;

/// Whether the pane of a tab has to be looked at: an agent is there, and its word is not fresh.
pub fn is_in_doubt(known: &Known, now: DateTime<Utc>) -> bool {
    let claims = known.live.as_ref().map(|live| live.claims.as_slice()).unwrap_or_default();
    let is_fresh = |claim: &Claim| claim.source.rank() <= 2 && (now - claim.at).abs() < FRESH;
    known.session.agent.is_some() && !claims.iter().any(is_fresh)
}

/// Looks at the screens of tabs, all in one call, and adds what the rules of their agents say.
/// Titles, and an agent's own state file, are to be looked at here as well.
pub fn add(ctx: &Ctx, doubts: &mut [(&mut Known, &Pane)], now: DateTime<Utc>) {
    if doubts.is_empty() {
        return;
    }
    let panes: Vec<PaneId> = doubts.iter().map(|(_, pane)| pane.id.clone()).collect();
    // A screen that cannot be read says nothing.
    let screens = ctx.engine().capture(&panes, LINES).unwrap_or_default();
    for ((known, _), screen) in doubts.iter_mut().zip(screens) {
        let Some(agent) = &known.session.agent else { continue };
        let said =
            ctx.agents().get(&agent.kind).ok().and_then(|spec| spec.screen_says(&screen.text));
        if let Some(said) = said {
            let live = known.live.get_or_insert_default();
            live.hear(Claim::of(said, Source::Screen, now));
        }
    }
    let is_open = |known: &Known| {
        let verdict = known.live.as_ref().map(|live| live.verdict(now));
        verdict.is_none_or(|verdict| verdict.claim.state == State::Unknown || verdict.stale)
    };
    let open = doubts.iter_mut().filter(|(known, _)| is_open(known));
    let mut open: Vec<_> = open.map(|(known, pane)| (&mut **known, *pane)).collect();
    cpu::add(ctx, &mut open, now);
}

#[cfg(test)]
mod tests;
