//! tsc, in its short form (`a.ts(3,7): error TS…`) and in its pretty one (`a.ts:3:7 - error TS…`).

use super::super::family::Family;
use super::super::finding::Finding;
use super::found::joined;
use super::place::Place;
use super::{Lines, end_of};

pub(super) const FAMILY: Family = Family {
    name: "tsc",
    marks: &["error TS", "Found 1 error", " errors in ", " errors. Watching"],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    let Some((place, message)) = line.split_once("error TS") else {
        let found = line.split_once("Found ")?.1;
        let counted = found.starts_with(|it: char| it.is_ascii_digit());
        let ours = !line.contains("source file");
        return (counted && ours && found.contains("error"))
            .then(|| Finding::note("tsc", at, found));
    };
    let (number, message) = message.split_once(": ")?;
    let place = Place::parentheses(place).or_else(|| Place::colons(place));
    if place.is_none() && !line.starts_with("error TS") {
        return None;
    }
    let more = end_of(lines, at, |line| !line.starts_with("  ") || is_code(line));
    let said = lines[at + 1..more].iter().copied();
    let message = joined(std::iter::once(message).chain(said.take(4)));
    let end = end_of(lines, at, |line| {
        let begins = line.contains("error TS") || line.contains("Found ");
        begins || line.contains(" - ") && !line.starts_with(' ')
    });
    let end =
        if lines.get(more).is_some_and(|line| line.is_empty()) { end.min(at + 14) } else { more };
    let found = Finding::error("tsc", at, format!("{message} [TS{number}]"));
    Some(found.in_place(place.as_ref()).up_to(end))
}

/// A line of the source, with its number or what is drawn under it.
fn is_code(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('~')
}
