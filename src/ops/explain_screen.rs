//! What an agent's rules say about a screen and a title that somebody brings along.
//! Must not look at a tab: `explain TAB` does.

use anyhow::Result;
use serde::Serialize;

use super::Ctx;
use crate::model::status::{Said, State};

/// What was said, and by which rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The state; `unknown` where no rule says anything.
    pub state: State,
    /// Of an agent that needs attention: why, where the rule can tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The rule: `screen permission`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// Asks the rules of an agent. A screen that asks for attention comes first, because a title may be
/// calm above a dialog; then the title; then the rest of the screen.
pub fn explain(ctx: &Ctx, agent: &str, screen: &str, title: Option<&str>) -> Result<Explained> {
    let spec = ctx.agents().get(agent)?;
    let seen = spec.screen_says(&plain(screen));
    let (asking, calm) = match seen {
        Some(said) if said.state == State::Attention => (Some(said), None),
        other => (None, other),
    };
    let titled = || title.and_then(|title| spec.title_says(&plain(title)));
    Ok(match asking.or_else(titled).or(calm) {
        Some(Said { state, reason, evidence, .. }) => {
            Explained { state, reason, rule: Some(evidence) }
        }
        None => Explained { state: State::Unknown, reason: None, rule: None },
    })
}

/// The text without its colours and other escape sequences.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\x1b' => match rest.next() {
                // CSI: up to its final letter.
                Some('[') => while rest.next().is_some_and(|c| !matches!(c, '@'..='~')) {},
                // OSC and other strings: up to BEL, or to ESC and the backslash behind it.
                Some(']' | 'P' | 'X' | '^' | '_') => {
                    while let Some(c) = rest.next() {
                        if c == '\x07' || (c == '\x1b' && rest.next_if_eq(&'\\').is_some()) {
                            break;
                        }
                    }
                }
                // A character set is named by one more character.
                Some('(' | ')') => {
                    rest.next();
                }
                _ => {}
            },
            '\n' | '\t' => plain.push(c),
            _ if c.is_control() => {}
            _ => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_links_and_titles_are_taken_out_of_a_screen() {
        for (text, expected) in [
            ("a\x1b[1;38;5;246mb\x1b[m\nc\r\n", "ab\nc\n"),
            ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x07!", "link!"),
            ("\x1b(Ba\x1b=b\x0e\x0f", "ab"),
            ("a\x1b", "a"),
            ("a\x1b[", "a"),
            ("a\x1b]never ended", "a"),
            ("─ ❯\u{a0}", "─ ❯\u{a0}"),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text: String) {
            proptest::prop_assert!(!plain(&text).contains('\x1b'));
        }
    }
}
