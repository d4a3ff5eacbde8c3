//! What of a text is shown when not all of it fits: the lines of what was found, and then the newest.
//! Must never spend more than it has.

use std::collections::BTreeMap;

use super::finding::Level;
use super::folding::Fold;
use super::piece::{Found, Line, Piece, left_out, told_as_one};
use super::shown::shown;
use super::tokens::characters;

/// No line is longer, in characters.
const WIDEST: usize = 400;
/// The last part of what there is to spend is kept for the newest lines: one of so many.
const NEWEST: usize = 3;
/// As much of a finding comes before anything of the next one, in lines.
const HEAD: usize = 6;
/// No more of a finding is shown for its own sake, in lines.
const MOST: usize = 30;
/// So many lines before a finding, and behind it.
const AROUND: (usize, usize) = (2, 3);

/// Whether all of a text fits into so many characters, or rather fewer. Looks no further than it has to.
pub fn fits(lines: &[&str], mut folds: impl Iterator<Item = Fold>, room: usize) -> bool {
    let cost = |fold: Fold| {
        let shown = if fold.is_blank { 0 } else { lines[fold.last()].len() };
        shown + told_as_one(fold.lines, fold.numbers_differ).len() + 1
    };
    let gap = left_out(lines.len()).len() + 1;
    let left = room.checked_sub(gap);
    left.is_some_and(|left| {
        folds.try_fold(left, |left, fold| left.checked_sub(cost(fold))).is_some()
    })
}

/// Chooses among the lines of a text, as long as there are characters left.
pub struct Choice<'a> {
    lines: &'a [&'a str],
    folds: &'a [Fold],
    chosen: BTreeMap<usize, String>,
    widest: usize,
    left: usize,
    /// What it costs to say that something was left out.
    gap: usize,
}

impl<'a> Choice<'a> {
    /// Nothing is chosen yet, and `budget` characters are there to be spent.
    pub fn new(lines: &'a [&'a str], folds: &'a [Fold], budget: usize) -> Choice<'a> {
        let gap = characters(&left_out(lines.len())) + 1;
        // All of it is one gap, which may be all that fits.
        let left = budget.saturating_sub(if folds.is_empty() { 0 } else { gap });
        let widest = WIDEST.min(budget / 4).max(1);
        Choice { lines, folds, chosen: BTreeMap::new(), widest, left, gap }
    }

    /// Chooses: of every finding, in their order, its beginning; of the errors then the rest, and what
    /// stands around them; and of all else the newest.
    pub fn make(&mut self, found: &[&Found]) {
        let kept = self.left / NEWEST;
        let found = || found.iter().map(|found| &found.finding);
        let errors = || found().filter(|it| it.level == Level::Error);
        for it in found() {
            let head = if it.level == Level::Warning { 1 } else { HEAD };
            // With the newest of the worst the room is spent: older ones would be torn out of theirs.
            if !self.take(it.at, it.lines.min(head), kept) {
                break;
            }
        }
        for it in errors() {
            if !self.take(it.at, it.lines.min(MOST), kept) {
                break;
            }
        }
        for it in errors() {
            let first = it.at.saturating_sub(AROUND.0);
            let behind = it.at + it.lines.min(MOST) + AROUND.1;
            if !self.take(first, behind - first, kept) {
                break;
            }
        }
        for fold in (0..self.folds.len()).rev() {
            if !self.add(fold, 0) {
                break;
            }
        }
    }

    /// Takes lines, as far as then something is still `kept`; whether these are all of them.
    fn take(&mut self, first: usize, count: usize, kept: usize) -> bool {
        let end = (first + count).min(self.lines.len());
        let mut fold = self.folds.partition_point(|fold| fold.first + fold.lines <= first);
        while self.folds.get(fold).is_some_and(|it| it.first < end) {
            if !self.add(fold, kept) {
                return false;
            }
            fold += 1;
        }
        true
    }

    /// Whether the fold is among the chosen ones now.
    fn add(&mut self, fold: usize, kept: usize) -> bool {
        if self.chosen.contains_key(&fold) {
            return true;
        }
        let Some(it) = self.folds.get(fold) else { return false };
        // A gap becomes two, one, or none.
        let is_gap_before = fold > 0 && !self.chosen.contains_key(&(fold - 1));
        let is_gap_behind = fold + 1 < self.folds.len() && !self.chosen.contains_key(&(fold + 1));
        let gaps = usize::from(is_gap_before) + usize::from(is_gap_behind);
        let text =
            if it.is_blank { String::new() } else { shown(self.lines[it.last()], self.widest) };
        let count = told_as_one(it.lines, it.numbers_differ);
        let cost = characters(&text) + characters(&count) + 1 + gaps * self.gap;
        let have = self.left + self.gap;
        if cost + kept > have {
            return false;
        }
        self.left = have - cost;
        self.chosen.insert(fold, text);
        true
    }

    /// What was chosen, in the order of the text, and how much is missing between it.
    pub fn pieces(self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut next = 0;
        for (fold, text) in self.chosen {
            pieces.extend(missing(&self.folds[next..fold]));
            let Fold { lines, is_blank, numbers_differ, .. } = self.folds[fold];
            let times = if is_blank { 1 } else { lines };
            pieces.push(Piece::Line(Line {
                at: self.folds[fold].last(),
                text,
                times,
                numbers_differ,
                level: None,
            }));
            next = fold + 1;
        }
        pieces.extend(missing(&self.folds[next..]));
        let is_blank = |piece: &Piece| matches!(piece, Piece::Line(line) if line.text.is_empty());
        let end = pieces.iter().rposition(|piece| !is_blank(piece)).map_or(0, |last| last + 1);
        pieces.truncate(end);
        let blank = pieces.iter().take_while(|piece| is_blank(piece)).count();
        pieces.drain(..blank);
        pieces
    }
}

/// What stands for what was not chosen: blank lines are no loss.
fn missing(folds: &[Fold]) -> Option<Piece> {
    let first = folds.first()?;
    let count = folds.iter().map(|fold| fold.lines).sum();
    Some(if folds.iter().all(|fold| fold.is_blank) {
        Piece::Line(Line {
            at: first.first,
            text: String::new(),
            times: 1,
            numbers_differ: false,
            level: None,
        })
    } else {
        Piece::LeftOut { left_out: count }
    })
}
