//! A script that node ended because nobody caught its error: the error and its stack.

use super::super::family::Family;
use super::super::finding::Finding;
use super::behind;
use super::jest::stack_place;

pub(super) const FAMILY: Family = Family { name: "node", marks: &["Error: ", "Error [ERR_"], read };

fn read(lines: &[&str], at: usize) -> Option<Finding> {
    let line = lines[at];
    let said = line.strip_prefix("Uncaught ").unwrap_or(line);
    let (name, _) = said.split_once([':', ' '])?;
    if !name.ends_with("Error") || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let mut stack = behind(lines, at)
        .skip_while(|(_, line)| !line.starts_with("    at "))
        .take_while(|(_, line)| line.starts_with("    at "))
        .peekable();
    let (first, _) = *stack.peek()?;
    if first > at + 4 {
        return None;
    }
    let stack: Vec<_> = stack.collect();
    let place = stack.iter().find_map(|(_, line)| stack_place(line));
    let end = stack.last().map_or(at, |(at, _)| *at) + 1;
    Some(Finding::error("node", at, said).in_place(place.as_ref()).up_to(end))
}
