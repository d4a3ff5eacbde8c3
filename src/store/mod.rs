//! What is remembered: session files, index, trust, generations, claims, journal, live records, copies.
//! Must not decide what may happen to a tab, only keep what it is told. Reading never writes.

mod archive;
mod change;
mod claims;
mod copies;
mod create;
mod diff;
mod edit;
mod errands;
mod forget;
mod generations;
mod git;
mod history;
mod index;
mod jobs;
mod journal;
mod live;
mod looks;
mod lookup;
mod mend;
pub mod output;
mod packed;
mod places;
mod presence;
mod put_back;
mod queue;
mod reading;
mod recall;
mod record;
mod samples;
mod segments;
mod session_file;
mod shell_logs;
mod snapshots;
mod sweep;
mod tree;
mod trust;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use self::archive::Room;
pub use self::copies::Copied;
pub use self::errands::{Errand, Said};
pub use self::index::Damage;
pub use self::presence::Stop;
pub use self::queue::Vouched;
pub use self::recall::Recall;
pub use self::samples::Sample;
pub use self::snapshots::Snapshot;
use crate::model::session::{Executable, Session, VERSION};
use crate::sys::paths::Paths;

/// Everything under the config, state and runtime folders, and the session files in workspaces.
#[derive(Debug)]
pub struct Store {
    /// The folders.
    pub paths: Paths,
    /// This boot.
    pub boot: String,
    /// Add the session file's name to the repository's private exclude file on the first write.
    pub git_exclude: bool,
    /// The session file that was read last.
    pub recall: Recall,
}

/// A session file as it was read once: what was hashed is what was parsed.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The file.
    pub file: PathBuf,
    /// Its folder, absolute and real.
    pub workspace: PathBuf,
    /// What it says.
    pub session: Session,
    /// How it stands to the index.
    pub standing: Standing,
    /// What a person has approved.
    pub trust: Trust,
    /// What the file itself says, where the workspace could only be read when `session` was changed.
    pub in_file: Option<Box<Session>>,
}

impl Loaded {
    /// Whether a newer tabctl wrote the file: this one may read it, but neither change nor run it.
    pub fn is_newer(&self) -> bool {
        self.session.version > VERSION
    }
}

/// How a session file stands to the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Registered at this path.
    Known,
    /// Registered at a path that is gone (or is this folder under another name): it was moved.
    Moved {
        /// Where it was.
        from: PathBuf,
    },
    /// The id belongs to another file that still exists: this is a copy. Its first write gives it a new id.
    Copy {
        /// The original.
        of: PathBuf,
    },
    /// Never seen.
    Unregistered,
}

/// What a person has approved of a session file.
#[derive(Debug, Clone, PartialEq)]
pub enum Trust {
    /// Exactly what it can execute now.
    Trusted,
    /// Something else: what it was then.
    Changed(Box<Executable>),
    /// Nothing.
    Never,
}

/// One line of a tab's journal.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Entry {
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    /// This boot.
    pub boot: String,
    /// What: `bound`, `claimed`, `pane-created`, `started`, `ended`, …
    pub what: String,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<crate::model::doer::Doer>,
    /// Details, one flat object.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub with: serde_json::Map<String, serde_json::Value>,
}
