//! tabctl's hooks in a JSON settings file: which are there, the file with them, the file without.
//! Must leave everything else as it is, and must prove it by reading the result again.

use serde_json::{Map, Value as Json, json};

use super::edit::{self, Layout};
use super::json::{self, Node, Wrong};
use super::spec::{Form, Install};
use super::words::is_ours;

/// A hook as it should be registered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hook {
    /// The event.
    pub(super) event: String,
    /// Its entry.
    pub(super) entry: Json,
    /// The tools or kinds it is meant for; all without it.
    pub(super) matcher: Option<String>,
}

/// What a settings file is to hold.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    /// The agent.
    pub(super) kind: &'a str,
    /// What its file says.
    pub(super) install: &'a Install,
    /// The hooks.
    pub(super) hooks: Vec<Hook>,
}

/// What is wrong with a settings file: it is not changed then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It does not parse.
    Broken(Wrong),
    /// It is not of the form that hooks can be put into.
    Form(String),
    /// It says that hooks do not run.
    Disabled(String),
    /// It is a file of our name that is not ours.
    Foreign,
}

impl From<Wrong> for Refusal {
    fn from(wrong: Wrong) -> Refusal {
        Refusal::Broken(wrong)
    }
}

/// One of our hooks in a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct There {
    pub(super) event: String,
    pub(super) entry: Json,
    matcher: Option<String>,
    /// Its places: the event among the events, the group or entry in it, the entry in the group.
    at: (usize, usize, Option<usize>),
}

impl Wanted<'_> {
    fn parse(&self, text: &str) -> Result<Node, Refusal> {
        let root = json::parse(text, self.install.comments)?;
        if root.members().is_none() {
            return Err(Refusal::Form("its top is not an object".to_owned()));
        }
        once(&root, "hooks", "")?;
        if let Some(hooks) = root.get("hooks") {
            let Some(events) = hooks.members() else {
                return Err(Refusal::Form("`hooks` is not an object".to_owned()));
            };
            for hook in &self.hooks {
                once(hooks, &hook.event, "hooks.")?;
            }
            let wrong = events.iter().find(|event| {
                self.hooks.iter().any(|hook| hook.event == event.name)
                    && event.node.elements().is_none()
            });
            if let Some(event) = wrong {
                return Err(Refusal::Form(format!("`hooks.{}` is not an array", event.name)));
            }
        }
        Ok(root)
    }

    /// Our hooks in a file, in its order.
    pub(super) fn there(&self, text: &str) -> Result<Vec<There>, Refusal> {
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.found(&self.parse(text)?))
    }

    fn found(&self, root: &Node) -> Vec<There> {
        let events = root.get("hooks").and_then(Node::members).unwrap_or_default();
        let mut found = Vec::new();
        for (e, event) in events.iter().enumerate() {
            for (g, group) in event.node.elements().unwrap_or_default().iter().enumerate() {
                let matcher = group.get("matcher").and_then(Node::text).map(str::to_owned);
                let mut add = |node: &Node, at| {
                    if self.is_our_entry(node) {
                        let (event, matcher) = (event.name.clone(), matcher.clone());
                        found.push(There { event, entry: plain(node), matcher, at });
                    }
                };
                add(group, (e, g, None));
                let inner = group.get("hooks").and_then(Node::elements).unwrap_or_default();
                inner.iter().enumerate().for_each(|(h, node)| add(node, (e, g, Some(h))));
            }
        }
        found
    }

    fn is_our_entry(&self, node: &Node) -> bool {
        let texts = node.members().unwrap_or_default().iter().filter_map(|it| it.node.text());
        texts.into_iter().any(|text| is_ours(text, self.kind))
    }

    /// The events whose hook is missing, and those whose hook is not as it should be, or twice.
    pub(super) fn differences(&self, text: &str) -> Result<(Vec<String>, Vec<String>), Refusal> {
        let there = self.there(text)?;
        let of = |event: &str| there.iter().filter(|it| it.event == event).collect::<Vec<_>>();
        let (mut missing, mut wrong) = (Vec::new(), Vec::new());
        for hook in &self.hooks {
            match of(&hook.event).as_slice() {
                [] => missing.push(hook.event.clone()),
                [it] if it.entry == plain_of(&hook.entry) && it.matcher == hook.matcher => {}
                _ => wrong.push(hook.event.clone()),
            }
        }
        let wanted = |event: &str| self.hooks.iter().any(|hook| hook.event == event);
        for it in there.iter().filter(|it| !wanted(&it.event)) {
            if !wrong.contains(&it.event) {
                wrong.push(it.event.clone());
            }
        }
        Ok((missing, wrong))
    }

    /// The file with exactly the wanted hooks, behind whatever others are there.
    pub(super) fn with(&self, text: &str) -> Result<String, Refusal> {
        let clean = self.without(text)?;
        if self.differences(text)? == (Vec::new(), Vec::new()) {
            return Ok(text.to_owned());
        }
        let blank = clean.trim_start_matches('\u{feff}').trim().is_empty();
        let mut new = if blank { "{}\n".to_owned() } else { clean.clone() };
        let root = self.parse(&new)?;
        if let Some(key) = self.install.disabled_by.iter().find(|key| is_true(&root, key)) {
            return Err(Refusal::Disabled(key.clone()));
        }
        let layout = Layout::of(&new, &root);
        for (name, value) in &self.install.root {
            let root = self.parse(&new)?;
            if root.get(name).is_none() {
                new = edit::append(&new, &layout, &root, Some(name), value);
            }
        }
        let root = self.parse(&new)?;
        if root.get("hooks").is_none() {
            new = edit::append(&new, &layout, &root, Some("hooks"), &self.hooks_object());
        } else {
            for hook in &self.hooks {
                let root = self.parse(&new)?;
                let Some(hooks) = root.get("hooks") else { continue };
                let group = self.group(hook);
                new = match hooks.get(&hook.event) {
                    Some(event) => edit::append(&new, &layout, event, None, &group),
                    None => edit::append(&new, &layout, hooks, Some(&hook.event), &json!([group])),
                };
            }
        }
        let same =
            blank || self.skeleton(&self.parse(&new)?) == self.skeleton(&self.parse(&clean)?);
        let complete = self.differences(&new)? == (Vec::new(), Vec::new());
        if same && complete { Ok(new) } else { Err(unsure()) }
    }

    /// The file without our hooks, and without what they leave empty.
    pub(super) fn without(&self, text: &str) -> Result<String, Refusal> {
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            return Ok(text.to_owned());
        }
        let mut new = text.to_owned();
        // Each round takes one away.
        for _ in 0..=self.there(text)?.len() {
            let root = self.parse(&new)?;
            let Some(it) = self.found(&root).pop() else { break };
            let Some(next) = taken(&new, &root, &it) else { break };
            new = next;
        }
        let root = self.parse(&new)?;
        let same = self.skeleton(&root) == self.skeleton(&self.parse(text)?);
        if same && self.found(&root).is_empty() { Ok(new) } else { Err(unsure()) }
    }

    /// Whether nothing is left in a file but what tabctl puts into every one it makes.
    pub(super) fn is_bare(&self, text: &str) -> bool {
        let Ok(root) = self.parse(text) else { return false };
        root.members().unwrap_or_default().iter().all(|member| {
            let own = self.install.root.get(&member.name);
            own.is_some_and(|own| plain_of(own) == plain(&member.node))
        })
    }

    /// How many hooks of others there are for our events.
    pub(super) fn others(&self, text: &str) -> usize {
        let Ok(root) = self.parse(text) else { return 0 };
        let Some(hooks) = root.get("hooks") else { return 0 };
        let groups = self.hooks.iter().filter_map(|hook| hooks.get(&hook.event)?.elements());
        let entries = groups.flatten().flat_map(|group| match group.get("hooks") {
            Some(inner) => inner.elements().unwrap_or_default().iter().collect(),
            None => vec![group],
        });
        entries.filter(|entry| !self.is_our_entry(entry)).count()
    }

    fn group(&self, hook: &Hook) -> Json {
        if self.install.form == Form::Flat {
            return hook.entry.clone();
        }
        let mut group = Map::new();
        if let Some(matcher) = &hook.matcher {
            group.insert("matcher".to_owned(), json!(matcher));
        }
        group.insert("hooks".to_owned(), json!([hook.entry]));
        Json::Object(group)
    }

    pub(super) fn hooks_object(&self) -> Json {
        let event = |hook: &Hook| (hook.event.clone(), json!([self.group(hook)]));
        Json::Object(self.hooks.iter().map(event).collect())
    }

    /// All that is not ours, in order; what our hooks alone kept from being empty is left out.
    fn skeleton(&self, root: &Node) -> Json {
        let members = root.members().unwrap_or_default().iter().filter_map(|member| {
            let value = if member.name == "hooks" {
                let events =
                    member.node.members()?.iter().filter_map(|event| self.others_of(event));
                let events: Vec<Json> = events.collect();
                (!events.is_empty()).then(|| json!(events))?
            } else if self.install.root.contains_key(&member.name) {
                return None;
            } else {
                plain(&member.node)
            };
            Some(json!([member.name, value]))
        });
        Json::Array(members.collect())
    }

    fn others_of(&self, event: &json::Member) -> Option<Json> {
        let Some(groups) = event.node.elements() else {
            return Some(json!([event.name, plain(&event.node)]));
        };
        let mut left = Vec::new();
        for group in groups.iter().filter(|group| !self.is_our_entry(group)) {
            let Some(inner) = group.get("hooks").and_then(Node::elements) else {
                left.push(plain(group));
                continue;
            };
            let kept: Vec<&Node> = inner.iter().filter(|node| !self.is_our_entry(node)).collect();
            if kept.len() == inner.len() || !kept.is_empty() {
                let beside = group.members().unwrap_or_default().iter();
                let beside = beside.filter(|member| member.name != "hooks");
                let beside: Vec<Json> =
                    beside.map(|member| json!([member.name, plain(&member.node)])).collect();
                left.push(json!([beside, kept.into_iter().map(plain).collect::<Vec<_>>()]));
            }
        }
        (!left.is_empty()).then(|| json!([event.name, left]))
    }
}

/// The text without one hook and without what only it filled.
fn taken(text: &str, root: &Node, it: &There) -> Option<String> {
    let hooks_at = root.members()?.iter().position(|member| member.name == "hooks")?;
    let hooks = &root.members()?.get(hooks_at)?.node;
    let (e, g, h) = it.at;
    let event = &hooks.members()?.get(e)?.node;
    if let Some(h) = h {
        let inner = event.elements()?.get(g)?.get("hooks")?;
        if !edit::is_alone(text, inner, h) {
            return Some(edit::remove(text, inner, h));
        }
    }
    Some(if !edit::is_alone(text, event, g) {
        edit::remove(text, event, g)
    } else if !edit::is_alone(text, hooks, e) {
        edit::remove(text, hooks, e)
    } else {
        edit::remove(text, root, hooks_at)
    })
}

pub(super) fn once(node: &Node, name: &str, prefix: &str) -> Result<(), Refusal> {
    let members = node.members().unwrap_or_default();
    match members.iter().filter(|member| member.name == name).count() {
        0 | 1 => Ok(()),
        _ => Err(Refusal::Form(format!("`{prefix}{name}` stands twice"))),
    }
}

fn is_true(root: &Node, key: &str) -> bool {
    let node = key.split('.').try_fold(root, Node::get);
    node.is_some_and(|node| matches!(&node.value, json::Value::Other(word) if word == "true"))
}

pub(super) fn unsure() -> Refusal {
    Refusal::Form("it could not be changed without touching something else".to_owned())
}

/// A value without its places, the names of objects in their order and however often they stand.
pub(super) fn plain(node: &Node) -> Json {
    match &node.value {
        json::Value::Object(members) => {
            let members = members.iter().map(|it| json!([it.name, plain(&it.node)]));
            json!({ "object": members.collect::<Vec<_>>() })
        }
        json::Value::Array(elements) => Json::Array(elements.iter().map(plain).collect()),
        json::Value::Text(text) => json!(text),
        json::Value::Other(word) => json!({ "word": word }),
    }
}

/// The same for a value of our own.
pub(super) fn plain_of(value: &Json) -> Json {
    json::parse(&value.to_string(), false).map_or(Json::Null, |node| plain(&node))
}
