//! Files: guarded reading, atomic durable writing, locks. Must not know what is in them.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;

/// Session files, index entries and records are small; anything larger is refused.
pub const MAX_BYTES: u64 = 256 * 1024;

/// Identity of a file or folder on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FileId {
    /// Device.
    pub dev: u64,
    /// Inode.
    pub ino: u64,
}

/// How sure a write must be before it is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Survives a power cut: file and folder are synced.
    Durable,
    /// Atomic for readers, may be lost in a power cut.
    Quick,
}

/// Reads a small file of our own in one open: a link, a FIFO, a device, a foreign, writable-by-others
/// (for `private`), hard-linked or oversized file is refused by name. `Ok(None)` if it is not there.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    let _ = path;
    todo!()
}

/// Replaces a file atomically (mode 0600, or the mode it had).
pub fn write(path: &Path, bytes: &[u8], durability: Durability) -> Result<()> {
    let _ = (path, bytes, durability);
    todo!()
}

/// Appends one line to a log, created with mode 0600.
pub fn append(path: &Path, line: &[u8]) -> Result<()> {
    let _ = (path, line);
    todo!()
}

/// Makes a folder with mode 0700, or tightens it; refuses a link or a foreign owner.
pub fn private_dir(path: &Path) -> Result<()> {
    let _ = path;
    todo!()
}

/// Device and inode, not following a link at the end.
pub fn identity(path: &Path) -> Option<FileId> {
    let _ = path;
    todo!()
}

/// An exclusive lock; released when dropped, or when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: std::fs::File,
}

/// Takes a lock, waiting up to `patience`; `Busy` when it lasts longer. The lock file stays.
pub fn lock(path: &Path, patience: Duration) -> Result<Lock> {
    let _ = (path, patience);
    todo!()
}

/// Takes a lock if it is free.
pub fn try_lock(path: &Path) -> Result<Option<Lock>> {
    let _ = path;
    todo!()
}
