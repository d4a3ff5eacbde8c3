//! When a person has looked at a tab, in the state folder: a reboot makes nothing unseen. Must be gone
//! when its tab is.

use std::path::PathBuf;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::{Store, record};
use crate::model::id::TabId;
use crate::model::looks::Looks;
use crate::sys::file::{self, Durability};

impl Store {
    fn looks_file(&self, id: TabId) -> PathBuf {
        self.paths.state.join("looks").join(format!("{id}.json"))
    }

    /// The looks at a tab. An unreadable record is none.
    pub fn looks(&self, id: TabId) -> Option<Looks> {
        record::load(&self.looks_file(id)).ok().flatten()
    }

    /// Writes down that a person looks at a tab. Of two who do so at once, either is right.
    pub fn note_look(&self, id: TabId, at: DateTime<Utc>) -> Result<()> {
        let looks = Looks::with(self.looks(id), at);
        record::save(&self.looks_file(id), &looks, Durability::Quick)
    }

    pub(super) fn drop_looks(&self, id: TabId) -> Result<()> {
        file::remove(&self.looks_file(id))
    }
}
