//! What a listing itself looks at, for tabs that no runner observes. Must ask the multiplexer once, and
//! walk processes only where nothing else tells.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Ctx, cpu, follow};
use crate::agents::Spec;
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

/// Looks at the state files of agents, and at the screens of all tabs in one call, and adds what they
/// say. Titles are to be looked at here as well.
pub fn add(ctx: &Ctx, doubts: &mut [(&mut Known, &Pane)], now: DateTime<Utc>) {
    if doubts.is_empty() {
        return;
    }
    for (known, pane) in doubts.iter_mut() {
        if let Some(claim) = state_file(ctx, known, pane.pid) {
            known.live.get_or_insert_default().hear(claim);
        }
    }
    let panes: Vec<PaneId> = doubts.iter().map(|(_, pane)| pane.id.clone()).collect();
    // A screen that cannot be read says nothing.
    let screens = ctx.engine().capture(&panes, LINES).unwrap_or_default();
    for ((known, _), screen) in doubts.iter_mut().zip(screens) {
        let Some(agent) = &known.session.agent else { continue };
        let said = ctx
            .agents()
            .get(&agent.kind)
            .ok()
            .and_then(|spec| spec.screen_says_at(&screen.text, screen.is_left));
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

/// What the agent itself keeps written down. One that is gone or cannot be read says nothing.
fn state_file(ctx: &Ctx, known: &Known, pane: u32) -> Option<Claim> {
    let agent = known.live.as_ref().and_then(|live| live.agent.as_ref());
    let pid = agent.map_or(pane, |agent| agent.pid);
    let (session, workspace) = (&known.session, Path::new(&known.workspace));
    follow::of_process(ctx, session, workspace, pid, Spec::state_file_says).ok().flatten()
}

#[cfg(test)]
mod tests;
