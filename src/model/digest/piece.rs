//! What a digest is made of, and each as text. Must hold what was said and nothing else.

use serde::Serialize;

use super::finding::{Finding, Level};

/// A finding, and how often it was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// As it was told the last time.
    #[serde(flatten)]
    pub finding: Finding,
    /// How often it was told.
    pub times: usize,
}

impl Found {
    /// The finding in one line: what it is, where, what it says, and who says so.
    pub fn text(&self) -> String {
        let Found { finding, times: count } = self;
        let place = finding.file.as_ref().map(|file| match finding.line {
            Some(line) => format!("{file}:{line}"),
            None => file.clone(),
        });
        let parts = [finding.test.clone(), place, Some(finding.message.clone())];
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        let said = parts.collect::<Vec<_>>().join("  ");
        format!("{}  {said}  ({}{})", word(finding.level), finding.tool, times(*count))
    }

    /// What the tool says to do next, in one line.
    pub fn advice(&self) -> Option<String> {
        let advice = self.finding.advice.as_ref()?;
        Some(format!("advice   {advice}  ({})", self.finding.tool))
    }
}

/// A level as it begins a line: all as wide.
fn word(level: Level) -> &'static str {
    match level {
        Level::Error => "error  ",
        Level::Warning => "warning",
        Level::Note => "note   ",
    }
}

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Piece {
    /// A line that is shown.
    Line(Line),
    /// Something is missing here.
    LeftOut {
        /// So many lines.
        left_out: usize,
    },
}

impl Piece {
    /// How it is shown.
    pub fn text(&self) -> String {
        match self {
            Piece::Line(line) => {
                format!("{}{}", line.text, told_as_one(line.times, line.numbers_differ))
            }
            Piece::LeftOut { left_out: count } => left_out(*count),
        }
    }
}

/// A line of the text, or several that say the same, but for their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Where the last of them stands in the text, from zero.
    pub at: usize,
    /// The last of them, harmless and without secrets.
    pub text: String,
    /// How many there are.
    #[serde(skip_serializing_if = "is_one")]
    pub times: usize,
    /// They are not the same: other numbers stand in the others.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub numbers_differ: bool,
    /// A finding of this level begins here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_one(times: &usize) -> bool {
    *times == 1
}

/// Says that lines are missing.
pub fn left_out(count: usize) -> String {
    format!("… {count} {} left out", if count == 1 { "line" } else { "lines" })
}

/// What stands behind something that was said more than once.
pub fn times(count: usize) -> String {
    if count > 1 { format!(" ×{count}") } else { String::new() }
}

/// What stands behind the last of several lines that are told as one.
pub fn told_as_one(count: usize, numbers_differ: bool) -> String {
    times(count) + if numbers_differ { ", numbers differ" } else { "" }
}
