//! What the pace of a program's output says: an agent at work writes without a pause, one that waits
//! is silent. Must not tell waiting for a person from waiting for nothing: silence does not say it.

use std::collections::VecDeque;
use std::time::Duration;

/// In bytes a second: nobody measured writes less while it works, or more while it waits.
pub const WORKING: u64 = 200;
/// For so many seconds, each by itself: a redraw is much at once, and no work.
const WORKS_AFTER: Duration = Duration::from_secs(2);
/// How long less must have been written before that counts as silence.
const SILENT_AFTER: Duration = Duration::from_secs(3);

/// Follows how much is written. Times count from the program's start.
#[derive(Debug, Default)]
pub struct Pace {
    /// When was how much written in all, oldest first; one older than the longest look back.
    samples: VecDeque<(Duration, u64)>,
    last_output: Duration,
    disturbed: Option<Duration>,
}

/// What the pace says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// It writes as one that works.
    Works,
    /// It has been silent since then, but for a blinking title or caret.
    Silent(Duration),
    /// Neither for long enough.
    Undecided,
}

impl Pace {
    /// Takes in how much was written in all until `at`.
    pub fn sample(&mut self, at: Duration, total: u64) {
        if total > self.total() {
            self.last_output = at;
        }
        self.samples.push_back((at, total));
        while self.samples.get(1).is_some_and(|(next, _)| *next + SILENT_AFTER <= at) {
            self.samples.pop_front();
        }
    }

    /// What it writes next may be an echo: somebody typed, or the window has another size.
    pub fn disturb(&mut self, at: Duration) {
        self.disturbed = Some(at);
    }

    /// How long ago the last look was.
    pub fn since_sample(&self, at: Duration) -> Duration {
        at.saturating_sub(self.samples.back().map_or(Duration::ZERO, |(when, _)| *when))
    }

    /// How long nothing at all was written.
    pub fn quiet(&self, at: Duration) -> Duration {
        at.saturating_sub(self.last_output)
    }

    /// What the pace says now.
    pub fn rhythm(&self, at: Duration) -> Rhythm {
        let echoes = self.disturbed.is_some_and(|since| at < since + WORKS_AFTER);
        let second = Duration::from_secs(1);
        let before = at.saturating_sub(second);
        let steady = at >= WORKS_AFTER
            && self.written(second, at) >= WORKING
            && self.written(second, before) >= WORKING;
        if steady && !echoes {
            return Rhythm::Works;
        }
        if at >= SILENT_AFTER && self.written(SILENT_AFTER, at) < WORKING * SILENT_AFTER.as_secs() {
            return Rhythm::Silent(self.last_output.min(at.saturating_sub(SILENT_AFTER)));
        }
        Rhythm::Undecided
    }

    /// How much was written in the `span` before `at`.
    fn written(&self, span: Duration, at: Duration) -> u64 {
        let until = |at: Duration| {
            let sample = self.samples.iter().rev().find(|(when, _)| *when <= at);
            sample.map_or(0, |(_, total)| *total)
        };
        until(at) - until(at.saturating_sub(span))
    }

    fn total(&self) -> u64 {
        self.samples.back().map_or(0, |(_, total)| *total)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// What the pace says at the end, of so many bytes in each tenth of a second.
    fn after(tenths: &[(u64, u64)]) -> Rhythm {
        let (mut pace, mut at, mut total) = (Pace::default(), 0, 0);
        for (count, bytes) in tenths {
            for _ in 0..*count {
                at += 100;
                total += bytes;
                pace.sample(ms(at), total);
            }
        }
        pace.rhythm(ms(at))
    }

    #[test]
    fn the_measured_agents_are_judged_rightly() {
        assert_eq!(after(&[(30, 0), (30, 38)]), Rhythm::Works, "claude, 380 B/s");
        assert_eq!(after(&[(30, 2000)]), Rhythm::Works, "gemini");
        assert_eq!(after(&[(30, 2000), (40, 0)]), Rhythm::Silent(ms(3000)));
        let blinking = after(&[(30, 100), (60, 5)]);
        assert_eq!(blinking, Rhythm::Silent(ms(6000)), "codex's title at a question, 50 B/s");
        assert_eq!(after(&[(5, 0)]), Rhythm::Undecided, "just started");
        assert_eq!(after(&[(30, 0), (1, 5000), (10, 0)]), Rhythm::Undecided, "a redraw");
    }

    #[test]
    fn an_echo_is_no_work() {
        let mut pace = Pace::default();
        for tenth in 0..60 {
            pace.disturb(ms(tenth * 100));
            pace.sample(ms(tenth * 100), tenth * 50);
        }
        assert_eq!(pace.rhythm(ms(6000)), Rhythm::Undecided);
        assert_eq!(pace.rhythm(ms(10_000)), Rhythm::Silent(ms(5900)));
    }

    #[test]
    fn it_does_not_grow() {
        let mut pace = Pace::default();
        (0..10_000).for_each(|tenth| pace.sample(ms(tenth * 100), tenth * 100));
        assert!(pace.samples.len() < 40);
    }
}
