//! Small questions to the store: is it registered, what is known of one tab, where live records are.
//! Must not write.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::places::id_of;
use super::{Recall, Store};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::row::Known;
use crate::sys::file::{self, Stamp};
use crate::sys::paths::Paths;

impl Store {
    /// The store in these folders, in this boot.
    pub fn new(paths: Paths, boot: String, git_exclude: bool) -> Store {
        Store { paths, boot, git_exclude, recall: Recall::default() }
    }

    /// Whether a tab is in the index.
    pub fn is_registered(&self, id: TabId) -> bool {
        self.entry(id).is_ok_and(|entry| entry.is_some())
    }

    /// One registered tab with its record, its problem and its live record.
    pub fn known(&self, id: TabId) -> Result<Known> {
        let entry = self.entry(id)?.ok_or_else(|| {
            Fault::new(Kind::NotFound, "this tab is not in the list any more")
                .hint("`tabctl ls` shows the tabs there are")
        })?;
        Ok(Known { live: self.live(id), ..self.look(entry) })
    }

    /// The folder to watch for changes of live records. A live record has been written before.
    pub fn live_records(&self) -> PathBuf {
        self.live_folder()
    }

    /// The same, made if nothing was written there yet: what is not there cannot be watched.
    pub fn live_records_to_come(&self) -> Result<PathBuf> {
        let folder = self.live_folder();
        file::private_dir(&folder)?;
        Ok(folder)
    }

    /// The folder to watch for changes of records: each writes the index entry of its tab anew.
    pub fn index_records(&self) -> PathBuf {
        self.index_folder()
    }

    /// The tab whose live record, or index entry, a file in those folders is.
    pub fn tab_of_live_record(&self, path: &Path) -> Option<TabId> {
        id_of(path.file_name()?)
    }

    /// What changes whenever something is ordered for a tab: a pane is opened only after that.
    pub fn order_stamp(&self, id: TabId) -> Option<Stamp> {
        file::stamp(&self.order_file(id))
    }
}
