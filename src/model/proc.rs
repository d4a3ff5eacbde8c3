//! A process and its identity. Must not be confused by pid reuse: a bare pid is never an identity.

use serde::{Deserialize, Serialize};

/// A process, for certain: the pid alone is reused, and after a reboot even with its start time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProcId {
    /// Process id.
    pub pid: u32,
    /// Start time: clock ticks since boot on Linux (field 22 of `/proc/PID/stat`), seconds elsewhere.
    pub start: u64,
    /// The boot it lives in.
    pub boot: String,
}

/// What was seen of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proc {
    /// Identity.
    pub id: ProcId,
    /// Parent process id.
    pub parent: u32,
    /// Command line; empty for a kernel thread or a zombie.
    pub argv: Vec<String>,
    /// Working directory, where it may be read.
    pub cwd: Option<std::path::PathBuf>,
    /// Whether it is in the foreground process group of its terminal.
    pub foreground: bool,
}
