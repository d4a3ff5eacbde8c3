//! terraform. Every box is a finding; the plan's own count says how it went.

use super::super::family::Family;
use super::super::finding::{Finding, Level};
use super::place::Place;
use super::{Lines, end_of};

pub(super) const FAMILY: Family = Family {
    name: "terraform",
    marks: &[
        "Error: ",
        "Warning: ",
        "Plan: ",
        "Apply complete!",
        "Destroy complete!",
        "No changes.",
    ],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at].trim_start_matches(['│', ' ']);
    let notes = ["Plan: ", "Apply complete!", "Destroy complete!", "No changes. "];
    if notes.iter().any(|start| line.starts_with(start)) {
        let ours = !line.starts_with("Plan: ") || line.contains(" to add");
        return ours.then(|| Finding::note("terraform", at, line));
    }
    let (level, said) = match line.strip_prefix("Error: ") {
        Some(said) => (Level::Error, said),
        None => (Level::Warning, line.strip_prefix("Warning: ")?),
    };
    let boxed = lines[at].starts_with('│');
    let plain = at.checked_sub(1).is_none_or(|above| lines[above].is_empty());
    let apart = plain && lines.get(at + 1).is_some_and(|line| line.is_empty());
    if !boxed && !apart {
        return None;
    }
    let end = end_of(lines, at, |line| {
        if boxed {
            !line.starts_with('│')
        } else {
            line.starts_with("Error: ") || line.starts_with("Warning: ")
        }
    });
    let block =
        || lines[at + 1..end].iter().map(|line| line.trim_start_matches(['│', ' ']).trim_end());
    let place = block().find_map(place_of);
    if !boxed && place.is_none() && !block().any(|line| line.starts_with("with ")) {
        return None;
    }
    let body = || block().skip_while(|line| line.is_empty()).filter(|line| !is_source(line));
    let advice = body().find_map(|line| line.find("Did you mean").map(|from| &line[from..]));
    let detail = body().skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty());
    let message = format!("{said}: {}", detail.take(4).collect::<Vec<_>>().join(" "));
    let message = message.trim_end_matches([':', ' ']);
    Some(
        Finding::said("terraform", level, at, message)
            .in_place(place.as_ref())
            .advised(advice)
            .up_to(end),
    )
}

/// `on main.tf line 11, in resource "terraform_data" "node":`
fn place_of(line: &str) -> Option<Place<'_>> {
    let (file, rest) = line.strip_prefix("on ")?.split_once(" line ")?;
    let number = rest.split(|it: char| !it.is_ascii_digit()).next()?;
    Some(Place::at(file, number.parse().ok()))
}

/// Where it is, and the line itself.
fn is_source(line: &str) -> bool {
    let number = line.split_once(':').is_some_and(|(number, _)| number.parse::<u32>().is_ok());
    number
        || line.starts_with("with ")
        || place_of(line).is_some()
        || line.starts_with('├')
        || line.starts_with("on ")
}
