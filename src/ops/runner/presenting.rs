//! Keeps what is shown and told of a tab while its agent lives, in a thread of its own.
//! Must not look again and again, and must not hold up the agent's end.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::Builder;
use std::time::Duration;

use crate::model::id::TabId;
use crate::ops::Ctx;
use crate::ops::presence::Keeper;
use crate::sys::doorbell::{self, Doorbell};

use super::delivering::Delivering;
use super::seen::Seen;

/// Where no bell can be hung up, it is looked this often instead.
const WITHOUT_BELL: Duration = Duration::from_millis(500);
/// A multiplexer that does not answer is not waited for any longer when the agent has ended.
const PATIENCE: Duration = Duration::from_secs(1);

/// The thread's name.
pub const THREAD: &str = "presenting";

/// The keeper of what is shown of a tab.
pub struct Presenting {
    is_over: Arc<AtomicBool>,
    bell: PathBuf,
    done: Receiver<()>,
}

impl Presenting {
    /// Begins.
    pub fn start(ctx: &Ctx, id: TabId, seen: &Arc<Seen>) -> Presenting {
        let (end, done) = channel();
        let bell = ctx.store.bell(id);
        let ctx = ctx.again();
        let (is_over, seen) = (Arc::new(AtomicBool::new(false)), Arc::clone(seen));
        let told = Arc::clone(&is_over);
        // By its name a person finds it in the process table. Without it nothing is shown, and the tab
        // lives.
        let _ = Builder::new().name(THREAD.to_owned()).spawn(move || {
            present(&ctx, id, &seen, &told);
            drop(end);
        });
        Presenting { is_over, bell, done }
    }

    /// Ends it.
    pub fn stop(self) {
        self.is_over.store(true, Ordering::SeqCst);
        doorbell::ring(&self.bell);
        let _ = self.done.recv_timeout(PATIENCE);
    }
}

fn present(ctx: &Ctx, id: TabId, seen: &Seen, is_over: &AtomicBool) {
    // Without a multiplexer there is nothing to show anything in, and nobody who looks elsewhere.
    let Some(pane) = ctx.engine().here() else { return };
    let bell = Doorbell::hang(&ctx.store.bell(id));
    let is_between = || !seen.is_amid();
    let mut keeper = Keeper::new(ctx, id, pane, &is_between);
    let mut delivering = Delivering::new(ctx, id);
    while !is_over.load(Ordering::SeqCst) {
        let pause = [keeper.look(), delivering.look()].into_iter().flatten().min();
        match &bell {
            Ok(bell) => {
                bell.wait(pause);
            }
            Err(_) => std::thread::sleep(pause.unwrap_or(WITHOUT_BELL).min(WITHOUT_BELL)),
        }
    }
    keeper.end();
}
