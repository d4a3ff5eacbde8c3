//! Copies files of any size: whole or not at all, like a write.
//! Must not read what is in them, and must not follow a link.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::Result;
use rustix::fs::{Mode, OFlags};

use super::write::{Expect, Target, Temp};
use super::{failure, our_user, refusal, stamp};

/// Copies a file (mode 0600, with its time of modification), and syncs it. `false`, and nothing done,
/// if the target is not as expected.
pub fn copy(from: &Path, to: &Path, expect: Expect) -> Result<bool> {
    join(&[from], to, expect)
}

/// Writes several files, one behind the other, into one. `to` may be one of them: then `false`, and
/// nothing done, if somebody writes to it meanwhile.
pub fn join(parts: &[&Path], to: &Path, expect: Expect) -> Result<bool> {
    let target = Target::open(to)?;
    let before = stamp(to);
    if let Ok(metadata) = std::fs::symlink_metadata(to) {
        must_be_plain(&metadata, to)?;
    }
    let mut temp = Temp::create(&target)?;
    for part in parts {
        let mut source = open(part)?;
        io::copy(&mut source, &mut temp.file).map_err(|e| failure("copy", part, &e))?;
        let written = source.metadata().and_then(|it| it.modified());
        let dated = written.and_then(|at| temp.file.set_modified(at));
        dated.map_err(|e| failure("copy", part, &e))?;
    }
    temp.file.sync_all().map_err(|e| failure("write", to, &e))?;
    if (parts.contains(&to) && stamp(to) != before) || !temp.rename(expect)? {
        return Ok(false);
    }
    target.sync()?;
    Ok(true)
}

fn open(path: &Path) -> Result<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match rustix::io::retry_on_intr(|| rustix::fs::open(path, flags, Mode::empty())) {
        Ok(fd) => File::from(fd),
        Err(e) => return Err(failure("read", path, &e.into())),
    };
    let metadata = file.metadata().map_err(|e| failure("read", path, &e))?;
    must_be_plain(&metadata, path)?;
    Ok(file)
}

fn must_be_plain(metadata: &Metadata, path: &Path) -> Result<()> {
    if metadata.is_file() && metadata.uid() == our_user() {
        return Ok(());
    }
    Err(refusal(path, "is not a plain file of yours", "only such a file is copied"))
}
