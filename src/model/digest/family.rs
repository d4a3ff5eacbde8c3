//! What the reader of one family of tools looks like. Must not know any tool.

use super::families::Lines;
use super::finding::Finding;

/// The tools whose output one file reads.
///
/// A text may have millions of lines, of which few say something: a reader is asked only about lines
/// with one of its marks, and answers quickly whether it means anything to it. No reader panics,
/// whatever it is given, and none looks further than some hundred lines around.
#[derive(Debug, Clone, Copy)]
pub struct Family {
    /// For messages and tables: `rust`, `node`.
    pub name: &'static str,
    /// What a line has in it if it may be the first of a finding, as it stands there, case and all; one
    /// that begins with a line end stands at the beginning of the line. None has less than
    /// four bytes, and the rarer it is the better: `error` alone stands in half of all lines of some
    /// logs.
    pub marks: &'static [&'static str],
    /// The finding that begins in line `at`, if one does. The lines have no escapes, no carriage
    /// returns and no line ends.
    pub read: fn(lines: &Lines, at: usize) -> Option<Finding>,
}
