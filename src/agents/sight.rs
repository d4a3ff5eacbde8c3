//! What an agent's title and screen mean, by the rules of its file.
//! Must not guess: a sight that no rule names means nothing.

use std::sync::OnceLock;

use regex_lite::Regex;
use serde::Deserialize;

use super::Spec;
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
    name: String,
    /// Must match the title, from which spaces at both ends are taken.
    title: Pattern,
    state: State,
    #[serde(default)]
    reason: Option<String>,
}

/// What a screen means.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScreenRule {
    /// Its name, for `explain`.
    name: String,
    /// Each must match a line, in this order from top to bottom; other lines may lie between.
    lines: Vec<Pattern>,
    /// How many of the last lines are looked at, empty ones not counted.
    #[serde(default = "bottom")]
    last: usize,
    /// None of these may match any of those lines.
    #[serde(default)]
    without: Vec<Pattern>,
    state: State,
    #[serde(default)]
    reason: Option<String>,
}

fn bottom() -> usize {
    12
}

/// A regular expression, compiled when it is first needed.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "String")]
struct Pattern {
    text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl From<String> for Pattern {
    fn from(text: String) -> Pattern {
        Pattern { text, compiled: OnceLock::new() }
    }
}

impl Pattern {
    fn matches(&self, line: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| Regex::new(&self.text).ok());
        compiled.as_ref().is_some_and(|pattern| pattern.is_match(line))
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
        let rule = self.titles.iter().find(|rule| rule.title.matches(title))?;
        Some(said(rule.state, rule.reason.as_ref(), "title", &rule.name))
    }

    /// What its screen, as plain text, says of its state.
    pub fn screen_says(&self, screen: &str) -> Option<Said> {
        let lines: Vec<&str> = screen.lines().filter(|line| !line.trim().is_empty()).collect();
        let bottom = |rule: &ScreenRule| lines.len().saturating_sub(rule.last);
        let rule = self.screens.iter().find(|rule| rule.is_seen_in(&lines[bottom(rule)..]))?;
        Some(said(rule.state, rule.reason.as_ref(), "screen", &rule.name))
    }
}

impl ScreenRule {
    fn is_seen_in(&self, lines: &[&str]) -> bool {
        let mut rest = lines.iter();
        self.lines.iter().all(|pattern| rest.any(|line| pattern.matches(line)))
            && !lines.iter().any(|line| self.without.iter().any(|not| not.matches(line)))
    }
}

fn said(state: State, reason: Option<&String>, what: &str, rule: &str) -> Said {
    Said { state, reason: reason.cloned(), detail: None, evidence: format!("{what} {rule}") }
}
