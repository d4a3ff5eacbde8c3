//! What an agent's screen means, by the rules of its file.
//! Must not match a text that merely quotes a screen: a rule is held to the screen's last lines.

use serde::Deserialize;

use super::Spec;
use super::sight::{Pattern, Reason, said};
use crate::model::status::{Said, State};

/// What a screen means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScreenRule {
    /// Its name, for `explain`.
    pub(super) name: String,
    /// The screen's last lines, from top to bottom, down to the very last one. Empty lines do not
    /// count on either side. What stands above them does not matter.
    pub(super) bottom: Vec<Line>,
    /// Only where the cursor stands in these lines and not below them: there, what is typed at the
    /// prompt was sent, though it looks the same.
    #[serde(default)]
    pub(super) at_cursor: bool,
    pub(super) state: State,
    #[serde(default)]
    pub(super) reason: Option<Reason>,
}

/// What one or some lines of a screen must look like.
///
/// In the file: a regular expression is one line that it matches (with `!` in front, one that it does
/// not match); `{some: expression}` any number of
/// lines that it matches, also none; `{maybe: expression}` one such line or none; `...` any number of
/// lines whatever they are.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Written")]
pub(super) enum Line {
    One(Pattern),
    Some(Pattern),
    Maybe(Pattern),
    Any,
}

/// As the file writes it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    One(String),
    Some(SomeLines),
    Maybe(MaybeLine),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SomeLines {
    some: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MaybeLine {
    maybe: String,
}

impl From<Written> for Line {
    fn from(written: Written) -> Line {
        match written {
            Written::One(text) if text == "..." => Line::Any,
            Written::One(text) => Line::One(text.into()),
            Written::Some(lines) => Line::Some(lines.some.into()),
            Written::Maybe(line) => Line::Maybe(line.maybe.into()),
        }
    }
}

impl Line {
    /// Its regular expression, if it has one.
    #[cfg(test)]
    pub(super) fn pattern(&self) -> Option<&Pattern> {
        match self {
            Line::One(pattern) | Line::Some(pattern) | Line::Maybe(pattern) => Some(pattern),
            Line::Any => None,
        }
    }
}

/// As many lines are looked at as one machine word has bits; see [`ScreenRule::is_seen_in`].
const LINES: usize = 63;

impl Spec {
    /// What its screen, as plain text, says of its state.
    pub fn screen_says(&self, screen: &str) -> Option<Said> {
        self.screen_says_at(screen, false)
    }

    /// The same, where it is known whether the cursor has left the text for a line below it.
    pub fn screen_says_at(&self, screen: &str, is_left: bool) -> Option<Said> {
        let rules = &self.sights.rules().screens;
        if rules.is_empty() {
            return None;
        }
        // Some programs write hard spaces where others write soft ones.
        let screen = screen.replace('\u{a0}', " ");
        let filled = screen.lines().rev().map(str::trim_end).filter(|line| !line.is_empty());
        let lines: Vec<&str> = filled.take(LINES).collect();
        let mut rules = rules.iter().filter(|rule| !(rule.at_cursor && is_left));
        let rule = rules.find(|rule| rule.is_seen_in(&lines))?;
        Some(said("screen", &rule.name, rule.state, rule.reason))
    }
}

impl ScreenRule {
    /// Whether its end is left open: then it would match what stands anywhere on the screen.
    pub(super) fn is_endless(&self) -> bool {
        !matches!(self.bottom.last(), Some(Line::One(_) | Line::Some(_) | Line::Maybe(_)))
    }

    /// Whether the rule fits the lines, of which the screen's last is the first.
    ///
    /// All ways to fit are followed at once: bit `n` is set if what was read of the rule, from its
    /// end, fits the last `n` lines. So the time is bounded whatever the lines say.
    fn is_seen_in(&self, lines: &[&str]) -> bool {
        let mut ways: u64 = 1;
        for line in self.bottom.iter().rev() {
            let step = |ways: u64, pattern: &Pattern| {
                (0..lines.len())
                    .filter(|at| ways >> at & 1 == 1 && pattern.matches(lines[*at]))
                    .fold(0, |stepped, at| stepped | 1 << (at + 1))
            };
            ways = match line {
                Line::One(pattern) => step(ways, pattern),
                Line::Maybe(pattern) => ways | step(ways, pattern),
                // All lines from the fewest that fit on.
                Line::Any => !((ways & ways.wrapping_neg()) - 1),
                Line::Some(pattern) => {
                    let mut all = ways;
                    let mut new = ways;
                    while new != 0 {
                        new = step(new, pattern) & !all;
                        all |= new;
                    }
                    all
                }
            };
            ways &= u64::MAX >> (63 - lines.len());
            if ways == 0 {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;
    use crate::agents::registry::parse_all;

    fn says(bottom: &str, screen: &str) -> bool {
        let text = format!("kind: a\n---\nscreens: [{{name: b, bottom: {bottom}, state: idle}}]");
        let spec = parse_all(&text).unwrap();
        spec.screen_says(screen).is_some()
    }

    #[test]
    fn a_rule_is_held_to_the_last_lines() {
        for (bottom, screen, fits) in [
            ("['^b$']", "a\nb", true),
            ("['^b$']", "a\nb\n\n  \n", true),
            ("['^b$']", "b\na", false),
            ("['^a$', '^b$']", "a\nb", true),
            ("['^a$', '^b$']", "a\n\nb", true),
            ("['^a$', '^b$']", "a\nx\nb", false),
            ("['^a$', '^b$']", "b", false),
            ("['^a$', '...', '^b$']", "a\nx\ny\nb", true),
            ("['^a$', '...', '^b$']", "a\nb", true),
            ("['^a$', '...', '^b$']", "x\nb", false),
            ("['^a$', {some: '^x'}, '^b$']", "a\nx1\nx2\nb", true),
            ("['^a$', {some: '^x'}, '^b$']", "a\nx1\ny\nb", false),
            ("['^a$', {some: '^x'}, '^b$']", "a\nb", true),
            ("['^a$', {maybe: '^x'}, '^b$']", "a\nx\nb", true),
            ("['^a$', {maybe: '^x'}, '^b$']", "a\nx\nx\nb", false),
            ("['^a$', {some: ''}, '^a$', '^b$']", "a\na\na\nb", true),
            ("['!^a', '^b$']", "x\nb", true),
            ("['!^a', '^b$']", "a\nb", false),
            ("['!^a', '^b$']", "b", false),
            ("['^a b$']", "a\u{a0}b", true),
            ("['(']", "(", false),
            ("['^b$']", "", false),
        ] {
            assert_eq!(says(bottom, screen), fits, "{bottom} on {screen:?}");
        }
    }

    #[test]
    fn the_first_rule_that_fits_speaks() {
        let text = "kind: a\n---\nscreens:
  - {name: one, bottom: ['^x'], state: thinking}
  - {name: two, bottom: ['^x'], state: idle}
  - {name: three, bottom: ['^y'], state: attention, reason: trust}";
        let spec = parse_all(text).unwrap();
        let said = spec.screen_says("x").unwrap();
        assert_eq!((said.state, said.evidence.as_str()), (State::Thinking, "screen one"));
        let said = spec.screen_says("y").unwrap();
        assert_eq!((said.state, said.reason.as_deref()), (State::Attention, Some("trust")));
        assert_eq!(spec.screen_says("z"), None);
    }

    #[test]
    fn a_prompt_that_the_cursor_has_left_is_none() {
        let text = "kind: a\n---\nscreens:
  - {name: prompt, bottom: ['^> '], at_cursor: true, state: idle}
  - {name: sent, bottom: ['^> '], state: thinking}";
        let spec = parse_all(text).unwrap();
        let state = |is_left| spec.screen_says_at("> x", is_left).map(|said| said.state);
        assert_eq!([state(false), state(true)], [Some(State::Idle), Some(State::Thinking)]);
    }

    #[test]
    fn a_screen_of_any_height_is_looked_at() {
        let tall = format!("a\n{}b", "x\n".repeat(61));
        assert!(says("['^a$', '...', '^b$']", &tall));
        let taller = format!("a\n{}b", "x\n".repeat(500));
        assert!(!says("['^a$', '...', '^b$']", &taller), "too far up to belong together");
        assert!(says("['^x$', '^b$']", &taller));
    }
}
