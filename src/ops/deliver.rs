//! Types what was queued, once its tab's agent is idle; the tab's own runner calls it. Must never type
//! one prompt twice: what was begun and not seen through is left for a person.

use std::time::Duration;

use anyhow::Result;
use chrono::TimeDelta;

use super::queue::{self, Standing};
use super::send::Step;
use super::{Ctx, list, send};
use crate::error::{Kind, kind_of};
use crate::model::id::TabId;
use crate::model::queued::Queued;
use crate::model::row::Row;
use crate::model::status::State;

/// An agent that has been idle for so long takes a prompt; right after a turn or a start it may still
/// be drawing.
const SETTLED: TimeDelta = TimeDelta::milliseconds(700);
/// After somebody was in the way it is tried again so much later.
const AGAIN: Duration = Duration::from_secs(3);

/// The claim of whoever types what waits for a tab.
pub fn key(id: TabId) -> String {
    format!("queue.{id}")
}

/// How long until a prompt may be due; nothing as long as none waits or the agent works: its next word
/// is news then.
pub fn due_in(ctx: &Ctx, id: TabId) -> Option<Duration> {
    if !ctx.store.may_be_queued(id) || next(ctx, id).ok().flatten().is_none() {
        return None;
    }
    let live = ctx.store.live(id)?;
    let verdict = live.verdict(ctx.now());
    if verdict.claim.state != State::Idle {
        return None;
    }
    let left = SETTLED - (ctx.now() - live.since(&verdict.claim));
    Some(left.to_std().unwrap_or_default())
}

/// Types the next prompt. Gives how long to wait before the next attempt.
pub fn deliver(ctx: &Ctx, id: TabId) -> Result<Duration> {
    // One runner, and one at a time.
    let Some(_only) = ctx.store.claim(&key(id))? else { return Ok(AGAIN) };
    let Some(prompt) = next(ctx, id)? else { return Ok(AGAIN) };
    let tab = ctx.store.load_id(id)?;
    let Some(row) = list::row(ctx, id)?.filter(is_idle) else { return Ok(AGAIN) };
    let (mut begun, mut typed) = (false, false);
    let wish = send::Wish::text(&prompt.text);
    let sent = send::send_once(ctx, &tab, &row, &wish, &mut |step| {
        match step {
            Step::Begins => claim(ctx, id, &prompt, true)?,
            Step::Typed => typed = true,
        }
        begun = true;
        Ok(())
    });
    match sent {
        // Also where nothing confirms it: it was typed, and must not be typed again.
        Ok(_) => queue::drop_one(ctx, &tab, &prompt).map(|_| Duration::ZERO),
        Err(error) if begun && !typed && is_untyped(&error) => {
            claim(ctx, id, &prompt, false).map(|()| AGAIN)
        }
        // What became of what was typed is not known: it stays claimed.
        Err(_) => Ok(AGAIN),
    }
}

/// Whether it is known that nothing was typed: somebody came before the first key, or the pane is gone
/// and its prompt with it. A multiplexer that did not answer may have typed all the same.
fn is_untyped(error: &anyhow::Error) -> bool {
    matches!(kind_of(error), Kind::Busy | Kind::NotFound)
}

fn is_idle(row: &Row) -> bool {
    row.status.claim.state == State::Idle
}

/// The first prompt that waits.
fn next(ctx: &Ctx, id: TabId) -> Result<Option<Queued>> {
    let vouched = ctx.store.vouched(id)?;
    if vouched.iter().all(|vouched| vouched.claimed.is_some()) {
        return Ok(None);
    }
    let queue = ctx.store.load_id(id)?.session.queue;
    let waits = |prompt: &Queued| queue::standing(&vouched, prompt) == Standing::Waits;
    Ok(queue.into_iter().find(waits))
}

/// Notes that somebody begins to type a prompt: on disk before the first key.
fn claim(ctx: &Ctx, id: TabId, prompt: &Queued, begins: bool) -> Result<()> {
    let at = begins.then(|| ctx.now());
    ctx.store.update_vouched(id, &mut |all| {
        let its = all.iter_mut().filter(|vouched| vouched.is_of(prompt));
        its.for_each(|vouched| vouched.claimed = at);
    })
}
