//! Where the store keeps what, below the state and runtime folders. Must not create anything.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use super::Store;
use crate::model::id::TabId;
use crate::sys::file::{self, FileId, Lock};

/// How long a writer waits for another one. A write takes a millisecond or two.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

impl Store {
    /// As old as the last look for what killed writers left behind.
    pub(super) fn swept_file(&self) -> PathBuf {
        self.paths.state.join("swept")
    }

    /// The folder of index entries, one file per tab.
    pub(super) fn index_folder(&self) -> PathBuf {
        self.paths.state.join("tabs")
    }

    /// The index entry of a tab.
    pub(super) fn index_file(&self, id: TabId) -> PathBuf {
        self.index_folder().join(format!("{id}.json"))
    }

    /// The folder of approvals, one file per tab.
    pub(super) fn trust_folder(&self) -> PathBuf {
        self.paths.state.join("trust")
    }

    /// What a person approved of a tab.
    pub(super) fn trust_file(&self, id: TabId) -> PathBuf {
        self.trust_folder().join(format!("{id}.json"))
    }

    /// The folder of earlier versions of a session file.
    pub(super) fn generations_folder(&self, id: TabId) -> PathBuf {
        self.paths.state.join("generations").join(id.to_string())
    }

    /// The journal of a tab.
    pub(super) fn journal_file(&self, id: TabId) -> PathBuf {
        self.journal_folder().join(format!("{id}.jsonl"))
    }

    /// The folder of journals.
    pub(super) fn journal_folder(&self) -> PathBuf {
        self.paths.state.join("journal")
    }

    /// Where a journal begins and ends, and the lock of its writers.
    pub(super) fn journal_head(&self, id: TabId) -> PathBuf {
        self.journal_folder().join(format!("{id}.head"))
    }

    /// The lock file of a claim, whose name is already safe.
    pub(super) fn claim_file(&self, name: &str) -> PathBuf {
        self.paths.state.join("claims").join(format!("{name}.lock"))
    }

    /// The copy of a conversation, whose name is already safe.
    pub(super) fn copy_file(&self, name: &str) -> PathBuf {
        self.paths.state.join("copies").join(name)
    }

    /// Where that copy is from.
    pub(super) fn copy_record(&self, name: &str) -> PathBuf {
        self.paths.state.join("copies").join(format!("{name}.json"))
    }

    /// The folder of live records.
    pub(super) fn live_folder(&self) -> PathBuf {
        self.paths.runtime.join("live")
    }

    /// The live record of a tab.
    pub(super) fn live_file(&self, id: TabId) -> PathBuf {
        self.live_folder().join(format!("{id}.json"))
    }

    /// Which waiting prompts of a tab were queued with tabctl.
    pub(super) fn queue_file(&self, id: TabId) -> PathBuf {
        self.paths.state.join("queue").join(format!("{id}.json"))
    }

    /// What the runner of a tab is to run.
    pub(super) fn order_file(&self, id: TabId) -> PathBuf {
        self.paths.runtime.join("orders").join(format!("{id}.json"))
    }

    /// What the plain shells beside a tab are to find.
    pub(super) fn shells_file(&self, id: TabId) -> PathBuf {
        self.paths.runtime.join("orders").join(format!("{id}.shells.json"))
    }

    /// Excludes other writers of one tab's session file, trust and index entry.
    pub(super) fn lock_tab(&self, id: TabId) -> Result<Lock> {
        self.lock_named(&id.to_string())
    }

    /// Excludes other creators of files in one folder.
    pub(super) fn lock_folder(&self, folder: FileId) -> Result<Lock> {
        self.lock_named(&format!("folder-{}-{}", folder.dev, folder.ino))
    }

    /// Serialises the resumes of one tab; waits up to half a minute.
    pub fn resume_lock(&self, id: TabId) -> Result<Lock> {
        self.lock_named(&format!("{id}.resume"))
    }

    /// Whether somebody resumes a tab in this moment.
    pub fn is_resuming(&self, id: TabId) -> bool {
        file::is_locked(&self.paths.state.join("locks").join(format!("{id}.resume.lock")))
    }

    /// The same if nobody holds it: for one who holds others meanwhile, and must not wait.
    pub fn try_resume_lock(&self, id: TabId) -> Result<Option<Lock>> {
        let folder = self.paths.state.join("locks");
        file::private_dir(&folder)?;
        file::try_lock(&folder.join(format!("{id}.resume.lock")))
    }

    /// Excludes everybody else who follows one tab's conversation: each change of it is written once.
    pub fn rebind_lock(&self, id: TabId) -> Result<Lock> {
        self.lock_named(&format!("{id}.rebind"))
    }

    /// Excludes everybody else who opens a pane in the window that a tab shares with others.
    pub fn window_lock(&self, id: TabId) -> Result<Lock> {
        self.lock_named(&format!("{id}.window"))
    }

    /// Excludes everybody else who gives a name to a tab: look with [`Store::holder_of_name`] and
    /// write while it is held, and a name stays unique on this host.
    pub fn names_lock(&self) -> Result<Lock> {
        self.lock_named("names")
    }

    pub(super) fn lock_named(&self, name: &str) -> Result<Lock> {
        let folder = self.paths.state.join("locks");
        file::private_dir(&folder)?;
        file::lock(&folder.join(format!("{name}.lock")), PATIENCE)
    }

    /// Excludes other writers of one tab's live record.
    pub(super) fn lock_live(&self, id: TabId) -> Result<Lock> {
        let folder = self.paths.runtime.join("locks");
        file::private_dir(&folder)?;
        file::lock(&folder.join(format!("{id}.lock")), PATIENCE)
    }
}

/// The tab that a file name `<id>.json` is about.
pub(super) fn id_of(name: &OsStr) -> Option<TabId> {
    name.to_str()?.strip_suffix(".json")?.parse().ok()
}
