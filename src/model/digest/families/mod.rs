//! The readers of what tools print, one file for each family of tools. Must not look at anything
//! but the lines, and must not panic, whatever stands in them.

use super::family::Family;

pub use self::lines::Lines;

mod apt;
mod bundlers;
mod c;
mod cargo_test;
mod cmake;
mod docker;
mod eslint;
mod found;
mod git;
mod go;
mod go_runs;
mod gradle;
#[cfg(test)]
mod hostile;
mod java;
mod jest;
mod lines;
mod make;
mod mypy;
mod node;
mod npm;
mod pip;
mod place;
mod pytest;
mod python;
mod rust;
mod terraform;
#[cfg(test)]
mod tests;
mod tsc;
mod unittest;

/// All of them. Where two could read a line, the first one does.
pub const ALL: &[Family] = &[
    rust::FAMILY,
    cargo_test::FAMILY,
    c::FAMILY,
    cmake::FAMILY,
    make::FAMILY,
    tsc::FAMILY,
    eslint::FAMILY,
    bundlers::FAMILY,
    jest::FAMILY,
    npm::FAMILY,
    pytest::FAMILY,
    unittest::FAMILY,
    mypy::FAMILY,
    python::FAMILY,
    go::FAMILY,
    java::FAMILY,
    gradle::FAMILY,
    docker::FAMILY,
    terraform::FAMILY,
    pip::FAMILY,
    git::FAMILY,
    apt::FAMILY,
    node::FAMILY,
];

/// How far a reader looks around, in lines.
const AROUND: usize = 300;

/// The lines behind line `at` that a reader may look at, with their numbers.
fn behind<'a>(lines: &[&'a str], at: usize) -> impl Iterator<Item = (usize, &'a str)> {
    lines.iter().copied().enumerate().skip(at + 1).take(AROUND)
}

/// The lines before line `at` that a reader may look at, the nearest first.
fn before<'a>(lines: &[&'a str], at: usize) -> impl Iterator<Item = &'a str> {
    lines[..at.min(lines.len())].iter().rev().take(AROUND).copied()
}

/// The number of the first line behind `at` that ends what began there, or the end of the look.
fn end_of(lines: &[&str], at: usize, ends: impl Fn(&str) -> bool) -> usize {
    let last = lines.len().min(at + 1 + AROUND);
    behind(lines, at).find(|(_, line)| ends(line)).map_or(last, |(end, _)| end)
}
