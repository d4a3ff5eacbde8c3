//! A command line as an agent's file writes it: `[--resume, "{id}"]`.
//! Must not decide where it goes; `launch.rs` does.

use serde::Deserialize;

/// Words to put on a command line. `{id}`, `{new_id}`, `{directory}` and `{prompt}` may stand in them. A word
/// that is only a variable without a value is left out, together with the flag before it.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub(super) struct Template(Vec<Unit>);

/// A word, or a flag with the variable that is its value.
#[derive(Debug, Clone)]
struct Unit(Vec<String>);

/// The values of the variables.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Values<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) new_id: Option<&'a str>,
    pub(super) directory: Option<&'a str>,
    pub(super) prompt: Option<&'a str>,
}

const VARIABLES: [&str; 4] = ["{id}", "{new_id}", "{directory}", "{prompt}"];

impl TryFrom<Vec<String>> for Template {
    type Error = String;

    fn try_from(words: Vec<String>) -> Result<Self, String> {
        let mut units: Vec<Unit> = Vec::new();
        for word in words {
            let plain = VARIABLES.iter().fold(word.clone(), |text, name| text.replace(name, ""));
            if plain.contains(['{', '}']) {
                return Err(format!("`{word}`: the variables are {}", VARIABLES.join(", ")));
            }
            match units.last_mut() {
                Some(Unit(before))
                    if VARIABLES.contains(&&*word)
                        && before.len() == 1
                        && before[0].starts_with('-') =>
                {
                    before.push(word);
                }
                _ => units.push(Unit(vec![word])),
            }
        }
        Ok(Template(units))
    }
}

impl Template {
    /// Whether it can only be used with a conversation's id.
    pub(super) fn needs_id(&self) -> bool {
        self.0.iter().flat_map(|unit| &unit.0).any(|word| word.contains("{id}"))
    }

    /// Whether it has a place for the id of a new conversation.
    pub(super) fn takes_new_id(&self) -> bool {
        self.0.iter().flat_map(|unit| &unit.0).any(|word| word.contains("{new_id}"))
    }

    /// Whether it gives a first prompt.
    pub(super) fn has_prompt(&self) -> bool {
        self.0.iter().flat_map(|unit| &unit.0).any(|word| word.contains("{prompt}"))
    }

    /// The flags that it holds, as they are written before a `=`.
    pub(super) fn flags(&self) -> impl Iterator<Item = &str> {
        let words = self.0.iter().filter_map(|unit| unit.0.first());
        words
            .filter(|word| word.starts_with('-'))
            .map(|word| word.split('=').next().unwrap_or(word))
    }

    /// The words with the values filled in, without the flags that `given` knows.
    pub(super) fn words(&self, values: &Values, given: &dyn Fn(&str) -> bool) -> Vec<String> {
        let mut words = Vec::new();
        for Unit(unit) in &self.0 {
            let flag = unit.first().filter(|word| word.starts_with('-'));
            if flag.is_some_and(|flag| given(flag.split('=').next().unwrap_or(flag))) {
                continue;
            }
            let filled: Option<Vec<String>> = unit.iter().map(|word| fill(word, values)).collect();
            words.extend(filled.unwrap_or_default());
        }
        words
    }
}

fn fill(word: &str, values: &Values) -> Option<String> {
    let mut word = word.to_owned();
    // The prompt comes last: what stands in it is not filled in.
    let all = [values.id, values.new_id, values.directory, values.prompt];
    for (name, value) in VARIABLES.iter().zip(all) {
        if word.contains(name) {
            word = word.replace(name, value?);
        }
    }
    Some(word)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    fn template(words: &[&str]) -> Result<Template, String> {
        Template::try_from(words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_flag_goes_with_the_value_that_is_missing() {
        let fork = template(&["--resume", "{id}", "--fork", "--session-id", "{new_id}"]).unwrap();
        let values = Values { id: Some("a"), ..Values::default() };
        assert_eq!(fork.words(&values, &|_| false), ["--resume", "a", "--fork"]);
        let both = Values { new_id: Some("b"), ..values };
        assert_eq!(fork.words(&both, &|_| false), ["--resume", "a", "--fork", "--session-id", "b"]);
    }

    #[test]
    fn a_flag_that_was_given_is_not_repeated() {
        let resume = template(&["resume", "-C", "{directory}", "{id}"]).unwrap();
        let values = Values { id: Some("a"), directory: Some("/w"), ..Values::default() };
        assert_eq!(resume.words(&values, &|flag| flag == "-C"), ["resume", "a"]);
    }

    #[test]
    fn a_variable_that_does_not_exist_is_an_error() {
        assert!(template(&["--resume", "{session}"]).unwrap_err().contains("{id}, {new_id}"));
    }
}
