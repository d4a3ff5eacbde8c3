//! The lines of a text as the readers get them, with what several of them would look up again and again.
//! Must look at no line twice for that.

use std::cell::{Cell, OnceCell};
use std::ops::Deref;

use super::AROUND;
use super::go_runs::Runs;

/// The lines of a text.
pub struct Lines<'a> {
    all: &'a [&'a str],
    heads: Nearest,
    /// For those who have nothing to say if an error is told above.
    pub(super) told: Nearest,
    pub(super) collecting: Nearest,
    runs: OnceCell<Runs<'a>>,
}

impl<'a> Lines<'a> {
    /// These.
    pub fn of(all: &'a [&'a str]) -> Lines<'a> {
        let [heads, told, collecting] = Default::default();
        Lines { all, heads, told, collecting, runs: OnceCell::new() }
    }

    /// The nearest line above that is neither empty nor indented.
    pub(super) fn head(&self, at: usize) -> Option<&'a str> {
        let is_head = |line: &str| !line.is_empty() && !line.starts_with(' ');
        Some(self.all[self.heads.above(self.all, at, is_head)?])
    }

    /// What go's tests have said.
    pub(super) fn runs(&self) -> &Runs<'a> {
        self.runs.get_or_init(|| Runs::of(self.all))
    }
}

impl<'a> Deref for Lines<'a> {
    type Target = [&'a str];

    fn deref(&self) -> &Self::Target {
        self.all
    }
}

/// The nearest line of a kind above another one, as it was looked up last.
#[derive(Default)]
pub(super) struct Nearest(Cell<(usize, Option<usize>)>);

impl Nearest {
    /// Its number, if it is near enough; `is_one` is the same at every call.
    pub fn above(&self, lines: &[&str], at: usize, is_one: impl Fn(&str) -> bool) -> Option<usize> {
        let (known_at, known) = self.0.get();
        let known_at = if known_at <= at { known_at } else { 0 };
        let near = at.saturating_sub(AROUND);
        let from = near.max(known_at);
        let newer = lines[from..at].iter().rposition(|line| is_one(line)).map(|it| from + it);
        // Those above were looked at the last time.
        let older = known.filter(|known| (near..from).contains(known));
        let nearest = newer.or(older);
        self.0.set((at, nearest));
        nearest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_head_is_found_wherever_one_looks_next() {
        let text: Vec<String> = (0..2000)
            .map(|at| if at % 451 == 3 { format!("head {at}") } else { format!("  {at}") })
            .collect();
        let text: Vec<&str> = text.iter().map(String::as_str).collect();
        let lines = Lines::of(&text);
        let expected = |at: usize| {
            let above = text[at.saturating_sub(AROUND)..at].iter();
            above.rev().find(|line| line.starts_with("head")).copied()
        };
        for at in (0..2000).chain([7, 1999, 0, 460, 460, 900]).chain((0..2000).step_by(97)) {
            assert_eq!(lines.head(at), expected(at), "{at}");
        }
    }
}
