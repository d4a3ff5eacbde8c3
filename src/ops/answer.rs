//! The end of a turn, and what the agent said last in it. Must not read more of a conversation than its
//! end.

use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::{Ctx, order};
use crate::agents::{Spec, Transcript};
use crate::error::{Fault, Kind};
use crate::model::row::Row;
use crate::model::status::State;
use crate::sys::{file, watch};

/// As much of a transcript as the answers of any turn, in bytes.
const END: u64 = 4 * 1024 * 1024;
/// A transcript may be written a little later than the turn ends.
const LATE: Duration = Duration::from_secs(2);
/// An agent that is idle for so long has no more to say.
const SETTLED: TimeDelta = TimeDelta::milliseconds(800);
/// An agent that was idle before it was sent a text, and is so all this time after, has had its turn
/// unseen: it was over before anybody looked.
const UNSEEN: TimeDelta = TimeDelta::seconds(10);
/// A wait without a limit: longer than any machine stays up.
const FOREVER: Duration = Duration::from_hours(10 * 365 * 24);

/// How a turn ended.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// What the agent does now: idle, or something that needs a person.
    pub state: State,
    /// Why it needs one.
    pub reason: Option<String>,
    /// What it said last, where its transcript tells.
    pub text: Option<String>,
}

/// Waits for the end of the turn that was begun `since` then.
///
/// # Errors
/// `TimedOut`; `Gone` if the agent ends.
pub fn wait(ctx: &Ctx, row: &Row, since: DateTime<Utc>, limit: Option<Duration>) -> Result<Answer> {
    let mut look = || {
        let live = ctx.store.live(row.id).unwrap_or_default();
        if live.ended.is_some() || live.agent.is_none() {
            let message = format!("the agent of '{}' has ended", row.tab);
            let hint = format!("`tabctl resume {}` brings it back", row.tab);
            return Err(Fault::new(Kind::Gone, message).hint(hint).into());
        }
        let now = ctx.now();
        let claim = live.verdict(now).claim;
        let is_over =
            matches!(claim.state, State::Idle | State::Attention | State::Done | State::Failed);
        // A turn that was under way may end, and the one that is meant begin right behind it.
        let lasts = claim.state == State::Attention || now - claim.at >= SETTLED;
        // Its record may tell of a turn that was too short to be seen.
        let is_told = || now - since >= SETTLED && last_words(ctx, row, since).is_some();
        let is_this_one = || {
            claim.at >= since || now - since >= UNSEEN || (claim.state == State::Idle && is_told())
        };
        Ok((is_over && lasts && is_this_one()).then_some((claim.state, claim.reason)))
    };
    let folder = ctx.store.live_records();
    let found = watch::until_seen(&folder, limit.unwrap_or(FOREVER), &mut look)?;
    let (state, reason) = found.ok_or_else(|| {
        Fault::new(Kind::TimedOut, "the time is over, and the turn is not")
            .hint("the text was sent; `tabctl wait` waits for the rest")
    })?;
    let mut said = || Ok(last_words(ctx, row, since));
    // What no record tells is not waited for.
    let late = if tells(ctx, row) { LATE } else { Duration::ZERO };
    let text = watch::until_seen(&folder, late, &mut said)?;
    Ok(Answer { state, reason, text })
}

/// Refuses to take a question for an answer.
pub fn must_be_over(row: &Row, answer: &Answer) -> Result<()> {
    if answer.state != State::Attention {
        return Ok(());
    }
    let why = answer.reason.as_deref().unwrap_or("something");
    let message = format!("'{}' needs a person: {why}", row.tab);
    let hint = format!("`tabctl go {}` brings you there", row.tab);
    Err(Fault::new(Kind::NeedsAnswer, message).hint(hint).into())
}

/// Whether its transcript is known to tell what it says.
fn tells(ctx: &Ctx, row: &Row) -> bool {
    let spec = row.agent.as_ref().and_then(|kind| ctx.agents().get(kind).ok());
    spec.is_some_and(Spec::tells_answers)
}

/// What its transcript says that it has said last.
fn last_words(ctx: &Ctx, row: &Row, since: DateTime<Utc>) -> Option<String> {
    let tab = ctx.store.load_id(row.id).ok()?;
    let agent = tab.session.agent.as_ref()?;
    let spec = ctx.agents().get(&agent.kind).ok().filter(|spec| spec.tells_answers())?;
    let environment = order::environment(spec, agent.launch.as_ref());
    let directory = order::directory(&tab.workspace, &tab.session.executable());
    let around = order::surroundings(ctx, &environment, &directory);
    match spec.transcript(agent.session_id.as_deref(), &around) {
        Transcript::Present(path) => spec.last_words(&file::read_end(&path, END)?, since),
        _ => None,
    }
}
