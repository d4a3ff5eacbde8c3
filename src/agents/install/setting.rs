//! One setting in an agent's own JSON settings: whether it stands as it should, the file with it.
//! Must leave everything else as it is, and must prove it by reading the result again.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::super::place::Place;
use super::super::search::Search;
use super::super::{Spec, Surroundings};
use super::edit::{self, Layout};
use super::json::{self, Node};
use super::merge::{Refusal, once, plain, plain_of, unsure};

/// A setting of an agent's own, as it should stand.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// The settings file.
    pub(in crate::agents) file: Place,
    /// Where in it: `a.b.c`.
    key: String,
    /// The value.
    value: Json,
    /// The agent reads comments in its settings.
    #[serde(default)]
    comments: bool,
}

/// A setting that one agent should have.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    spec: &'a Spec,
    setting: &'a Setting,
}

impl Spec {
    /// The agent's own setting with which it deletes no conversation, where there is one.
    pub fn keep_setting(&self) -> Option<Wanted<'_>> {
        Some(Wanted { spec: self, setting: self.start.keep_setting.as_ref()? })
    }
}

impl Wanted<'_> {
    /// The settings file.
    pub fn file(&self, around: &Surroundings) -> Option<PathBuf> {
        let search = Search::new(self.spec, around);
        Some(search.target(&self.setting.file, None, None)?.shown())
    }

    /// The setting as a person writes it: `a.b: false`.
    pub fn shown(&self) -> String {
        format!("{}: {}", self.setting.key, self.setting.value)
    }

    /// Whether a file's text has it.
    pub fn is_in(&self, text: &str) -> Result<bool, Refusal> {
        if is_blank(text) {
            return Ok(false);
        }
        let root = json::parse(text, self.setting.comments)?;
        let mut at = &root;
        for name in self.names() {
            once(at, name, "")?;
            let Some(next) = at.get(name) else { return Ok(false) };
            at = next;
        }
        Ok(plain(at) == plain_of(&self.setting.value))
    }

    /// The file's text with it.
    pub fn with(&self, text: &str) -> Result<String, Refusal> {
        if self.is_in(text)? {
            return Ok(text.to_owned());
        }
        let text = if is_blank(text) { "{}\n" } else { text };
        let root = json::parse(text, self.setting.comments)?;
        let layout = Layout::of(text, &root);
        let mut at = &root;
        let mut names = self.names();
        let new = loop {
            let Some(name) = names.next() else {
                break edit::replaced(text, at.span.clone(), &self.setting.value.to_string());
            };
            if at.members().is_none() {
                let why = format!("there is no room for `{}`", self.setting.key);
                return Err(Refusal::Form(why));
            }
            let Some(next) = at.get(name) else {
                let value = nested(names, &self.setting.value);
                break edit::append(text, &layout, at, Some(name), &value);
            };
            at = next;
        };
        let after = json::parse(&new, self.setting.comments)?;
        let same = self.others(&after) == self.others(&root);
        if same && self.is_in(&new)? { Ok(new) } else { Err(unsure()) }
    }

    fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.setting.key.split('.')
    }

    /// All that is not the setting; what it alone keeps from being empty is left out.
    fn others(&self, root: &Node) -> Json {
        others(root, &self.names().collect::<Vec<_>>())
    }
}

fn others(node: &Node, key: &[&str]) -> Json {
    let (Some(members), Some((first, rest))) = (node.members(), key.split_first()) else {
        return Json::Null;
    };
    let kept = members.iter().filter_map(|member| {
        let value = if member.name == *first {
            let value = others(&member.node, rest);
            (value != Json::Null && value != json!([])).then_some(value)?
        } else {
            plain(&member.node)
        };
        Some(json!([member.name, value]))
    });
    Json::Array(kept.collect())
}

fn nested<'a>(names: impl DoubleEndedIterator<Item = &'a str>, value: &Json) -> Json {
    names
        .rev()
        .fold(value.clone(), |inner, name| Json::Object(Map::from_iter([(name.to_owned(), inner)])))
}

fn is_blank(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim().is_empty()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    const SPEC: &str = "
kind: a
start:
  keep_setting: {file: ~/a.json, key: general.keeping.enabled, value: false, comments: true}
";

    #[test]
    fn a_setting_is_put_where_it_belongs_and_nothing_else_moves() {
        let spec: Spec = serde_yaml::from_str(SPEC).unwrap();
        let wanted = spec.keep_setting().unwrap();
        for (before, after) in [
            (
                "",
                "{\n  \"general\": {\n    \"keeping\": {\n      \"enabled\": false\n    }\n  }\n}\n",
            ),
            (
                "{\"z\":1,\"a\":[2]}",
                "{\"z\":1,\"a\":[2],\"general\":{\"keeping\":{\"enabled\":false}}}",
            ),
            (
                "{\n\t// mine\n\t\"general\": {\"x\": 1, \"keeping\": {\"enabled\": true}},\n\t\"b\": 2\n}\n",
                "{\n\t// mine\n\t\"general\": {\"x\": 1, \"keeping\": {\"enabled\": false}},\n\t\"b\": 2\n}\n",
            ),
            (
                "{\n  \"general\": {\n    \"x\": 1 // why\n  }\n}\n",
                "{\n  \"general\": {\n    \"x\": 1,\n    \"keeping\": {\n      \"enabled\": false\n    } // why\n  }\n}\n",
            ),
        ] {
            assert!(!wanted.is_in(before).unwrap(), "{before}");
            let new = wanted.with(before).unwrap();
            assert_eq!(new, after);
            assert!(wanted.is_in(&new).unwrap(), "{new}");
            assert_eq!(wanted.with(&new).unwrap(), new, "a second time changes nothing");
        }
    }

    #[test]
    fn a_file_that_has_no_room_for_a_setting_is_left_alone() {
        let spec: Spec = serde_yaml::from_str(SPEC).unwrap();
        let wanted = spec.keep_setting().unwrap();
        for text in ["[]", "{\"general\": 1}", "{\"general\": {}, \"general\": {}}", "{", "{} x"] {
            assert!(wanted.with(text).is_err(), "{text}");
        }
    }
}
