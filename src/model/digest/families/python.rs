//! Python's own tracebacks and errors of syntax. A chain of exceptions is one finding: the last
//! one, which ended it.

use super::super::family::Family;
use super::super::finding::Finding;
use super::found::joined;
use super::place::Place;
use super::{Lines, before, behind};

pub(super) const FAMILY: Family = Family {
    name: "python",
    marks: &[
        "Traceback (most recent call last)",
        "SyntaxError: ",
        "IndentationError: ",
        "TabError: ",
        "Warning: ",
    ],
    read,
};

/// What stands between two tracebacks of one chain.
const CHAINS: &[&str] =
    &["During handling of the above exception", "The above exception was the direct cause"];

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if line.starts_with("Traceback (most recent call last)") {
        return traceback(lines, at);
    }
    if line.contains("Warning: ") {
        return warning(line, at);
    }
    syntax(lines, at)
}

/// `File "a.py", line 3`, in a frame of a traceback.
pub(super) fn frame(line: &str) -> Option<Place<'_>> {
    let (file, rest) = line.trim_start().strip_prefix("File \"")?.split_once('"')?;
    let rest = rest.strip_prefix(", line ")?;
    let number = rest.split(|it: char| !it.is_ascii_digit()).next()?;
    Some(Place::at(file, number.parse().ok()))
}

/// Whether a frame is of the project, and not of what is installed.
pub(super) fn outside(place: &Place) -> bool {
    let installed = ["site-packages/", "dist-packages/", "/lib/python3", "<frozen "];
    !installed.iter().any(|it| place.file.contains(it))
}

/// A traceback, and those that it led to.
fn traceback(lines: &[&str], at: usize) -> Option<Finding> {
    let chained =
        before(lines, at).take(3).any(|line| CHAINS.iter().any(|it| line.starts_with(it)));
    // pip shows its own stack behind an error that it has told already.
    let told = before(lines, at).next().is_some_and(|line| line == "Exception information:");
    if chained || told {
        return None;
    }
    let (mut start, mut error) = (at, raised(lines, at)?);
    while let Some(next) = next_of_chain(lines, error) {
        let Some(raised) = raised(lines, next) else { break };
        (start, error) = (next, raised);
    }
    let frames = || lines[start..error].iter().filter_map(|line| frame(line));
    let place = frames().rfind(outside).or_else(|| frames().next_back());
    let found = Finding::error("python", at, lines[error]).in_place(place.as_ref());
    Some(found.up_to(error + 1))
}

/// The line of the error that the traceback in line `at` ends with.
fn raised(lines: &[&str], at: usize) -> Option<usize> {
    let (end, line) = behind(lines, at).find(|(_, line)| !line.starts_with(' '))?;
    line.starts_with(|it: char| it.is_alphabetic() || it == '_').then_some(end)
}

/// The next traceback of a chain, behind the error in line `error`.
fn next_of_chain(lines: &[&str], error: usize) -> Option<usize> {
    let (link, _) = behind(lines, error)
        .take(8)
        .find(|(_, line)| CHAINS.iter().any(|it| line.starts_with(it)))?;
    let (next, _) = behind(lines, link).take(3).find(|(_, line)| line.starts_with("Traceback "))?;
    Some(next)
}

/// `SyntaxError: …` below a file's name, without a traceback above.
fn syntax(lines: &[&str], at: usize) -> Option<Finding> {
    let line = lines[at];
    if !["SyntaxError: ", "IndentationError: ", "TabError: "].iter().any(|it| line.starts_with(it))
    {
        return None;
    }
    let place = before(lines, at).take(6).find_map(frame)?;
    let told = before(lines, at).take_while(|line| line.starts_with(' ')).count();
    let above = at.checked_sub(told + 1).and_then(|above| lines.get(above));
    let part = above.is_some_and(|line| line.starts_with("Traceback ") || line.starts_with("***"));
    (!part).then(|| Finding::error("python", at, line).in_place(Some(&place)))
}

/// `a.py:3: DeprecationWarning: …`
fn warning(line: &str, at: usize) -> Option<Finding> {
    let place = Place::colons(line.trim_start())?;
    let said = place.rest.strip_prefix(": ")?;
    let (name, _) = said.split_once(": ")?;
    let named = name.ends_with("Warning") && !name.contains(' ');
    named.then(|| {
        Finding::warning("python", at, joined(std::iter::once(said))).in_place(Some(&place))
    })
}
