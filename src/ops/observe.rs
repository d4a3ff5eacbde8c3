//! Evidence of what a tab is doing goes into its live record, here and nowhere else; a change of what
//! it amounts to goes into the journal, and now and then into the session file.
//! Must be quick: hooks call it inside an agent's turn.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use crate::model::event::Event;
use crate::model::id::TabId;
use crate::model::live::{Filed, Live, Shown};
use crate::model::resolve::Verdict;
use crate::model::status::{Claim, State};

use super::record::{journal, record};
use super::{Ctx, segment};

/// A session file is given a state at most this often: editors and synchronisers watch it.
const FILED_EVERY: TimeDelta = TimeDelta::seconds(1);
/// Where many tabs come back, the state of each is written into its session file so much later: the
/// start of the others comes first.
const AMONG_MANY: TimeDelta = TimeDelta::seconds(5);

/// Takes in what was seen or said of a tab.
pub fn hear(ctx: &Ctx, id: TabId, claims: &[Claim]) -> Result<Live> {
    hear_from(ctx, id, &mut |_| claims.to_vec())
}

/// Takes in what follows from the live record itself, as it is while no one else can write it.
pub fn hear_from(
    ctx: &Ctx,
    id: TabId,
    claims: &mut dyn FnMut(&mut Live) -> Vec<Claim>,
) -> Result<Live> {
    take_in(ctx, id, FILED_EVERY, claims)
}

/// Writes the last state down before its agent's end is: nobody comes later to do it.
pub fn at_end(ctx: &Ctx, id: TabId) -> Result<()> {
    take_in(ctx, id, TimeDelta::zero(), &mut |_| Vec::new()).map(|_| ())
}

/// `every`: how long ago the session file must have been given a state.
fn take_in(
    ctx: &Ctx,
    id: TabId,
    every: TimeDelta,
    claims: &mut dyn FnMut(&mut Live) -> Vec<Claim>,
) -> Result<Live> {
    let now = ctx.now();
    let mut turned = None;
    let mut due = None;
    let live = ctx.store.update_live(id, &mut |live| {
        live.set_back(now);
        for claim in claims(live) {
            live.hear(claim);
        }
        let verdict = live.verdict(now);
        turned = turn(live, &verdict, now);
        due = file_if_due(ctx, live, &verdict, now, every);
    })?;
    if let Some(transition) = turned {
        segment::turned(ctx, id, &live);
        // Behind the segment: whoever is woken by it reads that, and those of others.
        ctx.store.ring(id);
        journal(ctx, id, "transition", transition);
    }
    if let Some(verdict) = due {
        write_down(ctx, id, &verdict);
        // On a busy machine it took a while, and the pause is one between two writings.
        let now = ctx.now();
        ctx.store.update_live(id, &mut |live| {
            if let Some(filed) = live.filed.as_mut() {
                filed.at = now.max(filed.at);
            }
        })?;
    }
    Ok(live)
}

/// Writes the state down that a change within the same second left behind, and notices what time
/// alone has changed. Called now and then by whoever lives as long as the agent.
pub fn catch_up(ctx: &Ctx, id: TabId) -> Result<()> {
    let now = ctx.now();
    let Some(live) = ctx.store.live(id) else { return Ok(()) };
    let verdict = live.verdict(now);
    let is_news = turn(&mut live.clone(), &verdict, now).is_some();
    if is_news || file_if_due(ctx, &mut live.clone(), &verdict, now, FILED_EVERY).is_some() {
        hear(ctx, id, &[])?;
    }
    Ok(())
}

/// Takes note of another verdict. Gives what the journal needs to decide it again.
fn turn(live: &mut Live, verdict: &Verdict, now: DateTime<Utc>) -> Option<Map<String, Value>> {
    let Verdict { claim, rule, .. } = verdict;
    let shown = Shown { state: claim.state, reason: claim.reason.clone(), since: claim.at };
    let before = live.shown.as_ref();
    if before.is_some_and(|before| before.is(claim)) || (before.is_none() && live.claims.is_empty())
    {
        return None;
    }
    let mut with = Map::new();
    let mut say = |key: &str, value: Value| with.insert(key.to_owned(), value);
    say("from", before.map(|before| before.state.word()).into());
    say("to", shown.state.word().into());
    say("reason", shown.reason.clone().into());
    say("rule", rule.clone().into());
    say("now", json!(now));
    say("alive_since", json!(live.held_since));
    say("claims", json!(live.claims));
    live.shown = Some(shown);
    Some(with)
}

/// Takes the turn to write the session file, if its state is another one and the last is long enough ago.
fn file_if_due(
    ctx: &Ctx,
    live: &mut Live,
    verdict: &Verdict,
    now: DateTime<Utc>,
    every: TimeDelta,
) -> Option<Verdict> {
    let state = verdict.claim.state;
    let is_told = matches!(state, State::Idle | State::Thinking | State::Attention);
    let filed = live.filed.as_ref();
    let is_news = filed.is_none_or(|filed| filed.state != state);
    // A clock that was set back must not end the writing.
    let is_early = filed.is_some_and(|filed| (now - filed.at).abs() < every);
    // Where a runner lives, it writes: whoever brings the news may be in an agent's way.
    let holder = live.holder.as_ref().filter(|holder| !holder.adopted);
    let is_theirs = holder.is_some_and(|holder| holder.runner.pid != std::process::id());
    if !ctx.settings.status_in_file || !is_told || !is_news || is_early || is_theirs {
        return None;
    }
    let is_new = live.held_since.is_some_and(|since| (now - since).abs() < AMONG_MANY);
    if is_new && !every.is_zero() && ctx.store.is_quiet(now) {
        // Whoever follows the agent catches up with it.
        return None;
    }
    live.filed = Some(Filed { state, at: now });
    Some(verdict.clone())
}

/// The session file is a courtesy: where it cannot be written, the live record still says it.
fn write_down(ctx: &Ctx, id: TabId, verdict: &Verdict) {
    let claim = &verdict.claim;
    let source = json!(claim.source);
    let by = claim.by.clone().or_else(|| source.as_str().map(str::to_owned)).unwrap_or_default();
    let event = Event::Status { state: claim.state, by, reason: claim.reason.clone() };
    if let Ok(tab) = ctx.store.load_id(id)
        && !tab.is_newer()
    {
        let _ = record(ctx, &tab, &[event]);
    }
}

/// Takes note of a state that was written into the session file at once, because somebody said it.
pub fn was_filed(ctx: &Ctx, id: TabId, state: State) -> Result<()> {
    let filed = Filed { state, at: ctx.now() };
    ctx.store.update_live(id, &mut |live| live.filed = Some(filed.clone()))?;
    Ok(())
}

#[cfg(test)]
mod tests;
