//! What became of a start, by the evidence there is now. Must not take a living process for proof
//! where the agent can give better, nor wait for what it can never give.

use std::time::{Duration, Instant};

use crate::model::live::Live;
use crate::model::outcome::Outcome;
use crate::model::plan::{Evidence, Order};
use crate::model::status::State;
use crate::ops::Ctx;

/// The longest until the runner has started the agent: a loaded machine, a cold disk.
const START_LIMIT: Duration = Duration::from_secs(10);
/// An agent that refuses to start (no such conversation, bad flag) has ended by then.
const GRACE: Duration = Duration::from_millis(1200);
/// The longest that is waited for one that refuses where nothing else tells, and has said nothing yet.
const REFUSES: Duration = Duration::from_secs(15);
/// How soon it is noticed that a time limit has passed.
const OFTEN: Duration = Duration::from_millis(200);
/// Who shows nothing for so long keeps nobody else waiting any more.
const SLOW: Duration = Duration::from_secs(5);

/// A start that is watched.
#[derive(Debug, Clone)]
pub struct Watched {
    /// When its pane was ordered.
    pub begun: Instant,
    /// When the runner was seen to have started it.
    pub started: Option<Instant>,
    /// There is an agent, and not a shell only.
    pub has_agent: bool,
    /// The conversation that it is to go on with or to begin.
    pub expected: Option<String>,
    /// What will tell that it has.
    pub evidence: Evidence,
    /// When it was judged last.
    judged: Instant,
}

/// What is known of a start.
#[derive(Debug, Clone, PartialEq)]
pub enum Judged {
    /// The runner has not started it yet.
    Starting,
    /// It is there; whether it is ready, so that the next may start.
    Waiting {
        /// It has said something, or takes too long to be waited for.
        is_ready: bool,
    },
    /// It ended; its screen is still to be looked at.
    Ended,
    /// This is what became of it.
    Done(Outcome),
}

impl Watched {
    /// Watches what was ordered now.
    pub fn of(order: &Order) -> Watched {
        let id = order.conversation.as_deref().and_then(|key| key.split_once('.'));
        Watched {
            begun: Instant::now(),
            started: None,
            has_agent: !order.argv.words().is_empty(),
            expected: id.map(|(_, id)| id.to_owned()),
            evidence: order.evidence,
            judged: Instant::now(),
        }
    }

    /// Whether it is to be judged again though nothing was written: time limits pass.
    pub fn is_due(&self) -> bool {
        self.judged.elapsed() > OFTEN
    }

    /// Judges by the live record.
    pub fn judge(&mut self, ctx: &Ctx, live: &Live) -> Judged {
        self.judged = Instant::now();
        if live.ended.is_some() {
            return Judged::Ended;
        }
        let is_there = live.holder.is_some() && (live.agent.is_some() || !self.has_agent);
        if !is_there {
            let is_late = self.started.unwrap_or(self.begun).elapsed() > START_LIMIT;
            return if is_late { unverified("its start was not seen") } else { Judged::Starting };
        }
        let started = *self.started.get_or_insert_with(Instant::now);
        self.by_evidence(ctx, live, started.elapsed())
    }

    fn by_evidence(&self, ctx: &Ctx, live: &Live, age: Duration) -> Judged {
        if !self.has_agent {
            return Judged::Done(Outcome::Recovered);
        }
        let speaks = !live.claims.is_empty();
        let is_record = matches!(self.evidence, Evidence::Record | Evidence::Hook);
        let can_tell = is_record && self.expected.is_some();
        // Who is at work or waits for a person has not refused; before that it may only be slow.
        let may_refuse = self.evidence == Evidence::Refusal
            && self.expected.is_some()
            && age < REFUSES
            && live.verdict(ctx.now()).claim.state == State::Unknown;
        if let Some(seen) = &live.astray {
            return Judged::Done(Outcome::WrongConversation { seen: seen.clone() });
        }
        match &live.opened {
            // Who has opened it and says nothing may still be about to refuse.
            Some(_) if speaks || age > GRACE => return Judged::Done(Outcome::Recovered),
            None if !can_tell && !may_refuse && age > GRACE => {
                return Judged::Done(Outcome::Unverifiable);
            }
            _ => {}
        }
        let patience = ctx.settings.resume.patience;
        if age > patience.max(GRACE) {
            let seconds = patience.as_secs();
            return unverified(&format!("its conversation was not seen within {seconds} s"));
        }
        if age > GRACE
            && let Some(asked) = asked(ctx, live)
        {
            return unverified(&format!("it asks first: {asked}"));
        }
        let is_ready = speaks || live.opened.is_some();
        Judged::Waiting { is_ready: is_ready || age > if can_tell { SLOW } else { GRACE } }
    }
}

/// What the agent asks a person before it opens anything.
fn asked(ctx: &Ctx, live: &Live) -> Option<String> {
    let claim = live.verdict(ctx.now()).claim;
    (claim.state == State::Attention)
        .then(|| claim.reason.unwrap_or_else(|| "a person is needed".to_owned()))
}

fn unverified(why: &str) -> Judged {
    Judged::Done(Outcome::Unverified { why: why.to_owned() })
}
