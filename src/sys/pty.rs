//! Terminals: the one we stand in, and new ones for programs that we start.
//! Must give the terminal that we stand in back as it was, however this process ends.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use rustix::fs::{Mode, OFlags, fcntl_getfl, fcntl_setfl, open};
use rustix::io::{FdFlags, fcntl_dupfd_cloexec, fcntl_setfd};
use rustix::process::{ioctl_tiocsctty, setsid};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{
    OptionalActions, Termios, isatty, tcgetattr, tcgetwinsize, tcsetattr, tcsetwinsize, ttyname,
};

use super::run;

/// The most that a program which could not be started says about it.
const MOST_REASON: u64 = 4096;

/// The terminal that this process stands in, in raw mode until the value is dropped.
pub struct Own {
    terminal: Arc<OwnedFd>,
    before: Termios,
}

/// What is to be put back if this process panics: a release build then ends without any drop.
static TAKEN: Mutex<Option<(Arc<OwnedFd>, Termios)>> = Mutex::new(None);

impl Own {
    /// The terminal of standard input and output, if they are one that can be opened anew: reads and
    /// writes that do not block must not make those of others on the same terminal fail.
    pub fn open() -> Option<Own> {
        let (stdin, stdout) = (rustix::stdio::stdin(), rustix::stdio::stdout());
        if !isatty(stdin) || !isatty(stdout) {
            return None;
        }
        let name = ttyname(stdin, Vec::new()).ok()?;
        if ttyname(stdout, Vec::new()).ok()? != name {
            return None;
        }
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let terminal = open(name.as_c_str(), flags, Mode::empty()).ok()?;
        let before = tcgetattr(&terminal).ok()?;
        Some(Own { terminal: Arc::new(terminal), before })
    }

    /// Passes every byte through from now on, and puts the modes back in the end.
    pub fn make_raw(&self) -> Result<()> {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.is_none() {
            let report = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                // Whoever panics may hold the lock; then there is nothing to be done.
                if let Ok(taken) = TAKEN.try_lock()
                    && let Some((terminal, before)) = taken.as_ref()
                {
                    let _ = tcsetattr(terminal.as_fd(), OptionalActions::Now, before);
                }
                report(panic);
            }));
        }
        *taken = Some((Arc::clone(&self.terminal), self.before.clone()));
        let mut raw = self.before.clone();
        raw.make_raw();
        tcsetattr(self.terminal.as_fd(), OptionalActions::Now, &raw)
            .context("the terminal cannot be set to raw mode")
    }

    /// For reading and writing; neither blocks.
    pub fn descriptor(&self) -> &OwnedFd {
        &self.terminal
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        *taken = None;
        // A terminal that has hung up needs no modes any more.
        let _ = tcsetattr(self.terminal.as_fd(), OptionalActions::Now, &self.before);
    }
}

/// A new terminal: our end of it, and until the program is started the program's.
pub struct Pty {
    ours: OwnedFd,
    theirs: OwnedFd,
}

impl Pty {
    /// A terminal with the modes and the size of `own`.
    pub fn like(own: &Own) -> Result<Pty> {
        let made = || -> rustix::io::Result<Pty> {
            let (ours, theirs) = pair()?;
            tcsetattr(&theirs, OptionalActions::Now, &own.before)?;
            fcntl_setfl(&ours, fcntl_getfl(&ours)? | OFlags::NONBLOCK)?;
            Ok(Pty { ours, theirs })
        };
        let pty = made().context("no terminal can be made for the agent")?;
        resize(own, &pty.ours);
        Ok(pty)
    }

    /// Starts a program with this as its controlling terminal; gives our end of it. `entry` is this
    /// program's own command line for [`become_program`]: only a process itself can take a terminal.
    pub fn start(self, program: &Command, entry: &[OsString]) -> Result<(Child, OwnedFd)> {
        let (first, rest) = entry.split_first().context("nobody takes the terminal")?;
        let mut command = run::command(first);
        command.args(rest).arg(program.get_program()).args(program.get_args());
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let (reason, report) = std::io::pipe()?;
        command.stdin(self.theirs.try_clone()?).stdout(self.theirs).stderr(report);
        let mut child = command.spawn()?;
        // Our copies of its descriptors must go: the end of the report is its start.
        drop(command);
        let mut why = String::new();
        let _ = reason.take(MOST_REASON).read_to_string(&mut why);
        if why.is_empty() {
            return Ok((child, self.ours));
        }
        let _ = child.wait();
        Err(anyhow::anyhow!(why))
    }
}

/// Both ends of a new terminal, which is nobody's controlling terminal yet: ours, and a program's.
pub fn pair() -> rustix::io::Result<(OwnedFd, OwnedFd)> {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    fcntl_setfd(&ours, FdFlags::CLOEXEC)?;
    grantpt(&ours)?;
    unlockpt(&ours)?;
    let name = ptsname(&ours, Vec::new())?;
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok((ours, open(name.as_c_str(), flags, Mode::empty())?))
}

/// Gives a new terminal the size of our own, which tells its programs if that has changed.
pub fn resize(own: &Own, ours: &OwnedFd) {
    if let Ok(size) = tcgetwinsize(own.terminal.as_fd()) {
        let _ = tcsetwinsize(ours, size);
    }
}

/// In the process that [`Pty::start`] has started: makes standard input the controlling terminal and
/// becomes the program. Returns only if that failed, and has reported it then.
pub fn become_program(program: Command) {
    let Ok(mut report) = fcntl_dupfd_cloexec(rustix::stdio::stderr(), 3).map(File::from) else {
        return;
    };
    let _ = report.write_all(taken_over(program).as_bytes());
}

fn taken_over(mut program: Command) -> String {
    use std::os::unix::process::CommandExt;
    let stdin = rustix::stdio::stdin();
    let taken = setsid()
        .and_then(|_| ioctl_tiocsctty(stdin))
        .and_then(|()| rustix::stdio::dup2_stderr(stdin));
    match taken {
        Ok(()) => program.exec().to_string(),
        Err(error) => format!("it cannot have a terminal: {error}"),
    }
}
