//! vite (with rollup and esbuild) and webpack.

use super::super::family::Family;
use super::super::finding::{Finding, Level};
use super::found::joined;
use super::place::Place;
use super::{Lines, behind, end_of};

pub(super) const FAMILY: Family = Family {
    name: "bundlers",
    marks: &[
        "error during build:",
        "ERROR in ",
        "WARNING in ",
        ") compiled ",
        " compiled with ",
        " compiled successfully",
        "✘ [ERROR] ",
        "▲ [WARNING] ",
    ],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if line == "error during build:" {
        return vite(lines, at);
    }
    if let Some(said) = line.strip_prefix("✘ [ERROR] ") {
        return Some(esbuild(lines, at, said, Level::Error));
    }
    if let Some(said) = line.strip_prefix("▲ [WARNING] ") {
        return Some(esbuild(lines, at, said, Level::Warning));
    }
    if let Some(place) = line.strip_prefix("ERROR in ") {
        return Some(webpack(lines, at, place, Level::Error));
    }
    if let Some(place) = line.strip_prefix("WARNING in ") {
        return Some(webpack(lines, at, place, Level::Warning));
    }
    let ours = line.starts_with("webpack ") || line.contains(" (webpack ");
    ours.then(|| Finding::note("webpack", at, line))
}

/// What vite says when a build ends, and `file: a.js:3:7`, if it names one.
fn vite(lines: &[&str], at: usize) -> Option<Finding> {
    let end = end_of(lines, at, |line| line.trim_start().starts_with("at "));
    let block = || lines[at + 1..end].iter().copied();
    let message = block().find(|line| !line.is_empty())?;
    let named = block().find_map(|line| line.strip_prefix("file: "));
    let named = named.map(|file| Place::colons(file).unwrap_or(Place::at(file, None)));
    let importer =
        || message.rsplit_once(" from \"").map(|(_, file)| file.trim_end_matches(['"', '.']));
    let place = named.or_else(|| importer().map(|file| Place::at(file, None)));
    Some(Finding::error("vite", at, message).in_place(place.as_ref()).up_to(end))
}

/// esbuild's own form: the place stands indented below, and ends with a colon.
fn esbuild(lines: &[&str], at: usize, said: &str, level: Level) -> Finding {
    let places = behind(lines, at)
        .take(4)
        .find_map(|(at, line)| Some((at, Place::colons(line.trim_start())?)));
    let found = Finding::said("esbuild", level, at, said);
    match places {
        Some((under, place)) => found.in_place(Some(&place)).up_to(lines.len().min(under + 3)),
        None => found,
    }
}

/// `ERROR in ./src/a.js 3:0-26`, and below what is wrong there.
fn webpack(lines: &[&str], at: usize, place: &str, level: Level) -> Finding {
    let end = end_of(lines, at, |line| {
        line.starts_with("ERROR in ")
            || line.starts_with("WARNING in ")
            || line.starts_with("webpack ")
    });
    let said = lines[at + 1..end].iter().copied().take_while(|line| !line.is_empty()).take(2);
    let (file, span) = place.split_once(' ').unwrap_or((place, ""));
    let line = span.split([':', '-']).next().and_then(|line| line.parse().ok());
    let deeper = || lines[at + 1..end].iter().find_map(|line| inner_place(line));
    let line = line.or_else(deeper);
    let found = Finding::said("webpack", level, at, joined(said));
    let place = Place::at(file.trim_start_matches("./"), line);
    let is_file = file.contains(['/', '.']);
    let found = if is_file { found.in_place(Some(&place)) } else { found };
    found.up_to(end)
}

/// The line in `Unexpected token (3:7)`.
fn inner_place(line: &str) -> Option<u32> {
    let (_, place) = line.strip_suffix(')')?.rsplit_once(" (")?;
    let (line, column) = place.split_once(':')?;
    column.parse::<u32>().ok()?;
    line.parse().ok()
}
