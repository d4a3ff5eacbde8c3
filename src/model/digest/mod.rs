//! The text of a terminal in few tokens: what went wrong first, then the newest, and nothing twice.
//! Must not look at anything but the text.

mod choice;
pub mod families;
pub mod family;
pub mod finding;
pub mod folding;
pub mod list;
pub mod marks;
pub mod piece;
pub mod plain;
mod scanner;
mod shown;
#[cfg(test)]
mod tests;
pub mod tokens;
mod told;
pub mod typed;

use std::cmp::Reverse;

use serde::Serialize;

use super::masking::without_keys;

pub use self::list::Count;
pub use self::marks::Readers;
pub use self::piece::{Found, Line, Piece};
pub use self::shown::is_invisible;

use self::choice::Choice;
use self::folding::{Fold, Sameness};
use self::tokens::{characters, most_characters, of_characters};

/// No digest is made with fewer tokens: it could only say what was left out.
pub const LEAST: usize = 64;
/// Of what there is to spend, the list of what was found takes no more than one part of so many.
const LIST: usize = 3;

/// A text in few tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// What went wrong, how it went, and what is warned of, in this order; as far as there was room.
    pub findings: Vec<Found>,
    /// How much was found in all.
    pub found: Count,
    /// The lines that were chosen, in their order.
    pub text: Vec<Piece>,
    /// How many lines the whole text has.
    pub lines: usize,
    /// So many of them are told by another one, and its count.
    pub folded: usize,
    /// So many of them are neither shown nor told.
    pub left_out: usize,
    /// What the whole text would have taken, and what this takes: estimates.
    pub tokens: Tokens,
}

/// How many tokens something takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tokens {
    /// The whole text.
    pub whole: usize,
    /// The digest, as text.
    pub digest: usize,
    /// What it was allowed to take.
    pub budget: usize,
}

/// Makes the digest of a text, in no more tokens than `budget`, or [`LEAST`].
pub fn digest(text: &str, budget: usize) -> Digest {
    digest_by(Readers::all(), text, budget)
}

/// The same of what a program has written, whatever bytes these are.
pub fn of_bytes(written: &[u8], budget: usize) -> Digest {
    digest(&String::from_utf8_lossy(written), budget)
}

/// Like [`digest`], with readers of one's own.
pub fn digest_by(readers: &Readers, text: &str, budget: usize) -> Digest {
    let budget = budget.max(LEAST);
    let text = plain::plain(text);
    // Other secrets stand in one line, and are hidden where it is shown.
    let text = without_keys(&text, true);
    let lines = lines_of(&text);
    let found = readers.findings(&text, &lines);
    let mut apart = vec![false; lines.len()];
    for Found { finding, .. } in &found {
        apart[finding.at..finding.at + finding.lines].fill(true);
    }
    let mut worst: Vec<&Found> = found.iter().collect();
    worst.sort_by_key(|found| Reverse((list::weight(found.finding.level), found.finding.at)));

    let all = most_characters(budget);
    let folds = |sameness| folding::folds(&lines, &apart, sameness);
    // No number is lost where there is room for all of them.
    let is_short = choice::fits(&lines, folds(Sameness::Exact), all);
    let sameness = if is_short { Sameness::Exact } else { Sameness::ButNumbers };
    let folds: Vec<Fold> = folds(sameness).collect();
    let fits = is_short || choice::fits(&lines, folds.iter().copied(), all);
    // Whoever reads all of a text needs no list of what stands in it.
    let room = if fits { usize::MAX } else { all / LIST };
    let (findings, listed) = list::list(&worst, room);
    let spent = if room == usize::MAX { 0 } else { listed };
    let mut choice = Choice::new(&lines, &folds, all - spent);
    choice.make(&worst);
    let mut pieces = choice.pieces();
    for piece in &mut pieces {
        if let Piece::Line(line) = piece {
            let begins = found.binary_search_by_key(&line.at, |found| found.finding.at);
            line.level = begins.ok().map(|place| found[place].finding.level);
        }
    }
    let mut digest = Digest {
        findings,
        found: Count::of(found.iter()),
        text: pieces,
        lines: lines.len(),
        folded: 0,
        left_out: 0,
        tokens: Tokens { whole: tokens::tokens(&text), digest: 0, budget },
    };
    digest.reckon();
    digest
}

impl Digest {
    /// Whether all of the text is there: then nothing of it is told twice.
    pub fn is_whole(&self) -> bool {
        self.text.iter().all(|piece| matches!(piece, Piece::Line(_)))
    }

    /// The whole digest as lines of text.
    pub fn to_lines(&self) -> Vec<String> {
        let mut lines = if self.is_whole() { Vec::new() } else { self.listed() };
        if !lines.is_empty() && !self.text.is_empty() {
            lines.push(String::new());
        }
        lines.extend(self.text.iter().map(Piece::text));
        lines
    }

    /// What was found, as lines of text.
    pub fn listed(&self) -> Vec<String> {
        let lines = self.findings.iter().map(|found| (found.text(), found.advice()));
        let mut lines: Vec<String> =
            lines.flat_map(|(text, advice)| std::iter::once(text).chain(advice)).collect();
        lines.extend(list::more(&self.findings, self.found));
        lines
    }

    /// Sums up what is shown.
    fn reckon(&mut self) {
        let lines = self.to_lines().iter().map(|line| characters(line) + 1).sum();
        self.tokens.digest = of_characters(lines);
        for piece in &self.text {
            match piece {
                Piece::Line(line) => self.folded += line.times - 1,
                Piece::LeftOut { left_out } => self.left_out += left_out,
            }
        }
    }
}

/// The lines of a text without control characters.
fn lines_of(text: &str) -> Vec<&str> {
    let mut lines = Vec::with_capacity(text.len() / 32 + 1);
    let mut from = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
        lines.push(&text[from..end]);
        from = end + 1;
    }
    if from < text.len() {
        lines.push(&text[from..]);
    }
    lines
}
