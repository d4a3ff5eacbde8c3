//! Looks now and then where the tab stands, what its pane shows and whether a turn has ended, while its
//! agent lives.
//! Must not hold up the agent's end, and must not write down what stands so for a moment only.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::{DateTime, Utc};

use crate::model::id::TabId;
use crate::model::pane::PaneId;
use crate::model::status::State;
use crate::ops::standing::{self, Standing};
use crate::ops::{Ctx, evidence, scrollback, snapshot};

/// The first look comes soon after the start; each pause is twice the last, up to this one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The same where many tabs come back: whoever brings them back has written down where they stand.
const AMONG_MANY: Duration = Duration::from_secs(8);
/// Each look calls the multiplexer, and there may be a hundred tabs.
const PAUSE: Duration = Duration::from_mins(1);
/// What has changed is written down if it is still so after this: windows that are being moved about,
/// or closed one after the other while the machine goes down, are not where the tab stood.
const SETTLED: Duration = Duration::from_secs(2);
/// How old a snapshot of the pane may be.
const SNAPSHOT: Duration = Duration::from_mins(2);

/// The keeper of a tab's place.
pub struct Keeping {
    end: Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Keeping {
    /// Begins.
    pub fn start(ctx: &Ctx, id: TabId) -> Keeping {
        let (end, ended) = channel();
        let ctx = ctx.again();
        let thread = std::thread::spawn(move || {
            keep(&ctx, id, &ended);
        });
        Keeping { end, thread }
    }

    /// Ends it. After a `calm` end it looks once more: nobody will look again.
    pub fn stop(self, calm: bool) {
        if calm {
            let _ = self.end.send(());
        }
        drop(self.end);
        // Whatever it was doing, the agent's end is told all the same.
        let _ = self.thread.join();
    }
}

fn keep(ctx: &Ctx, id: TabId, ended: &Receiver<()>) {
    if !scrollback::is_wanted(ctx) {
        let _ = scrollback::forget(ctx, id);
    }
    let Some(pane) = ctx.engine().here() else { return evidence::look_after_others(ctx) };
    let first = if ctx.store.is_quiet(ctx.now()) { AMONG_MANY } else { FIRST_PAUSE };
    let (mut pause, mut next) = (FIRST_PAUSE, first);
    let mut doubt: Option<Standing> = None;
    let mut kept: Option<Instant> = None;
    let mut turns = Turns { kept: Instant::now(), last: None };
    let mut others_wait = true;
    loop {
        let waited = ended.recv_timeout(next);
        let is_over = match waited {
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => false,
            Ok(()) => true,
        };
        pause = (pause * 2).min(PAUSE);
        next = pause;
        // A look that fails is repeated: nothing depends on any one.
        if let Ok(changed) = look(ctx, id, &pane, doubt.as_ref(), is_over) {
            if changed.is_some() {
                next = SETTLED;
            }
            doubt = changed;
        }
        if scrollback::is_wanted(ctx) && (is_over || kept.is_none_or(|at| at.elapsed() >= SNAPSHOT))
        {
            let _ = scrollback::keep(ctx, id, &pane);
            kept = Some(Instant::now());
        }
        turns.look(ctx, id, &pane);
        if is_over {
            return;
        }
        if std::mem::take(&mut others_wait) {
            evidence::look_after_others(ctx);
        }
    }
}

/// When a snapshot was taken after a turn.
struct Turns {
    /// Or when its agent was started.
    kept: Instant,
    /// When that turn had ended.
    last: Option<DateTime<Utc>>,
}

impl Turns {
    /// Takes one, if a turn has ended and it is time for one.
    fn look(&mut self, ctx: &Ctx, id: TabId, pane: &PaneId) {
        let every = ctx.settings.snapshots.every;
        if every.is_none_or(|every| self.kept.elapsed() < every) {
            return;
        }
        let Some(shown) = ctx.store.live(id).and_then(|live| live.shown) else { return };
        let has_ended = matches!(shown.state, State::Idle | State::Done | State::Failed);
        if has_ended && self.last != Some(shown.since) {
            (self.kept, self.last) = (Instant::now(), Some(shown.since));
            snapshot::after_turn(ctx, id, pane, shown.state);
        }
    }
}

/// Looks once. What is new is written down if it was seen before, and given back if not.
fn look(
    ctx: &Ctx,
    id: TabId,
    pane: &PaneId,
    seen: Option<&Standing>,
    is_last: bool,
) -> Result<Option<Standing>> {
    let tab = ctx.store.load_id(id)?;
    let standing = standing::seen(ctx, &tab, pane, &ctx.engine().panes()?);
    let Some(standing) = standing.filter(|standing| standing.is_news(&tab)) else {
        return Ok(None);
    };
    if tab.is_newer() || (seen != Some(&standing) && !is_last) {
        return Ok(Some(standing));
    }
    standing::write(ctx, &tab, &standing, &[])?;
    Ok(None)
}
