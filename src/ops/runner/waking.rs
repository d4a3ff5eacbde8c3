//! Wakes an agent that was suspended by a key: there is no shell behind it to say `fg` to.
//! Must not keep the copying waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::{Signal, getpid, kill_process};

/// Ctrl-Z, as a byte and as the two sequences that terminals send for it on request.
const KEYS: [&[u8]; 3] = [b"\x1a", b"\x1b[122;5u", b"\x1b[27;5;122~"];
/// An agent takes a while to put its terminal in order before it suspends itself.
const AFTER: [Duration; 3] =
    [Duration::from_millis(200), Duration::from_millis(800), Duration::from_secs(2)];

/// Tells the runner to wake its agent.
///
/// Agents read the key themselves, say that they are suspended, send their group a SIGTSTP and wait for
/// the SIGCONT. In a session without a shell the kernel drops that SIGTSTP: nothing stops, so nobody
/// sees a stopped process, and the agent waits for ever.
#[derive(Debug, Default)]
pub struct Waking {
    pending: Arc<AtomicBool>,
}

impl Waking {
    /// Looks at what was typed.
    pub fn typed(&self, bytes: &[u8]) {
        let is_key = |key: &&[u8]| bytes.windows(key.len()).any(|found| found == *key);
        if KEYS.iter().any(is_key) && !self.pending.swap(true, Ordering::SeqCst) {
            let pending = Arc::clone(&self.pending);
            // Whoever is not suspended does nothing at a SIGCONT, or draws its screen anew. It goes by
            // the runner, who knows whether the agent still lives.
            let waking = move || {
                for pause in AFTER {
                    std::thread::sleep(pause);
                    // A key that comes from now on is waited for anew.
                    pending.store(false, Ordering::SeqCst);
                    let _ = kill_process(getpid(), Signal::CONT);
                }
            };
            if std::thread::Builder::new().spawn(waking).is_err() {
                self.pending.store(false, Ordering::SeqCst);
            }
        }
    }
}
