//! The journal of a tab: what happened, one line each. Must not grow without end, nor lose a line
//! to a crash in another one.

use anyhow::Result;

use super::{Entry, Store};
use crate::model::id::TabId;
use crate::sys::file;

/// From this size on a journal becomes the old part, and a new one is begun.
const ROTATE_AT: u64 = 96 * 1024;
/// A longer line loses its details.
const LONGEST_LINE: usize = 64 * 1024;

impl Store {
    /// Appends to a tab's journal.
    pub fn journal(&self, id: TabId, entry: &Entry) -> Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        if line.len() > LONGEST_LINE {
            let mut short = Entry { with: serde_json::Map::new(), ..entry.clone() };
            short.with.insert("omitted".to_owned(), line.len().into());
            line = serde_json::to_vec(&short)?;
        }
        let path = self.journal_file(id);
        if let Some(folder) = path.parent() {
            file::private_dir(folder)?;
        }
        if file::append(&path, &line)? > ROTATE_AT {
            let _lock = self.lock_named(&format!("{id}.journal"))?;
            // Somebody else may have done it while we waited.
            if file::stamp(&path).is_some_and(|stamp| stamp.size > ROTATE_AT) {
                file::rename(&path, &self.old_journal_file(id))?;
            }
        }
        Ok(())
    }

    /// A tab's journal, oldest first; a torn line is left out.
    pub fn read_journal(&self, id: TabId) -> Vec<Entry> {
        let parts = [self.old_journal_file(id), self.journal_file(id)];
        let parts = parts.map(|part| file::read(&part).ok().flatten().unwrap_or_default());
        parts
            .iter()
            .flat_map(|part| part.split(|byte| *byte == b'\n'))
            .filter_map(|line| serde_json::from_slice(line).ok())
            .collect()
    }
}
