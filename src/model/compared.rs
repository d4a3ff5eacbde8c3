//! A tab before and after: what a self-test found. Must not say that something is the same that was
//! not seen both times.

use serde::Serialize;

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// Its name.
    pub tab: String,
    /// What was looked at, in the order of the table.
    pub facts: Vec<Fact>,
}

/// One thing about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What.
    pub what: &'static str,
    /// What it was.
    pub before: String,
    /// What it is.
    pub after: String,
    /// Whether that is the same.
    pub same: bool,
}

impl Fact {
    /// Compares.
    pub fn new(what: &'static str, before: impl Into<String>, after: impl Into<String>) -> Fact {
        let (before, after) = (before.into(), after.into());
        Fact { what, same: before == after, before, after }
    }
}

impl Compared {
    /// Whether all is the same.
    pub fn is_same(&self) -> bool {
        self.facts.iter().all(|fact| fact.same)
    }
}
