//! Writing: a file is replaced as a whole or not at all, also in a power cut.
//! Must not write through a link, and must not leave its temporary file behind after an error.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};

use anyhow::Result;
use rustix::fs::{AtFlags, CWD, Mode, OFlags, RenameFlags};
use rustix::io::{Errno, retry_on_intr};

use super::{Guard, Stamp, failure, our_user, read_at, refusal, refuse_unsafe, stamp_of};
use crate::sys::clock;

/// How sure a write must be before it is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Survives a power cut: file and folder are synced.
    Durable,
    /// After a power cut the old or the new version is there, and whole: the file is synced.
    Ordered,
    /// Atomic for readers only; after a power cut it may be empty. For what a reboot voids anyway.
    Quick,
}

/// What must still stand at the target in the moment before it is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect<'a> {
    /// Whatever it is.
    Anything,
    /// Nothing.
    Absent,
    /// These bytes: nobody has edited what the new version was made from.
    Bytes(&'a [u8]),
}

/// Replaces a file atomically (mode 0600, or the mode it had).
pub fn write(path: &Path, bytes: &[u8], durability: Durability) -> Result<()> {
    replace(path, bytes, Expect::Anything, durability).map(|_| ())
}

/// Like [`write()`], if the target is as expected: `None`, and nothing written, if it is not.
pub fn replace(
    path: &Path,
    bytes: &[u8],
    expect: Expect,
    durability: Durability,
) -> Result<Option<Stamp>> {
    let target = Target::open(path)?;
    let present = target.metadata()?;
    let mut temp = Temp::create(&target)?;
    temp.fill(bytes, present.as_ref(), durability)?;
    if !target.is(expect)? || !temp.rename(expect)? {
        return Ok(None);
    }
    if durability == Durability::Durable
        && let Err(e) = target.sync()
    {
        if expect == Expect::Absent {
            // Nothing stood there, and after an error nothing is to stand there.
            let _ = rustix::fs::unlinkat(&target.folder, target.name, AtFlags::empty());
        }
        return Err(e);
    }
    let metadata = temp.file.metadata().map_err(|e| failure("write", path, &e))?;
    Ok(Some(stamp_of(&metadata)))
}

/// Writes the first line of a small file (mode 0600) over the one that stands there, in one write and
/// in place: what is left of a longer one stands behind it. For a view that is written at every turn
/// of an agent, where a new file each time would cost more than all the rest; what a reader makes of
/// half of each it must be able to see.
pub fn put_first_line(path: &Path, line: &[u8]) -> Result<()> {
    let failed = |e: &std::io::Error| failure("write", path, e);
    let flags = OFlags::WRONLY | OFlags::CREATE;
    let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match retry_on_intr(|| rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR)) {
        Ok(fd) => File::from(fd),
        Err(e) => return Err(failed(&e.into())),
    };
    let metadata = file.metadata().map_err(|e| failed(&e))?;
    if !metadata.is_file() || metadata.uid() != our_user() {
        return Err(refusal(path, "is not a plain file of yours", "move it out of the way"));
    }
    let mut text = line.to_vec();
    text.push(b'\n');
    file.write_all_at(&text, 0).map_err(|e| failed(&e))
}

/// Appends one line to a log, created with mode 0600. A line that a crash left unfinished is ended
/// first. Returns the size of the log.
pub fn append(path: &Path, line: &[u8]) -> Result<u64> {
    let failed = |e: &std::io::Error| failure("append to", path, e);
    let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE;
    let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut file = match retry_on_intr(|| rustix::fs::open(path, flags, Mode::RUSR | Mode::WUSR)) {
        Ok(fd) => File::from(fd),
        Err(e) => return Err(failed(&e.into())),
    };
    let metadata = file.metadata().map_err(|e| failed(&e))?;
    if !metadata.is_file() || metadata.uid() != our_user() {
        return Err(refusal(path, "is not a plain file of yours", "move it out of the way"));
    }
    let mut last = [b'\n'];
    if let Some(end) = metadata.len().checked_sub(1) {
        file.read_exact_at(&mut last, end).map_err(|e| failed(&e))?;
    }
    // One write, so that lines of several processes do not mix.
    let mut text = Vec::with_capacity(line.len() + 2);
    text.extend_from_slice(if last == *b"\n" { b"" } else { b"\n" });
    text.extend_from_slice(line);
    text.push(b'\n');
    file.write_all(&text).map_err(|e| failed(&e))?;
    Ok(metadata.len() + text.len() as u64)
}

/// Gives a file another name in the same folder, over whatever has it.
pub fn rename(path: &Path, to: &Path) -> Result<()> {
    std::fs::rename(path, to).map_err(|e| failure("rename", path, &e))
}

/// Gives a file another name in the same folder; `false`, and nothing done, if that name is taken.
pub fn rename_new(path: &Path, to: &Path) -> Result<bool> {
    let failed = |e: Errno| failure("rename", path, &e.into());
    let exclusive = RenameFlags::NOREPLACE;
    match retry_on_intr(|| rustix::fs::renameat_with(CWD, path, CWD, to, exclusive)) {
        Ok(()) => Ok(true),
        Err(Errno::EXIST) => Ok(false),
        // A file system without that flag: look first.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            if std::fs::symlink_metadata(to).is_ok() {
                return Ok(false);
            }
            rename(path, to).map(|()| true)
        }
        Err(e) => Err(failed(e)),
    }
}

/// Takes a file away, for good; it may be gone already.
pub fn remove(path: &Path) -> Result<()> {
    take_away(path, Durability::Durable)
}

/// Like [`remove`], for what a reboot voids anyway: the disk is not waited for.
pub fn remove_quickly(path: &Path) -> Result<()> {
    take_away(path, Durability::Quick)
}

fn take_away(path: &Path, durability: Durability) -> Result<()> {
    if std::fs::symlink_metadata(path).is_err_and(|e| e.kind() == ErrorKind::NotFound) {
        return Ok(());
    }
    let target = Target::open(path)?;
    match retry_on_intr(|| rustix::fs::unlinkat(&target.folder, target.name, AtFlags::empty())) {
        Ok(()) if durability == Durability::Quick => Ok(()),
        Ok(()) => target.sync(),
        Err(Errno::NOENT) => Ok(()),
        Err(e) => Err(failure("remove", path, &e.into())),
    }
}

/// Whether a file name is that of a temporary file of ours. One that is older than an hour was
/// left behind by a process that was killed.
pub fn is_temp_name(name: &OsStr) -> bool {
    name.to_str()
        .and_then(|name| name.strip_prefix(TEMP_PREFIX)?.strip_suffix(TEMP_SUFFIX))
        .is_some_and(|random| random.len() == 32 && random.bytes().all(|b| b.is_ascii_hexdigit()))
}

const TEMP_PREFIX: &str = ".tabctl-";
const TEMP_SUFFIX: &str = ".tmp";

/// Where a file is to stand: its folder is looked up once, so that both names of a rename, and
/// every check, are about the same folder.
pub(super) struct Target<'a> {
    folder: File,
    name: &'a OsStr,
    path: &'a Path,
}

impl<'a> Target<'a> {
    pub(super) fn open(path: &'a Path) -> Result<Self> {
        let Some(name) = path.file_name() else {
            return Err(refusal(path, "does not name a file", "name the file itself"));
        };
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        match retry_on_intr(|| rustix::fs::open(parent, flags, Mode::empty())) {
            Ok(folder) => Ok(Target { folder: folder.into(), name, path }),
            Err(e) => Err(failure("write", path, &e.into())),
        }
    }

    /// What stands there; refuses what must not be replaced.
    fn metadata(&self) -> Result<Option<Metadata>> {
        match std::fs::symlink_metadata(self.path) {
            Ok(metadata) => {
                refuse_unsafe(&metadata, self.path, Guard::Shared)?;
                Ok(Some(metadata))
            }
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(failure("write", self.path, &e)),
        }
    }

    fn is(&self, expect: Expect) -> Result<bool> {
        let Expect::Bytes(bytes) = expect else { return Ok(true) };
        let now = read_at(&self.folder, Path::new(self.name), self.path, Guard::Shared)?;
        Ok(now.is_some_and(|now| now.bytes == bytes))
    }

    pub(super) fn sync(&self) -> Result<()> {
        match retry_on_intr(|| rustix::fs::fsync(&self.folder)) {
            // Some file systems of virtual machines and networks cannot sync a folder.
            Ok(()) | Err(Errno::INVAL | Errno::NOTSUP) => Ok(()),
            Err(e) => Err(failure("sync the folder of", self.path, &e.into())),
        }
    }
}

/// The new version under a name that nobody can guess; gone when dropped before the rename.
pub(super) struct Temp<'a> {
    target: &'a Target<'a>,
    pub(super) file: File,
    name: PathBuf,
    renamed: bool,
}

impl<'a> Temp<'a> {
    pub(super) fn create(target: &'a Target<'a>) -> Result<Self> {
        let random = clock::random_u128()?;
        let name = PathBuf::from(format!("{TEMP_PREFIX}{random:032x}{TEMP_SUFFIX}"));
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let open = || rustix::fs::openat(&target.folder, &name, flags, Mode::RUSR | Mode::WUSR);
        match retry_on_intr(open) {
            Ok(fd) => Ok(Temp { target, file: fd.into(), name, renamed: false }),
            Err(e) => Err(failure("write", target.path, &e.into())),
        }
    }

    fn fill(&mut self, bytes: &[u8], old: Option<&Metadata>, durability: Durability) -> Result<()> {
        let failed = |e: &std::io::Error| failure("write", self.target.path, e);
        self.file.write_all(bytes).map_err(|e| failed(&e))?;
        if let Some(old) = old {
            self.take_mode_of(old).map_err(|e| failed(&e.into()))?;
        }
        if durability != Durability::Quick {
            self.file.sync_all().map_err(|e| failed(&e))?;
        }
        Ok(())
    }

    /// Keeps group and mode. A group that cannot be kept gets no access, rather than another group.
    fn take_mode_of(&self, old: &Metadata) -> rustix::io::Result<()> {
        let group = rustix::fs::Gid::from_raw(old.gid());
        let kept = retry_on_intr(|| rustix::fs::fchown(&self.file, None, Some(group))).is_ok();
        let mask = if kept { 0o777 } else { 0o707 };
        let mode = Mode::from_raw_mode(old.mode() & mask);
        retry_on_intr(|| rustix::fs::fchmod(&self.file, mode))
    }

    /// `false` if something stands where nothing was expected.
    pub(super) fn rename(&mut self, expect: Expect) -> Result<bool> {
        let Target { folder, name, path } = self.target;
        let plain = || retry_on_intr(|| rustix::fs::renameat(folder, &self.name, folder, *name));
        let done = if expect == Expect::Absent {
            let exclusive = RenameFlags::NOREPLACE;
            let rename = || rustix::fs::renameat_with(folder, &self.name, folder, *name, exclusive);
            match retry_on_intr(rename) {
                Err(Errno::EXIST) => return Ok(false),
                // A file system without that flag: look first. The callers hold a lock anyway.
                Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => match self.target.metadata()? {
                    None => plain(),
                    Some(_) => return Ok(false),
                },
                done => done,
            }
        } else {
            plain()
        };
        done.map_err(|e| failure("write", path, &e.into()))?;
        self.renamed = true;
        Ok(true)
    }
}

impl Drop for Temp<'_> {
    fn drop(&mut self) {
        if !self.renamed {
            // Nothing to be done if this fails: the name tells `doctor` what it is.
            let _ = rustix::fs::unlinkat(&self.target.folder, &self.name, AtFlags::empty());
        }
    }
}
