//! An agent that has the pane's terminal for itself.
//! Must not touch what it writes there.

use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::{Handle, Signals};

use crate::model::id::TabId;
use crate::model::live::Ended;
use crate::ops::Ctx;

use super::following::{Following, Observing};
use super::keeping::Keeping;
use super::observer::View;
use super::presenting::Presenting;
use super::seen::Seen;
use super::{AgentEnded, launch, started};

/// Starts the program and waits for its end.
pub fn run(ctx: &Ctx, id: TabId, mut program: Command) -> Result<AgentEnded> {
    let signals = Forwarder::install()?;
    let child = program.spawn().map_err(|error| launch::refused(&program, &error))?;
    let pid = Pid::from_child(&child);
    let forwarder = Forwarder::forward(signals, pid);
    started(ctx, id, child.id())?;
    let following = Following::start(ctx, id, child.id());
    let keeping = Keeping::start(ctx, id);
    let seen = Arc::new(Seen::default());
    let observing = Observing::start(ctx, id, child.id(), View::Pane, &seen, &following);
    let presenting = Presenting::start(ctx, id, &seen);
    let (code, signal) = wait(pid)?;
    observing.stop();
    following.stop();
    presenting.stop();
    let Told { hung_up, to_end } = forwarder.stop();
    keeping.stop(!hung_up && !to_end && code.is_some());
    Ok(AgentEnded { how: Ended { at: ctx.now(), code, signal }, hung_up })
}

/// The keys of the terminal go to the whole foreground group: the agent gets them, the runner only
/// must not die of them. Handlers (unlike ignoring) are not inherited by the agent.
struct Forwarder {
    handle: Handle,
    thread: std::thread::JoinHandle<Told>,
}

/// What the runner was told by others than its agent.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    /// The terminal is gone.
    hung_up: bool,
    /// Everybody is to end: the machine goes down.
    to_end: bool,
}

impl Forwarder {
    /// Passes on to the agent what is sent to the runner alone. Installed before the agent starts.
    fn install() -> Result<Signals> {
        Ok(Signals::new([SIGINT, SIGQUIT, SIGTSTP, SIGHUP, SIGTERM])?)
    }

    fn forward(mut signals: Signals, agent: Pid) -> Forwarder {
        let handle = signals.handle();
        let thread = std::thread::spawn(move || {
            let mut told = Told::default();
            for signal in signals.forever() {
                let passed_on = match signal {
                    SIGHUP => Signal::HUP,
                    SIGTERM => Signal::TERM,
                    // An agent that suspends itself tells its whole group. In a session without a
                    // shell the kernel drops the signal: it does not stop, and waits to be woken.
                    SIGTSTP => Signal::CONT,
                    _ => continue,
                };
                told.hung_up |= signal == SIGHUP;
                told.to_end |= signal == SIGTERM;
                let _ = kill_process(agent, passed_on);
            }
            told
        });
        Forwarder { handle, thread }
    }

    /// Ends the forwarding; says what came.
    fn stop(self) -> Told {
        self.handle.close();
        self.thread.join().unwrap_or_default()
    }
}

/// Waits for the agent's end: exit code or signal.
fn wait(pid: Pid) -> Result<(Option<i32>, Option<i32>)> {
    loop {
        match waitpid(Some(pid), WaitOptions::UNTRACED) {
            Ok(Some((_, status))) if status.stopped() => {
                // There is no shell behind it to say `fg` to: a suspended agent would be a dead pane.
                let _ = kill_process(pid, Signal::CONT);
            }
            Ok(Some((_, status))) => {
                return Ok((status.exit_status(), status.terminating_signal()));
            }
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error).context("cannot wait for the agent"),
        }
    }
}
