//! Says a few bytes to a terminal that somebody else draws on: a bell, a notification.
//! Must not wait for it, must not become its owner, and must not write to anything but a terminal.

use std::path::{Path, PathBuf};

use anyhow::Result;
use rustix::fs::{Mode, OFlags, open};
use rustix::io::{retry_on_intr, write};
use rustix::termios::isatty;

use crate::error::{Fault, Kind};

/// The terminal that this process runs in.
pub const OWN: &str = "/dev/tty";

/// Writes all bytes at once, so that nothing comes between them, or none.
pub fn say(terminal: &Path, bytes: &[u8]) -> Result<()> {
    let wrong =
        |why: &str| Fault::new(Kind::Other, format!("the terminal {} {why}", terminal.display()));
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = retry_on_intr(|| open(terminal, flags, Mode::empty()));
    let opened = opened.map_err(|error| wrong(&format!("cannot be opened: {error}")))?;
    if !isatty(&opened) {
        return Err(wrong("is none").into());
    }
    match retry_on_intr(|| write(&opened, bytes)) {
        Ok(count) if count == bytes.len() => Ok(()),
        Ok(_) => Err(wrong("takes no more").into()),
        Err(error) => Err(wrong(&format!("takes nothing: {error}")).into()),
    }
}

/// The terminal that a process of ours reads from or writes to, where the system tells.
pub fn of_process(pid: u32) -> Option<PathBuf> {
    let stream = |number: usize| std::fs::read_link(format!("/proc/{pid}/fd/{number}")).ok();
    (0..3)
        .filter_map(stream)
        .find(|path| path.starts_with("/dev/pts") || path.starts_with("/dev/tty"))
}
