//! What may be seen of an agent: the second document of its file, read when it is first needed.
//! Must not be read by commands that only start or bind agents: it is the longer half.

use std::sync::OnceLock;

use serde::Deserialize;

use super::screen::ScreenRule;
use super::sight::{TitleRule, TitleSetting, is_sound};
use super::state_file::StateFile;
use super::typing::Typing;

/// The line that the second document stands behind.
pub(super) const SIGHTS: &str = "\n---\n";

/// The rules, as keys of the second document. Keys that are not listed here are an error.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rules {
    /// What the titles that it gives its terminal mean; the first rule that matches.
    pub(super) titles: Vec<TitleRule>,
    /// Settings by which a person changes what those titles look like.
    pub(super) title_settings: Vec<TitleSetting>,
    /// What its screens mean; the first rule that matches.
    pub(super) screens: Vec<ScreenRule>,
    /// A file in which it says itself what it is doing.
    pub(super) state_file: Option<StateFile>,
    /// How a text is typed to it.
    pub(super) typing: Typing,
}

/// The text of the rules, and the rules once they were needed.
#[derive(Debug, Clone, Default)]
pub(super) struct Sights {
    text: Text,
    rules: OnceLock<Rules>,
}

#[derive(Debug, Clone, Default)]
enum Text {
    #[default]
    None,
    /// A user's file, from its second document on.
    Yaml(String),
    /// The second document of a built-in file.
    Json(&'static str),
}

impl Sights {
    /// Cuts a file into the text of its first document and its sights.
    pub(super) fn cut(text: &str) -> (&str, Sights) {
        match text.split_once(SIGHTS) {
            // Empty lines in place of the first document: so an error tells its place in the file.
            Some((first, second)) if !second.trim().is_empty() => {
                let above = "\n".repeat(first.lines().count() + 1);
                (first, Sights { text: Text::Yaml(above + second), rules: OnceLock::new() })
            }
            Some((first, _)) => (first, Sights::default()),
            None => (text, Sights::default()),
        }
    }

    /// The sights of a built-in agent.
    pub(super) fn built_in(json: &'static str) -> Sights {
        Sights { text: Text::Json(json), rules: OnceLock::new() }
    }

    /// The rules; none if the text is wrong, which [`Sights::read`] tells.
    pub(super) fn rules(&self) -> &Rules {
        self.rules.get_or_init(|| match &self.text {
            Text::Json(json) => serde_json::from_str(json).unwrap_or_default(),
            Text::None | Text::Yaml(_) => self.read().unwrap_or_default(),
        })
    }

    /// Reads them all. Whoever takes in a file that he does not know calls it.
    pub(super) fn read(&self) -> Result<Rules, serde_yaml::Error> {
        match &self.text {
            Text::None => Ok(Rules::default()),
            Text::Yaml(text) => serde_yaml::from_str(text),
            Text::Json(json) => serde_yaml::from_str(json),
        }
    }
}

impl Rules {
    /// The first contradiction that the types cannot rule out.
    pub(super) fn problem(&self) -> Option<String> {
        let titles = self.titles.iter().map(|rule| (&rule.name, rule.state, rule.reason));
        let screens = self.screens.iter().map(|rule| (&rule.name, rule.state, rule.reason));
        let said = self.state_file.iter().flat_map(|kept| &kept.says);
        let said = said.map(|rule| (&rule.name, rule.state, rule.reason));
        let mut all = titles.chain(screens).chain(said);
        if let Some((name, ..)) = all.find(|(_, state, reason)| !is_sound(*state, *reason)) {
            return Some(format!(
                "rule `{name}`: says idle, thinking, or attention with or without a reason"
            ));
        }
        let endless = self.screens.iter().find(|rule| rule.is_endless())?;
        Some(format!("rule `{}`: `bottom` must name the screen's last line", endless.name))
    }
}
