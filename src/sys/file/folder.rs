//! A folder that is held open, for reading many files of it. Must not look into folders below it.

use std::ffi::{OsStr, OsString};
use std::fs::{DirEntry, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};
use rustix::fs::{Mode, OFlags};
use rustix::io::{Errno, retry_on_intr};

use super::{Content, Guard, is_temp_name, our_user, read_at};

/// An open folder: its path is walked once, and not again for each of its files.
#[derive(Debug)]
pub struct Folder {
    file: File,
    path: PathBuf,
}

impl Folder {
    /// Opens a folder; `None` if that cannot be done, for whom that is the same as an empty one.
    pub fn open(path: &Path) -> Option<Folder> {
        Folder::open_if_there(path).ok().flatten()
    }

    /// Opens a folder; `None` if there is none.
    ///
    /// # Errors
    /// If there is one that cannot be read: it is not empty.
    pub fn open_if_there(path: &Path) -> Result<Option<Folder>> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        match retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty())) {
            Ok(folder) => Ok(Some(Folder { file: folder.into(), path: path.to_owned() })),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// The names of what is in it, in no order, without what is being written.
    pub fn names(&self) -> Vec<OsString> {
        self.all_names().filter(|name| !is_temp_name(name)).collect()
    }

    fn all_names(&self) -> impl Iterator<Item = OsString> + use<> {
        let entries = loop {
            match std::fs::read_dir(&self.path) {
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                entries => break entries.into_iter().flatten(),
            }
        };
        entries.filter_map(|entry| Some(entry.ok()?.file_name()))
    }

    /// What was being written to it before then, and never was finished: whoever did is gone.
    pub fn leftovers(&self, before: SystemTime) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(&self.path) else { return Vec::new() };
        let temps = entries.flatten().filter(|entry| is_temp_name(&entry.file_name()));
        let is_left = |entry: &DirEntry| {
            // Of the entry itself, not of what a link leads to.
            entry.metadata().is_ok_and(|meta| {
                let old = meta.modified().is_ok_and(|at| at < before);
                meta.is_file() && meta.uid() == our_user() && old
            })
        };
        temps.filter(is_left).map(|entry| entry.path()).collect()
    }

    /// The folders in it, not those that links lead to.
    pub fn folders(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(&self.path) else { return Vec::new() };
        let folders =
            entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        folders.map(|entry| entry.path()).collect()
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
