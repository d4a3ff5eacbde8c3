//! gradle, and the tests that it runs. Why a build failed is an error only if nothing above is one.

use super::super::family::Family;
use super::super::finding::{Finding, Level};
use super::found::joined;
use super::java::place_in;
use super::place::Place;
use super::{Lines, before, behind, end_of};

pub(super) const FAMILY: Family = Family {
    name: "gradle",
    marks: &["BUILD FAILED", "BUILD SUCCESSFUL", " FAILED", "* What went wrong:"],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = bare(lines[at]);
    if line.starts_with("BUILD FAILED") || line.starts_with("BUILD SUCCESSFUL") {
        return Some(Finding::note("gradle", at, line));
    }
    if line == "* What went wrong:" {
        return Some(reason(lines, at));
    }
    test(lines, at, line.strip_suffix(" FAILED")?)
}

/// A line without what `--debug` puts before it: `20:56:13.963 [DEBUG] [TestEventLogger] `.
fn bare(line: &str) -> &str {
    if !line.starts_with(|it: char| it.is_ascii_digit()) {
        return line;
    }
    line.split_once(" [")
        .and_then(|(_, rest)| rest.split_once("] ["))
        .map_or(line, |(_, rest)| rest.split_once("] ").map_or(line, |(_, said)| said))
}

/// `AppTest > adds FAILED`, and the error below.
fn test(lines: &[&str], at: usize, name: &str) -> Option<Finding> {
    let (class, test) = name.split_once(" > ")?;
    if class.is_empty() || class.contains(' ') || class.starts_with([':', '>']) {
        return None;
    }
    let end = end_of(lines, at, |line| !bare(line).starts_with("    "));
    let block: Vec<&str> = lines[at + 1..end].iter().map(|line| bare(line)).collect();
    let said = block.first().copied().unwrap_or("failed");
    let (message, place) = said.rsplit_once(" at ").unwrap_or((said, ""));
    let place = Place::colons(place.trim()).or_else(|| place_in(&block, class));
    let found = Finding::error("junit", at, message).in_place(place.as_ref());
    Some(found.of_test(&format!("{class}.{}", test.trim_end_matches("()"))).up_to(end))
}

/// What gradle gives as the reason: an error if nothing above is one.
fn reason(lines: &Lines, at: usize) -> Finding {
    let ends = |line: &str| line.starts_with("* Try") || line.starts_with("BUILD ");
    let end = end_of(lines, at, |line| ends(bare(line)));
    let said = joined(lines[at + 1..end].iter().map(|line| bare(line).trim_start_matches("> ")));
    let run = behind(lines, end).map(|(_, line)| bare(line).trim_start_matches("> ")).next();
    let place = before(lines, at).take(6).find_map(|line| {
        let (file, line) = bare(line).strip_prefix("Build file '")?.split_once("' line: ")?;
        Some(Place::at(file, line.parse().ok()))
    });
    let told = lines.told.above(lines, at, is_told).is_some();
    let level = if told { Level::Note } else { Level::Error };
    Finding::said("gradle", level, at, said).in_place(place.as_ref()).advised(run).up_to(end)
}

/// Whether a line tells of an error itself, so that gradle's reason adds nothing.
fn is_told(line: &str) -> bool {
    line.contains(": error: ") || line.ends_with(" FAILED") && bare(line).contains(" > ")
}
