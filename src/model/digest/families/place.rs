//! How tools write a place in a file: `a.c:3:7`, `a.ts(3,7)`, `a.java:[3,7]`. Must not know which
//! tool it is.

/// A place in a file, and what stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// The file, as it stands there.
    pub file: &'a str,
    /// The line, from one.
    pub line: Option<u32>,
    /// Whether a column stands behind the line.
    pub has_column: bool,
    /// What follows the place, its closing colon included.
    pub rest: &'a str,
}

impl<'a> Place<'a> {
    /// A line of a file, if it has a number.
    pub fn at(file: &'a str, line: Option<u32>) -> Self {
        Self { file, line, has_column: false, rest: "" }
    }

    /// `path:line` or `path:line:column` at the beginning of a text.
    pub fn colons(text: &'a str) -> Option<Self> {
        let (file, after) = split_before_number(text)?;
        let (line, rest) = number(after)?;
        let column = rest.strip_prefix(':').and_then(number);
        let (has_column, rest) = column.map_or((false, rest), |(_, rest)| (true, rest));
        is_file(file).then_some(Self { file, line: Some(line), has_column, rest })
    }

    /// `path(line,column)` at the beginning of a text.
    pub fn parentheses(text: &'a str) -> Option<Self> {
        let (file, after) = text.split_once('(')?;
        let (place, rest) = after.split_once(')')?;
        let line = place.split(',').next().and_then(|line| line.parse().ok())?;
        is_file(file).then_some(Self { file, line: Some(line), has_column: true, rest })
    }

    /// `path:[line,column]` at the beginning of a text.
    pub fn brackets(text: &'a str) -> Option<Self> {
        let (file, after) = text.split_once(":[")?;
        let (place, rest) = after.split_once(']')?;
        let line = place.split(',').next().and_then(|line| line.parse().ok())?;
        is_file(file).then_some(Self { file, line: Some(line), has_column: true, rest })
    }

    /// The end of a file's name without its dot, or nothing.
    pub fn ending(&self) -> &'a str {
        let name = self.file.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, ending)| ending)
    }
}

/// The text before the first colon that has a number behind it, and the text from that number on. A
/// drive's letter is part of the path.
fn split_before_number(text: &str) -> Option<(&str, &str)> {
    let digit = |at: usize| text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
    let at = text.match_indices(':').map(|(at, _)| at).take(4).find(|at| digit(*at))?;
    Some((&text[..at], &text[at + 1..]))
}

/// The number that a text begins with, and the rest.
fn number(text: &str) -> Option<(u32, &str)> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// Whether this can be a file's name in a message: not empty, not a sentence, not a time of day.
fn is_file(text: &str) -> bool {
    let known = text.contains(['.', '/', '\\']) || text.ends_with("file") || text.starts_with('<');
    known
        && !text.contains("://")
        && !text.starts_with(' ')
        && text.len() < 300
        && text.split(' ').count() < 4
        && !text.ends_with(' ')
}
