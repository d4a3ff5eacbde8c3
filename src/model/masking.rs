//! Takes what looks like a secret out of any text before it is written down or shown to an agent. Must
//! rather take out too much: what is left is for reading only.

mod keys;
mod rules;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex_lite::Regex;

pub use self::keys::without_keys;

use self::rules::RULES;

/// What stands in the place of a secret.
const HIDDEN: &str = "[hidden]";

/// A text with `[hidden]` for everything that looks like a secret.
pub fn without_secrets(text: &str) -> String {
    let text = without_keys(text, false);
    let Some(rules) = Rules::all() else { return text.into_owned() };
    if !rules.hints.is_match(&*text) {
        return text.into_owned();
    }
    // A secret of any other kind stands in one line, and most lines have no hint of one.
    text.split_inclusive('\n').map(|line| rules.applied(line)).collect()
}

/// The words of any command line with `[hidden]` for what looks like a secret: in a word, or as the value
/// of the flag before it.
pub fn words_without_secrets(words: &[String]) -> Vec<String> {
    let mut flag = "";
    let mut hidden = Vec::with_capacity(words.len());
    for word in words {
        let both = without_secrets(&format!("{flag} {word}"));
        let value = both.strip_prefix(flag).and_then(|rest| rest.strip_prefix(' '));
        hidden.push(value.map_or_else(|| without_secrets(word), str::to_owned));
        flag = if word.starts_with('-') { word } else { "" };
    }
    hidden
}

/// The rules, each compiled when it is needed first.
struct Rules {
    hints: AhoCorasick,
    /// The rule of each hint.
    owners: Vec<usize>,
    shapes: Vec<OnceLock<Option<Regex>>>,
}

impl Rules {
    fn all() -> Option<&'static Rules> {
        static ALL: OnceLock<Option<Rules>> = OnceLock::new();
        ALL.get_or_init(Rules::new).as_ref()
    }

    /// Nothing only if the hints were too many to be looked for, which a test would show.
    fn new() -> Option<Rules> {
        let hints = RULES.iter().enumerate();
        let hints = hints.flat_map(|(at, rule)| rule.hints.iter().map(move |hint| (at, *hint)));
        let (owners, hints): (Vec<usize>, Vec<&str>) = hints.unzip();
        let hints = AhoCorasick::builder().ascii_case_insensitive(true).build(hints).ok()?;
        Some(Rules { hints, owners, shapes: RULES.iter().map(|_| OnceLock::new()).collect() })
    }

    fn applied<'t>(&self, line: &'t str) -> Cow<'t, str> {
        let mut wanted = [false; RULES.len()];
        for hit in self.hints.find_overlapping_iter(line) {
            wanted[self.owners[hit.pattern().as_usize()]] = true;
        }
        let mut line = Cow::Borrowed(line);
        for (at, _) in wanted.iter().enumerate().filter(|(_, is_wanted)| **is_wanted) {
            // Each of them compiles: a test goes through them all.
            let shape = self.shapes[at].get_or_init(|| Regex::new(RULES[at].shape).ok());
            let Some(shape) = shape else { continue };
            if let Cow::Owned(hidden) = shape.replace_all(&line, HIDDEN_BEHIND) {
                line = Cow::Owned(hidden);
            }
        }
        line
    }
}

/// What is put in the place of what a rule finds.
const HIDDEN_BEHIND: &str = "${1}[hidden]";
