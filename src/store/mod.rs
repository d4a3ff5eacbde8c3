//! What is remembered: session files, index, trust, generations, claims, journal, live records.
//! Must not decide what may happen to a tab, only keep what it is told. Reading never writes.

mod diff;
mod edit;
mod session_file;
mod tree;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::plan::Order;
use crate::model::row::Known;
use crate::model::session::{Executable, Session};
use crate::sys::file::Lock;
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
    /// Details, one flat object.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub with: serde_json::Map<String, serde_json::Value>,
}

impl Store {
    // ── reading ──────────────────────────────────────────────────────────────────────────────

    /// Every registered tab, sorted by name, each with its record, its problem and its live record.
    pub fn all(&self) -> Result<Vec<Known>> {
        todo!()
    }
    /// Reads one session file; `NotFound`, `BadFile` (with line and column), `ReadOnly` never here:
    /// a newer file is read as far as it is understood.
    pub fn load(&self, file: &Path) -> Result<Loaded> {
        let _ = file;
        todo!()
    }
    /// Reads the session file of a registered tab.
    pub fn load_id(&self, id: TabId) -> Result<Loaded> {
        let _ = id;
        todo!()
    }
    /// The session files of a folder, `.session.yaml` first.
    pub fn files_in(&self, dir: &Path) -> Vec<PathBuf> {
        let _ = dir;
        todo!()
    }

    // ── writing: only `ops::record` calls these ──────────────────────────────────────────────

    /// Writes the session file of a new tab into `workspace`, registers and trusts it.
    pub fn create(&self, workspace: &Path, session: Session) -> Result<Loaded> {
        let _ = (workspace, session);
        todo!()
    }
    /// Under the tab's lock: reads again, lets `change` work on the record, writes if it changed.
    /// Keeps comments and unknown keys, keeps a generation, keeps trust where there was trust,
    /// re-registers a moved file, gives a copy its new id.
    pub fn update(
        &self,
        file: &Path,
        change: &mut dyn FnMut(&mut Session) -> Result<()>,
    ) -> Result<Loaded> {
        let _ = (file, change);
        todo!()
    }
    /// Records that a person approved what `loaded` can execute.
    pub fn trust(&self, loaded: &Loaded, how: &str) -> Result<()> {
        let _ = (loaded, how);
        todo!()
    }
    /// Takes a tab out of the index (and everything kept for it but the journal); the session file
    /// too if `delete_file`, after keeping it as a generation.
    pub fn forget(&self, id: TabId, delete_file: bool) -> Result<()> {
        let _ = (id, delete_file);
        todo!()
    }
    /// Registers a file that is not in the index, or that moved there. Does not trust it.
    pub fn register(&self, file: &Path) -> Result<Loaded> {
        let _ = file;
        todo!()
    }
    /// The last good generations of a tab, newest first: path and text.
    pub fn generations(&self, id: TabId) -> Vec<(PathBuf, String)> {
        let _ = id;
        todo!()
    }

    // ── live: gone after a reboot ────────────────────────────────────────────────────────────

    /// The live record of one tab, of this boot.
    pub fn live(&self, id: TabId) -> Option<Live> {
        let _ = id;
        todo!()
    }
    /// All live records of this boot.
    pub fn lives(&self) -> HashMap<TabId, Live> {
        todo!()
    }
    /// Changes a live record under its own lock; no fsync. A missing one starts empty.
    pub fn update_live(&self, id: TabId, change: &mut dyn FnMut(&mut Live)) -> Result<Live> {
        let _ = (id, change);
        todo!()
    }
    /// What the runner of a tab is to run. Readable by this user alone.
    pub fn put_order(&self, id: TabId, order: &Order) -> Result<()> {
        let _ = (id, order);
        todo!()
    }
    /// See [`Store::put_order`].
    pub fn order(&self, id: TabId) -> Result<Order> {
        let _ = id;
        todo!()
    }

    // ── claims and the journal ───────────────────────────────────────────────────────────────

    /// Claims `key` (`tab.<id>`, `claude.<session id>`) for as long as the lock lives; `None` if held.
    pub fn claim(&self, key: &str) -> Result<Option<Lock>> {
        let _ = key;
        todo!()
    }
    /// Whether `key` is claimed by a living process.
    pub fn is_claimed(&self, key: &str) -> bool {
        let _ = key;
        todo!()
    }
    /// Serialises the resumes of one tab; waits up to ten seconds.
    pub fn resume_lock(&self, id: TabId) -> Result<Lock> {
        let _ = id;
        todo!()
    }
    /// Appends to a tab's journal.
    pub fn journal(&self, id: TabId, entry: &Entry) -> Result<()> {
        let _ = (id, entry);
        todo!()
    }
    /// A tab's journal, oldest first; a torn last line is left out.
    pub fn read_journal(&self, id: TabId) -> Vec<Entry> {
        let _ = id;
        todo!()
    }
}
