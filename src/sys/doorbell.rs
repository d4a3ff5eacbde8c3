//! A doorbell: somebody waits behind it, and whoever knows its path can ring, without waiting.
//! Must cost one who rings nothing, whether or not anybody is there.

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::file;

/// A bell that one waits for.
#[derive(Debug)]
pub struct Doorbell {
    socket: UnixDatagram,
}

impl Doorbell {
    /// Hangs a bell up at a path that is nobody else's, in a folder of ours that is made if it is
    /// missing. One that a process left behind there is taken down.
    ///
    /// It is a socket and not a watch on a file: a user has few watchers, a hundred tabs would need one
    /// each, and every word of an agent would wake them, news or not.
    pub fn hang(path: &Path) -> Result<Doorbell> {
        if let Some(folder) = path.parent() {
            file::private_dir(folder)?;
        }
        file::remove_quickly(path)?;
        let socket = UnixDatagram::bind(path)
            .with_context(|| format!("no bell can be hung up at {}", path.display()))?;
        socket.set_nonblocking(true)?;
        Ok(Doorbell { socket })
    }

    /// Waits until somebody rings, or so long; says whether somebody did. However often it was rung
    /// since the last time, it is heard once.
    pub fn wait(&self, limit: Option<Duration>) -> bool {
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        let mut polled = [PollFd::new(&self.socket, PollFlags::IN)];
        let rung = matches!(poll(&mut polled, limit.as_ref()), Ok(count) if count > 0);
        while self.socket.recv(&mut [0; 8]).is_ok() {}
        rung
    }
}

/// Rings, if anybody waits behind it. Never waits itself.
pub fn ring(path: &Path) {
    // Nobody may be there, and one that is full rings already.
    let _ = UnixDatagram::unbound().and_then(|socket| {
        socket.set_nonblocking(true)?;
        socket.send_to(b"!", path)
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test says what it expects by failing
    #![allow(clippy::disallowed_methods)] // a stranger's file

    use super::*;

    const LONG: Option<Duration> = Some(Duration::from_secs(20));
    const NOW: Option<Duration> = Some(Duration::ZERO);

    #[test]
    fn a_ring_is_heard_once_however_often_it_was_rung() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bells").join("one");
        ring(&path);
        let bell = Doorbell::hang(&path).unwrap();
        assert!(!bell.wait(NOW), "nobody was there when it was rung");
        (0..100_000).for_each(|_| ring(&path));
        assert!(bell.wait(LONG));
        assert!(!bell.wait(NOW));
        drop(bell);
        ring(&path);
        assert!(!Doorbell::hang(&path).unwrap().wait(NOW));
    }

    #[test]
    fn one_who_waits_is_woken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bell");
        let bell = Doorbell::hang(&path).unwrap();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| bell.wait(LONG));
            ring(&path);
            assert!(waiting.join().unwrap());
        });
    }

    #[test]
    fn what_is_no_bell_is_not_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "text").unwrap();
        ring(&file);
        assert_eq!(std::fs::read(&file).unwrap(), b"text");
    }
}
