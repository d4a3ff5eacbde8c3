//! A terminal that somebody else draws on: says a few bytes to it, and sees whether keys are read.
//! Must not wait for it long, must not become its owner, and must not write to anything but a terminal.

use std::path::{Path, PathBuf};

use std::time::Duration;

use anyhow::Result;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::{Errno, retry_on_intr, write};
use rustix::termios::{LocalModes, isatty, tcgetattr};

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

/// Shows a text on a terminal, waiting at most so long for each part of it; whether all of it is shown.
pub fn show(terminal: &Path, mut bytes: &[u8], patience: Duration) -> bool {
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = retry_on_intr(|| open(terminal, flags, Mode::empty()));
    let Some(terminal) = opened.ok().filter(|opened| isatty(opened)) else { return false };
    let patience = Timespec::try_from(patience).ok();
    while !bytes.is_empty() {
        match write(&terminal, bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                let mut room = [PollFd::new(&terminal, PollFlags::OUT)];
                if !matches!(poll(&mut room, patience.as_ref()), Ok(1) | Err(Errno::INTR)) {
                    return false;
                }
            }
            Err(_) => return false,
        }
    }
    true
}

/// Whether somebody reads single keys from a terminal, as a shell does at its prompt; else the kernel
/// collects lines for a program. `None` where it cannot be seen.
pub fn reads_keys(terminal: &Path) -> Option<bool> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = retry_on_intr(|| open(terminal, flags, Mode::empty())).ok()?;
    let modes = tcgetattr(&opened).ok()?;
    Some(!modes.local_modes.contains(LocalModes::ICANON))
}
