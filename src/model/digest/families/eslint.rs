//! eslint's list: the file on a line of its own, its problems below.

use super::super::family::Family;
use super::super::finding::{Finding, Level};
use super::found::with_code;
use super::place::Place;
use super::{Lines, behind};

pub(super) const FAMILY: Family = Family {
    name: "eslint",
    marks: &["  error  ", "  warning  ", " problems (", " problem ("],
    read,
};

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    if let Some(count) = line.strip_prefix('✖') {
        let fix = behind(lines, at).take(2).map(|(_, line)| line.trim());
        let fix = fix.into_iter().find(|line| line.contains("potentially fixable with"));
        return Some(Finding::note("eslint", at, count).advised(fix));
    }
    let (place, rest) = line.trim_start().split_once("  ")?;
    let (number, column) = place.split_once(':')?;
    column.parse::<u32>().ok()?;
    let rest = rest.trim_start();
    let (level, said) = match rest.strip_prefix("error  ") {
        Some(said) => (Level::Error, said),
        None => (Level::Warning, rest.strip_prefix("warning  ")?),
    };
    let file = lines.head(at)?;
    let place = Place::at(file, number.parse().ok());
    let message = match said.trim().rsplit_once("  ") {
        Some((message, rule)) => with_code(message.trim(), rule),
        None => said.to_owned(),
    };
    Some(Finding::said("eslint", level, at, message).in_place(Some(&place)))
}
