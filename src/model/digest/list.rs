//! The list of what was found, which is read first. Must not be longer than it may.

use std::cmp::Reverse;

use serde::Serialize;

use super::finding::{Finding, Level};
use super::piece::Found;
use super::shown::shown;
use super::tokens::characters;

/// Nothing that a tool says of a finding is longer, in characters.
const LONGEST: usize = 200;

/// Findings that differ, by their level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Errors, and tests that failed.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// How it went.
    pub notes: usize,
}

impl Count {
    /// Of these.
    pub fn of<'a>(found: impl Iterator<Item = &'a Found>) -> Count {
        found.fold(Count::default(), |count, found| count.with(found.finding.level))
    }

    /// One more.
    fn with(mut self, level: Level) -> Count {
        *match level {
            Level::Error => &mut self.errors,
            Level::Warning => &mut self.warnings,
            Level::Note => &mut self.notes,
        } += 1;
        self
    }
}

/// What comes first: how it went is worth more than what is only warned of.
pub fn weight(level: Level) -> u8 {
    match level {
        Level::Error => 2,
        Level::Note => 1,
        Level::Warning => 0,
    }
}

/// The first of the findings for which there is room in so many characters, in the order in which they
/// are read, and what they take with all that belongs to them.
pub fn list(found: &[&Found], room: usize) -> (Vec<Found>, usize) {
    if found.is_empty() {
        return (Vec::new(), 0);
    }
    let all = Count::of(found.iter().copied());
    // What says that there are more, and the blank line below.
    let rest = |listed| unlisted(listed, all).map_or(0, |text| characters(&text) + 1) + 1;
    let (mut listed, mut count, mut taken) = (Vec::new(), Count::default(), 0);
    for found in found {
        let found = presentable((*found).clone());
        let advice = found.advice().map_or(0, |text| characters(&text) + 1);
        let cost = characters(&found.text()) + 1 + advice;
        let with = count.with(found.finding.level);
        if taken + cost + rest(with) > room {
            break;
        }
        (count, taken) = (with, taken + cost);
        listed.push(found);
    }
    listed.sort_by_key(|found| (Reverse(weight(found.finding.level)), found.finding.at));
    let taken = taken + rest(count);
    (listed, taken)
}

/// Says what was found and is not listed.
pub fn more(listed: &[Found], all: Count) -> Option<String> {
    unlisted(Count::of(listed.iter()), all)
}

/// The same, of so many that are listed.
fn unlisted(of: Count, all: Count) -> Option<String> {
    let left = [
        (all.errors - of.errors, "error"),
        (all.notes - of.notes, "note"),
        (all.warnings - of.warnings, "warning"),
    ];
    let left = left.iter().filter(|(count, _)| *count > 0);
    let left: Vec<String> = left
        .map(|(count, what)| format!("{count} {what}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    let word = if of == Count::default() { "found" } else { "more" };
    (!left.is_empty()).then(|| format!("… {} {word}", left.join(", ")))
}

/// A finding in words that are harmless and not too long.
pub fn presentable(found: Found) -> Found {
    let shown = |text: String| shown(&text.replace('\n', " "), LONGEST);
    let Finding { file, message, test, advice, .. } = found.finding;
    let finding = Finding {
        file: file.map(shown),
        message: shown(message),
        test: test.map(shown),
        advice: advice.map(shown),
        ..found.finding
    };
    Found { finding, ..found }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(level: Level, message: &str, at: usize) -> Found {
        let (file, line) = (Some("a.rs".to_owned()), Some(7));
        let (message, test, advice) = (message.to_owned(), None, None);
        let finding = Finding { tool: "t", level, file, line, message, test, advice, at, lines: 1 };
        Found { finding, times: 2 }
    }

    #[test]
    fn the_worst_is_listed_first_and_the_rest_counted() {
        let all = [
            found(Level::Error, "two", 9),
            found(Level::Error, "one", 2),
            found(Level::Note, "1 failed", 7),
            found(Level::Warning, "unused", 4),
        ];
        let worst: Vec<&Found> = all.iter().collect();
        let (listed, taken) = list(&worst, 1000);
        let lines: Vec<String> = listed.iter().map(Found::text).collect();
        let expected = [
            "error    a.rs:7  one  (t ×2)",
            "error    a.rs:7  two  (t ×2)",
            "note     a.rs:7  1 failed  (t ×2)",
            "warning  a.rs:7  unused  (t ×2)",
        ];
        assert_eq!(lines, expected);
        assert_eq!(more(&listed, Count::of(all.iter())), None);
        assert_eq!(taken, lines.iter().map(|line| line.chars().count() + 1).sum::<usize>() + 1);
        // The newest of the worst stays the longest.
        let (listed, taken) = list(&worst, 70);
        assert_eq!(listed, [all[0].clone()]);
        let rest = more(&listed, Count::of(all.iter())).unwrap_or_default();
        assert_eq!(rest, "… 1 error, 1 note, 1 warning more");
        assert!(taken <= 70);
        assert_eq!(
            more(&[], Count::of(all.iter())).unwrap_or_default(),
            "… 2 errors, 1 note, 1 warning found"
        );
    }

    #[test]
    fn what_a_tool_says_is_one_harmless_line() {
        let it = presentable(found(Level::Error, "a\nb\u{1b}[2J API_KEY=abcdefgh", 1));
        assert_eq!(it.finding.message, "a b[2J API_KEY=[hidden]");
        let long = presentable(found(Level::Error, &"x".repeat(9000), 1));
        assert_eq!(long.finding.message.chars().count(), LONGEST);
    }
}
