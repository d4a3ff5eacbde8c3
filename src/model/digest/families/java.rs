//! javac, maven and junit. What maven says once more at the end is no further error; that a
//! goal failed is one only if nothing above says why.

use super::super::family::Family;
use super::super::finding::{Finding, Level};
use super::found::joined;
use super::place::Place;
use super::{Lines, before, end_of};

pub(super) const FAMILY: Family = Family {
    name: "java",
    marks: &[
        "[ERROR] ",
        "[INFO] BUILD ",
        "<<< FAILURE!",
        "<<< ERROR!",
        ".java:",
        "Exception in thread ",
    ],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if line.ends_with("<<< FAILURE!") || line.ends_with("<<< ERROR!") {
        return surefire(lines, at);
    }
    if let Some(said) = line.strip_prefix("[ERROR] ") {
        return maven(lines, at, said);
    }
    if let Some(outcome) = line.strip_prefix("[INFO] BUILD ") {
        return Some(Finding::note("maven", at, format!("BUILD {outcome}")));
    }
    if line.starts_with("Exception in thread ") {
        return uncaught(lines, at);
    }
    javac(lines, at)
}

/// `App.java:5: error: cannot find symbol`
fn javac(lines: &[&str], at: usize) -> Option<Finding> {
    let line = lines[at].trim_start_matches("[javac] ");
    let place = Place::colons(line).filter(|place| place.ending() == "java")?;
    let levels = [(": error: ", Level::Error), (": warning: ", Level::Warning)];
    let (start, level) = levels.into_iter().find(|(start, _)| place.rest.starts_with(start))?;
    let end = end_of(lines, at, |line| {
        line.is_empty()
            || Place::colons(line).is_some_and(|it| it.ending() == "java")
            || is_count(line)
    });
    let names = lines[at + 1..end].iter().copied().filter(|line| names_it(line));
    let said = joined(std::iter::once(&place.rest[start.len()..]).chain(names));
    Some(Finding::said("javac", level, at, said).in_place(Some(&place)).up_to(end))
}

/// `symbol:   variable x`, `location: class App`
fn names_it(line: &str) -> bool {
    ["symbol:", "location:", "required:", "found:", "reason:"]
        .iter()
        .any(|it| line.trim_start().starts_with(it))
}

/// `2 errors`
fn is_count(line: &str) -> bool {
    line.split_once(' ')
        .is_some_and(|(count, what)| count.parse::<u32>().is_ok() && what.starts_with("error"))
}

/// A line of maven's that begins with `[ERROR] `.
fn maven(lines: &[&str], at: usize, said: &str) -> Option<Finding> {
    if let Some(place) = Place::brackets(said) {
        let end = end_of(lines, at, |line| {
            !line.starts_with("  ") && !names_it(line.trim_start_matches("[ERROR] "))
        });
        let more = lines[at + 1..end].iter().map(|line| line.trim_start_matches("[ERROR] "));
        let message = joined(std::iter::once(place.rest).chain(more));
        return Some(Finding::error("maven", at, message).in_place(Some(&place)).up_to(end));
    }
    if said.starts_with("Tests run: ") {
        return Some(Finding::note("maven", at, said));
    }
    let reason = [
        "Failed to execute goal ",
        "Could not ",
        "The goal ",
        "Unknown lifecycle",
        "No goals have been",
        "Plugin ",
        "Non-resolvable ",
        "'",
    ];
    if !reason.iter().any(|start| said.starts_with(start)) {
        return None;
    }
    let told = before(lines, at).any(|line| line.starts_with("[ERROR] "));
    let end = end_of(lines, at, |line| !line.starts_with("[ERROR] ") || line == "[ERROR] ");
    let said = said.split(" -> [Help").next()?;
    Some(
        if told { Finding::note("maven", at, said) } else { Finding::error("maven", at, said) }
            .up_to(end),
    )
}

/// `[ERROR] adds(AppTest)  Time elapsed: 0.01 s  <<< FAILURE!`, the error, and its stack.
fn surefire(lines: &[&str], at: usize) -> Option<Finding> {
    let line = lines[at].trim_start_matches("[ERROR] ");
    if line.starts_with("Tests run: ") {
        return Some(Finding::note("maven", at, line));
    }
    let (name, _) =
        line.split_once(" Time elapsed: ").or_else(|| line.split_once(" -- Time elapsed: "))?;
    let name = name.trim_end_matches(['-', ' ']);
    let name = match name.split_once('(') {
        Some((test, class)) => format!("{}.{test}", class.trim_end_matches(')')),
        None => name.to_owned(),
    };
    let end = end_of(lines, at, |line| line.is_empty() || line.starts_with('['));
    let own = name.rsplit_once('.').map_or(name.as_str(), |(class, _)| class).to_owned();
    let said =
        lines[at + 1..end].iter().copied().take_while(|line| !line.trim_start().starts_with("at "));
    let place = place_in(&lines[at + 1..end], &own);
    Some(
        Finding::error("junit", at, joined(said.take(4)))
            .in_place(place.as_ref())
            .of_test(&name)
            .up_to(end),
    )
}

/// The first frame of a stack that is in this class, or in none of java's own.
pub(super) fn place_in<'a>(stack: &[&'a str], class: &str) -> Option<Place<'a>> {
    let frames = || stack.iter().filter_map(|line| line.trim_start().strip_prefix("at "));
    let own = frames().find(|frame| !class.is_empty() && frame.starts_with(class));
    let foreign = ["java.", "jdk.", "org.junit", "junit.", "sun.", "org.gradle."];
    let frame =
        own.or_else(|| frames().find(|frame| !foreign.iter().any(|it| frame.starts_with(it))))?;
    Place::colons(frame.split_once('(')?.1.trim_end_matches(')'))
}

/// `Exception in thread "main" java.lang.X: …`, with the last of its causes.
fn uncaught(lines: &[&str], at: usize) -> Option<Finding> {
    let end = end_of(lines, at, |line| {
        !line.starts_with('\t') && !line.starts_with("Caused by: ") && !line.starts_with("    at ")
    });
    let (_, said) = lines[at].strip_prefix("Exception in thread \"")?.split_once("\" ")?;
    let place = place_in(&lines[at + 1..end], "");
    Some(Finding::error("java", at, said).in_place(place.as_ref()).up_to(end))
}
