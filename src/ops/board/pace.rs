//! When to look at what. Must come to rest where nothing changes, and must stay quick after a change:
//! pure, the moments come in as values.

use std::time::{Duration, Instant};

/// Between two batches of changed records: a storm of events is shown twenty times a second.
const BATCH: Duration = Duration::from_millis(50);
/// After a change that one record does not explain: a pane has opened or closed.
const SOON: Duration = Duration::from_millis(150);
/// A pane that closes without a word, a shell in which a command runs: looked for so often.
const LOOK: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(8));
/// The same where no event can be had.
const BLIND: (Duration, Duration) = (Duration::from_millis(300), Duration::from_secs(2));
/// The screen of the tab that is regarded.
const GLIMPSE: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(4));
/// Who presses an arrow again and again does not want to see every screen on the way.
const SETTLE: Duration = Duration::from_millis(40);
/// After a word of the agent its screen needs a moment.
const AFTER_A_WORD: Duration = Duration::from_millis(100);
/// How much longer everything may take while the person is elsewhere, who may still see it.
const UNWATCHED: u32 = 2;
/// The part of a processor that looking may take, in one of so many.
const SHARE: u32 = 100;
/// The same for changed records, which come because something happens.
const BATCH_SHARE: u32 = 5;

/// When to do what.
#[derive(Debug)]
pub struct Pace {
    batch: Option<Instant>,
    batch_not_before: Instant,
    look: Turn,
    glimpse: Turn,
    has_regard: bool,
    is_watched: bool,
}

/// Something that is done less and less often as long as nothing comes of it.
#[derive(Debug)]
struct Turn {
    bounds: (Duration, Duration),
    pause: Duration,
    due: Instant,
}

impl Turn {
    fn new(bounds: (Duration, Duration), due: Instant) -> Turn {
        Turn { bounds, pause: bounds.0, due }
    }

    /// Takes note that it was done, and whether something came of it.
    fn done(&mut self, begun: Instant, ended: Instant, is_news: bool, slower: u32) {
        self.pause = if is_news { self.bounds.0 } else { (self.pause * 2).min(self.bounds.1) };
        let cost = ended.saturating_duration_since(begun);
        self.due = ended + (self.pause * slower).max(cost * SHARE);
    }

    fn hurry(&mut self, due: Instant) {
        self.pause = self.bounds.0;
        self.due = self.due.min(due);
    }
}

impl Pace {
    /// From now on; `blind` where no event can be expected.
    pub fn new(now: Instant, blind: bool) -> Pace {
        Pace {
            batch: None,
            batch_not_before: now,
            look: Turn::new(if blind { BLIND } else { LOOK }, now),
            glimpse: Turn::new(GLIMPSE, now),
            has_regard: false,
            is_watched: true,
        }
    }

    /// When something is due next.
    pub fn next(&self) -> Instant {
        let glimpse = Some(self.glimpse.due).filter(|_| self.has_regard);
        [Some(self.look.due), self.batch, glimpse]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(self.look.due)
    }

    /// A record has changed.
    pub fn changed(&mut self, now: Instant) {
        self.batch = self.batch.or(Some(self.batch_not_before.max(now)));
    }

    /// Whether the changed records are to be read now.
    pub fn is_batch_due(&self, now: Instant) -> bool {
        self.batch.is_some_and(|due| due <= now)
    }

    /// They were.
    pub fn batch_done(&mut self, begun: Instant, ended: Instant) {
        self.batch = None;
        let cost = ended.saturating_duration_since(begun);
        self.batch_not_before = ended + BATCH.max(cost * BATCH_SHARE);
    }

    /// Everything is to be looked at, at this moment at the latest.
    pub fn look_at(&mut self, when: Instant) {
        self.look.hurry(when);
    }

    /// Everything is to be looked at soon.
    pub fn look_soon(&mut self, now: Instant) {
        self.look.hurry(now + SOON);
    }

    /// Whether everything is to be looked at now.
    pub fn is_look_due(&self, now: Instant) -> bool {
        self.look.due <= now
    }

    /// It was; whether something was new.
    pub fn looked(&mut self, begun: Instant, ended: Instant, is_news: bool) {
        self.look.done(begun, ended, is_news, self.slower());
    }

    /// Another tab is regarded, or none.
    pub fn regarded(&mut self, now: Instant, has_regard: bool) {
        self.has_regard = has_regard;
        self.glimpse.pause = self.glimpse.bounds.0;
        self.glimpse.due = now + SETTLE;
    }

    /// The regarded tab has said something.
    pub fn glimpse_soon(&mut self, now: Instant) {
        self.glimpse.hurry(now + AFTER_A_WORD);
    }

    /// Whether the regarded tab is to be looked at now.
    pub fn is_glimpse_due(&self, now: Instant) -> bool {
        self.has_regard && self.glimpse.due <= now
    }

    /// It was; whether something was new.
    pub fn glimpsed(&mut self, begun: Instant, ended: Instant, is_news: bool) {
        self.glimpse.done(begun, ended, is_news, self.slower());
    }

    /// Whether a person looks on from now on.
    pub fn watched(&mut self, now: Instant, is_watched: bool) {
        if is_watched && !self.is_watched {
            self.look.hurry(now);
            self.glimpse.hurry(now);
        }
        self.is_watched = is_watched;
    }

    fn slower(&self) -> u32 {
        if self.is_watched { 1 } else { UNWATCHED }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn looking_comes_to_rest_and_wakes_up_again() {
        let start = Instant::now();
        let mut pace = Pace::new(start, false);
        assert!(pace.is_look_due(start), "the first look is at once");
        let mut now = start;
        let mut pauses = Vec::new();
        for is_news in [true, false, false, false, false, true] {
            pace.looked(now, now + MS, is_news);
            pauses.push(pace.look.due.duration_since(now + MS).as_secs());
            now = pace.look.due;
        }
        assert_eq!(pauses, [1, 2, 4, 8, 8, 1]);
        pace.looked(now, now, false);
        pace.look_soon(now);
        assert_eq!(pace.next(), now + SOON);
    }

    #[test]
    fn what_takes_long_is_done_less_often() {
        let start = Instant::now();
        let mut pace = Pace::new(start, false);
        pace.looked(start, start + 200 * MS, true);
        assert_eq!(pace.look.due, start + 200 * MS + 20_000 * MS);
    }

    #[test]
    fn a_first_change_is_read_at_once_and_a_storm_in_batches() {
        let start = Instant::now();
        let mut pace = Pace::new(start, false);
        pace.looked(start, start, true);
        pace.changed(start);
        assert!(pace.is_batch_due(start));
        pace.batch_done(start, start + MS);
        assert!(!pace.is_batch_due(start + MS));
        pace.changed(start + 2 * MS);
        pace.changed(start + 3 * MS);
        assert!(!pace.is_batch_due(start + 40 * MS));
        assert!(pace.is_batch_due(start + MS + BATCH));
        assert_eq!(pace.next(), start + MS + BATCH);
        pace.batch_done(start, start + 100 * MS);
        pace.changed(start + 101 * MS);
        assert_eq!(pace.next(), start + 600 * MS);
    }

    #[test]
    fn nobody_is_glimpsed_at_unless_regarded_and_seldom_while_nobody_looks_on() {
        let start = Instant::now();
        let mut pace = Pace::new(start, false);
        assert!(!pace.is_glimpse_due(start + 1000 * MS));
        pace.regarded(start, true);
        assert!(pace.is_glimpse_due(start + SETTLE));
        pace.watched(start, false);
        pace.glimpsed(start, start, false);
        assert_eq!(pace.glimpse.due, start + 2000 * MS);
        pace.watched(start + MS, true);
        assert!(pace.is_glimpse_due(start + MS));
    }
}
