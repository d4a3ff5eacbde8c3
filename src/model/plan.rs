//! What `resume` is going to do, before it does it. Must not do it.

use serde::{Deserialize, Serialize};

use super::argv::Argv;
use super::id::TabId;
use super::pane::PaneId;
use super::session::Place;
use crate::error::Kind;

/// The step for one tab.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The tab.
    pub id: TabId,
    /// Its name, filtered.
    pub tab: String,
    /// What will be done.
    #[serde(flatten)]
    pub action: Action,
    /// What a person should know about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// What is done with one tab.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Action {
    /// Open a pane and start this in it.
    Start {
        /// What will run.
        order: Order,
        /// Where it will stand.
        place: Place,
    },
    /// Open a pane with a shell only: there is nothing to resume, and the reason is said.
    Shell {
        /// The folder.
        order: Order,
        /// Where it will stand.
        place: Place,
        /// Why the agent is not started.
        why: String,
    },
    /// Start the agent again in the pane that the tab still has.
    Restart {
        /// What will run.
        order: Order,
        /// The pane.
        pane: PaneId,
    },
    /// Nothing to do: it lives.
    Lives {
        /// Where.
        pane: Option<PaneId>,
    },
    /// Not done now: a limit or a brake keeps it back.
    Hold {
        /// What kind of error it is: decides the exit code.
        kind: Kind,
        /// Which limit, or what others failed by.
        why: String,
        /// How to go on.
        hint: Option<String>,
    },
    /// Not done.
    Refuse {
        /// What kind of error it is: decides the exit code.
        kind: Kind,
        /// Cause.
        why: String,
        /// Remedy.
        hint: Option<String>,
    },
}

impl Action {
    /// What will be started, if something is.
    pub fn order(&self) -> Option<&Order> {
        match self {
            Action::Start { order, .. }
            | Action::Shell { order, .. }
            | Action::Restart { order, .. } => Some(order),
            Action::Lives { .. } | Action::Hold { .. } | Action::Refuse { .. } => None,
        }
    }
}

/// What the pane runner is told to run: everything decided, nothing left to look up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// The agent's command line; empty for a shell only.
    pub argv: Argv,
    /// The first prompt, as words behind the agent's command line. Not part of it: what is recorded of
    /// a start, and what is resumed the next time, is without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prompt: Vec<String>,
    /// The absolute folder to change to first.
    pub directory: String,
    /// Variables to set, over what the pane inherits.
    pub set: std::collections::BTreeMap<String, String>,
    /// The search path of whoever gave the order.
    pub path: Option<String>,
    /// Variables to take out; a name that ends in `*` is a prefix.
    pub unset: Vec<String>,
    /// The claim to hold while the agent lives: `<kind>.<session id>`, or nothing where it has no id.
    pub conversation: Option<String>,
    /// It makes a copy of a conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fork: Option<Fork>,
    /// It goes on with that conversation: opening another one would be wrong.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub resumes: bool,
    /// What will tell that the agent opened it.
    #[serde(default, skip_serializing_if = "Evidence::is_nothing")]
    pub evidence: Evidence,
    /// Shown above the agent's first line: restart notes, or why this is only a shell.
    pub greeting: Vec<String>,
    /// Files of tabctl's own that the command line or the variables name: path and text. Written just
    /// before the pane opens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<(String, String)>,
}

/// A conversation that is made from another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// The other one's id.
    pub of: String,
    /// Its own id, where that can be chosen.
    pub id: Option<String>,
}

/// By what it can be seen which conversation an agent has opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// By nothing, or not before its first prompt.
    #[default]
    Nothing,
    /// By the agent's own record of its process: a file, or a lock that it holds.
    Record,
    /// By its hooks, which report it at the start.
    Hook,
    /// By nothing but that it goes on: without the conversation it says so and ends.
    Refusal,
}

impl Evidence {
    /// Whether there is none.
    pub fn is_nothing(&self) -> bool {
        *self == Evidence::Nothing
    }
}
