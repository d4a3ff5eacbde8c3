//! mypy and ruff. What ruff finds is an error, because ruff fails with it: it knows no other level.

use super::super::family::Family;
use super::super::finding::Finding;
use super::place::Place;
use super::{Lines, behind, end_of};

pub(super) const FAMILY: Family = Family {
    name: "mypy",
    marks: &[": error: ", ".py:#", "Found ", "Success: no issues", "Would reformat: ", " --> "],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if let Some(found) = line.strip_prefix("Found ") {
        return counted(lines, at, found);
    }
    if line.starts_with("Success: no issues") {
        return Some(Finding::note("mypy", at, line));
    }
    if let Some(file) = line.strip_prefix("Would reformat: ") {
        return Some(Finding::error("ruff", at, "would reformat").in_file(file));
    }
    if let Some(place) = line.trim_start().strip_prefix("--> ") {
        return ruff(lines, at, Place::colons(place)?);
    }
    let place =
        Place::colons(line).filter(|place| matches!(place.ending(), "py" | "pyi" | "ipynb"))?;
    let said = place.rest.strip_prefix(": ")?;
    if let Some(said) = said.strip_prefix("error: ") {
        return Some(mypy(lines, at, said, &place));
    }
    let (code, said) = said.split_once(' ')?;
    let code = code.trim_end_matches(':');
    is_rule(code).then(|| Finding::error("ruff", at, told(code, said)).in_place(Some(&place)))
}

/// mypy's error, with the note below it if that tells what to do.
fn mypy(lines: &[&str], at: usize, said: &str, place: &Place) -> Finding {
    let notes = behind(lines, at).take(4).filter_map(|(_, line)| line.split_once(": note: "));
    let own = notes
        .into_iter()
        .take_while(|(start, _)| Place::colons(start).is_some_and(|it| it.line == place.line));
    let advice = own
        .into_iter()
        .map(|(_, note)| note)
        .find(|note| ["Hint: ", "(or run", "Maybe "].iter().any(|start| note.starts_with(start)));
    Finding::error("mypy", at, said).in_place(Some(place)).advised(advice)
}

/// The line with the rule stands above ` --> messy.py:1:8`, the source and `help: …` below.
fn ruff(lines: &[&str], at: usize, place: Place) -> Option<Finding> {
    let above = at.checked_sub(1)?;
    let (code, said) = lines.get(above)?.split_once(' ')?;
    let code = code.trim_end_matches(':');
    if !is_rule(code) {
        return None;
    }
    let end = end_of(lines, at, str::is_empty);
    let help = lines[at..end].iter().find_map(|line| line.strip_prefix("help: "));
    let found = Finding::error("ruff", above, told(code, said)).in_place(Some(&place));
    Some(found.advised(help).up_to(end))
}

fn told(code: &str, said: &str) -> String {
    format!("{} [{code}]", said.trim_start_matches("[*] "))
}

/// `F401`, `PLR0913`, `invalid-syntax`
fn is_rule(code: &str) -> bool {
    let digits = code.trim_start_matches(|it: char| it.is_ascii_uppercase());
    let letters = code.len() - digits.len();
    matches!(code, "invalid-syntax" | "unformatted")
        || (1..=4).contains(&letters)
            && (2..=4).contains(&digits.len())
            && digits.bytes().all(|it| it.is_ascii_digit())
}

/// `Found 7 errors in 1 file (checked 1 source file)`, `Found 9 errors.`
fn counted(lines: &[&str], at: usize, found: &str) -> Option<Finding> {
    let (count, rest) = found.split_once(" error")?;
    count.parse::<u32>().ok()?;
    if rest.contains("(checked ") || rest.contains("source file") {
        return Some(Finding::note("mypy", at, lines[at]));
    }
    let ours = matches!(rest, "." | "s.") || rest.contains("fixed");
    let fix = behind(lines, at)
        .take(1)
        .map(|(_, line)| line)
        .find(|line| line.contains(" fixable with "));
    ours.then(|| {
        Finding::note("ruff", at, lines[at]).advised(fix.map(|it| it.trim_start_matches("[*] ")))
    })
}
