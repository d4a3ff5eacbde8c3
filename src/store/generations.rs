//! Earlier versions of session files, the last few. Must not hold what never was a good version.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Store, session_file};
use crate::model::id::TabId;
use crate::sys::file::{self, Durability, Folder, Guard};

/// How many are kept.
pub const KEPT: usize = 5;

impl Store {
    /// The last good generations of a tab, newest first: path and text.
    pub fn generations(&self, id: TabId) -> Vec<(PathBuf, String)> {
        let numbered = self.numbered(id).into_iter().rev();
        numbered.filter_map(|(_, path)| Some((path.clone(), good(&path)?))).collect()
    }

    /// Keeps a version that is about to be replaced, unless it is the newest one already.
    pub(super) fn keep_generation(&self, id: TabId, bytes: &[u8]) -> Result<()> {
        let numbered = self.numbered(id);
        let newest = numbered.last();
        if newest.is_some_and(|(_, path)| file::read(path).ok().flatten().as_deref() == Some(bytes))
        {
            return Ok(());
        }
        let next = newest.map_or(1, |(number, _)| number.saturating_add(1));
        let folder = self.generations_folder(id);
        file::private_dir(&folder)?;
        // Not synced: a power cut that takes it leaves the new version, which is the one in use.
        file::write(&folder.join(format!("{next:06}.yaml")), bytes, Durability::Quick)?;
        for (_, old) in numbered.iter().rev().skip(KEPT - 1) {
            file::remove(old)?;
        }
        Ok(())
    }

    /// The files of a tab's generations by number, oldest first.
    fn numbered(&self, id: TabId) -> Vec<(u64, PathBuf)> {
        let Some(folder) = Folder::open(&self.generations_folder(id)) else { return Vec::new() };
        let number = |name: &OsStr| name.to_str()?.strip_suffix(".yaml")?.parse().ok();
        let names = folder.names().into_iter();
        let mut numbered: Vec<_> =
            names.filter_map(|name| Some((number(&name)?, folder.path_of(&name)))).collect();
        numbered.sort();
        numbered
    }
}

/// The text of a generation, if it is one: a power cut may have emptied it.
fn good(path: &Path) -> Option<String> {
    let content = file::read_guarded(path, Guard::Private).ok()??;
    session_file::parse(path, &content.bytes).ok()?;
    String::from_utf8(content.bytes).ok()
}
