//! A command line as a list. Must not be passed to a shell: a string is split here, by shell rules.

use serde::{Deserialize, Deserializer, Serialize};

/// A command with its arguments. In YAML it is a list; a string is accepted and split.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Argv(pub Vec<String>);

impl Argv {
    /// The arguments, the program first.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// One line that a person could paste into a shell.
    pub fn display(&self) -> String {
        shell_words::join(&self.0)
    }
}

impl<T: Into<String>> FromIterator<T> for Argv {
    fn from_iter<I: IntoIterator<Item = T>>(words: I) -> Self {
        Argv(words.into_iter().map(Into::into).collect())
    }
}

impl<'de> Deserialize<'de> for Argv {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            List(Vec<String>),
            Line(String),
        }
        match Written::deserialize(from)? {
            Written::List(words) => Ok(Argv(words)),
            Written::Line(line) => shell_words::split(&line).map(Argv).map_err(|_| {
                serde::de::Error::custom("a command with an open quote; write it as a list")
            }),
        }
    }
}
