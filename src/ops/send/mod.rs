//! Types a text into the agent of a tab, presses Enter, and looks whether the agent has it. Must not
//! type where something else than an agent's prompt would take it, nor say more than was seen.

mod guard;
mod proof;
mod text;

use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::agents::Spec;
use crate::engine::Input;
use crate::error::{Fault, Kind};
use crate::model::doer::DoerKind;
use crate::model::key::Key;
use crate::model::lease::Held;
use crate::model::live::Live;
use crate::model::pane::PaneId;
use crate::model::row::Row;
use crate::model::sent::{Fate, Sent, digest};
use crate::model::status::State;
use crate::store::Loaded;
use crate::sys::clock;

use super::record::journal_surely;
use super::{Ctx, actor, lease};
pub use guard::must_be_open;
use proof::Proof;
pub use text::harmless;

/// What is to be typed, and how.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// What.
    pub what: What<'a>,
    /// Press Enter behind a text.
    pub enter: bool,
    /// A text that is a command to the agent is typed as one.
    pub obey: bool,
    /// Into a locked tab, too: a person's word.
    pub over_lock: bool,
    /// How long to look for what shows that it arrived.
    pub patience: Duration,
}

/// What is to be typed.
#[derive(Debug, Clone, Copy)]
pub enum What<'a> {
    /// A text.
    Text(&'a str),
    /// Keys.
    Keys(&'a [Key]),
}

/// What shows that a text arrived comes within a second, on a busy machine within a few.
const PATIENCE: Duration = Duration::from_secs(5);

impl<'a> Wish<'a> {
    /// A text, and Enter.
    pub fn text(text: &'a str) -> Wish<'a> {
        let what = What::Text(text);
        Wish { what, enter: true, obey: false, over_lock: false, patience: PATIENCE }
    }
}

/// Sends to the agent of a tab, of which `row` was just seen.
///
/// # Errors
/// Why nothing was typed; or `Busy` if somebody else has taken the tab while it was.
pub fn send(ctx: &Ctx, tab: &Loaded, row: &Row, wish: &Wish) -> Result<Sent> {
    send_once(ctx, tab, row, wish, &mut |_| Ok(()))
}

/// How far a text has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing stands in its way any more, and nothing is typed yet.
    Begins,
    /// It is typed.
    Typed,
}

/// Refuses a text that cannot be typed to an agent as a text.
pub fn must_be_typable(spec: &Spec, text: &str) -> Result<()> {
    text::for_agent(spec, text).map(|_| ())
}

/// The same; `at` is called at each step, and what follows is not done if it fails.
pub fn send_once(
    ctx: &Ctx,
    tab: &Loaded,
    row: &Row,
    wish: &Wish,
    at: &mut dyn FnMut(Step) -> Result<()>,
) -> Result<Sent> {
    let spec = ctx.agents().get(row.agent.as_deref().unwrap_or("generic"))?;
    let pane = guard::admit(ctx, tab, row, wish)?;
    let (meant, removed) = match wish.what {
        What::Keys(_) => (String::new(), 0),
        What::Text(text) => harmless(text).map(|it| (it.text, it.removed))?,
    };
    let as_it_is = wish.obey || !wish.enter || meant.is_empty();
    let arrives = spec.as_it_arrives(&meant);
    let input = if as_it_is { meant.clone() } else { text::for_agent(spec, &meant)? };
    let typing = ctx.store.typing_lock(row.id)?;
    if matches!(wish.what, What::Text(_)) {
        guard::must_be_alone(ctx, row, pane, spec)?;
        must_not_ask(ctx, row, "nothing was typed")?;
    }
    let is_changed = arrives != meant;
    let mut act = Act::begin(ctx, row, pane, spec, wish, arrives)?;
    if is_changed {
        act.warnings.push(format!("{} makes spaces of tabs", spec.kind()));
    }
    let done = at(Step::Begins).and_then(|()| act.perform(&input, at));
    drop(typing);
    let done = done.and_then(|done| Ok((act.look(&done)?, done.at)));
    act.end(input.len(), done.as_ref().map(|(fate, _)| fate));
    let (fate, at) = done?;
    Ok(Sent { fate, at, bytes: input.len(), removed, warnings: act.warnings })
}

/// A dialog that has opened meanwhile would take what is typed for an answer.
fn must_not_ask(ctx: &Ctx, row: &Row, what: &str) -> Result<()> {
    let live = ctx.store.live(row.id).unwrap_or_default();
    let asks = live.verdict(ctx.now()).claim.state == State::Attention;
    if !asks || live.claims.is_empty() {
        return Ok(());
    }
    let message = format!("'{}' asks something in this moment: {what}", row.tab);
    Err(Fault::new(Kind::Busy, message).hint("go there: it waits for an answer of yours").into())
}

/// One act, under the right to do it.
struct Act<'a> {
    ctx: &'a Ctx,
    row: &'a Row,
    pane: &'a PaneId,
    spec: &'a Spec,
    wish: &'a Wish<'a>,
    /// The text, as it is to arrive.
    meant: String,
    me: Held,
    /// The right was a person's before, and stays so.
    stays: bool,
    epoch: u64,
    /// The intent that was written down before, by its name.
    intent: Option<String>,
    warnings: Vec<String>,
}

/// What was typed.
struct Done {
    /// The live record before Enter was pressed.
    before: Option<Live>,
    /// When the last key was.
    at: DateTime<Utc>,
    was_drawn: bool,
}

impl<'a> Act<'a> {
    /// Gets the right, and writes down what is meant to be done where that has to be.
    fn begin(
        ctx: &'a Ctx,
        row: &'a Row,
        pane: &'a PaneId,
        spec: &'a Spec,
        wish: &'a Wish<'a>,
        meant: String,
    ) -> Result<Act<'a>> {
        let me = lease::me(ctx);
        let stays = lease::is_held_by(ctx, row.id, &me);
        let epoch = lease::acquire(ctx, row, pane, &me)?.epoch;
        let mut act = Act {
            ctx,
            row,
            pane,
            spec,
            wish,
            meant,
            me,
            stays,
            epoch,
            intent: None,
            warnings: Vec::new(),
        };
        if let Err(error) = act.intend() {
            act.let_go();
            return Err(error);
        }
        Ok(act)
    }

    /// What is no person's act is written down before it is done: if nothing says what became of it,
    /// that is known too.
    fn intend(&mut self) -> Result<()> {
        if actor::doer(self.ctx).kind == DoerKind::Person {
            return Ok(());
        }
        let name = format!("{:08x}", clock::random_u128()? & 0xffff_ffff);
        let mut with = self.told();
        with.insert("intent".to_owned(), name.clone().into());
        journal_surely(self.ctx, self.row.id, "intent", with).map_err(|error| {
            let message = format!("nothing was typed: the journal cannot be written: {error:#}");
            Fault::new(Kind::Other, message).hint("`tabctl doctor` says what is wrong")
        })?;
        self.intent = Some(name);
        Ok(())
    }

    /// What the journal says of it. A text is not repeated there: it may be a secret.
    fn told(&self) -> Map<String, Value> {
        let mut with = Map::new();
        with.insert("by".to_owned(), self.me.who.clone().into());
        match self.wish.what {
            What::Text(_) => {
                with.insert("sha256".to_owned(), digest(&self.meant).into());
            }
            What::Keys(keys) => {
                let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
                with.insert("keys".to_owned(), keys.join(" ").into());
            }
        }
        if self.wish.over_lock {
            with.insert("over_lock".to_owned(), true.into());
        }
        with.insert("epoch".to_owned(), self.epoch.into());
        with
    }

    /// Types.
    fn perform(&self, input: &str, at: &mut dyn FnMut(Step) -> Result<()>) -> Result<Done> {
        match self.wish.what {
            What::Keys(keys) => {
                self.feed(Input::Keys(keys), "no key was pressed")?;
                return Ok(Done { before: None, at: self.ctx.now(), was_drawn: false });
            }
            What::Text(_) => self.feed(Input::Text(input), "nothing was typed")?,
        }
        at(Step::Typed)?;
        if !self.wish.enter {
            return Ok(Done { before: None, at: self.ctx.now(), was_drawn: false });
        }
        std::thread::sleep(self.spec.pause_before_enter());
        let was_drawn = self.proof().is_drawn()?;
        let before = self.ctx.store.live(self.row.id).unwrap_or_default();
        must_not_ask(self.ctx, self.row, "the text stands there, and Enter was not pressed")?;
        // Who has begun to type behind it would have it sent along.
        guard::must_be_unwatched(self.ctx, self.row, self.pane)?;
        let at = self.ctx.now();
        let not = "the text stands at the prompt, and Enter was not pressed";
        self.feed(Input::Keys(&[Key::ENTER]), not)?;
        Ok(Done { before: Some(before), at, was_drawn })
    }

    /// Types, if the right is still ours.
    fn feed(&self, input: Input, else_: &str) -> Result<()> {
        let (ctx, epoch) = (self.ctx, self.epoch);
        let feed = || ctx.engine().feed(self.pane, input, Some(epoch));
        if feed()? || (lease::fence_again(ctx, self.row.id, self.pane, epoch)? && feed()?) {
            return Ok(());
        }
        let message = format!("somebody has taken '{}': {else_}", self.row.tab);
        Err(Fault::new(Kind::Busy, message).hint("`tabctl show` says who").into())
    }

    fn proof(&self) -> Proof<'_> {
        let (ctx, pane, spec) = (self.ctx, self.pane, self.spec);
        Proof { ctx, id: self.row.id, pane, spec, text: &self.meant, fence: Some(self.epoch) }
    }

    /// What became of it.
    fn look(&self, done: &Done) -> Result<Fate> {
        let Some(before) = &done.before else { return Ok(Fate::Typed) };
        self.proof().wait(before, done.at, done.was_drawn, self.wish.patience)
    }

    /// Writes down what became of it, and lets go.
    fn end(&mut self, bytes: usize, fate: Result<&Fate, &anyhow::Error>) {
        let (what, outcome) = match fate {
            Ok(fate) => ("sent", fate.word().to_owned()),
            Err(error) => ("not-sent", format!("{error:#}")),
        };
        // What became of it first: a narrow terminal shows the start of a line.
        let mut with = Map::new();
        with.insert("outcome".to_owned(), outcome.into());
        with.insert("bytes".to_owned(), bytes.into());
        with.extend(self.told());
        with.insert("intent".to_owned(), self.intent.clone().into());
        if let Err(error) = journal_surely(self.ctx, self.row.id, what, with) {
            self.warnings.push(format!("this is not in the journal: {error:#}"));
        }
        self.let_go();
    }

    /// An agent keeps the right for a while, in which it may go on; a person who did not take the tab
    /// has no more to do there.
    fn let_go(&mut self) {
        if self.me.kind != DoerKind::Agent && !self.stays {
            // It ends by itself, too.
            let _ = lease::let_go(self.ctx, self.row.id, &self.me);
        }
    }
}
