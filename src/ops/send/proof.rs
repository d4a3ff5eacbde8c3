//! What shows that an agent has a text: its own word, else its prompt, from which the text is gone.
//! Must not take silence for a yes.

use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::super::Ctx;
use super::guard;
use crate::agents::Spec;
use crate::model::id::TabId;
use crate::model::key::Key;
use crate::model::live::Live;
use crate::model::pane::PaneId;
use crate::model::sent::{Fate, digest};
use crate::model::status::{Claim, Source, State};
use crate::sys::watch;

/// An agent that draws nothing for so long after a paste gets Enter all the same.
const DRAWN: Duration = Duration::from_millis(1500);
/// Between two looks at its prompt.
const LOOK: Duration = Duration::from_millis(40);
/// An agent's own word is waited for so long before its screen is asked.
const WORD: Duration = Duration::from_millis(400);
/// A text that stands at the prompt so long after Enter was not taken by it: agents take an Enter that
/// comes too soon for a part of the paste.
const AGAIN: Duration = Duration::from_millis(1500);

/// What is to be shown, of which text, and since when.
pub struct Proof<'a> {
    pub ctx: &'a Ctx,
    pub id: TabId,
    pub pane: &'a PaneId,
    pub spec: &'a Spec,
    /// The text as it was meant.
    pub text: &'a str,
    /// The number under which Enter may be pressed once more.
    pub fence: Option<u64>,
}

impl Proof<'_> {
    /// Waits until the text stands at the prompt; says whether it was seen there.
    pub fn is_drawn(&self) -> Result<bool> {
        let end = Instant::now() + DRAWN;
        while self.spec.has_known_prompt() {
            if guard::unsent(self.ctx, self.pane, self.spec)?.is_some() {
                return Ok(true);
            }
            if Instant::now() > end {
                break;
            }
            std::thread::sleep(LOOK);
        }
        Ok(false)
    }

    /// Waits for what shows that the agent has it. `before` is its live record before Enter was
    /// pressed, `entered` the moment, `was_drawn` whether the text was seen at its prompt.
    pub fn wait(
        &self,
        before: &Live,
        entered: DateTime<Utc>,
        was_drawn: bool,
        patience: Duration,
    ) -> Result<Fate> {
        let (ctx, begun) = (self.ctx, Instant::now());
        let (mut again, mut stands, mut other) = (false, was_drawn, false);
        let mut look = || {
            let live = ctx.store.live(self.id).unwrap_or_default();
            match reported(&live, self.text, entered) {
                Some(true) => return Ok(Some(Fate::Delivered("its prompt hook".to_owned()))),
                Some(false) => other = true,
                None => {}
            }
            // Hooks that speak at all are the best witness: they say which text it was.
            let is_early = begun.elapsed() < WORD;
            let waits_for_hook = is_early && !live.heard.is_empty();
            if let Some(how) = told(before, &live, entered, ctx.now())
                && !waits_for_hook
                && !other
            {
                return Ok(Some(Fate::Delivered(how)));
            }
            if !was_drawn || is_early || other {
                return Ok(None);
            }
            stands = guard::unsent(ctx, self.pane, self.spec)?.is_some();
            if !stands {
                return Ok(Some(Fate::Seen));
            }
            let asks = live.verdict(ctx.now()).claim.state == State::Attention;
            if !again && begun.elapsed() >= AGAIN && !asks {
                again = true;
                ctx.engine().feed(
                    self.pane,
                    crate::engine::Input::Keys(&[Key::ENTER]),
                    self.fence,
                )?;
            }
            Ok(None)
        };
        let folder = ctx.store.live_records();
        let found = watch::until_seen(&folder, patience, &mut look)?;
        Ok(found.unwrap_or_else(|| {
            let why = if other {
                "the agent reported another text"
            } else if stands {
                "it stands at the prompt yet"
            } else {
                "neither the agent nor its screen shows that it has it"
            };
            Fate::Unconfirmed(why.to_owned())
        }))
    }
}

/// Whether the agent has reported since `entered` that it was given this text; nothing if it has not
/// reported any.
fn reported(live: &Live, text: &str, entered: DateTime<Utc>) -> Option<bool> {
    let (prompt, at) = live.heard.prompted.as_ref()?;
    (*at >= entered).then(|| *prompt == digest(text))
}

/// By which word of its own the agent has shown since `entered` that a turn has begun.
fn told(before: &Live, live: &Live, entered: DateTime<Utc>, now: DateTime<Utc>) -> Option<String> {
    let was_at_work = before.verdict(now).claim.state == State::Thinking;
    let was_idle = |source: Source| {
        before.claims.iter().any(|claim| claim.source == source && claim.state == State::Idle)
    };
    let shows = |claim: &&Claim| {
        let own = [Source::Hook, Source::StateFile, Source::Program, Source::Terminal];
        let is_new = own.contains(&claim.source) && claim.at >= entered;
        // What is idle again has been at work in between: only changes are told.
        let turned = match claim.state {
            State::Thinking => !was_at_work,
            State::Idle => was_idle(claim.source),
            _ => false,
        };
        is_new && turned
    };
    let claim = live.claims.iter().find(shows)?;
    Some(claim.evidence.clone().unwrap_or_else(|| "its state".to_owned()))
}
