//! How the readers put a finding together, one thing said after the other. Must not read anything.

use std::borrow::Cow;

use super::super::finding::{Finding, Level};
use super::place::Place;

/// A message may be a whole page; this many characters of it say what it is about.
const LONGEST: usize = 400;

impl Finding {
    /// Something is wrong.
    pub(super) fn error<'t>(
        tool: &'static str,
        at: usize,
        message: impl Into<Cow<'t, str>>,
    ) -> Self {
        Self::said(tool, Level::Error, at, message)
    }

    /// It goes on.
    pub(super) fn warning<'t>(
        tool: &'static str,
        at: usize,
        message: impl Into<Cow<'t, str>>,
    ) -> Self {
        Self::said(tool, Level::Warning, at, message)
    }

    /// How it went.
    pub(super) fn note<'t>(
        tool: &'static str,
        at: usize,
        message: impl Into<Cow<'t, str>>,
    ) -> Self {
        Self::said(tool, Level::Note, at, message)
    }

    /// What a tool says in line `at`, for the time being of one line.
    pub(super) fn said<'t>(
        tool: &'static str,
        level: Level,
        at: usize,
        message: impl Into<Cow<'t, str>>,
    ) -> Self {
        let message = one_line(message.into());
        Self {
            tool,
            level,
            file: None,
            line: None,
            message,
            test: None,
            advice: None,
            at,
            lines: 1,
        }
    }

    /// It is about this place, if there is one.
    pub(super) fn in_place(mut self, place: Option<&Place>) -> Self {
        if let Some(place) = place {
            self.file = Some(place.file.to_owned());
            self.line = place.line;
        }
        self
    }

    /// It is about this file.
    pub(super) fn in_file(mut self, file: &str) -> Self {
        self.file = Some(file.to_owned());
        self
    }

    /// It is this test that failed.
    pub(super) fn of_test(mut self, name: &str) -> Self {
        self.test = Some(one_line(name.into()));
        self
    }

    /// What the tool says to do, if it says anything.
    pub(super) fn advised<S: AsRef<str>>(mut self, advice: Option<S>) -> Self {
        self.advice =
            advice.map(|advice| one_line(advice.as_ref().into())).filter(|it| !it.is_empty());
        self
    }

    /// It goes on up to the line before `end`.
    pub(super) fn up_to(mut self, end: usize) -> Self {
        self.lines = end.saturating_sub(self.at).max(1);
        self
    }
}

/// The text with every run of white space as one space, and not too long.
fn one_line(text: Cow<str>) -> String {
    if is_one_line(&text) {
        return text.into_owned();
    }
    let mut line = String::with_capacity(text.len().min(LONGEST));
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > LONGEST {
            line.truncate(line.floor_char_boundary(LONGEST));
            line.push('…');
            break;
        }
    }
    line
}

/// Whether a text is so already, as far as that is seen at once.
fn is_one_line(text: &str) -> bool {
    let (mut before, mut is_one) = (b' ', text.len() <= LONGEST);
    for byte in text.bytes() {
        // Of what is not ASCII, some is white space too.
        is_one &= matches!(byte, b'!'..=b'~') || byte == b' ' && before != b' ';
        before = byte;
    }
    is_one && (before != b' ' || text.is_empty())
}

/// Some words with a code behind them: `unused variable [E0001]`.
pub(super) fn with_code(words: &str, code: &str) -> String {
    [words, " [", code, "]"].concat()
}

/// The lines joined to one, with `; ` where a line ended.
pub(super) fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<_> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("; ")
}
