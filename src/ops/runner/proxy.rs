//! An agent in a terminal of its own, between which and the pane's every byte is passed on.
//! Must not change a byte, and must leave no agent behind that nobody can reach.

use std::ffi::OsString;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use signal_hook::consts::{SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;

use crate::model::id::TabId;
use crate::model::live::Ended;
use crate::ops::Ctx;
use crate::sys::pty::{self, Own, Pty};
use crate::sys::relay::{self, Phase, relay};

use super::following::{Following, Observing};
use super::keeping::Keeping;
use super::observer::View;
use super::presenting::Presenting;
use super::seen::Seen;
use super::tap::Eye;
use super::{AgentEnded, launch, started};

/// The hidden verb by which a program takes its terminal.
pub const ENTRY: &str = "take-terminal";

/// An agent whose terminal is gone has so many seconds to end, and as many again when it is told to.
const PATIENCE: i64 = 5;

/// Starts the program in a terminal like `own` and passes on until its end.
pub fn run(ctx: &Ctx, id: TabId, program: &Command, own: &Own) -> Result<AgentEnded> {
    let mut signals = Inbox::open()?;
    let exe = std::env::current_exe().context("cannot find out where tabctl itself is")?;
    let entry = [exe.into_os_string(), ENTRY.into(), OsString::from("--")];
    let pty = Pty::like(own)?;
    own.make_raw()?;
    let (child, ours) =
        pty.start(program, &entry).map_err(|error| launch::refused(program, &error))?;
    let mut agent =
        Agent { pid: Pid::from_child(&child), ended: None, hung_up: false, to_end: false };
    let noted = started(ctx, id, child.id());
    let following = Following::start(ctx, id, child.id());
    let keeping = Keeping::start(ctx, id);
    let bell = signals.descriptor()?;
    let seen = Arc::new(Seen::default());
    let observing = Observing::start(ctx, id, child.id(), View::Terminal, &seen, &following);
    let presenting = Presenting::start(ctx, id, &seen);
    let mut eye = Eye::new(Arc::clone(&seen));
    let mut heard = || {
        if agent.pass_on(&mut signals) {
            pty::resize(own, &ours);
            seen.disturbed();
        }
        if agent.ended.is_some() { Phase::Ended } else { Phase::Runs }
    };
    let passed = relay(own.descriptor(), &ours, bell.as_fd(), &mut heard, &mut eye);
    agent.hung_up |= matches!(passed, Ok(Phase::HungUp));
    // Whoever still has the terminal open is told so by the kernel: the agent itself, if nobody can
    // reach it any more, else what it has left behind.
    drop(ours);
    let mut harder = [Signal::TERM, Signal::KILL].into_iter();
    let (code, signal) = loop {
        if let Some(how) = agent.ended {
            break how;
        }
        let limit = agent.hung_up.then_some(PATIENCE);
        if !relay::listen(bell.as_fd(), limit)?
            && let Some(signal) = harder.next()
        {
            // Nobody can reach it, and its conversation cannot be opened while it lives.
            let _ = kill_process(agent.pid, signal);
        }
        agent.pass_on(&mut signals);
    };
    observing.stop();
    following.stop();
    presenting.stop();
    keeping.stop(!agent.hung_up && !agent.to_end && code.is_some());
    noted?;
    passed?;
    Ok(AgentEnded { how: Ended { at: ctx.now(), code, signal }, hung_up: agent.hung_up })
}

/// The signals that came, and a descriptor that can be waited for.
struct Inbox {
    signals: SignalDelivery<UnixStream, SignalOnly>,
}

impl Inbox {
    fn open() -> Result<Inbox> {
        let (read, write) = UnixStream::pair()?;
        let wanted = [SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH];
        let signals = SignalDelivery::with_pipe(read, write, SignalOnly, wanted)?;
        Ok(Inbox { signals })
    }

    fn descriptor(&self) -> Result<OwnedFd> {
        Ok(self.signals.get_read().as_fd().try_clone_to_owned()?)
    }
}

struct Agent {
    pid: Pid,
    /// Exit code or signal.
    ended: Option<(Option<i32>, Option<i32>)>,
    hung_up: bool,
    /// Everybody is told to end: the machine goes down.
    to_end: bool,
}

impl Agent {
    /// Passes on what is sent to the runner alone, and looks whether the agent lives. Says whether
    /// the terminal has another size.
    fn pass_on(&mut self, inbox: &mut Inbox) -> bool {
        let mut resized = false;
        for signal in inbox.signals.pending() {
            let passed_on = match signal {
                SIGWINCH => {
                    resized = true;
                    continue;
                }
                SIGHUP => Signal::HUP,
                SIGTERM => Signal::TERM,
                SIGCONT => Signal::CONT,
                // The keys that mean them go to the agent's own terminal.
                _ => continue,
            };
            self.hung_up |= signal == SIGHUP;
            self.to_end |= signal == SIGTERM;
            if self.ended.is_none() {
                let _ = kill_process(self.pid, passed_on);
            }
        }
        while self.ended.is_none() {
            match waitpid(Some(self.pid), WaitOptions::UNTRACED | WaitOptions::NOHANG) {
                Ok(Some((_, status))) if status.stopped() => {
                    // There is no shell behind it to say `fg` to: a suspended agent would be a dead
                    // pane.
                    let _ = kill_process(self.pid, Signal::CONT);
                }
                Ok(Some((_, status))) => {
                    self.ended = Some((status.exit_status(), status.terminating_signal()));
                }
                Ok(None) => break,
                Err(rustix::io::Errno::INTR) => {}
                // Somebody else has waited for it: it is gone, and nobody knows how.
                Err(_) => self.ended = Some((None, None)),
            }
        }
        resized
    }
}
