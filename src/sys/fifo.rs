//! FIFOs: a way for the bytes of a program that nobody here has started.
//! Must not wait for the other side, and must not take the end of one writer for the end of all.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::{Errno, retry_on_intr};

/// Makes one for this user alone; nothing may stand there.
pub fn make(path: &Path) -> Result<()> {
    made(path).with_context(|| format!("no FIFO can be made at {}", path.display()))
}

#[cfg(not(target_vendor = "apple"))]
fn made(path: &Path) -> Result<()> {
    Ok(rustix::fs::mkfifoat(rustix::fs::CWD, path, Mode::RUSR | Mode::WUSR)?)
}

/// There, only a program makes one.
#[cfg(target_vendor = "apple")]
fn made(path: &Path) -> Result<()> {
    let mut mkfifo = super::run::command("mkfifo");
    mkfifo.args(["-m", "600"]).arg(path);
    let output = super::run::capture(mkfifo, Duration::from_secs(5))?;
    anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}

/// What one attempt to read gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Took {
    /// So many bytes.
    Bytes(usize),
    /// Nothing yet, and somebody may still write; or nobody has begun to.
    Nothing,
    /// Nobody can write any more.
    Over,
}

/// The end that reads.
#[derive(Debug)]
pub struct Reader {
    file: File,
    is_over: bool,
}

impl Reader {
    /// Opens it; whoever opens the other end does not wait from now on.
    pub fn open(path: &Path) -> Result<Reader> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let file = File::from(retry_on_intr(|| open(path, flags, Mode::empty()))?);
        Ok(Reader { file, is_over: false })
    }

    /// Takes what is there. An end counts once somebody was seen to write: before that, nobody has
    /// opened the other side.
    pub fn take(&mut self, buffer: &mut [u8]) -> Result<Took> {
        match self.file.read(buffer) {
            Ok(0) => {
                self.is_over = true;
                Ok(Took::Over)
            }
            Ok(count) => Ok(Took::Bytes(count)),
            Err(error)
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
            {
                Ok(Took::Nothing)
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Waits until one of them has something to say, or a signal comes, or so long. One that has said its
/// end is not asked again.
pub fn wait(readers: &[&Reader], limit: Duration) -> Result<()> {
    let asked = readers.iter().filter(|reader| !reader.is_over);
    let mut polled: Vec<_> = asked.map(|reader| PollFd::new(&reader.file, PollFlags::IN)).collect();
    let limit = Timespec::try_from(limit)?;
    match poll(&mut polled, Some(&limit)) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The end that writes, held open so that whoever opens the other one does not wait.
#[derive(Debug)]
pub struct Writer(File);

impl Writer {
    /// Opens it.
    pub fn open(path: &Path) -> Result<Writer> {
        let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Writer(File::from(retry_on_intr(|| open(path, flags, Mode::empty()))?)))
    }

    /// Writes a line, if there is room for it.
    pub fn line(&mut self) {
        // One that is full has been written to without need.
        let _ = self.0.write_all(b"\n");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test says what it expects by failing

    use std::io::BufRead;

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    #[test]
    fn what_is_written_is_read_and_the_end_comes_after_the_last_writer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        make(&path).unwrap();
        assert!(make(&path).is_err(), "there is one");
        let mut reader = Reader::open(&path).unwrap();
        let mut buffer = [0; 16];
        let open = || std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        let (mut one, other) = (open(), open());
        assert_eq!(reader.take(&mut buffer).unwrap(), Took::Nothing);
        one.write_all(b"text").unwrap();
        drop(one);
        wait(&[&reader], LONG).unwrap();
        assert_eq!(reader.take(&mut buffer).unwrap(), Took::Bytes(4));
        assert_eq!(reader.take(&mut buffer).unwrap(), Took::Nothing);
        drop(other);
        assert_eq!(reader.take(&mut buffer).unwrap(), Took::Over);
        // It is not asked again, so that this is no busy loop.
        wait(&[&reader], Duration::from_millis(1)).unwrap();
    }

    #[test]
    fn one_who_reads_a_line_is_served_or_sees_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ack");
        make(&path).unwrap();
        let mut writer = Writer::open(&path).unwrap();
        let mut other = std::io::BufReader::new(File::open(&path).unwrap());
        writer.line();
        drop(writer);
        let mut line = String::new();
        assert_eq!(other.read_line(&mut line).unwrap(), 1);
        assert_eq!(other.read_line(&mut line).unwrap(), 0);
    }
}
