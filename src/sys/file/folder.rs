//! A folder that is held open, for reading many files of it. Must not look into folders below it.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Result;
use rustix::fs::{Mode, OFlags};
use rustix::io::retry_on_intr;

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
        let folder = retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty())).ok()?;
        Some(Folder { file: folder.into(), path: path.to_owned() })
    }

    /// The names of what is in it, in no order, without what is being written.
    pub fn names(&self) -> Vec<OsString> {
        self.all_names().filter(|name| !is_temp_name(name)).collect()
    }

    /// The names of what is being written in it, or was when its writer was killed.
    pub(super) fn temps(&self) -> Vec<OsString> {
        self.all_names().filter(|name| is_temp_name(name)).collect()
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

    pub(super) fn as_fd(&self) -> rustix::fd::BorrowedFd<'_> {
        rustix::fd::AsFd::as_fd(&self.file)
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
