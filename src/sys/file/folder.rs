//! A folder that is held open, for reading many files of it. Must not look into folders below it.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Result;
use rustix::fs::{Mode, OFlags};

use super::{Content, Guard, is_temp_name, read_at};

/// An open folder: its path is walked once, and not again for each of its files.
#[derive(Debug)]
pub struct Folder {
    file: File,
    path: PathBuf,
}

impl Folder {
    /// Opens a folder; `None` if that cannot be done, which reads as an empty one.
    pub fn open(path: &Path) -> Option<Folder> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let folder = rustix::fs::open(path, flags, Mode::empty()).ok()?;
        Some(Folder { file: folder.into(), path: path.to_owned() })
    }

    /// The names of what is in it, in no order, without what is being written.
    pub fn names(&self) -> Vec<OsString> {
        let Ok(entries) = std::fs::read_dir(&self.path) else { return Vec::new() };
        let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
        names.filter(|name| !is_temp_name(name)).collect()
    }

    /// The path of a file in it.
    pub fn path_of(&self, name: &OsStr) -> PathBuf {
        self.path.join(name)
    }

    /// Reads a file in it; see [`super::read_guarded`].
    pub fn read(&self, name: &OsStr, guard: Guard) -> Result<Option<Content>> {
        read_at(&self.file, Path::new(name), &self.path_of(name), guard)
    }
}
