//! Files: guarded reading, atomic durable writing, private folders, locks.
//! Must not know what is in them, and must not follow a link that somebody planted.

mod chain;
mod copy;
mod folder;
mod lock;
mod piece;
mod write;

use std::fs::{DirBuilder, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt};
use std::path::Path;
use std::sync::OnceLock;

use anyhow::Result;
use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::{Errno, retry_on_intr};

pub use self::chain::{make_folders, remove_empty_folders};
pub use self::copy::{copy, join};
pub use self::folder::Folder;
pub use self::lock::{Lock, is_locked, lock, try_lock};
pub use self::piece::{Piece, Reading, cut, remove_folder};
pub use self::write::{
    Durability, Expect, append, is_temp_name, put_first_line, remove, remove_quickly, rename,
    rename_new, replace, write,
};
use crate::error::{Fault, Kind};

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

/// What changes whenever the content of a file does. Equal stamps mean that nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stamp {
    /// Last change of the content, nanoseconds since 1970.
    pub mtime: i64,
    /// Last change of content or attributes, nanoseconds since 1970; no program can set it back.
    pub ctime: i64,
    /// Bytes.
    pub size: u64,
    /// Inode: another one after each atomic replacement.
    pub ino: u64,
}

/// Who else may have write access to a file that we are willing to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Nobody: a file in one of tabctl's own folders.
    Private,
    /// The group, as a umask of 002 leaves it: a file that people and their tools write.
    Shared,
}

/// A file as it was in one open: the stamp belongs to exactly these bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// All of it.
    pub bytes: Vec<u8>,
    /// When it was like this.
    pub stamp: Stamp,
}

/// Reads a small file in one open: a link, a FIFO, a device, a folder, a foreign, hard-linked,
/// oversized or world-writable file is refused by name. `Ok(None)` if it is not there.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    Ok(read_guarded(path, Guard::Shared)?.map(|content| content.bytes))
}

/// Like [`read`], with the stamp, and for [`Guard::Private`] without group write access either.
pub fn read_guarded(path: &Path, guard: Guard) -> Result<Option<Content>> {
    read_at(CWD, path, path, guard)
}

/// `name` is looked up in `folder`; `path` is what messages call it.
fn read_at(
    folder: impl rustix::fd::AsFd,
    name: &Path,
    path: &Path,
    guard: Guard,
) -> Result<Option<Content>> {
    // NONBLOCK: opening a FIFO that nobody writes to must not hang.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match retry_on_intr(|| rustix::fs::openat(&folder, name, flags, Mode::empty())) {
        Ok(fd) => File::from(fd),
        Err(Errno::NOENT | Errno::NOTDIR) => return Ok(None),
        Err(Errno::LOOP) => return Err(refusal(path, "is a symbolic link", LINK_HINT)),
        Err(Errno::NXIO) => return Err(refusal(path, "is a socket", KIND_HINT)),
        Err(e) => return Err(failure("read", path, &e.into())),
    };
    let metadata = file.metadata().map_err(|e| failure("read", path, &e))?;
    refuse_unsafe(&metadata, path, guard)?;
    let bytes = all_of(&file, metadata.len()).map_err(|e| failure("read", path, &e))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large(path));
    }
    Ok(Some(Content { bytes, stamp: stamp_of(&metadata) }))
}

/// The last bytes of a plain file of one's own, `most` at most: for logs that may be long. `None` if
/// it is not there, or is something else.
pub fn read_end(path: &Path, most: u64) -> Option<Vec<u8>> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut file = File::from(retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty())).ok()?);
    let metadata = file.metadata().ok()?;
    if !metadata.is_file() || metadata.uid() != our_user() || metadata.mode() & 0o022 != 0 {
        return None;
    }
    file.seek(SeekFrom::Start(metadata.len().saturating_sub(most))).ok()?;
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// All bytes of a file that had that `size`, and at most one more than is allowed: so that one that
/// grows while it is read is caught as well.
fn all_of(mut file: &File, size: u64) -> io::Result<Vec<u8>> {
    let size = usize::try_from(size).unwrap_or_default();
    let mut bytes = vec![0; size + 1];
    let read = loop {
        match file.read(&mut bytes) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            read => break read?,
        }
    };
    bytes.truncate(read);
    // With room for more, exactly as much as expected is all there is: one call is enough.
    if read != size {
        file.take((MAX_BYTES + 1).saturating_sub(read as u64)).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Who we are; asked once.
fn our_user() -> u32 {
    static USER: OnceLock<u32> = OnceLock::new();
    *USER.get_or_init(|| rustix::process::geteuid().as_raw())
}

/// Whether a file may be read, and therefore also replaced.
fn refuse_unsafe(metadata: &Metadata, path: &Path, guard: Guard) -> Result<()> {
    let kind = metadata.file_type();
    let others = if guard == Guard::Private { 0o022 } else { 0o002 };
    let (what, hint) = if kind.is_symlink() {
        ("is a symbolic link", LINK_HINT)
    } else if kind.is_dir() {
        ("is a folder", KIND_HINT)
    } else if kind.is_fifo() {
        ("is a FIFO", KIND_HINT)
    } else if !kind.is_file() {
        ("is a device or socket", KIND_HINT)
    } else if metadata.uid() != our_user() {
        ("belongs to another user", "only your own files are used: check who put it there")
    } else if metadata.nlink() > 1 {
        // None at all is fine: it was replaced while it was opened, and is the old version.
        ("has a second hard link", "copy it to a file of its own")
    } else if metadata.mode() & others != 0 {
        ("can be written by others", "take the permission away with `chmod go-w`")
    } else if metadata.len() > MAX_BYTES {
        return Err(too_large(path));
    } else {
        return Ok(());
    };
    Err(refusal(path, what, hint))
}

const LINK_HINT: &str = "put the file itself there: links are not followed";
const KIND_HINT: &str = "only a plain file can stand there";

fn refusal(path: &Path, what: &str, hint: &str) -> anyhow::Error {
    Fault::new(Kind::BadFile, format!("{} {what}", path.display())).hint(hint).into()
}

fn too_large(path: &Path) -> anyhow::Error {
    let what = format!("is larger than {} KiB", MAX_BYTES / 1024);
    refusal(path, &what, "make it smaller: a session file holds a few notes, not a log")
}

/// An I/O error as a message: what was tried, on what, and why it failed.
fn failure(verb: &str, path: &Path, error: &io::Error) -> anyhow::Error {
    let message = format!("cannot {verb} {}: {}", path.display(), reason(error));
    Fault::new(Kind::Other, message).into()
}

fn reason(error: &io::Error) -> String {
    let mut reason = error.to_string();
    if let Some(end) = reason.find(" (os error") {
        reason.truncate(end);
    }
    if let Some(first) = reason.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    reason
}

/// Whether a write failed because the disk is full, or one's share of it.
pub fn is_of_a_full_disk(error: &anyhow::Error) -> bool {
    let said = format!("{error:#}");
    [Errno::NOSPC, Errno::DQUOT].iter().any(|full| said.ends_with(&reason(&(*full).into())))
}

/// Whether nothing can be written in a folder: its file system is only read, or it is another one's.
pub fn is_read_only(folder: &Path) -> bool {
    let access = rustix::fs::access(folder, rustix::fs::Access::WRITE_OK);
    matches!(access, Err(rustix::io::Errno::ROFS | rustix::io::Errno::ACCESS))
}

/// The stamp of what is at `path` now, not following a link at the end.
pub fn stamp(path: &Path) -> Option<Stamp> {
    std::fs::symlink_metadata(path).ok().as_ref().map(stamp_of)
}

fn stamp_of(metadata: &Metadata) -> Stamp {
    // Wraps in the year 2262, and for times that no clock ever showed: still a good stamp.
    let nanos = |seconds: i64, rest: i64| seconds.wrapping_mul(1_000_000_000).wrapping_add(rest);
    Stamp {
        mtime: nanos(metadata.mtime(), metadata.mtime_nsec()),
        ctime: nanos(metadata.ctime(), metadata.ctime_nsec()),
        size: metadata.len(),
        ino: metadata.ino(),
    }
}

/// Device and inode, not following a link at the end.
pub fn identity(path: &Path) -> Option<FileId> {
    let metadata = std::fs::symlink_metadata(path).ok()?;
    Some(FileId { dev: metadata.dev(), ino: metadata.ino() })
}

/// Makes a folder as the umask says; it may be there already. Not for what is tabctl's own.
pub fn shared_dir(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|e| failure("make the folder", path, &e))
}

/// Takes a folder away if nothing is in it; else it stays.
pub fn remove_empty_folder(path: &Path) {
    // A folder that somebody has put something into is theirs now.
    let _ = std::fs::remove_dir(path);
}

/// Makes a folder with mode 0700, or tightens it; refuses a link or a foreign owner.
pub fn private_dir(path: &Path) -> Result<()> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let open = || retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty()));
    let folder = match open() {
        Err(Errno::NOENT) => {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
            made.map_err(|e| failure("make the folder", path, &e))?;
            open()
        }
        opened => opened,
    };
    let folder = match folder {
        Ok(fd) => File::from(fd),
        Err(Errno::LOOP | Errno::NOTDIR) => {
            return Err(refusal(path, "is not a folder of its own", "no link can stand there"));
        }
        Err(e) => return Err(failure("open the folder", path, &e.into())),
    };
    let metadata = folder.metadata().map_err(|e| failure("open the folder", path, &e))?;
    if metadata.uid() != our_user() {
        return Err(refusal(path, "belongs to another user", "check who put it there"));
    }
    if metadata.mode() & 0o077 != 0 {
        let tightened = retry_on_intr(|| rustix::fs::fchmod(&folder, Mode::RWXU));
        tightened.map_err(|e| failure("tighten the folder", path, &e.into()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
