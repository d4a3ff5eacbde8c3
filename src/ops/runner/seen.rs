//! What the copying has seen and the observer has not yet looked at.
//! Must not grow, and must not keep the copying waiting: of each kind the newest is kept.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::model::program::Status;
use crate::model::terminal::Signal;

/// Between the copying and the observer.
#[derive(Default)]
pub struct Seen {
    news: Mutex<News>,
    arrived: Condvar,
    written: AtomicU64,
    /// The observer waits without end: the next byte must wake it.
    asleep: AtomicBool,
    /// What was written last is not at its end: a sequence, a character.
    amid: AtomicBool,
}

/// What is new since it was last asked.
#[derive(Debug, Default)]
pub struct News {
    /// The newest title.
    pub title: Option<String>,
    /// The newest word of the program about itself.
    pub program: Option<Status>,
    /// The newest progress.
    pub progress: Option<u8>,
    /// The newest notification.
    pub notice: Option<String>,
    /// The bell has rung.
    pub bell: bool,
    /// Somebody typed, or the window has another size.
    pub disturbed: bool,
    /// A state file of the agent has changed.
    pub files: bool,
    /// The agent has ended.
    pub over: bool,
}

impl News {
    /// Whether something was told, other than by its being over.
    pub fn is_telling(&self) -> bool {
        let texts = self.title.is_some() || self.program.is_some() || self.notice.is_some();
        texts || self.progress.is_some() || self.bell || self.disturbed || self.files
    }
}

impl Seen {
    /// So many bytes were written.
    pub fn wrote(&self, count: usize) {
        self.written.fetch_add(count as u64, Ordering::SeqCst);
        if self.asleep.swap(false, Ordering::SeqCst) {
            drop(self.news.lock());
            self.arrived.notify_all();
        }
    }

    /// Whether the rest of a sequence or of a character is to come.
    pub fn leaves(&self, amid: bool) {
        self.amid.store(amid, Ordering::SeqCst);
    }

    /// See [`Seen::leaves`].
    pub fn is_amid(&self) -> bool {
        self.amid.load(Ordering::SeqCst)
    }

    /// How many bytes were written in all.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::SeqCst)
    }

    /// The program told its terminal something.
    pub fn told(&self, signal: Signal) {
        self.change(|news| match signal {
            Signal::Title(title) => news.title = Some(title),
            Signal::Program(status) => news.program = Some(status),
            Signal::Progress(progress) => news.progress = Some(progress),
            Signal::Notification(text) => news.notice = Some(text),
            Signal::Bell => news.bell = true,
            Signal::ProgramQuery | Signal::Mark(_) => {}
        });
    }

    /// What is written next may be an echo.
    pub fn disturbed(&self) {
        // Nobody is woken for it: what is echoed will.
        self.news.lock().unwrap_or_else(PoisonError::into_inner).disturbed = true;
    }

    /// A state file of the agent has changed.
    pub fn files_changed(&self) {
        self.change(|news| news.files = true);
    }

    /// The agent has ended.
    pub fn is_over(&self) {
        self.change(|news| news.over = true);
    }

    fn change(&self, change: impl FnOnce(&mut News)) {
        change(&mut self.news.lock().unwrap_or_else(PoisonError::into_inner));
        self.arrived.notify_all();
    }

    /// Waits for news, or without a pause for the first byte after `known` were written.
    pub fn wait(&self, pause: Option<Duration>, known: u64) -> News {
        let mut news = self.news.lock().unwrap_or_else(PoisonError::into_inner);
        if !news.is_telling() && !news.over {
            if let Some(pause) = pause {
                let waited = self.arrived.wait_timeout(news, pause);
                news = waited.unwrap_or_else(PoisonError::into_inner).0;
            } else {
                self.asleep.store(true, Ordering::SeqCst);
                if self.written() == known {
                    let waited = self.arrived.wait(news);
                    news = waited.unwrap_or_else(PoisonError::into_inner);
                }
                self.asleep.store(false, Ordering::SeqCst);
            }
        }
        let over = news.over;
        News { over, ..std::mem::take(&mut news) }
    }
}
