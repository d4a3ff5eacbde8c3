//! What an agent's title means, and how its terminal is observed, by the rules of its file.
//! Must not guess: a sight that no rule names means nothing.

use std::sync::OnceLock;

use regex_lite::Regex;
use serde::Deserialize;

use super::place::Place;
use super::search::{Search, record_text};
use super::{Spec, Surroundings};
use crate::model::status::{Said, State};

/// How an agent's terminal is observed while tabctl's runner holds its pane.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Observe {
    /// The runner owns the agent's terminal and passes every byte on: it sees titles, the Program
    /// Status Protocol, bells and silence in the moment they happen.
    #[default]
    Proxy,
    /// The agent has the pane's terminal; hooks, state files and screens must do.
    Direct,
}

/// What a title means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TitleRule {
    /// Its name, for `explain`.
    pub(super) name: String,
    /// Must match the title, from which spaces at both ends are taken.
    title: Pattern,
    pub(super) state: State,
    /// Left out where titles cannot tell a permission from a question.
    #[serde(default)]
    pub(super) reason: Option<Reason>,
}

/// A setting by which a person changes what titles look like: then they say nothing sure.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TitleSetting {
    /// The settings file.
    pub(super) file: Place,
    /// Matches a line of it.
    line: Pattern,
}

/// Why an agent needs attention; there are no other reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Reason {
    Permission,
    Question,
    Trust,
    Login,
    Update,
    Limit,
    Error,
}

impl Reason {
    fn word(self) -> &'static str {
        match self {
            Reason::Permission => "permission",
            Reason::Question => "question",
            Reason::Trust => "trust",
            Reason::Login => "login",
            Reason::Update => "update",
            Reason::Limit => "limit",
            Reason::Error => "error",
        }
    }
}

/// What a rule of that name says about `what` it was shown.
pub(super) fn said(what: &str, rule: &str, state: State, reason: Option<Reason>) -> Said {
    let reason = reason.map(|reason| reason.word().to_owned());
    Said { state, reason, detail: None, evidence: format!("{what} {rule}") }
}

/// Whether a rule says something that a sight can say.
pub(super) fn is_sound(state: State, reason: Option<Reason>) -> bool {
    match state {
        State::Attention => true,
        State::Thinking | State::Idle => reason.is_none(),
        _ => false,
    }
}

/// A regular expression, compiled when it is first needed. With `!` in front: what it does not match.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "String")]
pub(super) struct Pattern {
    text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl From<String> for Pattern {
    fn from(text: String) -> Pattern {
        Pattern { text, compiled: OnceLock::new() }
    }
}

impl Pattern {
    /// Whether it matches. One that is no regular expression matches nothing.
    pub(super) fn matches(&self, line: &str) -> bool {
        let wanted = !self.text.starts_with('!');
        let compiled = self.compiled.get_or_init(|| self.compile().ok());
        compiled.as_ref().is_some_and(|pattern| pattern.is_match(line) == wanted)
    }

    /// What its first group matches.
    pub(super) fn first_group(&self, line: &str) -> Option<String> {
        let compiled = self.compiled.get_or_init(|| self.compile().ok());
        let found = compiled.as_ref()?.captures(line)?;
        Some(found.get(1).map_or_else(String::new, |group| group.as_str().to_owned()))
    }

    fn compile(&self) -> Result<Regex, regex_lite::Error> {
        Regex::new(self.text.strip_prefix('!').unwrap_or(&self.text))
    }

    /// What is wrong with it.
    #[cfg(test)]
    pub(super) fn problem(&self) -> Option<String> {
        self.compile().err().map(|error| format!("{}: {error}", self.text))
    }
}

#[cfg(test)]
impl TitleRule {
    pub(super) fn pattern(&self) -> &Pattern {
        &self.title
    }
}

impl Spec {
    /// How its terminal is observed.
    pub fn observe(&self) -> Observe {
        self.observe
    }

    /// What its title says of its state.
    pub fn title_says(&self, title: &str) -> Option<Said> {
        let title = title.trim();
        let rule = self.sights.rules().titles.iter().find(|rule| rule.title.matches(title))?;
        Some(said("title", &rule.name, rule.state, rule.reason))
    }

    /// Whether the person has changed what its titles look like. Then only a title that names a
    /// state says something; one without says nothing, above all not `idle`.
    pub fn has_own_titles(&self, around: &Surroundings) -> bool {
        let settings = &self.sights.rules().title_settings;
        if settings.is_empty() {
            return false;
        }
        let search = Search::new(self, around);
        settings.iter().any(|setting| {
            let file = search.target(&setting.file, None, None).map(|target| target.shown());
            let text = file.and_then(|file| record_text(&file)).unwrap_or_default();
            text.lines().any(|line| setting.line.matches(line))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;
    use crate::agents::registry::parse_all;

    const SPEC: &str = "
kind: a
data: [~/a]
---
titles:
  - {name: spinner, title: '^[⠋⠙] ', state: thinking}
  - {name: plain, title: '^\\S+ \\| \\S+$', state: idle}
title_settings:
  - {file: '{data}/config.toml', line: '^title *='}
";

    #[test]
    fn the_first_title_rule_that_matches_speaks_and_no_other_title_says_anything() {
        let spec = parse_all(SPEC).unwrap();
        let says = |title| spec.title_says(title).map(|said| (said.state, said.evidence));
        assert_eq!(says("⠙ a | b  "), Some((State::Thinking, "title spinner".to_owned())));
        assert_eq!(says("a | b"), Some((State::Idle, "title plain".to_owned())));
        assert_eq!(says("host"), None);
        assert_eq!(says(""), None);
    }

    #[test]
    fn a_person_who_changes_the_titles_is_noticed() {
        let spec = parse_all(SPEC).unwrap();
        let home = tempfile::tempdir().unwrap();
        let environment = std::collections::BTreeMap::new();
        let around =
            Surroundings { home: home.path(), environment: &environment, directory: home.path() };
        assert!(!spec.has_own_titles(&around), "no settings");
        let file = home.path().join("a/config.toml");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), &file).unwrap();
        assert!(!spec.has_own_titles(&around), "other settings");
        let other = SPEC.replace("^title *=", "^edition *=");
        let other = parse_all(&other).unwrap();
        assert!(other.has_own_titles(&around));
    }
}
