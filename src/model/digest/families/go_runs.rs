//! Where the words of go's tests stand, and which tests failed in a part of them: gathered in one pass, as
//! a test's end may stand thousands of lines away from what it said.

use std::collections::HashMap;

/// No test has parts within parts more often.
const DEEPEST: usize = 16;
/// No test's name is longer, in bytes.
const LONGEST: usize = 1000;

/// What a text says of the tests that ran.
#[derive(Default)]
pub(super) struct Runs<'a> {
    /// The line of each `=== RUN NAME` and `=== NAME NAME`, and the end of what is indented below.
    words: HashMap<&'a str, Vec<(usize, usize)>>,
    /// Where a part of a test failed, and where the indented lines begin in which that stands.
    parts: HashMap<&'a str, Vec<(usize, usize)>>,
}

impl<'a> Runs<'a> {
    /// Those of a text.
    pub fn of(lines: &[&'a str]) -> Runs<'a> {
        let mut runs = Runs::default();
        let mut indented = 0;
        for (at, line) in lines.iter().enumerate() {
            if !line.starts_with(' ') {
                indented = at + 1;
            }
            if let Some(name) = running(line) {
                let words = lines[at + 1..].iter().take_while(|line| is_said(line));
                let end = at + 1 + words.count();
                runs.words.entry(name).or_default().push((at, end));
            } else if let Some(said) = failed(line).filter(|_| at >= indented) {
                runs.add_parents(said, (at, indented));
            }
        }
        runs
    }

    /// `a/b/c` failed: so `a` and `a/b` did.
    fn add_parents(&mut self, said: &'a str, place: (usize, usize)) {
        let name = &said[..said.floor_char_boundary(LONGEST)];
        for (end, _) in name.match_indices('/').take(DEEPEST) {
            self.parts.entry(&name[..end]).or_default().push(place);
        }
    }

    /// The lines of what a test said last before line `at`, its head included.
    pub fn said_before(&self, at: usize, name: &str) -> Option<(usize, usize)> {
        let runs = self.words.get(name)?;
        let (from, end) = *runs[..runs.partition_point(|(from, _)| *from < at)].last()?;
        Some((from, end.min(at)))
    }

    /// Whether a part of a test failed in the indented lines from `from` on.
    pub fn has_failed_part(&self, from: usize, name: &str) -> bool {
        let Some(parts) = self.parts.get(name) else { return false };
        let next = parts.get(parts.partition_point(|(at, _)| *at < from));
        next.is_some_and(|(_, indented)| *indented <= from)
    }
}

/// The name in `=== RUN   NAME`.
fn running(line: &str) -> Option<&str> {
    let name = line.strip_prefix("=== RUN ").or_else(|| line.strip_prefix("=== NAME "))?;
    Some(name.trim())
}

/// What stands behind `--- FAIL: `.
fn failed(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("--- FAIL: ")
}

/// Whether a line below `=== RUN` is what the test said.
fn is_said(line: &str) -> bool {
    line.starts_with("    ") && !line.trim_start().starts_with("---")
}
