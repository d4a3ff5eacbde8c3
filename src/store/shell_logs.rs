//! What the shells in a tab write down by themselves: one file per tab in the state folder, so that it
//! is there after a power cut. A shell writes only to a file that is there, so it is made here, private.
//! Must not lose a line while it is taken.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::Result;

use super::Store;
use crate::model::id::TabId;
use crate::sys::file::{self, Durability, Expect, Folder};

/// As much of a file as is ever read: months of work at a prompt.
const MOST: u64 = 4 * 1024 * 1024;

impl Store {
    /// The folder of these files.
    pub fn shell_folder(&self) -> PathBuf {
        self.paths.state.join("shell")
    }

    fn shell_log_file(&self, id: TabId) -> PathBuf {
        self.shell_folder().join(format!("{id}.log"))
    }

    /// bash prints its history to this one, and reads it back.
    fn shell_line_file(&self, id: TabId) -> PathBuf {
        self.shell_folder().join(format!("{id}.line"))
    }

    fn taken_file(&self, id: TabId) -> PathBuf {
        self.shell_folder().join(format!("{id}.taken"))
    }

    /// From now on the shells in this tab are written down.
    pub fn open_shell_log(&self, id: TabId) -> Result<()> {
        file::private_dir(&self.shell_folder())?;
        for file in [self.shell_log_file(id), self.shell_line_file(id)] {
            if file::stamp(&file).is_none() {
                file::replace(&file, b"", Expect::Absent, Durability::Quick)?;
            }
        }
        Ok(())
    }

    /// How large a tab's file is; nothing if there is none.
    pub fn shell_log_size(&self, id: TabId) -> Option<u64> {
        file::stamp(&self.shell_log_file(id)).map(|stamp| stamp.size)
    }

    /// The tabs whose file is larger than this.
    pub fn large_shell_logs(&self, size: u64) -> Vec<TabId> {
        let Some(folder) = Folder::open(&self.shell_folder()) else { return Vec::new() };
        let id = |name: &OsString| name.to_str()?.strip_suffix(".log")?.parse::<TabId>().ok();
        let all = folder.names().iter().filter_map(id).collect::<Vec<_>>().into_iter();
        all.filter(|id| self.shell_log_size(*id).is_some_and(|it| it > size)).collect()
    }

    /// What the shells of a tab have written, as far as it was not taken yet.
    pub fn shell_log(&self, id: TabId) -> String {
        let parts = [self.taken_file(id), self.shell_log_file(id)];
        let parts = parts.map(|part| file::read_end(&part, MOST).unwrap_or_default());
        String::from_utf8_lossy(&parts.concat()).into_owned()
    }

    /// Adds a line to what the shells of a tab have written.
    pub fn add_to_shell_log(&self, id: TabId, line: &str) -> Result<()> {
        file::append(&self.shell_log_file(id), line.as_bytes()).map(|_| ())
    }

    /// Takes what the shells of a tab have written: `keep` puts it where it belongs, and gives the
    /// lines that are to stay in the file. It is told whether somebody was killed who may have put
    /// some of it there already.
    pub fn take_shell_log(
        &self,
        id: TabId,
        keep: &mut dyn FnMut(&str, bool) -> Result<String>,
    ) -> Result<()> {
        let _lock = self.lock_named(&format!("{id}.shell"))?;
        let (log, taken) = (self.shell_log_file(id), self.taken_file(id));
        // One that is there was left by somebody who was killed in the middle.
        if file::stamp(&taken).is_some() {
            self.finish_taking(id, true, keep)?;
        }
        if file::stamp(&log).is_none() {
            return Ok(());
        }
        file::rename(&log, &taken)?;
        // At once: a shell writes only to a file that is there.
        file::write(&log, b"", Durability::Quick)?;
        self.finish_taking(id, false, keep)
    }

    fn finish_taking(
        &self,
        id: TabId,
        again: bool,
        keep: &mut dyn FnMut(&str, bool) -> Result<String>,
    ) -> Result<()> {
        let taken = self.taken_file(id);
        let bytes = file::read_end(&taken, MOST).unwrap_or_default();
        let stays = keep(&String::from_utf8_lossy(&bytes), again)?;
        // A shell that had opened it just before has written by now.
        let all = file::read_end(&taken, MOST).unwrap_or_default();
        let late = all.get(bytes.len()..).unwrap_or_default();
        let stays = [stays.as_bytes(), late].concat();
        if !stays.is_empty() {
            let text = String::from_utf8_lossy(&stays);
            file::append(&self.shell_log_file(id), text.trim_end_matches('\n').as_bytes())?;
        }
        file::remove(&taken)
    }

    pub(super) fn drop_shell_log(&self, id: TabId) -> Result<()> {
        let all = [self.shell_log_file(id), self.shell_line_file(id), self.taken_file(id)];
        all.iter().try_for_each(|path| file::remove(path))
    }
}
