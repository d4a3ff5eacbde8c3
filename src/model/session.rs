//! The durable record of one tab, as `.session.yaml` holds it. Must not know how it is stored.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::argv::Argv;
use super::id::TabId;
use super::queued::Queued;
use super::status::State;

/// The schema version that this program writes. A file with a higher one is only read.
pub const VERSION: u32 = 1;

/// One tab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Schema version of the file.
    pub version: u32,
    /// Identity of the tab.
    pub id: TabId,
    /// The name that a person uses; unique on a host.
    pub tab: String,
    /// Protected from renaming, closing, forgetting and typing.
    #[serde(default)]
    pub locked: bool,
    /// What runs in it, if an agent does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    /// Where it runs, relative to the folder of the file.
    #[serde(default = "here")]
    pub directory: String,
    /// The machine it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// Where it stood in the multiplexer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// One line: why this tab exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Restart notes, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Last known state: a courtesy to readers and a memory across a reboot, not the live truth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<LastStatus>,
    /// Free tags, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Prompts that wait for the agent to be idle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queue: Vec<Queued>,
}

fn here() -> String {
    ".".to_owned()
}

/// The agent of a tab and the conversation it holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Agent {
    /// `claude`, `codex`, … or the name of the user's own agent file.
    pub kind: String,
    /// The agent's own conversation id; see [`is_session_id`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// How it was really started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launch: Option<Launch>,
    /// The command that resumes it. The user may fix it by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Argv>,
    /// Earlier conversation ids, oldest first. Nothing is ever taken out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<PastId>,
}

/// The launch record.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Launch {
    /// The command line as it was started.
    pub argv: Argv,
    /// Where it was started, when that is not the tab's directory; relative to the file or absolute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directory: Option<String>,
    /// Variables that matter to the agent. Never secrets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// The program that `argv[0]` was found to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binary: Option<String>,
}

/// A conversation id that the tab had before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastId {
    /// The conversation id.
    pub session_id: String,
    /// When it was replaced.
    pub at: DateTime<Utc>,
    /// Why: `clear`, `fork`, `resume`, `failed`, `bind`, `fresh`.
    pub reason: String,
}

/// The machine that a session belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// `linux`, `macos` or `wsl:<distro>`.
    pub os: String,
    /// The host's name.
    pub host: String,
}

/// Where a tab stood, so that it comes back there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// `tmux`, `zellij`.
    pub engine: String,
    /// The multiplexer's session name.
    pub session: String,
    /// The window name.
    pub window: String,
    /// The window's index in the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// How the window was divided, where it had more panes than the tab's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
}

/// How a window was divided among several panes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Split {
    /// Their sizes, as [`super::layout::Layout`] reads them.
    pub layout: String,
    /// What stood in each, in the order of the layout.
    pub panes: Vec<Part>,
}

/// What stood in one pane of a window. What ran in a plain shell is not remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// A tab: this one or another.
    Tab(TabId),
    /// A plain shell in this folder; relative to the folder of the file, or absolute.
    Shell(String),
}

/// A restart note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What to know when coming back.
    pub text: String,
    /// Who wrote it: `person`, or the agent's kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The conversation in which an agent wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
}

/// The last state that was written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastStatus {
    /// What the tab was doing.
    pub state: State,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Who said so: `person`, `agent`, `runner`, `hook`.
    pub by: String,
    /// Why, when it matters (`permission`, or what `tabctl status -m` said).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The fields that can make something run, and nothing else. Trust is the digest of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Executable {
    /// Schema version.
    pub version: u32,
    /// Agent kind.
    pub kind: Option<String>,
    /// Conversation id.
    pub session_id: Option<String>,
    /// The launch record.
    pub launch: Option<Launch>,
    /// The resume command.
    pub resume: Option<Argv>,
    /// The directory it runs in.
    pub directory: String,
}

impl Part {
    /// The tab, if it is one.
    pub fn tab(&self) -> Option<TabId> {
        match self {
            Part::Tab(id) => Some(*id),
            Part::Shell(_) => None,
        }
    }
}

impl Session {
    /// A tab with nothing in it yet.
    pub fn new(id: TabId, tab: impl Into<String>) -> Session {
        Session {
            version: VERSION,
            id,
            tab: tab.into(),
            locked: false,
            agent: None,
            directory: here(),
            environment: None,
            place: None,
            task: None,
            notes: Vec::new(),
            status: None,
            tags: Vec::new(),
            queue: Vec::new(),
        }
    }

    /// The part that trust is about.
    pub fn executable(&self) -> Executable {
        let agent = self.agent.as_ref();
        Executable {
            version: self.version,
            kind: agent.map(|a| a.kind.clone()),
            session_id: agent.and_then(|a| a.session_id.clone()),
            launch: agent.and_then(|a| a.launch.clone()),
            resume: agent.and_then(|a| a.resume.clone()),
            directory: self.directory.clone(),
        }
    }
}

/// Whether `id` may be given to an agent: `^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$`, so that it can be
/// neither an option nor a path.
pub fn is_session_id(id: &str) -> bool {
    let mut bytes = id.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphanumeric())
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'-'))
        && id.len() <= 128
}
