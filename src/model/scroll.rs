//! A screen that is looked at again and again, as lines that come one after the other.
//! Must not give a line before it stands still, nor twice while it does.

/// What was seen of it, and what was given.
#[derive(Debug, Default)]
pub struct Scroll {
    seen: Vec<String>,
    /// So many of those were given.
    given: usize,
}

/// So many lines in a row are the same place again.
const SAME_PLACE: usize = 8;

impl Scroll {
    /// One that has given these lines already.
    pub fn after(lines: Vec<String>) -> Scroll {
        Scroll { given: lines.len(), seen: lines }
    }

    /// Takes a look; gives the lines that have stood there since the last one and were not given.
    pub fn look(&mut self, now: Vec<String>) -> Vec<String> {
        let gone = self.scrolled_out(&now);
        self.seen.drain(..gone);
        self.given = self.given.saturating_sub(gone);
        let still = self.seen.iter().zip(&now).take_while(|(seen, now)| seen == now).count();
        // What was drawn over is given again, once it stands.
        let from = self.given.min(still);
        let news = now[from..still].to_vec();
        self.given = still;
        self.seen = now;
        news
    }

    /// The lines that were not given, whether they stand still or not: there is no other look.
    pub fn rest(&mut self) -> Vec<String> {
        let rest = self.seen.split_off(self.given.min(self.seen.len()));
        self.given = self.seen.len();
        rest
    }

    /// How many of the lines that were seen are above what is to be seen now: all of them, if the
    /// beginning of that was not there before.
    fn scrolled_out(&self, now: &[String]) -> usize {
        let head = &now[..now.len().min(SAME_PLACE)];
        let is_here = |at: &usize| {
            let there = &self.seen[*at..];
            !there.is_empty() && there.iter().zip(head).all(|(seen, now)| seen == now)
        };
        // The first line may itself be one that is being drawn.
        if self.seen.first() == now.first() {
            return 0;
        }
        (0..self.seen.len()).find(is_here).unwrap_or(self.seen.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_line_is_given_once_it_stands_still() {
        let mut scroll = Scroll::after(lines("a b"));
        for (now, given) in [
            ("a b", ""),
            ("a b c", ""),
            ("a b c d", "c"),
            ("a b c d", "d"),
            // A spinner never stands still, and neither does what is below it.
            ("a b c d - x", ""),
            ("a b c d / x", ""),
            ("a b c d | x", ""),
            ("a b c d e x", ""),
            ("a b c d e x", "e x"),
        ] {
            assert_eq!(scroll.look(lines(now)).join(" "), given, "{now}");
        }
        assert!(scroll.rest().is_empty());
    }

    #[test]
    fn what_scrolls_out_above_is_not_given_again() {
        let mut scroll = Scroll::after(lines("a b c d"));
        assert!(scroll.look(lines("c d e f")).is_empty());
        assert_eq!(scroll.look(lines("d e f g")).join(" "), "e f");
        // So much at once that nothing of before is left; then what is gone cannot be given.
        assert!(scroll.look(lines("p q r s")).is_empty());
        assert_eq!(scroll.look(lines("p q r s")).join(" "), "p q r s");
    }

    #[test]
    fn what_is_drawn_over_is_given_anew_and_the_rest_at_the_end() {
        let mut scroll = Scroll::after(lines("a b c"));
        assert!(scroll.look(lines("a x c")).is_empty());
        assert_eq!(scroll.look(lines("a x c")).join(" "), "x c");
        scroll.look(lines("a x c d"));
        assert_eq!(scroll.rest().join(" "), "d");
        assert!(scroll.look(Vec::new()).is_empty());
    }
}
