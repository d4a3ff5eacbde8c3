//! Forgets a tab. Must not forget what it would take to bring it back.

use std::path::Path;

use anyhow::Result;

use super::Store;
use crate::model::id::TabId;
use crate::sys::file;

impl Store {
    /// Takes a tab out of the index, with its trust, its live record, its snapshot, its history and
    /// what waits for it; with `delete_file` the session file goes too, and stays as a generation.
    /// Journal, generations and archive are kept.
    pub fn forget(&self, id: TabId, delete_file: bool) -> Result<()> {
        let _lock = self.lock_tab(id)?;
        if delete_file && let Some(entry) = self.entry(id)? {
            let path = Path::new(&entry.file);
            // A file that is gone, broken or another tab's by now is left alone.
            if let Ok(reading) = self.read(path)
                && reading.loaded.session.id == id
            {
                self.keep_generation(id, &reading.content.bytes)?;
                file::remove(&reading.loaded.file)?;
            }
        }
        self.drop_trust(id)?;
        self.drop_live(id)?;
        self.drop_segment(id)?;
        self.drop_bell(id)?;
        self.drop_snapshot(id)?;
        self.drop_looks(id)?;
        self.drop_shell_log(id)?;
        self.drop_history(id)?;
        self.drop_queue(id)?;
        file::remove(&self.index_file(id))
    }
}
