//! What is found in the output of a tool. Must hold nothing that the tool did not say.

use serde::Serialize;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// How it went: `12 passed, 1 failed`, `BUILD FAILURE`.
    Note,
    /// It goes on.
    Warning,
    /// Something is wrong, or a test failed.
    Error,
}

/// An error, a warning, a test that failed, or a tool's own account of how it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whose words they are: `cargo`, `pytest`, `gcc`.
    pub tool: &'static str,
    /// How bad it is.
    pub level: Level,
    /// The file, as the tool names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line of the file, from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What it says, in one line, without the place and the level.
    pub message: String,
    /// The name of the test that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<String>,
    /// What the tool itself says to do next: `run "npm audit fix"`. Never made up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
    /// Its first line in the text, from zero.
    pub at: usize,
    /// How many lines of the text belong to it: one or more.
    pub lines: usize,
}
