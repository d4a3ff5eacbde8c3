//! The tests that cargo runs, and panics. A test that failed is read where its output stands, and
//! where it is named, of which one finding is made: they bear the same name.

use super::super::family::Family;
use super::super::finding::Finding;
use super::found::joined;
use super::place::Place;
use super::{Lines, before, behind, end_of};

pub(super) const FAMILY: Family = Family {
    name: "cargo test",
    marks: &["panicked at ", " stdout ----", " ... FAILED", " ... Error: ", "test result: "],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if let Some(rest) = line.strip_prefix("---- ") {
        return Some(shown_test(lines, at, rest.strip_suffix(" stdout ----")?));
    }
    if let Some(rest) = line.strip_prefix("test result: ") {
        return Some(Finding::note("cargo test", at, rest));
    }
    if let Some(rest) = line.strip_prefix("thread '") {
        return panic(lines, at, rest);
    }
    let told = line.strip_prefix("test ")?;
    if let Some((name, error)) = told.split_once(" ... Error: ") {
        return Some(Finding::error("cargo test", at, format!("Error: {error}")).of_test(name));
    }
    let name = told.strip_suffix(" ... FAILED")?;
    let name = name.strip_suffix(" - should panic").unwrap_or(name);
    Some(Finding::error("cargo test", at, "failed").of_test(name))
}

/// What a failing test printed, from `---- NAME stdout ----` on.
fn shown_test(lines: &[&str], at: usize, name: &str) -> Finding {
    let end = end_of(lines, at, |line| line.starts_with("---- ") || line == "failures:");
    let own = format!("thread '{name}'");
    let panics = || (at + 1..end).filter(|at| is_panic(lines[*at]));
    let panic = panics().find(|at| lines[*at].starts_with(&own)).or_else(|| panics().next());
    let found = match panic.and_then(|at| panicked(lines, at)) {
        Some((place, message)) => {
            Finding::error("cargo test", at, message).in_place(place.as_ref())
        }
        None => said_instead(lines, at, end),
    };
    found.of_test(name).up_to(end)
}

/// A test that failed without a panic of its own: by its result, or because it should have
/// panicked.
fn said_instead<'a>(lines: &'a [&'a str], at: usize, end: usize) -> Finding {
    let block = || lines[at + 1..end].iter().copied();
    let starts = ["Error: ", "note: ", "error: ", "error["];
    let words = block().find(|line| starts.iter().any(|start| line.starts_with(start)));
    let words = words.or_else(|| block().find(|line| !line.is_empty())).unwrap_or("failed");
    let place = block().find_map(|line| {
        let arrow = line.trim_start().strip_prefix("--> ");
        Place::colons(arrow.or_else(|| line.split_once(" at ").map(|(_, place)| place))?)
    });
    Finding::error("cargo test", at, words.trim_start_matches("note: ")).in_place(place.as_ref())
}

/// A panic outside of what a failing test printed; it is a test's if tests are running.
fn panic(lines: &[&str], at: usize, rest: &str) -> Option<Finding> {
    let (thread, _) = rest.split_once('\'')?;
    let (place, message) = panicked(lines, at).filter(|(place, _)| place.is_some())?;
    let end = end_of(lines, at, |line| line.starts_with("note: ") || line.starts_with("test "));
    let found = Finding::error("rust", at, message).in_place(place.as_ref());
    let testing =
        || before(lines, at).any(|line| line.starts_with("test ") || line.starts_with("running "));
    let named = thread != "main" && !thread.contains(['<', '-', ' ']) && testing();
    let found = if named { Finding { tool: "cargo test", ..found.of_test(thread) } } else { found };
    Some(found.up_to(end.min(at + 12)))
}

fn is_panic(line: &str) -> bool {
    line.starts_with("thread '") && line.contains("panicked at ")
}

/// Where a thread panicked and what it said: on the next lines, or, as it was once, before the
/// place.
fn panicked<'a>(lines: &'a [&'a str], at: usize) -> Option<(Option<Place<'a>>, String)> {
    let (_, told) = lines[at].split_once("panicked at ")?;
    if let Some((message, place)) = told.strip_prefix('\'').and_then(|it| it.rsplit_once("', ")) {
        return Some((Place::colons(place), message.to_owned()));
    }
    let ends = |line: &str| {
        line.is_empty()
            || ["note: ", "stack backtrace:", "thread '"].iter().any(|it| line.starts_with(it))
    };
    let said = behind(lines, at).map(|(_, line)| line).take(6).take_while(|line| !ends(line));
    Some((Place::colons(told), joined(said)))
}
