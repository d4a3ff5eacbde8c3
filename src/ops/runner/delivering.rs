//! Types what waits for a tab, in a thread of its own for each prompt: it takes a while, and the tab is
//! to be shown meanwhile. Must not hold up the agent's end.

use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use crate::model::id::TabId;
use crate::ops::{Ctx, deliver};
use crate::sys::doorbell;

/// After an attempt that failed altogether.
const LATER: Duration = Duration::from_secs(10);

/// Between two looks at one that is under way.
const UNDERWAY: Duration = Duration::from_millis(200);

/// Who types what waits for one tab.
pub struct Delivering<'a> {
    ctx: &'a Ctx,
    id: TabId,
    underway: Option<JoinHandle<Duration>>,
    not_before: Instant,
}

impl<'a> Delivering<'a> {
    /// For that tab.
    pub fn new(ctx: &'a Ctx, id: TabId) -> Delivering<'a> {
        Delivering { ctx, id, underway: None, not_before: Instant::now() }
    }

    /// Begins if a prompt is due. Gives how long until one may be; nothing if none waits.
    pub fn look(&mut self) -> Option<Duration> {
        if let Some(thread) = self.underway.take_if(|thread| thread.is_finished()) {
            self.not_before = Instant::now() + thread.join().unwrap_or(LATER);
        }
        if self.underway.is_some() {
            return Some(UNDERWAY);
        }
        let left = self.not_before.saturating_duration_since(Instant::now());
        let pause = deliver::due_in(self.ctx, self.id)?.max(left);
        if pause.is_zero() {
            self.underway = self.begin();
        }
        Some(if self.underway.is_some() { UNDERWAY } else { pause.max(Duration::from_millis(20)) })
    }

    fn begin(&self) -> Option<JoinHandle<Duration>> {
        let (ctx, id) = (self.ctx.again(), self.id);
        let bell = ctx.store.bell(id);
        let deliver = move || {
            let pause = deliver::deliver(&ctx, id).unwrap_or(LATER);
            doorbell::ring(&bell);
            pause
        };
        Builder::new().name("delivering".to_owned()).spawn(deliver).ok()
    }
}
