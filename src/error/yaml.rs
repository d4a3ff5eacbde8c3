//! What is wrong with a YAML text, in one line and with its place. Must not know which file it is.

use std::fmt;

/// One fault of a YAML text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Line and column, from 1, where the parser tells.
    pub place: Option<(usize, usize)>,
    /// What is wrong there.
    pub what: String,
}

impl From<&serde_yaml::Error> for Flaw {
    fn from(error: &serde_yaml::Error) -> Flaw {
        let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let place = error.location().map(|at| (number(at.line()), number(at.column())));
        let place = place.filter(|(line, _)| *line > 0);
        if matches!(error.without_snippet(), serde_yaml::Error::NullIntoString { .. }) {
            return Flaw { place, what: "a text is missing here".to_owned() };
        }
        let message = error.without_snippet().to_string();
        let message = message.lines().next().unwrap_or_default();
        // The parser says the place at the end as well.
        let what = message.rsplit_once(" at line ").map_or(message, |(what, _)| what);
        Flaw { place, what: what.to_owned() }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "line {line} column {column}: ")?;
        }
        f.write_str(&self.what)
    }
}
