//! A command line as a list. Must not be passed to a shell: a string is split here, by shell rules.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
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
        from.deserialize_any(Written)
    }
}

/// A command as a person writes it.
struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = Argv;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a command: a list of words, or one line")
    }

    fn visit_str<E: Error>(self, line: &str) -> Result<Argv, E> {
        let open = |_| E::custom("a command with an open quote; write it as a list");
        shell_words::split(line).map(Argv).map_err(open)
    }

    /// Each word is asked for as a text: YAML then gives a plain `8080` or `1.10` as it is written.
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Argv, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = list.next_element()? {
            words.push(word);
        }
        Ok(Argv(words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of a command in YAML, or why it is none.
    fn words(yaml: &str) -> Result<Vec<String>, String> {
        serde_yaml::from_str(yaml).map(|Argv(words)| words).map_err(|e| e.to_string())
    }

    #[test]
    fn a_word_of_a_command_is_what_is_written_whatever_it_looks_like() {
        let cases: [(&str, &[&str]); 6] = [
            ("[foo, --port, 8080]", &["foo", "--port", "8080"]),
            ("- foo\n- 1.10\n- -3\n- 0x1F\n", &["foo", "1.10", "-3", "0x1F"]),
            ("[foo, true, no, 2024-01-01]", &["foo", "true", "no", "2024-01-01"]),
            ("foo --name 'two words' 8080", &["foo", "--name", "two words", "8080"]),
            ("['a b', \"c\"]", &["a b", "c"]),
            ("[]", &[]),
        ];
        for (yaml, expected) in cases {
            assert_eq!(words(yaml).unwrap_or_default(), expected, "{yaml}");
        }
    }

    #[test]
    fn what_is_no_command_is_told_in_plain_words() {
        for (yaml, told) in [
            ("foo 'bar", "open quote"),
            ("{a: b}", "a command: a list of words, or one line"),
            ("[foo, [bar]]", "line 1 column 7: expected string"),
            ("[foo, ~]", "null"),
        ] {
            let error = words(yaml).err().unwrap_or_default();
            assert!(error.contains(told) && !error.contains("variant"), "{yaml}: {error}");
        }
    }
}
