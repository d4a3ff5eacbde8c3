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
        let (paths, settings) = (ctx.paths.clone(), ctx.settings.clone());
        let thread = std::thread::spawn(move || {
            follow::follow(&Ctx::new(paths, settings), id, pid, &ended);
        });
        Following { end, thread }
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
    /// Begins.
    pub fn start(ctx: &Ctx, id: TabId, pid: u32, view: View, seen: &Arc<Seen>) -> Observing {
        let (paths, settings) = (ctx.paths.clone(), ctx.settings.clone());
        let eyes = Arc::clone(seen);
        let thread = std::thread::spawn(move || {
            observer::observe(&Ctx::new(paths, settings), id, pid, view, &eyes);
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
