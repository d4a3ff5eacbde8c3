//! jest and vitest. A test is one finding, whether its block stands in its file's part, in the
//! summary at the end, or in both.

use super::super::family::Family;
use super::super::finding::Finding;
use super::found::joined;
use super::place::Place;
use super::{Lines, before, end_of};

pub(super) const FAMILY: Family = Family {
    name: "jest",
    marks: &["\n● ", "\n  ● ", "Tests:  ", "Test Suites:", " Tests  ", " Test Files  ", " FAIL  "],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if line.starts_with("Tests:  ") || line.starts_with("Test Suites:") {
        return Some(Finding::note("jest", at, line));
    }
    if let Some(name) = line.strip_prefix("  ● ").or_else(|| line.strip_prefix("● ")) {
        return jest(lines, at, name);
    }
    let line = line.trim_start();
    if let Some(name) = line.strip_prefix("FAIL  ") {
        return vitest(lines, at, name);
    }
    let count = line.strip_prefix("Tests  ").or_else(|| line.strip_prefix("Test Files  "))?;
    let counted = count.trim_start().starts_with(|it: char| it.is_ascii_digit());
    counted.then(|| Finding::note("vitest", at, line))
}

/// `  ● cart › adds the prices`, and its block.
fn jest(lines: &[&str], at: usize, name: &str) -> Option<Finding> {
    if name == "Console" || name.starts_with("Deprecation") {
        return None;
    }
    let end = end_of(lines, at, |line| {
        let heads = ["● ", "Test Suites:", "PASS ", "FAIL ", "Summary of all"];
        heads.iter().any(|head| line.trim_start().starts_with(head))
    });
    let block = || lines[at + 1..end].iter().copied();
    let said = block().filter(|line| !line.is_empty()).take_while(|line| !is_frame(line));
    let message = joined(said.take(4));
    let place = block().find_map(stack_place);
    let found = Finding::error("jest", at, message).up_to(end);
    if name == "Test suite failed to run" {
        let suite = before(lines, at).find_map(|line| line.trim_start().strip_prefix("FAIL "));
        let suite = suite.map(|it| it.split(" (").next().unwrap_or(it).trim());
        let suite = suite
            .map(|file| Place::at(file, place.filter(|it| it.file == file).and_then(|it| it.line)));
        return Some(found.in_place(suite.or(place).as_ref()));
    }
    Some(found.in_place(place.as_ref()).of_test(name))
}

/// ` FAIL  test/cart.test.js > cart > adds the prices`, and what follows.
fn vitest(lines: &[&str], at: usize, name: &str) -> Option<Finding> {
    // jest writes its `FAIL` as wide, with the file alone.
    if !name.contains(" > ") && !name.contains(" [ ") {
        return None;
    }
    let end =
        end_of(lines, at, |line| line.starts_with('⎯') || line.trim_start().starts_with("FAIL  "));
    let block = || lines[at + 1..end].iter().copied();
    let message = block().find(|line| !line.is_empty())?;
    let place = block().find_map(|line| {
        let frame = line.trim_start().strip_prefix("❯ ")?;
        Place::colons(frame.rsplit(' ').next()?)
            .filter(|place| !place.file.contains("node_modules/"))
    });
    let found = Finding::error("vitest", at, message).in_place(place.as_ref()).up_to(end);
    let name = name.trim();
    match name.split_once(" > ") {
        Some((file, test)) => {
            let found = if place.is_none() { found.in_file(file) } else { found };
            Some(found.of_test(test))
        }
        None => Some(found.in_file(name.split(" [ ").next()?)),
    }
}

/// A line of the source beside its number, or of the stack.
fn is_frame(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("at ")
        || line.trim_start_matches(['>', ' ']).split_once(" |").is_some_and(|(number, _)| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// The place of `at Object.toBe (test/cart.test.js:3:7)`, if it is of the project.
pub(super) fn stack_place(line: &str) -> Option<Place<'_>> {
    let frame = line.trim_start().strip_prefix("at ")?;
    let place = frame.rsplit_once('(').map_or(frame, |(_, place)| place.trim_end_matches(')'));
    let place = place.rsplit(' ').next()?.trim_start_matches("file://");
    let foreign = place.starts_with("node:") || place.contains("node_modules/");
    (!foreign).then(|| Place::colons(place)).flatten()
}
