//! How fast tabs are started: so many at a time, and apart from each other where that matters.
//! Must not know which tabs.

use std::time::{Duration, Instant};

use crate::sys::clock;

/// Between two starts a pause of up to this part of what a start takes here: agents that log in at
/// the same instant get in each other's way.
const JITTER: u32 = 8;
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
/// Who starts in less than this does not log in anywhere, and needs no such pause.
const QUICK: Duration = Duration::from_millis(250);

/// The pace of one resume.
#[derive(Debug)]
pub struct Pacing {
    jobs: usize,
    /// How long a start took of late until the next could follow; nothing before the first.
    takes: Duration,
    next_start: Instant,
}

impl Pacing {
    /// So many at a time, one at least.
    pub fn new(jobs: usize) -> Pacing {
        Pacing { jobs: jobs.max(1), takes: Duration::ZERO, next_start: Instant::now() }
    }

    /// How many may be starting now, where these many are. Where a start takes no time, some are awaited
    /// before the next begin, so that several windows are opened in one call.
    pub fn most(&self, starting: usize) -> usize {
        if self.is_quick() && starting * 2 > self.jobs { starting } else { self.jobs }
    }

    /// Whether the next may begin already.
    pub fn is_open(&self) -> bool {
        Instant::now() >= self.next_start
    }

    /// How long until it may.
    pub fn opens_in(&self) -> Duration {
        self.next_start.saturating_duration_since(Instant::now())
    }

    /// One begins.
    pub fn begins(&mut self) {
        let chance = clock::random_u128().unwrap_or(0) % 1000;
        self.next_start = Instant::now() + self.pause(u32::try_from(chance).unwrap_or(0));
    }

    /// One is ready after so long. A slow one is remembered for a while: they may take turns.
    pub fn took(&mut self, takes: Duration) {
        self.takes = takes.max(self.takes * 3 / 4);
    }

    /// A pause by chance (in thousandths), in proportion to what a start takes here.
    fn pause(&self, chance: u32) -> Duration {
        if self.is_quick() {
            return Duration::ZERO;
        }
        (self.takes / JITTER).min(LONGEST_PAUSE) * chance / 1000
    }

    fn is_quick(&self) -> bool {
        !self.takes.is_zero() && self.takes < QUICK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(40);
    const LONG: Duration = Duration::from_secs(2);

    #[test]
    fn slow_starts_stand_apart_and_each_place_is_taken_at_once() {
        let mut pacing = Pacing::new(4);
        assert_eq!(pacing.pause(999), Duration::ZERO, "nobody knows yet what a start takes");
        pacing.took(LONG);
        assert_eq!([0, 2, 3].map(|starting| pacing.most(starting)), [4, 4, 4]);
        assert!(pacing.pause(500) > Duration::from_millis(100));
        pacing.took(Duration::from_mins(1));
        assert!(pacing.pause(999) < LONGEST_PAUSE);
    }

    #[test]
    fn quick_starts_begin_several_at_a_time() {
        let mut pacing = Pacing::new(4);
        pacing.took(SHORT);
        assert_eq!([0, 1, 2, 3, 4].map(|starting| pacing.most(starting)), [4, 4, 4, 3, 4]);
        pacing.begins();
        assert!(pacing.is_open() && pacing.opens_in().is_zero());
        let alone = Pacing { takes: SHORT, ..Pacing::new(0) };
        assert_eq!((alone.most(0), alone.most(1)), (1, 1));
    }

    #[test]
    fn one_quick_start_among_slow_ones_changes_nothing() {
        let mut pacing = Pacing::new(4);
        pacing.took(LONG);
        pacing.took(SHORT);
        assert!(!pacing.is_quick());
        (0..12).for_each(|_| pacing.took(SHORT));
        assert!(pacing.is_quick());
    }
}
