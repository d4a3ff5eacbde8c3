//! Python's unittest. A test is one finding, with the error that its part ends with; that it failed
//! is said in the verbose list too.

use super::super::family::Family;
use super::super::finding::Finding;
use super::python::{frame, outside};
use super::{Lines, end_of, found};

pub(super) const FAMILY: Family = Family {
    name: "unittest",
    marks: &[
        "FAIL: ",
        "ERROR: ",
        "UNEXPECTED SUCCESS: ",
        " ... FAIL",
        " ... ERROR",
        "FAILED (",
        "\nRan ",
    ],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if line.starts_with("FAILED (") {
        return Some(Finding::note("unittest", at, line));
    }
    if line.starts_with("Ran ") {
        let ours = line.contains(" test") && line.contains(" in ");
        return ours.then(|| Finding::note("unittest", at, line));
    }
    let starts = ["FAIL: ", "ERROR: ", "UNEXPECTED SUCCESS: "];
    if let Some(said) = starts.iter().find_map(|start| line.strip_prefix(start)) {
        return part(lines, at, said);
    }
    let ended = line.strip_suffix(" ... FAIL").or_else(|| line.strip_suffix(" ... ERROR"))?;
    Some(Finding::error("unittest", at, "failed").of_test(&name(ended)?))
}

/// `FAIL: test_total (ledger.LedgerTest.test_total) (n=2)`, a line, and the traceback.
fn part(lines: &[&str], at: usize, said: &str) -> Option<Finding> {
    let name = name(said)?;
    if line_before(lines, at)
        .is_none_or(|line| !line.starts_with("====") && !line.starts_with("UNEXPECTED"))
    {
        return None;
    }
    if lines[at].starts_with("UNEXPECTED") {
        return Some(Finding::error("unittest", at, "unexpected success").of_test(&name));
    }
    let end = end_of(lines, at, |line| line.starts_with("====") || line.starts_with("Ran "));
    let block = || lines[at + 1..end].iter().copied();
    let raised = block().rfind(|line| is_error(line));
    let from = raised.and_then(|raised| block().position(|line| line == raised)).unwrap_or(0);
    let said = block()
        .skip(from)
        .filter(|line| !line.starts_with("----"))
        .take_while(|line| !line.is_empty());
    let place =
        block().filter_map(frame).rfind(outside).or_else(|| block().filter_map(frame).next_back());
    let found =
        Finding::error("unittest", at, found::joined(said.take(3))).in_place(place.as_ref());
    Some(found.of_test(&name).up_to(end))
}

fn line_before<'a>(lines: &[&'a str], at: usize) -> Option<&'a str> {
    lines.get(at.checked_sub(1)?).copied()
}

/// `AssertionError: 2 != 3`, at the beginning of a line.
fn is_error(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    let last = name.rsplit('.').next().unwrap_or_default();
    let named = last.ends_with("Error") || last.ends_with("Exception") || last.ends_with("Warning");
    named && !name.contains(' ')
}

/// The full name from `test_a (ledger.LedgerTest.test_a) (n=2)`; before Python 3.11 without the
/// test's.
fn name(said: &str) -> Option<String> {
    let (test, rest) = said.split_once(" (")?;
    let (class, rest) = rest.split_once(')')?;
    if test.contains(' ') || class.contains(' ') {
        return None;
    }
    let full = if class.ends_with(test) { class.to_owned() } else { format!("{class}.{test}") };
    Some(full + rest.trim_end())
}
