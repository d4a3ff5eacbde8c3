//! go build, vet and test. A test that fails only because a part of it does is not told apart from
//! it.

use super::super::family::Family;
use super::super::finding::Finding;
use super::found::joined;
use super::place::Place;
use super::{AROUND, Lines, behind, end_of};

pub(super) const FAMILY: Family = Family {
    name: "go",
    marks: &[".go:#", "--- FAIL: ", "panic: ", "fatal error: ", "FAIL\t", "\ngo: "],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if let Some(said) = line.trim_start().strip_prefix("--- FAIL: ") {
        return test(lines, at, said);
    }
    if line.starts_with("panic: ") || line.starts_with("fatal error: ") {
        return panic(lines, at);
    }
    if let Some(said) = line.strip_prefix("FAIL\t") {
        return Some(Finding::note("go test", at, format!("FAIL {said}")));
    }
    if let Some(said) = line.strip_prefix("go: ") {
        return go(lines, at, said);
    }
    let place = Place::colons(line.strip_prefix("vet: ").unwrap_or(line))
        .filter(|place| place.ending() == "go")?;
    let said = place.rest.strip_prefix(": ")?;
    let end = end_of(lines, at, |line| !line.starts_with('\t'));
    let more = lines[at + 1..end].iter().copied().take(3);
    let message = joined(std::iter::once(said).chain(more));
    // The compiler and `vet` name a column; a program that logs its own lines does not.
    place.has_column.then(|| Finding::error("go", at, message).in_place(Some(&place)).up_to(end))
}

/// What the go command itself cannot do.
fn go(lines: &[&str], at: usize, said: &str) -> Option<Finding> {
    let harmless = [
        "downloading ",
        "finding ",
        "extracting ",
        "added ",
        "upgraded ",
        "creating ",
        "to add ",
        "found ",
    ];
    if harmless.iter().any(|start| said.starts_with(start)) || said.contains("toolchain") {
        return None;
    }
    let run = behind(lines, at)
        .take(2)
        .map(|(_, line)| line.trim())
        .find(|it| it.starts_with("go get ") || it.starts_with("go mod "));
    let run = run.or_else(|| said.split_once("; to ").map(|(_, advice)| advice));
    Some(Finding::error("go", at, said).advised(run))
}

/// `--- FAIL: TestTotal (0.00s)`: what it said stands below, or with `-v` above.
fn test(lines: &Lines, at: usize, said: &str) -> Option<Finding> {
    let (name, took) = said.rsplit_once(" (")?;
    took.strip_suffix("s)")?;
    let indent = lines[at].len() - lines[at].trim_start().len();
    let deeper = |line: &str| line.len() - line.trim_start().len() > indent;
    let end = end_of(lines, at, |line| !deeper(line) || line.trim_start().starts_with("--- "));
    let part =
        lines.get(end).is_some_and(|line| deeper(line) && line.trim_start().starts_with("--- "));
    let words = words_of(lines[at + 1..end].iter().copied());
    let (place, message) = match words.or_else(|| said_while_running(lines, at, name)) {
        Some(words) => words,
        None if lines.get(end).is_some_and(|line| line.starts_with("panic: ")) => {
            return panicked(lines, at, end, name);
        }
        None if part && lines.runs().has_failed_part(end, name) => return None,
        None => (None, "failed".to_owned()),
    };
    Some(Finding::error("go test", at, message).in_place(place.as_ref()).of_test(name).up_to(end))
}

/// The last place in a test's words, and what is said there.
fn words_of<'a>(block: impl Iterator<Item = &'a str>) -> Option<(Option<Place<'a>>, String)> {
    let block: Vec<_> = block.take_while(|line| !line.starts_with("===")).collect();
    let from = block
        .iter()
        .rposition(|line| Place::colons(line.trim_start()).is_some_and(|it| it.ending() == "go"))?;
    let place = Place::colons(block[from].trim_start())?;
    let said = std::iter::once(place.rest.trim_start_matches(':'))
        .chain(block[from + 1..].iter().copied().take(3));
    Some((Some(place), joined(said)))
}

/// With `-v` a test's words stand behind `=== RUN   NAME`.
fn said_while_running<'a>(
    lines: &Lines<'a>,
    at: usize,
    name: &str,
) -> Option<(Option<Place<'a>>, String)> {
    let (head, end) = lines.runs().said_before(at, name)?;
    let near = end.saturating_sub(AROUND).max(head + 1).min(end);
    words_of(lines[near..end].iter().copied())
}

/// A test that ended everything.
fn panicked(lines: &[&str], at: usize, from: usize, name: &str) -> Option<Finding> {
    let found = panic(lines, from)?;
    let lines = found.lines + from - at;
    Some(Finding { tool: "go test", at, lines, ..found }.of_test(name))
}

/// `panic: …`, with the first place of its stack that is of the project.
fn panic(lines: &[&str], at: usize) -> Option<Finding> {
    let stack = behind(lines, at).skip_while(|(_, line)| !line.starts_with("goroutine "));
    let mut own =
        stack.filter_map(|(at, line)| Some((at, Place::colons(line.strip_prefix('\t')?)?)));
    let (end, place) = own.find(|(_, place)| {
        place.ending() == "go"
            && !place.file.contains("/src/runtime/")
            && !place.file.contains("/src/testing/")
            && place.rest.contains(" +0x")
    })?;
    let said = lines[at].trim_start_matches("panic: ").trim_end_matches(" [recovered]");
    Some(
        Finding::error("go", at, said.split(" [recovered").next()?)
            .in_place(Some(&place))
            .up_to(end + 1),
    )
}
