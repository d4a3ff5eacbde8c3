//! Processes: run one to its end with a time limit, or become one. Must not use a shell.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use anyhow::Result;

/// A command to which the caller adds arguments; the only place where one is made.
#[allow(clippy::disallowed_methods)] // this is the door
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    Command::new(program)
}

/// Runs it to its end with no standard input and its output captured; killed after `limit`.
pub fn capture(command: Command, limit: Duration) -> Result<Output> {
    let _ = (command, limit);
    todo!()
}

/// Replaces this process. Returns only the error.
pub fn exec(mut command: Command) -> anyhow::Error {
    use std::os::unix::process::CommandExt;
    let error = command.exec();
    anyhow::Error::new(error).context(format!("cannot start {}", command.get_program().display()))
}

/// Where a program is: an absolute path as it is, else the first executable file in `path_variable`.
pub fn find_program(program: &str, path_variable: Option<&std::ffi::OsStr>) -> Option<PathBuf> {
    let _ = (program, path_variable, Path::new(""));
    todo!()
}
