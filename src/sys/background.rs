//! A program that is left running in the background, and a word with it before it is left alone.
//! Must not keep whoever starts one waiting for longer than that.

use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};

use anyhow::Result;

use super::run::not_started;

/// Starts a program that goes on when this one has ended, and is to [`super::run::detach`] itself at its
/// beginning; tells it something on its standard input; gives what it says on its
/// standard output until it closes that, which is to be soon.
pub fn leave_told(mut command: Command, told: &[u8], most: u64) -> Result<String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| not_started(&command, &error))?;
    if let Some(mut stdin) = child.stdin.take() {
        // Who does not read it says nothing either.
        let _ = stdin.write_all(told);
    }
    let mut said = String::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(most).read_to_string(&mut said)?;
    }
    Ok(said)
}

/// What this process was told by [`leave_told`], and its leave to say something back, once.
pub fn told() -> Result<(Vec<u8>, Reply)> {
    let mut told = Vec::new();
    io::stdin().read_to_end(&mut told)?;
    Ok((told, Reply(())))
}

/// The answer that whoever started this process waits for. Without one it is let go with nothing.
pub struct Reply(());

impl Reply {
    /// Says it, and lets go of whoever waits, and of all that was inherited.
    pub fn say(self, text: &str) {
        // Whoever asked may have gone meanwhile.
        let _ = rustix::io::write(rustix::stdio::stdout(), text.as_bytes());
        let flags = rustix::fs::OFlags::RDWR | rustix::fs::OFlags::CLOEXEC;
        if let Ok(null) = rustix::fs::open("/dev/null", flags, rustix::fs::Mode::empty()) {
            let _ = rustix::stdio::dup2_stdin(&null);
            let _ = rustix::stdio::dup2_stdout(&null);
        }
    }
}

/// Makes this process the parent of whatever its descendants leave behind, where the system has that.
pub fn adopt_orphans() {
    #[cfg(target_os = "linux")]
    // A kernel without it leaves them to `init`, where nobody looks for them.
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

/// A program that was started in the background and is waited for beside other things.
pub fn start(mut command: Command) -> Result<Child> {
    command.spawn().map_err(|error| not_started(&command, &error).into())
}
