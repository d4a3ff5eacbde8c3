//! A terminal of a test's own, with a tab's runner in it: for what tmux would not show byte by byte.
//! Must not look at what passes: it types and it reads.

use std::io::ErrorKind;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, fcntl_getfl, fcntl_setfl, open};
use rustix::io::{Errno, FdFlags, fcntl_setfd};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};
use tabctl::model::argv::Argv;
use tabctl::model::id::TabId;
use tabctl::model::plan::{Evidence, Order};

use super::inside;
use super::world::World;

const PATIENCE: Duration = Duration::from_mins(1);

/// A terminal and what runs in it. Everything ends with the value.
pub struct Terminal {
    master: Option<OwnedFd>,
    runner: Child,
    /// What was read and not asked for yet.
    read: Vec<u8>,
}

impl Terminal {
    /// Starts the runner of a new tab in a new terminal, with `argv` for its agent.
    pub fn with_agent(world: &World, argv: &[&str]) -> Terminal {
        let id = TabId::from_parts(1_700_000_000_000, 7);
        let order = Order {
            argv: argv.iter().copied().collect::<Argv>(),
            prompt: Vec::new(),
            directory: world.home().display().to_string(),
            set: std::collections::BTreeMap::default(),
            path: None,
            unset: Vec::new(),
            conversation: None,
            fork: None,
            resumes: false,
            evidence: Evidence::Nothing,
            greeting: Vec::new(),
            files: Vec::new(),
        };
        inside::store(world).put_order(id, &order).expect("the runtime folder is writable");
        let tabctl = env!("CARGO_BIN_EXE_tabctl");
        let mut command = world.command(tabctl);
        // It takes its terminal in the same way in which the runner lets an agent take one.
        command.args(["take-terminal", "--", tabctl, "runner", &id.to_string()]);
        Terminal::running(command)
    }

    /// Attaches a person to the world's tmux server, with the window of this pane in front.
    pub fn attached(world: &World, pane: &str) -> Terminal {
        world.tmux(["select-window", "-t", pane, ";", "select-pane", "-t", pane]).ok();
        let session = world.tmux(["display-message", "-p", "-t", pane, "#{session_id}"]).ok();
        let mut command = world.command(env!("CARGO_BIN_EXE_tabctl"));
        command.args(["take-terminal", "--", "tmux", "-u", "-S"]).arg(world.socket());
        command.args(["attach-session", "-t", session.stdout.trim()]);
        let terminal = Terminal::running(command);
        world.wait_until("the client", PATIENCE, || {
            world.tmux(["list-clients", "-F", "#{pane_id}"]).stdout.lines().any(|it| it == pane)
        });
        terminal
    }

    fn running(mut command: Command) -> Terminal {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        fcntl_setfd(&master, FdFlags::CLOEXEC).expect("a flag");
        grantpt(&master).and_then(|()| unlockpt(&master)).expect("it is ours");
        let name = ptsname(&master, Vec::new()).expect("it has a name");
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let slave = open(name.as_c_str(), flags, Mode::empty()).expect("it can be opened");
        tcsetwinsize(&master, size(24, 80)).expect("it has a size");
        let nonblocking = fcntl_getfl(&master).expect("flags") | OFlags::NONBLOCK;
        fcntl_setfl(&master, nonblocking).expect("flags");
        let again = slave.try_clone().expect("a copy");
        command.stdin(Stdio::from(slave)).stdout(Stdio::from(again)).stderr(Stdio::null());
        let runner = command.spawn().expect("tabctl starts");
        Terminal { master: Some(master), runner, read: Vec::new() }
    }

    /// Sends a signal to the runner alone.
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.runner), signal).expect("it lives");
    }

    /// How the runner ended.
    pub fn ended(&mut self) -> bool {
        self.runner.try_wait().expect("it is our child").is_some()
    }

    /// The modes that the terminal is in.
    pub fn modes(&self) -> Termios {
        tcgetattr(self.master()).expect("it is a terminal")
    }

    /// Changes its size, in characters.
    pub fn resize(&self, rows: u16, columns: u16) {
        tcsetwinsize(self.master(), size(rows, columns)).expect("it is a terminal");
    }

    /// Closes the window.
    pub fn hang_up(&mut self) {
        self.master = None;
    }

    /// Types, and reads meanwhile as a terminal does.
    pub fn type_bytes(&mut self, bytes: &[u8]) {
        self.pass(bytes, "the typed to be taken", |_| true);
    }

    /// Types without reading, as far as that is taken within a moment; gives what is left.
    pub fn type_deaf<'a>(&self, mut bytes: &'a [u8]) -> &'a [u8] {
        let end = Instant::now() + Duration::from_secs(1);
        while !bytes.is_empty() && Instant::now() < end {
            match rustix::io::write(self.master(), bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(Errno::AGAIN) => self.wait(PollFlags::OUT),
                Err(error) => panic!("cannot type: {error}"),
            }
        }
        bytes
    }

    /// Reads exactly so many bytes.
    pub fn read_bytes(&mut self, count: usize) -> Vec<u8> {
        self.pass(&[], "more to read", |read| read.len() >= count);
        let rest = self.read.split_off(count);
        std::mem::replace(&mut self.read, rest)
    }

    /// Reads up to and with this text.
    pub fn read_to(&mut self, text: &str) -> String {
        let at =
            |read: &[u8]| read.windows(text.len()).position(|window| window == text.as_bytes());
        self.pass(&[], text, |read| at(read).is_some());
        let end = at(&self.read).expect("it was seen") + text.len();
        String::from_utf8_lossy(&self.read_bytes(end)).into_owned()
    }

    fn pass(&mut self, mut typed: &[u8], what: &str, enough: impl Fn(&[u8]) -> bool) {
        let end = Instant::now() + PATIENCE;
        let mut buffer = vec![0; 64 * 1024];
        while !typed.is_empty() || !enough(&self.read) {
            let shown = String::from_utf8_lossy(&self.read[self.read.len().saturating_sub(2000)..]);
            assert!(Instant::now() < end, "waited for {what}; read so far: {shown:?}");
            if !typed.is_empty() {
                match rustix::io::write(self.master(), typed) {
                    Ok(count) => typed = &typed[count..],
                    Err(Errno::AGAIN) => {}
                    Err(error) => panic!("cannot type: {error}"),
                }
            }
            let wanted =
                if typed.is_empty() { PollFlags::IN } else { PollFlags::IN | PollFlags::OUT };
            self.wait(wanted);
            match rustix::io::read(self.master(), &mut buffer) {
                Ok(count) => self.read.extend_from_slice(&buffer[..count]),
                Err(error) if std::io::Error::from(error).kind() != ErrorKind::WouldBlock => {
                    panic!("{what} did not come before the terminal was closed; read: {shown:?}")
                }
                _ => {}
            }
        }
    }

    fn wait(&self, wanted: PollFlags) {
        let moment = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
        let _ = poll(&mut [PollFd::new(self.master(), wanted)], Some(&moment));
    }

    fn master(&self) -> &OwnedFd {
        self.master.as_ref().expect("it was not closed")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.master = None;
        let _ = self.runner.kill();
        let _ = self.runner.wait();
    }
}

fn size(rows: u16, columns: u16) -> Winsize {
    Winsize { ws_row: rows, ws_col: columns, ws_xpixel: columns * 9, ws_ypixel: rows * 18 }
}
