//! What is kept of a tab at a moment. Must hold no value of a variable, and nothing that looks like a
//! secret.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::doer::Doer;
use super::id::TabId;
use super::session::{Note, Place};
use super::status::State;

/// A tab at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Identity.
    pub id: TabId,
    /// Its name then, filtered.
    pub tab: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What was about to happen.
    pub why: Why,
    /// Who did that.
    pub by: Doer,
    /// What it was doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Its agent's kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Its conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// The folder it ran in.
    pub folder: String,
    /// Where it stood, and how its window was divided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The names of the variables that its agent, or its shell, had. Never their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<String>,
    /// What git said of the folder; nothing outside a repository, and where it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub git: Option<Checkout>,
    /// The session file, as it stood there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The last lines of its pane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Lines>,
    /// What a reset took out of the record, word for word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub put_away: Option<PutAway>,
}

/// What a reset takes out of a tab's record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutAway {
    /// Why the tab existed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Its restart notes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// A snapshot that is kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kept {
    /// Its number among those of its tab.
    pub number: u32,
    /// What it takes on the disk, in bytes.
    pub size: u64,
    /// What it holds.
    #[serde(flatten)]
    pub snapshot: Snapshot,
}

/// The last lines of a pane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// When they stood there: of a tab that is down, before it went.
    pub at: DateTime<Utc>,
    /// The lines.
    pub text: String,
}

/// Before what, or after what, a snapshot was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// A person asked for it.
    Asked,
    /// Before the tab was brought back.
    Resume,
    /// Before its pane was closed.
    Close,
    /// Before it was taken out of the list.
    Remove,
    /// Before task, notes and conversation were put away.
    Reset,
    /// After a turn of its agent.
    Turn,
}

impl Why {
    /// All of them.
    pub const ALL: [Why; 6] =
        [Why::Asked, Why::Resume, Why::Close, Why::Remove, Why::Reset, Why::Turn];

    /// The word in tables, JSON and file names.
    pub fn word(self) -> &'static str {
        match self {
            Why::Asked => "asked",
            Why::Resume => "resume",
            Why::Close => "close",
            Why::Remove => "remove",
            Why::Reset => "reset",
            Why::Turn => "turn",
        }
    }

    /// Whether tabctl takes it by itself, and lets go of it first.
    pub fn is_automatic(self) -> bool {
        matches!(self, Why::Resume | Why::Close | Why::Remove | Why::Turn)
    }
}

/// What git said of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkout {
    /// The commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// The branch; nothing where it was on none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// What differed from the commit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dirty: Vec<Dirty>,
    /// How many more files did, beyond those that are named.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: usize,
    /// SHA-256 of the commit and of what these files held: two snapshots with the same one stood at
    /// the same files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// The differences themselves, where they were wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
    /// Why they are not there, or not all, though they were wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_diff: Option<String>,
    /// Git was too slow to say it all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut_short: bool,
}

/// A file that differs from the commit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dirty {
    /// Its path in the folder.
    pub path: String,
    /// How: git's letters, `M`, `A`, `D`, `?` for one that git does not have.
    pub status: String,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands it over so
fn is_zero(number: &usize) -> bool {
    *number == 0
}
