//! What can go wrong, in one place: kinds, hints and exit codes.
//! Must not print: `main` does that, once.

pub mod yaml;

use std::fmt;

/// Why a verb failed. The number is the exit code, and the list is the documentation of exit codes.
///
/// In JSON a kind is its name in kebab-case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Kind {
    /// Anything without a code of its own: an I/O error, a full disk.
    Other = 1,
    /// The command line does not make sense (the code that clap uses).
    Usage = 2,
    /// No such tab, agent, workspace or setting.
    NotFound = 3,
    /// The session file can execute something that no person has approved.
    NotTrusted = 4,
    /// The tab is locked and `--force` was not given.
    Locked = 5,
    /// The name, id or file is taken.
    Clash = 6,
    /// A file does not parse, or is of a kind that is refused (symlink, FIFO, too large).
    BadFile = 7,
    /// The multiplexer is not installed, not running, or answered with an error.
    Engine = 8,
    /// The agent's program is not installed.
    AgentMissing = 9,
    /// The agent's conversation is not there any more, or it opened another one.
    ConversationMissing = 10,
    /// Somebody else holds the tab, the conversation or the lock file.
    Busy = 11,
    /// Of several tabs, some failed.
    Partial = 12,
    /// A question needs a person, and there is no terminal to ask on.
    NeedsAnswer = 13,
    /// The file was written by a newer tabctl: it is read and never written.
    ReadOnly = 14,
    /// The agent started and ended again, or could not be started.
    AgentFailed = 15,
    /// What was waited for did not happen in time.
    TimedOut = 16,
    /// What is waited for can never happen: the tab is down, missing or removed.
    Gone = 17,
    /// It was typed, and nothing shows that it arrived.
    Unconfirmed = 18,
    /// Ctrl-C ended it before it was through; what was begun goes on by itself.
    Interrupted = 130,
}

impl Kind {
    /// The exit code of the process.
    pub fn exit_code(self) -> u8 {
        self as u8
    }
}

/// An error that a person can act on: what, why, and what to do about it.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Decides the exit code.
    pub kind: Kind,
    /// Names the thing and the cause: lower case, no full stop.
    pub message: String,
    /// The remedy, usually a command.
    pub hint: Option<String>,
}

impl Fault {
    /// A fault without a remedy yet; see [`Fault::hint`].
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Fault { kind, message: message.into(), hint: None }
    }

    /// Adds the remedy.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}

/// The exit code of something else, passed on without a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("")]
pub struct Passed(pub u8);

/// The fault inside an error, however deep the chain.
pub fn fault_of(error: &anyhow::Error) -> Option<&Fault> {
    error.chain().find_map(|cause| cause.downcast_ref::<Fault>())
}

/// The kind of any error; [`Kind::Other`] where no fault is in the chain.
pub fn kind_of(error: &anyhow::Error) -> Kind {
    fault_of(error).map_or(Kind::Other, |fault| fault.kind)
}
