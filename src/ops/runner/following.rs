//! What looks after the agent while it lives, each in a thread of its own.
//! Must not hold up the agent's end.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use crate::model::id::TabId;

use super::super::{Ctx, follow};
use super::observer::{self, View};
use super::seen::Seen;

/// A second pair of eyes on the agent; see [`follow`].
pub struct Following {
    end: Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

impl Following {
    /// Begins.
    pub fn start(ctx: &Ctx, id: TabId, pid: u32) -> Following {
        let (end, ended) = channel();
        let ctx = ctx.again();
        let thread = std::thread::spawn(move || {
            follow::follow(&ctx, id, pid, &ended);
        });
        Following { end, thread }
    }

    /// Who hears the agent's first word makes it look at once. It ends only after that one has let go.
    pub fn waker(&self) -> Sender<()> {
        self.end.clone()
    }

    /// Ends it.
    pub fn stop(self) {
        drop(self.end);
        // Whatever it was doing, the agent's end is told all the same.
        let _ = self.thread.join();
    }
}

/// Makes evidence of what is seen of the agent's terminal; see [`observer`].
pub struct Observing {
    seen: Arc<Seen>,
    thread: std::thread::JoinHandle<()>,
}

impl Observing {
    /// Begins. Who follows the agent hears of its first word.
    pub fn start(
        ctx: &Ctx,
        id: TabId,
        pid: u32,
        view: View,
        seen: &Arc<Seen>,
        following: &Following,
    ) -> Observing {
        let ctx = ctx.again();
        let eyes = Arc::clone(seen);
        let mut waker = Some(following.waker());
        let thread = std::thread::spawn(move || {
            observer::observe(&ctx, id, pid, view, &eyes, &mut || {
                // Nobody follows any more, or has heard of it: both are well.
                let _ = waker.take().map(|waker| waker.send(()));
            });
        });
        Observing { seen: Arc::clone(seen), thread }
    }

    /// Ends it.
    pub fn stop(self) {
        self.seen.is_over();
        // Whatever it was doing, the agent's end is told all the same.
        let _ = self.thread.join();
    }
}
