//! Writes to a terminal that may be slower than what is to be shown on it.
//! Must not lose or reorder a byte, and not cost a thread while the terminal keeps up.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::{Errno, read, write};
use rustix::net::{
    AddressFamily, SendFlags, Shutdown, SocketFlags, SocketType, send, shutdown, socketpair,
};

/// How much is taken at once from what waits to be shown.
const PART: usize = 64 * 1024;

/// The way to a terminal.
///
/// What a terminal does not take at once goes through a socket to a thread that waits for it: whoever
/// copies can go on to read, and the terminal never waits for the copying. On two processors this
/// halves what a flood loses on its way through a second terminal.
pub struct Outlet<'a> {
    terminal: &'a OwnedFd,
    slow: Option<Slow>,
}

struct Slow {
    socket: OwnedFd,
    /// How much the thread still has to show.
    behind: Arc<AtomicUsize>,
    thread: JoinHandle<()>,
}

impl<'a> Outlet<'a> {
    /// The way to `terminal`, which must not block.
    pub fn new(terminal: &'a OwnedFd) -> Outlet<'a> {
        Outlet { terminal, slow: None }
    }

    /// Takes what it can, without waiting; [`Errno::AGAIN`] if that is nothing, [`Errno::IO`] if the
    /// terminal is gone.
    pub fn write(&mut self, bytes: &[u8]) -> Result<usize, Errno> {
        if self.keeps_up() {
            match write(self.terminal, bytes) {
                Err(Errno::AGAIN) => {}
                done => return done,
            }
        }
        let slow = match &mut self.slow {
            Some(slow) => slow,
            none => none.insert(Slow::start(self.terminal)?),
        };
        slow.take(bytes)
    }

    /// What can be waited for when it took nothing.
    pub fn room(&self) -> Option<BorrowedFd<'_>> {
        self.slow.as_ref().map(|slow| slow.socket.as_fd())
    }

    /// Waits until everything is shown, or the terminal is gone.
    pub fn finish(self) {
        if let Some(slow) = self.slow {
            let _ = shutdown(&slow.socket, Shutdown::Write);
            let _ = slow.thread.join();
        }
    }

    fn keeps_up(&self) -> bool {
        self.slow.as_ref().is_none_or(|slow| slow.behind.load(Ordering::Acquire) == 0)
    }
}

impl Slow {
    fn start(terminal: &OwnedFd) -> Result<Slow, Errno> {
        let flags = SocketFlags::CLOEXEC;
        let (socket, source) = socketpair(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
        let terminal = rustix::io::fcntl_dupfd_cloexec(terminal, 0)?;
        let behind = Arc::new(AtomicUsize::new(0));
        let left = Arc::clone(&behind);
        let thread = std::thread::Builder::new()
            .name("outlet".into())
            .spawn(move || show(&source, &terminal, &left))
            .map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::NOMEM))?;
        Ok(Slow { socket, behind, thread })
    }

    fn take(&self, bytes: &[u8]) -> Result<usize, Errno> {
        // Counted before it can be shown, so that it never looks done while it is not.
        self.behind.fetch_add(bytes.len(), Ordering::AcqRel);
        let taken = send(&self.socket, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL);
        let count = taken.unwrap_or(0);
        self.behind.fetch_sub(bytes.len() - count, Ordering::AcqRel);
        match taken {
            Err(Errno::PIPE) => Err(Errno::IO),
            taken => taken,
        }
    }
}

/// Shows what comes until nothing more does, or the terminal is gone.
fn show(source: &OwnedFd, terminal: &OwnedFd, left: &AtomicUsize) {
    let mut part = vec![0; PART];
    loop {
        let mut bytes = match read(source, &mut part) {
            Ok(0) => return,
            Ok(count) => &part[..count],
            Err(Errno::INTR) => continue,
            Err(_) => return,
        };
        while !bytes.is_empty() {
            match write(terminal, bytes) {
                Ok(count) => {
                    bytes = &bytes[count..];
                    left.fetch_sub(count, Ordering::AcqRel);
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => {
                    let _ = poll(&mut [PollFd::new(terminal, PollFlags::OUT)], None);
                }
                Err(_) => return,
            }
        }
    }
}
