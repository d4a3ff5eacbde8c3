//! What an agent's hook events mean, by the table of its file.
//! Must not keep anything: one payload in, one report out.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, SubsecRound, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::Spec;
use crate::model::report::{Report, What};
use crate::model::sent::digest;
use crate::model::status::State;

/// The longest text that is taken from a payload.
const LONGEST: usize = 200;

/// Where things stand in a payload, and what the events mean. A place is the names of fields, joined
/// by dots; a number is a place in a list.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Hooks {
    /// No payload comes with an event: it is what this says.
    pub(super) only: Option<String>,
    /// The event's name, where the payload has it.
    event: Vec<String>,
    /// The payload proper lies in here, where this is there.
    inside: Option<String>,
    /// The conversation's id.
    session: Vec<String>,
    /// The id of the subagent that an event comes from.
    subagent: Option<String>,
    /// The id of the conversation that started the one of this event: a subagent's.
    parent: Option<String>,
    /// The prompt that the agent was given.
    prompt: Option<String>,
    /// When it happened: a text in ISO 8601, or milliseconds since 1970.
    time: Option<String>,
    /// What tells one tool call from others, where one call's events share it.
    call: Vec<String>,
    /// Which conversation it holds is told with its first prompt, and not when it is opened.
    told_late: bool,
    /// The events that mean something; the first rule that fits.
    rules: Vec<Rule>,
}

impl Hooks {
    /// Whether they tell which conversation an agent has opened as soon as it has.
    pub(super) fn tells_at_start(&self) -> bool {
        let tells = |rule: &Rule| rule.means == Means::Conversation;
        !self.told_late && self.only.is_none() && self.rules.iter().any(tells)
    }
}

/// What events mean.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// Events of these names.
    on: Vec<String>,
    /// Each of these places holds one of these texts; `*` is anything but nothing.
    #[serde(default)]
    when: BTreeMap<String, Vec<String>>,
    means: Means,
    /// Of `conversation`: the place that says how the agent came to it, or else the word for it.
    #[serde(default)]
    source: Option<String>,
    /// Of `conversation`: what the agent is doing.
    #[serde(default)]
    state: Option<State>,
    /// Of `attention`: one of permission, question, trust, login, update, limit, error.
    #[serde(default)]
    reason: Option<String>,
    /// Of `attention`: what exactly; the first of these places that holds a text.
    #[serde(default)]
    detail: Vec<String>,
    /// Of `idle`: a list of what still runs.
    #[serde(default)]
    background: Option<String>,
    /// Of `idle`: it comes also while something is asked, and does not answer it.
    #[serde(default)]
    reminder: bool,
    /// Instead of the `call` of all events.
    #[serde(default)]
    call: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Means {
    Conversation,
    Thinking,
    Idle,
    Attention,
    Answered,
    SubagentStarted,
    SubagentEnded,
    Ended,
    Ignored,
}

impl Spec {
    /// Whether its hooks come with a payload.
    pub fn hooks_have_payload(&self) -> bool {
        self.hooks.only.is_none()
    }

    /// Whether anything of a payload is looked for in its top-level field of this name.
    pub fn looks_into(&self, field: &str) -> bool {
        let hooks = &self.hooks;
        let first = |place: &String| place.split('.').next() == Some(field);
        let singles = [&hooks.inside, &hooks.subagent, &hooks.parent, &hooks.time, &hooks.prompt];
        let lists = [&hooks.event, &hooks.session, &hooks.call];
        let in_rule = |rule: &Rule| {
            rule.when.keys().any(first)
                || rule.detail.iter().chain(rule.call.iter().flatten()).any(first)
                || rule.source.iter().chain(&rule.background).any(first)
        };
        singles.into_iter().flatten().chain(lists.into_iter().flatten()).any(first)
            || hooks.rules.iter().any(in_rule)
    }

    /// What an event means. `name` is what the hook's command line calls it; the payload's own word
    /// is taken where there is none. `None` for one that is malformed.
    pub fn event(
        &self,
        name: Option<&str>,
        payload: &Value,
        arrived: DateTime<Utc>,
    ) -> Option<Report> {
        let hooks = &self.hooks;
        let named = hooks.event.iter().find_map(|place| text(payload, place));
        let event = name.map(str::to_owned).or(named).or_else(|| hooks.only.clone())?;
        let inner = hooks.inside.as_ref().and_then(|place| at(payload, place));
        let payload = inner.unwrap_or(payload);
        let rule = hooks.rules.iter().find(|rule| rule.fits(&event, payload));
        let Some(rule) = rule.filter(|rule| rule.means != Means::Ignored) else {
            return Some(Report::new(&event, arrived, What::Ignored));
        };
        let id = hooks.session.iter().find_map(|place| text(payload, place));
        let parent = hooks.parent.as_ref().and_then(|place| text(payload, place));
        let subagent = hooks.subagent.as_ref().and_then(|place| text(payload, place));
        // A conversation below another one is the other one's subagent.
        let (session_id, subagent) = match parent {
            Some(parent) => (Some(parent), Some(id?)),
            None => (id, subagent),
        };
        let well_formed = |id: &String| self.is_own_id(id);
        if self.has_ids()
            && !hooks.session.is_empty()
            && !session_id.as_ref().is_some_and(well_formed)
        {
            return None;
        }
        let told = hooks.time.as_ref().and_then(|place| time(at(payload, place)?));
        Some(Report {
            // A clock that is ahead would make all that follows late.
            at: told.map_or(arrived, |told| told.min(arrived)),
            session_id,
            subagent,
            call: call(rule.call.as_ref().unwrap_or(&hooks.call), payload),
            prompt: hooks
                .prompt
                .as_ref()
                .and_then(|place| Some(digest(at(payload, place)?.as_str()?))),
            ..Report::new(&event, arrived, rule.what(payload))
        })
    }
}

impl Report {
    fn new(event: &str, at: DateTime<Utc>, what: What) -> Report {
        let event = bounded(event);
        Report { at, event, session_id: None, subagent: None, call: None, what, prompt: None }
    }
}

impl Rule {
    fn fits(&self, event: &str, payload: &Value) -> bool {
        self.on.iter().any(|own| own == event)
            && self.when.iter().all(|(place, values)| {
                let found = at(payload, place);
                values.iter().any(|value| match value.as_str() {
                    "*" => found.is_some_and(|found| !found.is_null()),
                    value => found.and_then(Value::as_str) == Some(value),
                })
            })
    }

    fn what(&self, payload: &Value) -> What {
        match self.means {
            Means::Conversation => {
                let source = self.source.as_ref().map_or("startup", String::as_str);
                let source = text(payload, source).unwrap_or_else(|| source.to_owned());
                What::Conversation { source, state: self.state }
            }
            Means::Thinking => What::Thinking,
            Means::Idle => What::Idle {
                background: self
                    .background
                    .as_ref()
                    .and_then(|place| at(payload, place).and_then(Value::as_array).map(Vec::len)),
                reminder: self.reminder,
            },
            Means::Attention => What::Attention {
                reason: self.reason.clone().unwrap_or_else(|| "question".to_owned()),
                detail: self.detail.iter().find_map(|place| text(payload, place)),
            },
            Means::Answered => What::Answered,
            Means::SubagentStarted => What::SubagentStarted,
            Means::SubagentEnded => What::SubagentEnded,
            Means::Ended => What::Ended,
            Means::Ignored => What::Ignored,
        }
    }
}

/// What stands at a place.
pub(super) fn at<'a>(payload: &'a Value, place: &str) -> Option<&'a Value> {
    place.split('.').try_fold(payload, |value, name| match value {
        Value::Object(fields) => fields.get(name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    })
}

/// The text at a place, as one line without controls; nothing for an empty one.
fn text(payload: &Value, place: &str) -> Option<String> {
    let text = bounded(at(payload, place)?.as_str()?);
    (!text.is_empty()).then_some(text)
}

fn bounded(text: &str) -> String {
    let line = text.trim().chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c });
    line.collect::<String>().trim().to_owned()
}

fn time(value: &Value) -> Option<DateTime<Utc>> {
    let time = match value {
        Value::String(text) => text.parse().ok()?,
        value => DateTime::from_timestamp_millis(value.as_i64()?)?,
    };
    Some(time.trunc_subsecs(3))
}

/// One name for what stands at all these places; none where the first holds nothing.
fn call(places: &[String], payload: &Value) -> Option<String> {
    let first = at(payload, places.first()?)?;
    let Some(rest) = places.get(1..).filter(|rest| !rest.is_empty()) else {
        return first.as_str().map(bounded);
    };
    let mut hasher = DefaultHasher::new();
    first.to_string().hash(&mut hasher);
    for place in rest {
        at(payload, place).map(Value::to_string).hash(&mut hasher);
    }
    Some(format!("{:016x}", hasher.finish()))
}
