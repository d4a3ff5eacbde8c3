//! What a tab's pane showed last, in the state folder, readable by this user alone.
//! Must be gone when its tab is.

use std::path::PathBuf;

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Store, record};
use crate::model::id::TabId;
use crate::sys::file::{self, Durability};

/// The last lines of a pane.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// When they stood there.
    pub at: DateTime<Utc>,
    /// The lines.
    pub text: String,
}

impl Store {
    fn snapshot_file(&self, id: TabId) -> PathBuf {
        self.paths.state.join("snapshots").join(format!("{id}.json"))
    }

    /// The last snapshot of a tab. An unreadable one is none.
    pub fn snapshot(&self, id: TabId) -> Option<Snapshot> {
        record::load(&self.snapshot_file(id)).ok().flatten()
    }

    /// Keeps a snapshot in place of the one before.
    pub fn put_snapshot(&self, id: TabId, snapshot: &Snapshot) -> Result<()> {
        record::save(&self.snapshot_file(id), snapshot, Durability::Ordered)
    }

    /// Takes a tab's snapshot away. None is fine.
    pub fn drop_snapshot(&self, id: TabId) -> Result<()> {
        file::remove(&self.snapshot_file(id))
    }
}
