//! Pieces of a log that is written for long: made once, written from the front, read while they grow.
//! Must not be used for what is replaced.

use std::fs::File;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;

use anyhow::Result;
use rustix::fs::{Mode, OFlags};
use rustix::io::retry_on_intr;

use super::{failure, our_user, refusal};

/// A piece that is being written.
#[derive(Debug)]
pub struct Piece {
    file: File,
    size: u64,
}

impl Piece {
    /// Makes a new one (mode 0600).
    pub fn create(path: &Path) -> Result<Piece> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        match retry_on_intr(|| rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR)) {
            Ok(file) => Ok(Piece { file: file.into(), size: 0 }),
            Err(error) => Err(failure("write", path, &error.into())),
        }
    }

    /// The bytes that it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds bytes behind the others, as many as can be written; with the error that kept the rest out.
    pub fn add(&mut self, bytes: &[u8]) -> (usize, Option<std::io::Error>) {
        let mut written = 0;
        while written < bytes.len() {
            match self.file.write_at(&bytes[written..], self.size) {
                Ok(0) => return (written, Some(std::io::ErrorKind::WriteZero.into())),
                Ok(count) => {
                    written += count;
                    self.size += count as u64;
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return (written, Some(error)),
            }
        }
        (written, None)
    }
}

/// A piece that is read.
#[derive(Debug)]
pub struct Reading(File);

impl Reading {
    /// Opens one of one's own; nothing if it is gone.
    pub fn open(path: &Path) -> Result<Option<Reading>> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty())) {
            Ok(file) => File::from(file),
            Err(rustix::io::Errno::NOENT) => return Ok(None),
            Err(error) => return Err(failure("read", path, &error.into())),
        };
        let metadata = file.metadata().map_err(|error| failure("read", path, &error))?;
        if !metadata.is_file() || metadata.uid() != our_user() || metadata.mode() & 0o022 != 0 {
            return Err(refusal(path, "is not a plain file of yours", "check who put it there"));
        }
        Ok(Some(Reading(file)))
    }

    /// The bytes that it has now.
    pub fn size(&self) -> u64 {
        self.0.metadata().map_or(0, |metadata| metadata.len())
    }

    /// Reads from `at` on; 0 at its end.
    pub fn read(&self, into: &mut [u8], at: u64) -> Result<usize> {
        loop {
            match self.0.read_at(into, at) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                read => return Ok(read?),
            }
        }
    }
}

/// Cuts one of one's own off behind so many bytes.
pub fn cut(path: &Path, size: u64) -> Result<()> {
    let flags = OFlags::WRONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened = retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty()));
    let file = opened.map_err(|error| failure("write", path, &error.into()))?;
    rustix::fs::ftruncate(&file, size).map_err(|error| failure("write", path, &error.into()))
}

/// Takes a folder away with all the plain files in it; what else is in it stays, and so does the folder.
pub fn remove_folder(path: &Path) -> Result<()> {
    let entries = match std::fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failure("remove", path, &error)),
    };
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let removed = std::fs::remove_file(entry.path());
            removed.map_err(|error| failure("remove", &entry.path(), &error))?;
        }
    }
    std::fs::remove_dir(path).map_err(|error| failure("remove", path, &error))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test says what it expects by failing

    use super::*;

    #[test]
    fn a_piece_is_read_while_it_grows_and_made_only_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("piece");
        assert!(Reading::open(&path).unwrap().is_none());
        let mut piece = Piece::create(&path).unwrap();
        assert!(Piece::create(&path).is_err(), "nobody's file is written over");
        let reading = Reading::open(&path).unwrap().unwrap();
        let mut seen = [0; 10];
        assert_eq!(reading.read(&mut seen, 0).unwrap(), 0);
        piece.add(b"abc");
        piece.add(b"def");
        assert_eq!((piece.size(), reading.size()), (6, 6));
        assert_eq!(reading.read(&mut seen, 2).unwrap(), 4);
        assert_eq!(&seen[..4], b"cdef");
    }

    #[test]
    fn a_folder_goes_with_its_files_and_with_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (own, other) = (folder.path().join("own"), folder.path().join("other"));
        std::fs::create_dir(&own).unwrap();
        std::fs::create_dir_all(other.join("deep")).unwrap();
        Piece::create(&own.join("a")).unwrap();
        remove_folder(&own).unwrap();
        remove_folder(&own).unwrap();
        assert!(!own.exists() && remove_folder(&other).is_err() && other.join("deep").exists());
    }
}
