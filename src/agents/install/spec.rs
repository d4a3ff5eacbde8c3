//! What an agent's file may say of its hooks. These types are the format; their comments are its
//! documentation. Must not act on it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::super::place::Place;

/// How tabctl's hooks are registered with an agent.
///
/// Texts may hold `{command}` (the hook's command line for a shell) and `{tabctl}` (the absolute path
/// of tabctl); in `files` both are JSON texts, with their quotes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Install {
    /// The form of the registration.
    pub(super) form: Form,
    /// The user's settings file, or, for `files`, the folder that they go into.
    pub(super) at: Place,
    /// Whether the agent was seen to run hooks that are registered like this.
    #[serde(default)]
    pub(super) verified: bool,
    /// What a person should know who installs them: lower case, without a full stop.
    #[serde(default)]
    pub(super) remark: Option<String>,
    /// The events to register: those that every version knows, since an unknown one can be fatal.
    #[serde(default)]
    pub(super) events: Vec<String>,
    /// Events that are only wanted for some tools or kinds.
    #[serde(default)]
    pub(super) matchers: BTreeMap<String, String>,
    /// One hook as the file has it.
    #[serde(default)]
    pub(super) entry: Map<String, Json>,
    /// The payload does not say which event it is: the command line does.
    #[serde(default)]
    pub(super) named_events: bool,
    /// Other keys at the top of the file, added where they are missing.
    #[serde(default)]
    pub(super) root: Map<String, Json>,
    /// Keys (`a.b`) that keep all hooks from running when they are true.
    #[serde(default)]
    pub(super) disabled_by: Vec<String>,
    /// The agent reads comments in its settings.
    #[serde(default)]
    pub(super) comments: bool,
    /// Files of our own: name and text.
    #[serde(default)]
    pub(super) files: BTreeMap<String, String>,
    /// How hooks are given to an agent that tabctl starts, without touching the user's files.
    #[serde(default)]
    pub(super) launch: Option<Launch>,
}

impl Install {
    /// All places that it names.
    pub(in crate::agents) fn places(&self) -> impl Iterator<Item = &Place> {
        let chain = self.launch.as_ref().and_then(|launch| launch.chain.as_ref());
        std::iter::once(&self.at).chain(chain.map(|chain| &chain.file))
    }
}

/// A form of registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Form {
    /// JSON: `hooks`, in it each event, in it groups, in each `hooks` with the entries.
    Groups,
    /// JSON: `hooks`, in it each event, in it the entries.
    Flat,
    /// Files of our own in a folder that the agent looks into.
    Files,
    /// YAML: one top-level key whose value is a command line for a shell.
    Command,
}

/// How hooks are given to an agent that tabctl starts.
///
/// Texts may hold, besides those of [`Install`], `{folder}` (a folder with `files` in it), `{file}`
/// (the first of them) and `{notify}` (a list of words with the person's own behind ours).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Launch {
    /// Words behind the program. The last holds one of the variables.
    pub(super) add: Vec<String>,
    /// A flag of `add` that may stand more than once, if its values begin differently: `-c a=… -c b=…`.
    pub(super) repeatable: bool,
    /// Variables.
    pub(super) set: BTreeMap<String, String>,
    /// Files to write: name and text. `{hooks}` is a settings file with nothing but the hooks.
    pub(super) files: BTreeMap<String, String>,
    /// For `{notify}`: the TOML file and its top-level key with the person's own list of words.
    pub(super) chain: Option<Chain>,
}

/// See [`Launch::chain`].
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chain {
    pub(super) file: Place,
    pub(super) key: String,
}
