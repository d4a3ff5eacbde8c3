//! What tmux shows of tabs by itself, and when a person is told of one: kept true by events, for as
//! long as somebody keeps the tab. Must not hold up an agent, and must not fail what it comes with.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::config::{self, Channel, Presence};
use crate::engine::Signs;
use crate::error::{Kind, kind_of};
use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::notice::{Due, Herald, Notice, Why};
use crate::model::pane::PaneId;
use crate::model::status::State;
use crate::model::tally::{self, Tally};
use crate::scan;
use crate::sys::tty;

use super::{Ctx, notify, pane, segment, visits};

/// Between two calls of the multiplexer for one tab: a state that flickers costs no more than that.
const GAP: Duration = Duration::from_millis(100);
/// After a call that failed, it is tried again so much later.
const AGAIN: Duration = Duration::from_secs(5);
/// Where many tabs come back, each is shown so much later: an agent's start comes before its glyph.
const AMONG_MANY: Duration = Duration::from_secs(2);
/// A sequence that is on its way to the terminal is whole by then.
const WHOLE: Duration = Duration::from_millis(300);

/// Shows what a tab is doing in its pane, and what all are doing in the status lines.
pub fn show(ctx: &Ctx, id: TabId, pane: &PaneId, state: State) -> Result<()> {
    // Counted and shown under one lock: whoever comes last has seen everything.
    let _lock = ctx.store.tally_lock()?;
    let tally = tally(ctx, (id, state));
    let clients = ctx.engine().clients(Some(&Signs { pane, state, tally: &tally }))?;
    // What a tab does before a person's eyes is no news to that person.
    if clients.iter().any(|client| client.focused && client.pane == *pane) {
        visits::looked(ctx, id);
    }
    Ok(())
}

/// Shows nothing of a tab any more, nor of all the others.
fn hide(ctx: &Ctx, pane: &PaneId) -> Result<()> {
    let _lock = ctx.store.tally_lock()?;
    let nothing = Tally::default();
    ctx.engine().clients(Some(&Signs { pane, state: State::Unknown, tally: &nothing }))?;
    Ok(())
}

/// What the tabs of this server are doing, one of which is just doing this.
fn tally(ctx: &Ctx, (own, state): (TabId, State)) -> Tally {
    let segments = ctx.store.all_segments().into_iter();
    // A segment is one line, and most tabs need no second look.
    let counted = segments.filter(|(id, segment)| *id != own && Tally::counts(segment.state));
    let others = counted.filter_map(|(id, _)| {
        let live = ctx.store.live(id)?;
        is_held_here(ctx, &live).then(|| self::state(ctx, &live))
    });
    Tally::of(others.chain([state]))
}

/// Whether a tab lives in this server: one whose holder was killed leaves its segment behind.
fn is_held_here(ctx: &Ctx, live: &Live) -> bool {
    live.holder.as_ref().is_some_and(|holder| pane::is_held(ctx, holder))
}

/// What a tab is doing. The end of an agent that was adopted nobody writes down.
fn state(ctx: &Ctx, live: &Live) -> State {
    let is_adopted = live.holder.as_ref().is_some_and(|holder| holder.adopted);
    let is_gone = |agent| !scan::lives(agent, &ctx.store.boot);
    if is_adopted && live.agent.as_ref().is_none_or(is_gone) {
        return State::Shell;
    }
    segment::state(ctx, live)
}

/// Keeps what is shown and told of one tab.
pub struct Keeper<'a> {
    ctx: &'a Ctx,
    id: TabId,
    pane: PaneId,
    /// The pane's terminal, if it is known.
    pub terminal: Option<PathBuf>,
    /// Whether the terminal is between two sequences, so that a bell is heard as one.
    is_between: &'a dyn Fn() -> bool,
    settings: Presence,
    begun: Instant,
    /// What the tab was doing at the last look.
    seen: Option<State>,
    /// Since when it was not asked to show anything.
    called: Option<Instant>,
    shown: Option<State>,
    herald: Herald,
}

impl<'a> Keeper<'a> {
    /// For the tab in this pane.
    pub fn new(
        ctx: &'a Ctx,
        id: TabId,
        pane: PaneId,
        is_between: &'a dyn Fn() -> bool,
    ) -> Keeper<'a> {
        Keeper {
            ctx,
            id,
            pane,
            terminal: Some(tty::OWN.into()),
            is_between,
            settings: ctx.settings.presence.clone(),
            begun: Instant::now(),
            seen: None,
            called: None,
            shown: None,
            herald: Herald::default(),
        }
    }

    /// Looks at the tab, and does what is due. Gives when to look again at the latest, whether or not
    /// the bell was rung; nothing while nothing can be due.
    pub fn look(&mut self) -> Option<Duration> {
        let live = self.ctx.store.live(self.id).unwrap_or_default();
        let state = state(self.ctx, &live);
        if self.seen.replace(state) != Some(state)
            && let Ok((settings, _)) = config::load(&self.ctx.paths)
        {
            // An agent lives for days: what is set meanwhile holds from its next turn on.
            self.settings = settings.presence;
        }
        let shows_in = self.keep_shown(state);
        self.herald.sees(state, self.begun.elapsed(), self.settings.finished);
        let tells_in = match self.herald.due(self.begun.elapsed()) {
            Due::Nothing => None,
            Due::In(pause) => Some(pause),
            Due::Now(why) => {
                let told = self.tell(why, &live);
                self.herald.settle(self.begun.elapsed(), told);
                None
            }
        };
        [shows_in, tells_in].into_iter().flatten().min()
    }

    /// Its agent has ended: nothing is shown any more.
    pub fn end(&mut self) {
        if self.shown.take().is_some() {
            // A pane that is closed took its signs along; the sum is shown all the same.
            let _ = show(self.ctx, self.id, &self.pane, State::Shell);
        }
    }

    fn keep_shown(&mut self, state: State) -> Option<Duration> {
        let wanted =
            Some(state).filter(|_| self.settings.tmux).filter(|it| tally::badge(*it).is_some());
        if wanted == self.shown {
            return None;
        }
        if let Some(left) = self.called.and_then(|at| GAP.checked_sub(at.elapsed())) {
            return Some(left);
        }
        let age = self.begun.elapsed();
        if age < AMONG_MANY && self.called.is_none() && self.ctx.store.is_quiet(self.ctx.now()) {
            return Some(AMONG_MANY.saturating_sub(age));
        }
        let done = if self.settings.tmux {
            show(self.ctx, self.id, &self.pane, state)
        } else {
            hide(self.ctx, &self.pane)
        };
        self.called = Some(Instant::now());
        match done {
            Err(error) if kind_of(&error) != Kind::NotFound => return Some(AGAIN),
            // A pane that is gone shows nothing, and will not come back.
            _ => self.shown = wanted,
        }
        None
    }

    /// Tells a person, unless there is a reason not to; says whether it did.
    fn tell(&self, why: Why, live: &Live) -> bool {
        let wanted = !self.settings.notify.is_empty();
        if !wanted || self.ctx.store.is_quiet(self.ctx.now()) {
            return false;
        }
        let clients = self.ctx.engine().clients(None).unwrap_or_default();
        if clients.iter().any(|client| client.focused && client.pane == self.pane) {
            return false;
        }
        // On a full disk a person is told all the more.
        if !self.ctx.store.take_notice(self.ctx.now()).unwrap_or(true) {
            return false;
        }
        let Some(notice) = notice(self.ctx, self.id, why, live) else { return false };
        let mut others = self.settings.notify.clone();
        others.retain(|channel| *channel != Channel::Bell);
        if others.len() < self.settings.notify.len() {
            self.ring();
        }
        let settings = self.settings.clone();
        let home = self.ctx.paths.home.clone();
        if !others.is_empty() {
            // A desktop that does not answer keeps the tab's glyph waiting for nothing.
            std::thread::spawn(move || {
                for channel in others {
                    // Nobody is there to be told that nobody could be told; `notify test` says it.
                    let _ = notify::send(channel, &settings, &notice, &clients, &home);
                }
            });
        }
        true
    }

    /// Rings in the tab's own pane. Within a sequence the agent's terminal would take the bell for its
    /// end.
    fn ring(&self) {
        let begun = Instant::now();
        while !(self.is_between)() && begun.elapsed() < WHOLE {
            std::thread::sleep(Duration::from_millis(5));
        }
        if let Some(terminal) = &self.terminal {
            let _ = tty::say(terminal, notify::BELL);
        }
    }
}

/// What is to be told of a tab.
fn notice(ctx: &Ctx, id: TabId, why: Why, live: &Live) -> Option<Notice> {
    let tab = ctx.store.load_id(id).ok()?;
    let claim = live.verdict(ctx.now()).claim;
    let is_sure = why != Why::NeedsYou || claim.state == State::Attention;
    let notice = Notice {
        title: String::new(),
        text: String::new(),
        id,
        tab: tab.session.tab,
        state: claim.state,
        since: live.since(&claim),
        reason: claim.reason,
        detail: claim.detail,
        workspace: tab.workspace.display().to_string(),
    };
    is_sure.then(|| notice.worded())
}
