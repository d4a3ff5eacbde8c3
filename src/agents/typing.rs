//! How a text is typed to an agent so that it takes it for one, and what stands at its prompt unsent.
//! Must not type.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use super::Spec;
use super::sight::Pattern;

/// How it takes what is typed. What nobody has looked at is left out.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Typing {
    /// Its prompt: the last line of the screen that matches is where a text is typed, and its first
    /// group is what stands there. What is painted faint or inverse does not count: a hint, a cursor.
    prompt: Option<Pattern>,
    /// Milliseconds between a text and Enter: with none, agents take it for a part of the paste (codex
    /// took 0 of 5 so, and 5 of 5 after 50 ms).
    pause: u64,
    /// A text that matches is a command to it, whatever is done.
    obeys: Pattern,
    /// What keeps a text from being taken for something else. All that match are used.
    guards: Vec<Guard>,
    /// What it makes of some characters.
    makes: BTreeMap<char, String>,
}

/// Something that stands around a text, and that the model does not see.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Guard {
    /// Around a text that matches.
    when: Pattern,
    #[serde(default)]
    before: String,
    #[serde(default)]
    after: String,
}

impl Default for Typing {
    fn default() -> Typing {
        let obeys = r"^\s*[/!]".to_owned().into();
        Typing { prompt: None, pause: 150, obeys, guards: Vec::new(), makes: BTreeMap::new() }
    }
}

impl Spec {
    /// How long to wait between a text and Enter.
    pub fn pause_before_enter(&self) -> Duration {
        Duration::from_millis(self.sights.rules().typing.pause.min(10_000))
    }

    /// The text as it is to be typed, so that it is a text to the agent; nothing where it would obey it
    /// in any case.
    pub fn as_text(&self, text: &str) -> Option<String> {
        let Typing { obeys, guards, .. } = &self.sights.rules().typing;
        if obeys.matches(text) {
            return None;
        }
        let around = guards.iter().filter(|guard| guard.when.matches(text));
        Some(around.fold(text.to_owned(), |typed, guard| {
            format!("{}{typed}{}", guard.before, guard.after)
        }))
    }

    /// The text as the model gets it.
    pub fn as_it_arrives(&self, text: &str) -> String {
        let makes = &self.sights.rules().typing.makes;
        makes.iter().fold(text.to_owned(), |text, (from, to)| text.replace(*from, to))
    }

    /// Whether it is known where its prompt is.
    pub fn has_known_prompt(&self) -> bool {
        self.sights.rules().typing.prompt.is_some()
    }

    /// What stands at its prompt and was not sent; `painted` is its screen with the sequences of its
    /// colours. Nothing where its prompt is empty, not to be seen, or not known.
    pub fn unsent(&self, painted: &str) -> Option<String> {
        let prompt = self.sights.rules().typing.prompt.as_ref()?;
        let painted = bright(painted);
        let lines: Vec<&str> = painted.lines().collect();
        let line = lines.iter().rev().find_map(|line| prompt.first_group(line))?;
        let text = line.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// A painted screen without its sequences, and without what is painted faint or inverse. What was set in
/// one line holds in the next.
fn bright(painted: &str) -> String {
    let (mut shown, mut faint, mut inverse) = (String::with_capacity(painted.len()), false, false);
    let mut rest = painted.chars();
    while let Some(c) = rest.next() {
        if c != '\x1b' {
            if c == '\n' || (!faint && !inverse) {
                shown.push(if c == '\u{a0}' { ' ' } else { c });
            }
            continue;
        }
        if rest.next() != Some('[') {
            continue;
        }
        let mut parameters = String::new();
        let last = loop {
            match rest.next() {
                Some(c @ '@'..='~') => break c,
                Some(c) => parameters.push(c),
                None => return shown,
            }
        };
        if last != 'm' {
            continue;
        }
        let mut numbers = parameters.split(';');
        while let Some(number) = numbers.next() {
            match number {
                "" | "0" => (faint, inverse) = (false, false),
                "2" => faint = true,
                "22" => faint = false,
                "7" => inverse = true,
                "27" => inverse = false,
                // A colour follows: its numbers are no attributes.
                "38" | "48" | "58" => {
                    let left = if numbers.next() == Some("2") { 3 } else { 1 };
                    numbers.by_ref().take(left).for_each(drop);
                }
                _ => {}
            }
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;
    use crate::agents::registry::parse_all;

    const SPEC: &str = r#"
kind: a
---
typing:
  prompt: '^> ?(.*)$'
  pause: 7
  obeys: '^/\w+( |$)'
  guards: [{when: '^!', before: ' '}, {when: '\\$', after: ' '}]
  makes: {"\t": "    "}
"#;

    #[test]
    fn what_is_faint_or_inverse_does_not_stand_at_the_prompt() {
        let spec = parse_all(SPEC).unwrap();
        let cases = [
            ("> \x1b[2mAsk anything\x1b[0m\n  foot", None),
            ("> \x1b[7mT\x1b[27m\x1b[2mry this\x1b[22m", None),
            ("> \x1b[38;5;2mhello\x1b[39m there\x1b[7m \x1b[0m", Some("hello there")),
            ("> \x1b[38;2;2;2;7mgreen\x1b[0m", Some("green")),
            ("> an earlier one\nan answer\n>\u{a0}", None),
            ("no prompt", None),
            ("> cut \x1b[2", Some("cut")),
        ];
        for (painted, unsent) in cases {
            assert_eq!(spec.unsent(painted).as_deref(), unsent, "{painted:?}");
        }
    }

    #[test]
    fn a_text_that_would_be_a_command_is_guarded_or_refused() {
        let spec = parse_all(SPEC).unwrap();
        assert_eq!(spec.as_text("/clear all"), None);
        for (text, typed) in [
            ("/etc/hosts is a file", "/etc/hosts is a file"),
            ("!ls", " !ls"),
            ("!a\\", " !a\\ "),
            ("a !b", "a !b"),
        ] {
            assert_eq!(spec.as_text(text).as_deref(), Some(typed));
        }
        let unknown = parse_all("kind: b\n").unwrap();
        assert_eq!((unknown.as_text("!ls"), unknown.as_text(" /x")), (None, None));
        assert_eq!(spec.pause_before_enter(), Duration::from_millis(7));
        assert_eq!(spec.as_it_arrives("a\tb"), "a    b");
    }
}
