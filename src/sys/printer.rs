//! A terminal that nobody types into: programs in the background write to it, line by line and in
//! colour, as they do before a person. Must not become anybody's controlling terminal.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::{Errno, read};
use rustix::termios::{
    LocalModes, OptionalActions, OutputModes, Winsize, tcgetattr, tcsetattr, tcsetwinsize,
};

use super::pty;

/// Its size: wide enough for tables, and what a person's window has.
const SIZE: Winsize = Winsize { ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };

/// Both ends of such a terminal. As long as the programs' end is ours too, reading never finds the end
/// of it: what a program left behind can go on to write.
pub struct Printer {
    ours: OwnedFd,
    theirs: OwnedFd,
}

impl Printer {
    /// A new one.
    pub fn new() -> Result<Printer> {
        let made = || -> rustix::io::Result<Printer> {
            let (ours, theirs) = pty::pair()?;
            let mut modes = tcgetattr(&theirs)?;
            // Every byte as it was written: no carriage return before each line's end.
            modes.output_modes.remove(OutputModes::OPOST);
            modes.local_modes.remove(LocalModes::ECHO);
            tcsetattr(&theirs, OptionalActions::Now, &modes)?;
            tcsetwinsize(&ours, SIZE)?;
            fcntl_setfl(&ours, fcntl_getfl(&ours)? | OFlags::NONBLOCK)?;
            Ok(Printer { ours, theirs })
        };
        made().context("no terminal can be made")
    }

    /// Lets a program write to it, and read nothing.
    pub fn attach(&self, program: &mut Command) -> Result<()> {
        program.stdin(Stdio::null());
        program.stdout(self.theirs.try_clone()?).stderr(self.theirs.try_clone()?);
        Ok(())
    }

    /// What can be waited for.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.ours.as_fd()
    }

    /// Takes what was written, without waiting; how much that was.
    pub fn take(&self, into: &mut [u8]) -> Result<usize> {
        match read(&self.ours, into) {
            Ok(count) => Ok(count),
            // Linux says that the other side is closed by an error.
            Err(Errno::AGAIN | Errno::INTR | Errno::IO) => Ok(0),
            Err(error) => Err(error).context("the output cannot be read"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test says what it expects by failing

    use std::time::{Duration, Instant};

    use super::*;
    use crate::sys::run;

    #[test]
    fn a_program_sees_a_terminal_that_it_cannot_read_from_and_does_not_own() {
        let printer = Printer::new().unwrap();
        let asks = "test -t 1 && test -t 2 && ! test -t 0 && echo yes; cat; \
                    (: </dev/tty) 2>/dev/null || echo deaf";
        // In a session of its own, as a job is: here the tests may have a terminal.
        let mut setsid = run::command("setsid");
        setsid.arg("-w").arg("sh").args(["-c", asks]);
        printer.attach(&mut setsid).unwrap();
        let mut child = setsid.spawn().unwrap();
        child.wait().unwrap();
        let (mut text, begun) = (Vec::new(), Instant::now());
        while !text.ends_with(b"deaf\n") && begun.elapsed() < Duration::from_secs(10) {
            let mut part = [0; 100];
            let count = printer.take(&mut part).unwrap();
            text.extend_from_slice(&part[..count]);
        }
        assert_eq!(String::from_utf8_lossy(&text), "yes\ndeaf\n");
    }
}
