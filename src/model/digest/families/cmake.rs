//! cmake and ninja. A step of ninja that failed is an error only if what it printed is none.

use super::super::family::Family;
use super::super::finding::{Finding, Level};
use super::found::joined;
use super::place::Place;
use super::{Lines, behind, end_of};

pub(super) const FAMILY: Family = Family {
    name: "cmake",
    marks: &[
        "CMake Error",
        "CMake Warning",
        "CMake Deprecation",
        "FAILED: ",
        "ninja: ",
        "-- Configuring ",
    ],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if let Some(step) = line.strip_prefix("FAILED: ") {
        return failed_step(lines, at, step);
    }
    if let Some(said) = line.strip_prefix("ninja: ") {
        let stopped = said.starts_with("build stopped: ");
        let error = said.strip_prefix("error: ").or_else(|| said.strip_prefix("fatal: "));
        let note = || stopped.then(|| Finding::note("ninja", at, said));
        return error.map(|said| Finding::error("ninja", at, said)).or_else(note);
    }
    if let Some(said) = line.strip_prefix("-- ") {
        let bad = said.starts_with("Configuring incomplete");
        return bad.then(|| Finding::note("cmake", at, said));
    }
    let (level, rest) = match line.strip_prefix("CMake Error") {
        Some(rest) => (Level::Error, rest),
        None => {
            (Level::Warning, line.split_once("Warning").filter(|(cmake, _)| cmake.len() < 20)?.1)
        }
    };
    message(lines, at, level, rest)
}

/// `CMake Error at CMakeLists.txt:4 (find_package):` and the lines below that are indented, or all
/// of it on one line.
fn message(lines: &[&str], at: usize, level: Level, rest: &str) -> Option<Finding> {
    let end = end_of(lines, at, |line| !line.is_empty() && !line.starts_with("  "));
    let block = || lines[at + 1..end].iter().copied();
    let first = || block().skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty());
    let own = |text: &str| {
        std::iter::once(text.to_owned())
            .chain(first().map(str::to_owned))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let advice = block().position(|line| line.starts_with("  Add ")).map(|from| {
        joined(block().skip(from).take_while(|line| !line.is_empty())).replace("; ", " ")
    });
    let place = rest.split_once(" at ").and_then(|(_, place)| Place::colons(place));
    let said = match (&place, rest.strip_prefix(": ")) {
        (None, Some(said)) => own(said),
        _ => own(""),
    };
    let found = Finding::said("cmake", level, at, said).in_place(place.as_ref());
    let found = match rest.strip_prefix(" in ").and_then(|rest| rest.strip_suffix(':')) {
        Some(file) => found.in_file(file),
        None => found,
    };
    (!found.message.is_empty()).then(|| found.advised(advice).up_to(end))
}

/// `FAILED: [code=1] a.o`, the command, and what it printed.
fn failed_step(lines: &[&str], at: usize, step: &str) -> Option<Finding> {
    let step =
        step.strip_prefix("[code=").and_then(|it| it.split_once("] ")).map_or(step, |it| it.1);
    let ends = |line: &str| {
        line.starts_with("FAILED: ") || line.starts_with("ninja: ") || is_progress(line)
    };
    let told = behind(lines, at).take_while(|(_, line)| !ends(line)).any(|(_, line)| {
        line.contains("error: ") || line.contains("undefined reference") || line.contains("Error")
    });
    let ninja = behind(lines, at).take(2).any(|(_, line)| line.contains(['/', '&']));
    (!told && ninja).then(|| Finding::error("ninja", at, format!("failed: {step}")))
}

/// `[3/60] Building …`
fn is_progress(line: &str) -> bool {
    line.strip_prefix('[').and_then(|it| it.split_once(']')).is_some_and(|(count, _)| {
        !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/')
    })
}
