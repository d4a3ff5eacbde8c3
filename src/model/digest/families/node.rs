//! A script that node ended because nobody caught its error: the error and its stack.

use super::super::family::Family;
use super::super::finding::Finding;
use super::jest::stack_place;
use super::{Lines, behind};

pub(super) const FAMILY: Family = Family { name: "node", marks: &["Error: ", "Error [ERR_"], read };

fn read(lines: &Lines, at: usize) -> Option<Finding> {
    let line = lines[at];
    let said = line.strip_prefix("Uncaught ").unwrap_or(line);
    let (name, _) = said.split_once([':', ' '])?;
    if !name.ends_with("Error") || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let is_frame = |line: &str| line.starts_with("    at ");
    let (first, _) = behind(lines, at).take(4).find(|(_, line)| is_frame(line))?;
    let stack = behind(lines, first - 1).take_while(|(_, line)| is_frame(line));
    let stack: Vec<_> = stack.collect();
    let place = stack.iter().find_map(|(_, line)| stack_place(line));
    let end = stack.last().map_or(at, |(at, _)| *at) + 1;
    Some(Finding::error("node", at, said).in_place(place.as_ref()).up_to(end))
}
