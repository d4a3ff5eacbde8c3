//! The keys that can be pressed in a tab by name. Must hold nothing that a multiplexer could take for
//! anything but one key.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// One key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// One with a name of its own; its place in the list of names.
    Named(usize),
    /// `C-c`: a letter, with Control held down.
    Control(char),
    /// A letter or a digit: the answer to a question.
    Plain(char),
}

/// What a person calls a key, and what tmux does.
const NAMED: [(&str, &str); 15] = [
    ("Enter", "Enter"),
    ("Escape", "Escape"),
    ("Tab", "Tab"),
    ("BackTab", "BTab"),
    ("Backspace", "BSpace"),
    ("Delete", "DC"),
    ("Space", "Space"),
    ("Up", "Up"),
    ("Down", "Down"),
    ("Left", "Left"),
    ("Right", "Right"),
    ("Home", "Home"),
    ("End", "End"),
    ("PageUp", "PPage"),
    ("PageDown", "NPage"),
];

impl Key {
    /// Sends what was typed.
    pub const ENTER: Key = Key::Named(0);

    /// The names, for help and errors.
    pub fn names() -> String {
        let names: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
        format!("{}, C-a to C-z, a letter or a digit", names.join(", "))
    }

    /// Its name in tmux.
    pub fn in_tmux(self) -> Cow<'static, str> {
        match self {
            Key::Named(at) => NAMED.get(at).map_or("", |(_, name)| name).into(),
            Key::Control(letter) => format!("C-{letter}").into(),
            Key::Plain(letter) => letter.to_string().into(),
        }
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(typed: &str) -> Result<Key, String> {
        let named = NAMED.iter().position(|(name, _)| name.eq_ignore_ascii_case(typed));
        let letter = |text: &str| {
            let mut letters = text.chars();
            let letter = letters.next().filter(char::is_ascii_alphanumeric);
            letter.filter(|_| letters.next().is_none())
        };
        let control = || {
            let letter = letter(typed.strip_prefix("C-")?)?;
            letter.is_ascii_alphabetic().then(|| Key::Control(letter.to_ascii_lowercase()))
        };
        named
            .map(Key::Named)
            .or_else(control)
            .or_else(|| letter(typed).map(Key::Plain))
            .ok_or_else(|| format!("the keys are {}", Key::names()))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Named(at) => f.write_str(NAMED.get(*at).map_or("", |(name, _)| name)),
            Key::Control(_) | Key::Plain(_) => f.write_str(&self.in_tmux()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_of_the_list_and_nothing_else() {
        for (typed, name) in [
            ("Enter", "Enter"),
            ("escape", "Escape"),
            ("BackTab", "BTab"),
            ("PageUp", "PPage"),
            ("C-c", "C-c"),
            ("C-U", "C-u"),
            ("y", "y"),
            ("1", "1"),
        ] {
            assert_eq!(typed.parse::<Key>().map(|key| key.in_tmux().into_owned()), Ok(name.into()));
        }
        for bad in ["", ";", "-X", "C-", "C-1", "C-c;", "M-x", "é", "ab", "%5", "F1", "C-é"] {
            assert!(bad.parse::<Key>().is_err(), "{bad}");
        }
    }
}
