//! Starts tabs side by side, so many at a time, and sees each through. Must hold up none because
//! another is slow, and must leave nothing that the next resume could not finish.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::{Map, Value};

use crate::error::Kind;
use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::outcome::Outcome;
use crate::model::plan::Action;
use crate::model::row::Known;
use crate::ops::order::Helps;
use crate::ops::plan::{self, Wish};
use crate::ops::record::journal;
use crate::ops::{Ctx, start};
use crate::sys::watch::{self, Changed};

use super::begin::{self, Begun, Ready, Started, Waiting};
use super::brake::{self, Brake};
use super::pacing::Pacing;
use super::round;
use super::verify::Judged;
use super::view::View;
use super::{News, Pace, Progress, Resumed};

/// The lines of an agent's screen that are shown when it failed.
const LAST_LINES: u16 = 12;
/// How long after its end they may still be on their way to it.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// How soon Ctrl-C and time limits are noticed, and what is on its way is tried again.
const TICK: Duration = Duration::from_millis(50);
/// So many places are written down with one look at the multiplexer.
const SETTLED_AT_ONCE: usize = 32;

/// While several come back, and so long after, nobody is told that they do: their dialogs are expected.
const QUIET: Duration = Duration::from_secs(15);

/// A start that is watched.
struct Underway {
    known: Known,
    started: Started,
    /// It keeps another one from being started.
    takes_a_slot: bool,
    /// When its agent was seen to have ended.
    ended: Option<Instant>,
    is_decided: bool,
}

/// Everything that a resume has to do.
pub struct Convoy<'a> {
    ctx: &'a Ctx,
    wish: Wish,
    pace: Pace<'a>,
    view: View,
    helps: Helps,
    all: usize,
    queue: VecDeque<Waiting>,
    underway: Vec<Underway>,
    /// Which of them stand in a pane that is not written down yet.
    unsettled: Vec<TabId>,
    brake: Brake,
    pacing: Pacing,
    /// When it was last said that others are to be quiet.
    hushed: Option<Instant>,
    done: Vec<Resumed>,
}

impl<'a> Convoy<'a> {
    /// Gets ready.
    pub fn new(
        ctx: &'a Ctx,
        wish: Wish,
        pace: Pace<'a>,
        view: View,
        queue: VecDeque<Waiting>,
        helps: Helps,
    ) -> Convoy<'a> {
        Convoy {
            ctx,
            wish,
            pace,
            view,
            helps,
            all: queue.len(),
            queue,
            underway: Vec::new(),
            unsettled: Vec::new(),
            brake: Brake::default(),
            pacing: Pacing::new(pace.jobs),
            hushed: None,
            done: Vec::new(),
        }
    }

    /// Goes all the way.
    pub fn run(mut self, tell: &mut dyn FnMut(News)) -> Result<Vec<Resumed>> {
        if self.queue.is_empty() {
            return Ok(self.done);
        }
        let folder = self.ctx.store.live_records_to_come()?;
        watch::steps(&folder, &mut |changed| {
            if self.is_stopped() {
                self.look(&Changed::Anything, tell);
                self.give_up(tell);
                return Ok(None);
            }
            self.hush(false);
            self.look(changed, tell);
            self.fill(tell);
            self.settle(self.unsettled.len() >= SETTLED_AT_ONCE);
            tell(News::Progress(self.progress()));
            Ok((!self.queue.is_empty() || !self.underway.is_empty()).then(|| self.pause_now()))
        })?;
        self.settle(true);
        self.hush(true);
        Ok(self.done)
    }

    /// Keeps the tabs quiet that are coming back. A resume that is killed leaves no lasting quiet.
    fn hush(&mut self, again: bool) {
        if self.all < 2 || (!again && self.hushed.is_some_and(|at| at.elapsed() < QUIET / 3)) {
            return;
        }
        self.hushed = Some(Instant::now());
        // On a full disk they are told of, which harms nobody.
        let _ = self.ctx.store.keep_quiet(self.ctx.now() + QUIET);
    }

    /// Starts as many as may be starting.
    fn fill(&mut self, tell: &mut dyn FnMut(News)) {
        let mut deferred = VecDeque::new();
        let mut ready: Vec<Ready> = Vec::new();
        let most = self.pacing.most(self.slots_taken());
        while self.slots_taken() + ready.len() < most && self.pacing.is_open() {
            if self.is_stopped() {
                break;
            }
            let Some(mut waiting) = self.queue.pop_front() else { break };
            if waiting.again > Instant::now() {
                deferred.push_back(waiting);
                continue;
            }
            if let Some(held) = self.held_by_brake(&waiting.known) {
                self.finish(held, tell);
                continue;
            }
            let (ctx, wish) = (self.ctx, self.wish);
            match begin::begin(ctx, &mut waiting, wish, &self.helps, &mut self.view) {
                Ok(Begun::Started(started)) => self.watch(waiting.known, *started),
                Ok(Begun::Settled(resumed)) => self.finish(*resumed, tell),
                Ok(Begun::Later) => deferred.push_back(waiting),
                Ok(Begun::Ready(one)) => {
                    self.pacing.begins();
                    ready.push(*one);
                }
                Err(error) => self.refuse(&waiting.known, &error, tell),
            }
        }
        if !ready.is_empty() {
            self.open(ready, tell);
        }
        self.queue.append(&mut deferred);
    }

    /// Opens the windows of tabs that are ready, in as few calls of the multiplexer as it takes.
    fn open(&mut self, ready: Vec<Ready>, tell: &mut dyn FnMut(News)) {
        for (known, opened) in begin::open(self.ctx, ready) {
            match opened {
                Ok(started) => self.watch(known, started),
                Err(error) => self.refuse(&known, &error, tell),
            }
        }
    }

    /// What goes wrong with one tab is said of that tab, and the others go on.
    fn refuse(&mut self, known: &Known, error: &anyhow::Error, tell: &mut dyn FnMut(News)) {
        let step = plan::refusal(known, error);
        self.finish(begin::of(known, step), tell);
    }

    /// Whether it is to come to an end. What was begun elsewhere is started before.
    fn is_stopped(&self) -> bool {
        let is_owed = self.wish.begun && !self.queue.is_empty();
        self.pace.stop.load(Ordering::SeqCst) && !is_owed
    }

    fn slots_taken(&self) -> usize {
        self.underway.iter().filter(|one| one.takes_a_slot && !one.is_decided).count()
    }

    fn watch(&mut self, known: Known, started: Started) {
        self.pacing.begins();
        let (takes_a_slot, is_decided) = (true, false);
        self.underway.push(Underway { known, started, takes_a_slot, ended: None, is_decided });
    }

    /// When to look again, if nothing happens before.
    fn pause_now(&self) -> Duration {
        let next = self.pacing.opens_in();
        if next.is_zero() { TICK } else { next.min(TICK) }
    }

    /// Looks at the starts of which something has changed.
    fn look(&mut self, changed: &Changed, tell: &mut dyn FnMut(News)) {
        let ids: Option<Vec<TabId>> = match changed {
            Changed::Anything => None,
            Changed::These(paths) => Some(
                paths.iter().filter_map(|path| self.ctx.store.tab_of_live_record(path)).collect(),
            ),
        };
        for at in 0..self.underway.len() {
            let one = &self.underway[at];
            let is_due = one.started.watched.is_due() || one.ended.is_some();
            let is_news = ids.as_ref().is_none_or(|ids| ids.contains(&one.known.session.id));
            if is_due || is_news {
                self.judge(at, tell);
            }
        }
        self.underway.retain(|one| !one.is_decided);
    }

    /// Judges one start, and takes the steps that follow from it.
    fn judge(&mut self, at: usize, tell: &mut dyn FnMut(News)) {
        let Some(one) = self.underway.get_mut(at) else { return };
        let id = one.known.session.id;
        let live = self.ctx.store.live(id).unwrap_or_default();
        let was_there = one.started.watched.started.is_some();
        let judged = one.started.watched.judge(self.ctx, &live);
        if !was_there && one.started.watched.started.is_some() {
            // The tab has its runner: whoever takes the lock now sees that it lives.
            one.started.lock = None;
            // Of two panes that were opened for a tab, only one got it.
            let holder = live.holder.as_ref().and_then(|holder| holder.pane.clone());
            one.started.resumed.pane = holder.or(one.started.resumed.pane.take());
            journal(self.ctx, id, "agent-seen", Map::new());
            self.unsettled.push(id);
        }
        let outcome = match judged {
            Judged::Starting => return,
            Judged::Waiting { is_ready } => {
                if is_ready && one.takes_a_slot {
                    one.takes_a_slot = false;
                    self.pacing.took(one.started.watched.begun.elapsed());
                }
                return;
            }
            Judged::Done(outcome) => outcome,
            Judged::Ended => match self.ended(at, &live) {
                Some(outcome) => outcome,
                None => return,
            },
        };
        let Some(one) = self.underway.get_mut(at) else { return };
        one.is_decided = true;
        one.started.lock = None;
        let resumed = Resumed { result: Some(outcome), ..one.started.resumed.clone() };
        self.weigh(&resumed);
        self.finish(resumed, tell);
    }

    /// How an agent ended, with its last lines; nothing while its terminal may not show them yet.
    fn ended(&mut self, at: usize, live: &Live) -> Option<Outcome> {
        let one = self.underway.get_mut(at)?;
        let since = one.ended.get_or_insert_with(Instant::now).elapsed();
        let pane = one.started.resumed.pane.clone();
        let screen = pane.and_then(|pane| {
            self.ctx.engine().capture(&[pane], LAST_LINES).ok().and_then(|mut all| all.pop())
        });
        let screen = screen.unwrap_or_default().text;
        let (own, farewell) = brake::until_farewell(&screen);
        if !farewell && since < LAST_WORDS {
            return None;
        }
        let spec = one.started.resumed.agent.as_deref().map(|kind| self.ctx.agents().get(kind));
        let is_gone = spec.and_then(Result::ok).is_some_and(|spec| spec.says_gone(own));
        Some(Outcome::Ended { how: live.ended.clone()?, screen: own.to_owned(), is_gone })
    }

    /// Lets the brake know.
    fn weigh(&mut self, resumed: &Resumed) {
        let Some(kind) = &resumed.agent else { return };
        match &resumed.result {
            Some(Outcome::Ended { how, screen, .. }) => {
                let id =
                    resumed.step.action.order().and_then(|order| order.conversation.as_deref());
                let id = id.and_then(|key| key.split_once('.')).map(|(_, id)| id);
                if let Some(reason) = brake::reason(&how.to_string(), screen, id) {
                    self.brake.failed(kind, reason);
                }
            }
            Some(Outcome::Unverified { why })
                if why.ends_with("login") || why.ends_with("limit") =>
            {
                self.brake.failed(kind, why.clone());
            }
            Some(Outcome::Recovered) => self.brake.came_back(kind),
            _ => {}
        }
    }

    /// A tab of an agent of which so many failed alike that this one would as well.
    fn held_by_brake(&self, known: &Known) -> Option<Resumed> {
        let kind = &known.session.agent.as_ref()?.kind;
        let reason = self.brake.on(kind)?;
        let action = Action::Hold {
            kind: Kind::AgentFailed,
            why: format!("several of {kind} failed alike ({reason})"),
            hint: Some("mend that, then `tabctl resume` goes on".to_owned()),
        };
        Some(round::hold(self.ctx, known, &action))
    }

    /// Tells what became of a tab.
    fn finish(&mut self, resumed: Resumed, tell: &mut dyn FnMut(News)) {
        let id = resumed.step.id;
        if let Some(outcome) = resumed.result.as_ref().filter(|it| **it != Outcome::Here) {
            let mut with = Map::new();
            with.insert("outcome".to_owned(), Value::from(outcome.word()));
            journal(self.ctx, id, "resumed", with);
            // A record that cannot be written is looked at again by the next resume.
            let _ = self.ctx.store.update_live(id, &mut |live| live.unfinished = false);
        }
        tell(News::Done(&resumed));
        self.done.push(resumed);
    }

    /// Writes down where tabs stand now, several at a time.
    fn settle(&mut self, now: bool) {
        if !now || self.unsettled.is_empty() {
            return;
        }
        let panes = self.ctx.engine().panes();
        for id in std::mem::take(&mut self.unsettled) {
            let done = self.done.iter_mut().filter(|resumed| resumed.step.id == id);
            let underway = self.underway.iter_mut().map(|one| &mut one.started.resumed);
            let found = done.chain(underway.filter(|resumed| resumed.step.id == id)).next();
            let Some((resumed, pane)) =
                found.and_then(|resumed| resumed.pane.clone().map(|pane| (resumed, pane)))
            else {
                continue;
            };
            let settled = match &panes {
                Ok(panes) => start::settle_among(self.ctx, id, &pane, panes).map(|_| ()),
                Err(error) => Err(anyhow::anyhow!("{error:#}")),
            };
            // It runs, whether or not its file can be written.
            if let Err(error) = settled {
                let remark = format!("its place could not be written down: {error:#}");
                resumed.step.remarks.push(remark);
            }
        }
    }

    /// Ends early: what waits is held back, what has begun is left to itself and to the next resume.
    fn give_up(&mut self, tell: &mut dyn FnMut(News)) {
        let hold = Action::Hold {
            kind: Kind::Interrupted,
            why: "interrupted".to_owned(),
            hint: Some("`tabctl resume` goes on".to_owned()),
        };
        for waiting in std::mem::take(&mut self.queue) {
            self.finish(round::hold(self.ctx, &waiting.known, &hold), tell);
        }
        for one in std::mem::take(&mut self.underway) {
            let why = "interrupted before it was seen through".to_owned();
            let result = Some(Outcome::Unverified { why });
            let resumed = Resumed { result, ..one.started.resumed };
            tell(News::Done(&resumed));
            self.done.push(resumed);
        }
    }

    fn progress(&self) -> Progress {
        let starting = self.underway.iter().filter(|one| one.takes_a_slot);
        let starting = starting.map(|one| one.started.resumed.step.tab.clone()).collect();
        Progress { done: self.done.len(), all: self.all, starting }
    }
}
