//! What a list on the screen needs while it is open: rows as they change, a look at the tab that is
//! selected, and what a person does with it. Must ask the multiplexer seldom: events tell the rest.

mod act;
mod pace;
mod seen;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Instant;

use anyhow::Result;

use crate::model::glimpse::Glimpse;
use crate::model::id::TabId;
use crate::model::row::Row;
use crate::sys::watch::{self, Watch};

pub use self::act::act;
use self::pace::Pace;
use self::seen::Seen;
use super::Ctx;

/// What is told to whoever shows the list.
#[derive(Debug)]
pub enum News {
    /// All tabs, and why the multiplexer could not be asked.
    All(Vec<Row>, Option<String>),
    /// These are other now.
    Some(Vec<Row>),
    /// The tab that is regarded.
    Glimpse(Glimpse),
    /// The list cannot be made at all.
    Broken(anyhow::Error),
    /// What became of something that was to be done.
    Done(Result<String>),
}

/// What is asked of the one who looks.
enum Ask {
    /// These files have changed; none: everything may have.
    Changed(Vec<PathBuf>),
    /// Look at everything now.
    Look,
    /// This tab is to be glimpsed at, so many lines of it.
    Regard(Option<TabId>, u16),
    /// Whether a person looks on.
    Watched(bool),
    /// Nobody wants to know any more.
    End,
}

/// Somebody who looks, in a thread of his own, until the value is dropped.
pub struct Board {
    asks: Sender<Ask>,
    _watch: Option<Watch>,
}

impl Board {
    /// Begins to look; `tell` hears of what is new.
    pub fn open(ctx: &Ctx, tell: impl Fn(News) + Send + 'static) -> Result<Board> {
        let ctx = ctx.again();
        let folders = [ctx.store.live_records_to_come()?, ctx.store.index_records()];
        let (asks, heard) = channel();
        let changed = asks.clone();
        let watch = watch::folders(&folders, move |paths| {
            // Who looked is gone: nobody needs it.
            let _ = changed.send(Ask::Changed(paths));
        });
        let blind = watch.is_none();
        std::thread::Builder::new().name("board".to_owned()).spawn(move || {
            Looker {
                seen: Seen::new(&ctx),
                tell,
                pace: Pace::new(Instant::now(), blind),
                ctx: &ctx,
            }
            .run(&heard);
        })?;
        Ok(Board { asks, _watch: watch })
    }

    /// Looks at everything now.
    pub fn look(&self) {
        let _ = self.asks.send(Ask::Look);
    }

    /// Glimpses at a tab from now on, at so many lines of its screen.
    pub fn regard(&self, tab: Option<TabId>, lines: u16) {
        let _ = self.asks.send(Ask::Regard(tab, lines));
    }

    /// Whether a person looks on: else there is time.
    pub fn watched(&self, is_watched: bool) {
        let _ = self.asks.send(Ask::Watched(is_watched));
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        let _ = self.asks.send(Ask::End);
    }
}

struct Looker<'a, F> {
    ctx: &'a Ctx,
    seen: Seen<'a>,
    pace: Pace,
    tell: F,
}

impl<F: Fn(News)> Looker<'_, F> {
    fn run(mut self, asks: &Receiver<Ask>) {
        let mut changed = BTreeSet::new();
        loop {
            let wait = self.pace.next().saturating_duration_since(Instant::now());
            match asks.recv_timeout(wait) {
                Ok(first) => {
                    for ask in std::iter::once(first).chain(asks.try_iter()) {
                        if matches!(ask, Ask::End) {
                            return;
                        }
                        self.take(ask, &mut changed);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.act(&mut changed);
        }
    }

    fn take(&mut self, ask: Ask, changed: &mut BTreeSet<TabId>) {
        let now = Instant::now();
        match ask {
            Ask::Changed(paths) if paths.is_empty() => self.pace.look_at(now),
            Ask::Changed(paths) => {
                let ids = paths.iter().filter_map(|path| self.ctx.store.tab_of_live_record(path));
                let before = changed.len();
                changed.extend(ids);
                if changed.len() > before {
                    self.pace.changed(now);
                }
            }
            Ask::Look => self.pace.look_at(now),
            Ask::Regard(tab, lines) => {
                self.seen.regard(tab, lines);
                self.pace.regarded(now, tab.is_some());
            }
            Ask::Watched(is_watched) => self.pace.watched(now, is_watched),
            Ask::End => {}
        }
    }

    /// Does what is due.
    fn act(&mut self, changed: &mut BTreeSet<TabId>) {
        let begun = Instant::now();
        if self.pace.is_batch_due(begun) {
            let batch = std::mem::take(changed);
            let news = self.seen.again(&batch);
            self.pace.batch_done(begun, Instant::now());
            if news.in_question {
                self.pace.look_soon(Instant::now());
            }
            if news.rows.iter().any(|row| self.seen.regards(row.id)) {
                self.pace.glimpse_soon(Instant::now());
            }
            if !news.rows.is_empty() {
                (self.tell)(News::Some(news.rows));
            }
        }
        let begun = Instant::now();
        if self.pace.is_look_due(begun) {
            let news = self.seen.all();
            let is_news = !matches!(news, Ok(None));
            self.pace.looked(begun, Instant::now(), is_news);
            match news {
                Ok(None) => {}
                Ok(Some((rows, blind))) => (self.tell)(News::All(rows, blind)),
                Err(error) => (self.tell)(News::Broken(error)),
            }
        }
        let begun = Instant::now();
        if self.pace.is_glimpse_due(begun) {
            let glimpse = self.seen.glimpse();
            self.pace.glimpsed(begun, Instant::now(), glimpse.is_some());
            if let Some(glimpse) = glimpse {
                (self.tell)(News::Glimpse(glimpse));
            }
        }
    }
}
