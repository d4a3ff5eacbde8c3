//! pytest. A test that failed is one finding, whether it is told in a section, in the short
//! summary, in the list of the verbose form, or in all of them.

use super::super::family::Family;
use super::super::finding::Finding;
use super::found::joined;
use super::place::Place;
use super::python::{frame, outside};
use super::{Lines, before, end_of};

pub(super) const FAMILY: Family = Family {
    name: "pytest",
    marks: &[
        "____ ",
        "FAILED ",
        "ERROR ",
        " passed in ",
        " failed in ",
        " passed, ",
        " failed, ",
        " error in ",
        " errors in ",
    ],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if line.starts_with("__") {
        return section(lines, at, line);
    }
    if let Some(said) = line.strip_prefix("FAILED ").or_else(|| line.strip_prefix("ERROR ")) {
        return summary(lines, at, said);
    }
    if line.contains("::") {
        let (name, rest) = line.rsplit_once(" FAILED").or_else(|| line.rsplit_once(" ERROR"))?;
        let ends = rest.trim();
        let progress = ends.is_empty() || ends.starts_with('[') && ends.ends_with("%]");
        return progress.then(|| summary(lines, at, name)).flatten();
    }
    counted(at, line)
}

/// `== 5 failed, 6 passed in 0.12s ==`, with its frame or without.
fn counted(at: usize, line: &str) -> Option<Finding> {
    let said = line.trim_matches(['=', ' ']);
    let (count, took) = said.rsplit_once(" in ")?;
    let seconds = took.split(' ').next()?.strip_suffix('s')?;
    seconds.parse::<f32>().ok()?;
    let counts = count
        .split(", ")
        .all(|part| part.split_once(' ').is_some_and(|(number, _)| number.parse::<u32>().is_ok()));
    counts.then(|| Finding::note("pytest", at, said))
}

/// `tests/test_a.py::TestB::test_c[1-2] - AssertionError: …`, or a file alone that cannot be read.
fn summary(lines: &Lines, at: usize, said: &str) -> Option<Finding> {
    let name_ends = said.find("] - ").map(|end| end + 1).or_else(|| said.find(" - "));
    let (name, message) = name_ends.map_or((said, ""), |end| (&said[..end], &said[end + 3..]));
    let name = name.trim();
    let (file, test) =
        name.split_once("::").map_or((name, None), |(file, test)| (file, Some(test)));
    let ending = file.rsplit('.').next().unwrap_or_default();
    let python = matches!(ending, "py" | "txt" | "rst");
    if !python || file.contains(' ') {
        return None;
    }
    let collecting = format!(" ERROR collecting {file} ");
    let is_collecting = |line: &str| line.contains(" ERROR collecting ");
    if test.is_none()
        && lines.collecting.above(lines, at, is_collecting).is_some()
        && before(lines, at).any(|line| line.contains(&collecting))
    {
        return None;
    }
    let message = if message.is_empty() { "failed" } else { message };
    let found = Finding::error("pytest", at, message).in_file(file);
    Some(match test {
        Some(test) => found.of_test(test),
        None => found,
    })
}

/// `____ TestB.test_c ____`: the part of a test, or of a file that could not be collected.
fn section(lines: &[&str], at: usize, line: &str) -> Option<Finding> {
    let name = line.trim_matches('_').strip_prefix(' ')?.strip_suffix(' ')?;
    if !line.ends_with('_') {
        return None;
    }
    let end = end_of(lines, at, |line| line.starts_with("====") || line.starts_with("____"));
    let block = || lines[at + 1..end].iter().copied();
    let errors: Vec<_> =
        block().filter_map(|line| line.strip_prefix("E  ")).map(str::trim).collect();
    let places = || block().filter_map(|line| raised(line).or_else(|| in_file(line)));
    let place = places().rfind(outside).or_else(|| places().next_back());
    let found = Finding::error("pytest", at, message(&errors)).in_place(place.as_ref()).up_to(end);
    if let Some(file) = name.strip_prefix("ERROR collecting ") {
        let line = place.filter(|place| place.file.ends_with(file)).and_then(|place| place.line);
        return Some(found.in_place(Some(&Place::at(file, line))));
    }
    let name = ["ERROR at setup of ", "ERROR at teardown of "]
        .iter()
        .find_map(|it| name.strip_prefix(it))
        .unwrap_or(name);
    Some(found.of_test(&dotted(name)))
}

/// The last error of a section that has a name, and what follows it.
fn message(errors: &[&str]) -> String {
    let named = |line: &&str| {
        let name = line.split(':').next().unwrap_or_default();
        (name.ends_with("Error") || name.ends_with("Exception")) && !name.contains(' ')
    };
    let asserts = || errors.iter().rposition(|line| line.starts_with("assert "));
    let from = errors.iter().rposition(named).or_else(asserts).unwrap_or(0);
    joined(errors.iter().skip(from).copied().take(3))
}

/// `tests/test_a.py:6: AssertionError`
fn raised(line: &str) -> Option<Place<'_>> {
    let place = Place::colons(line)?;
    (place.ending() == "py" && place.rest.starts_with(':')).then_some(place)
}

/// `File "tests/test_a.py", line 6`
fn in_file(line: &str) -> Option<Place<'_>> {
    frame(line.strip_prefix('E').unwrap_or(line))
}

/// The name as the summary writes it: `TestB::test_c[1.5]` for `TestB.test_c[1.5]`.
fn dotted(name: &str) -> String {
    let (path, case) = name.find('[').map_or((name, ""), |at| name.split_at(at));
    path.replace('.', "::") + case
}
