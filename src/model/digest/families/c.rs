//! gcc, clang and the linker. Every error of the compiler and every name that the linker misses is
//! a finding; what they count up at the end only says how it went.

use super::super::family::Family;
use super::super::finding::{Finding, Level};
use super::place::Place;
use super::{Lines, behind, end_of};

pub(super) const FAMILY: Family = Family {
    name: "c",
    marks: &[
        ": error: ",
        ": fatal error: ",
        ": warning: ",
        "undefined reference to ",
        "multiple definition of ",
        "cannot find -l",
        " returned 1 exit status",
        "linker command failed",
        " generated.",
    ],
    read,
};

/// Files of others who write their messages in the same form.
const OTHERS: &[&str] =
    &["py", "pyi", "java", "kt", "ts", "tsx", "js", "go", "rs", "scala", "swift"];

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at].trim_start();
    if let Some(found) = linker(line, at) {
        return Some(found);
    }
    if line.starts_with("collect2: ") || line.contains(": error: linker command failed") {
        return Some(Finding::note("ld", at, line));
    }
    if let Some(count) = line.strip_suffix(" generated.") {
        let counted = count.starts_with(|it: char| it.is_ascii_digit()) && count.contains("error");
        return counted.then(|| Finding::note("cc", at, line));
    }
    let (level, place, message) = message(line)?;
    let end = end_of(lines, at, |line| !belongs(line));
    let found = Finding::said("cc", level, at, message).in_place(place.as_ref());
    Some(found.advised(advice(lines, at, end)).up_to(end))
}

/// `a.c:3:7: error: …`, or `cc1: fatal error: …` without a place.
fn message(line: &str) -> Option<(Level, Option<Place<'_>>, &str)> {
    let place = Place::colons(line).filter(|place| place.rest.starts_with(": "));
    let rest = match &place {
        Some(place) if OTHERS.contains(&place.ending()) => return None,
        Some(place) => place.rest,
        None => {
            let (program, _) = line.split_once(": ")?;
            let drivers = ["gcc", "g++", "cc", "c++", "cc1", "cc1plus", "clang", "clang++"];
            let name = program.rsplit('/').next()?;
            let known = drivers.iter().any(|it| name == *it || name.starts_with(&format!("{it}-")));
            known.then(|| &line[program.len()..])?
        }
    };
    let levels = [
        (": error: ", Level::Error),
        (": fatal error: ", Level::Error),
        (": warning: ", Level::Warning),
    ];
    let (start, level) = levels.into_iter().find(|(start, _)| rest.starts_with(start))?;
    Some((level, place, &rest[start.len()..]))
}

/// What shows the place, and the notes about it.
fn belongs(line: &str) -> bool {
    let note = || Place::colons(line).is_some_and(|place| place.rest.starts_with(": note: "));
    line.starts_with(' ') && !line.contains(": error: ") && !line.contains(": warning: ") || note()
}

/// What a note tells to write.
fn advice<'a>(lines: &'a [&'a str], at: usize, end: usize) -> Option<&'a str> {
    let notes = behind(lines, at).take_while(|(at, _)| *at < end).filter_map(|(_, line)| {
        let (_, note) = line.split_once(": note: ")?;
        ["include ", "use ", "add ", "change "]
            .iter()
            .any(|it| note.starts_with(it))
            .then_some(note)
    });
    notes.into_iter().next()
}

/// A name that is missing or there twice, or a library that is not there.
fn linker(line: &str, at: usize) -> Option<Finding> {
    let starts = ["undefined reference to ", "multiple definition of ", "cannot find -l"];
    let from = starts.iter().find_map(|start| line.find(start))?;
    let message = line[from..].split("; ").next()?;
    let found = Finding::error("ld", at, message);
    let named = line[..from].trim_end_matches([' ', ':']);
    let named = named.rsplit_once("ld: ").map_or(named, |(_, named)| named);
    if let Some(place) = Place::colons(named) {
        return Some(found.in_place(Some(&place)));
    }
    let file = named.split_once(":(").map(|(file, _)| file);
    let file = file.map(|file| file.rsplit_once(".o:").map_or(file, |(_, file)| file));
    let known = file.is_some() || line.contains("ld: ");
    known.then(|| match file {
        Some(file) => found.in_file(file),
        None => found,
    })
}
