//! make. A rule that is missing is an error. A recipe that failed is one only if nothing above says
//! why: otherwise it only says how it went.

use super::super::family::Family;
use super::super::finding::Finding;
use super::place::Place;
use super::{Lines, before};

pub(super) const FAMILY: Family = Family { name: "make", marks: &[": *** "], read };

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let (who, said) = lines[at].split_once(": *** ")?;
    if let Some(place) = Place::colons(who) {
        return Some(Finding::error("make", at, said).in_place(Some(&place)));
    }
    let program = who.split('[').next()?;
    if !program.ends_with("make") && program != "mingw32-make" {
        return None;
    }
    let Some((target, ended)) = said.strip_prefix('[').and_then(|it| it.split_once("] ")) else {
        let waits = said.starts_with("Waiting for unfinished jobs");
        return (!waits).then(|| Finding::error("make", at, said));
    };
    // A compiler says why it made no object file, be it a thousand lines above.
    if is_object(target) || before(lines, at).any(says_why) {
        return Some(Finding::note("make", at, said));
    }
    let place = Place::colons(target);
    let name = place.as_ref().map_or(target, |place| place.rest.trim_start_matches([':', ' ']));
    Some(Finding::error("make", at, format!("[{name}] {ended}")).in_place(place.as_ref()))
}

/// `Makefile:2: tables.o`
fn is_object(target: &str) -> bool {
    [".o", ".lo", ".obj"].iter().any(|ending| target.ends_with(ending))
}

/// Whether a line tells of an error itself, so that make has nothing to add.
fn says_why(line: &str) -> bool {
    [
        ": error: ",
        ": fatal error: ",
        "undefined reference to ",
        "cannot find -l",
        ": *** ",
        "multiple definition of ",
        "FAILED",
        "Error:",
        "error[E",
        "error TS",
    ]
    .iter()
    .any(|sign| line.contains(sign))
}
