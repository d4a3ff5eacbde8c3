//! Now and then looks for what killed writers left behind, and takes it away.
//! Must not cost a change of a tab more than one look at a file, nor make it fail.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Store;
use super::places::id_of;
use crate::sys::clock;
use crate::sys::file::{self, Durability, Folder};

/// How old a temporary file must be, and how long one look is good for: a write takes milliseconds.
const AN_HOUR: Duration = Duration::from_hours(1);

impl Store {
    /// Sweeps, if that was not done within the last hour.
    pub(super) fn sweep_if_due(&self) {
        let now = clock::now();
        let last = file::stamp(&self.swept_file()).map(|stamp| stamp.mtime);
        // A time ahead of the clock is of a clock that was set back.
        let age = last.zip(now.timestamp_nanos_opt()).map(|(last, now)| now.saturating_sub(last));
        let age = age.and_then(|age| u64::try_from(age).ok()).map(Duration::from_nanos);
        if age.is_some_and(|age| age < AN_HOUR) {
            return;
        }
        // Noted beforehand: should it not be possible to note it, it is not done each time.
        if file::write(&self.swept_file(), b"", Durability::Quick).is_ok() {
            self.sweep();
        }
    }

    /// Removes the temporary files older than an hour from the store's own folders and from the
    /// workspaces of all tabs; gives how many.
    pub fn sweep(&self) -> usize {
        let now = clock::now().into();
        let index = Folder::open(&self.index_folder());
        let ids = index.iter().flat_map(Folder::names).filter_map(|name| id_of(&name));
        let of_tabs = ids.flat_map(|id| {
            let entry = self.entry(id).ok().flatten();
            let workspace = entry.and_then(|entry| Some(Path::new(&entry.file).parent()?.into()));
            [workspace, Some(self.generations_folder(id))].into_iter().flatten()
        });
        let folders: Vec<PathBuf> = self.written_folders().into_iter().chain(of_tabs).collect();
        folders.iter().map(|folder| file::sweep(folder, AN_HOUR, now)).sum()
    }
}
