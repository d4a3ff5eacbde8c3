//! cargo, rustc and clippy. A diagnostic is one finding, with the place of its `-->`; `could not
//! compile` and the like only say how it went.

use std::borrow::Cow;

use super::super::family::Family;
use super::super::finding::{Finding, Level};
use super::found::{joined, with_code};
use super::place::Place;
use super::{Lines, end_of};

pub(super) const FAMILY: Family =
    Family { name: "rust", marks: &["error: ", "error[", "warning: "], read };

/// What cargo calls an error without a place of its own: how it went, or what stands above again.
const OUTCOMES: &[&str] = &[
    "could not compile ",
    "aborting due to ",
    "test failed, to rerun ",
    "doctest failed, to rerun ",
];

/// How cargo's own errors begin: git and others write `error: ` too.
const CARGO: &[&str] = &[
    "no matching package",
    "failed to select a version",
    "failed to parse manifest",
    "failed to get ",
    "failed to load ",
    "failed to download",
    "failed to run custom build command",
    "failed to resolve",
    "could not find `Cargo.toml`",
    "no such command",
    "no bin target",
    "no test target",
    "package ",
    "process didn't exit successfully",
    "the lock file",
    "invalid ",
    "a bin target must",
    "linker ",
    "linking with ",
    "could not exec the linker",
];

/// What a linker does not find.
const MISSING: &[&str] =
    &["undefined symbol: ", "undefined reference to ", "cannot find -l", "unable to find library "];

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if let Some(rest) = line.strip_prefix("error") {
        return diagnostic(lines, at, rest, Level::Error);
    }
    diagnostic(lines, at, line.strip_prefix("warning")?, Level::Warning)
}

/// `error[E0308]: mismatched types`, from the end of its first word.
fn diagnostic(lines: &[&str], at: usize, rest: &str, level: Level) -> Option<Finding> {
    let (code, message) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once("]: ").map(|(code, message)| (Some(code), message))?,
        None => (None, rest.strip_prefix(": ")?),
    };
    if OUTCOMES.iter().any(|outcome| message.starts_with(outcome)) {
        return Some(outcome(at, message));
    }
    let end = end_of(lines, at, |line| line.is_empty() || starts_another(line));
    let block = &lines[at + 1..end];
    let arrow = block.iter().take(40).find_map(|line| line.trim_start().strip_prefix("--> "));
    let place = arrow.and_then(Place::colons);
    if place.is_none() && code.is_none() {
        return without_place(lines, at, message, level);
    }
    let tool = if block.iter().any(|line| line.contains("clippy::")) { "clippy" } else { "rustc" };
    let message = code.map_or(message.into(), |code| Cow::from(with_code(message, code)));
    let found = Finding::said(tool, level, at, message).in_place(place.as_ref());
    Some(found.advised(help(block)).up_to(end))
}

/// What cargo says at the end: `could not compile …`, `test failed, to rerun pass …`.
fn outcome(at: usize, message: &str) -> Finding {
    let again = message.find("to rerun pass ").map(|from| &message[from..]);
    Finding::note("cargo", at, message).advised(again)
}

/// cargo's own errors, the linker's, and what a package has to say about itself.
fn without_place(lines: &[&str], at: usize, message: &str, level: Level) -> Option<Finding> {
    if level == Level::Warning {
        let summary = message.starts_with('`') && message.contains(" generated ");
        let advice = message.find("(run `").map(|from| message[from + 1..].trim_end_matches(')'));
        let advice = advice.map(|it| it.split(" to apply").next().unwrap_or(it));
        return summary.then(|| Finding::note("cargo", at, message).advised(advice));
    }
    if !CARGO.iter().any(|start| message.starts_with(start)) {
        return None;
    }
    let end = end_of(lines, at, |line| line.is_empty() || starts_another(line));
    let block = &lines[at + 1..end];
    let tool = if message.starts_with("link") { "rustc" } else { "cargo" };
    let own = block.iter().filter_map(|line| match tool {
        "cargo" => (!line.starts_with("help: ")).then_some(*line),
        _ => MISSING.iter().find_map(|what| line.find(what).map(|from| &line[from..])),
    });
    let message = joined(std::iter::once(message).chain(own.take(4)));
    Some(Finding::error(tool, at, message).advised(help(block)).up_to(end))
}

fn starts_another(line: &str) -> bool {
    ["error: ", "error[", "warning: ", "   Compiling "].iter().any(|start| line.starts_with(start))
}

/// The first `help` of a diagnostic that says what to write.
fn help<'a>(block: &[&'a str]) -> Option<&'a str> {
    let elsewhere = ["for further information", "to override"];
    let helps = block.iter().filter_map(|line| Some(line.split_once("help: ")?.1));
    let mut helps = helps.filter(|help| !elsewhere.iter().any(|it| help.starts_with(it)));
    helps.next()
}
