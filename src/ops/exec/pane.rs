//! Shows in the tab itself what is run there and what it says, for whoever looks on.
//! Must not hold the command up, nor flood the terminal, nor let foreign bytes act on it.

use std::path::PathBuf;
use std::time::Duration;

use crate::model::errand::harmless;
use crate::sys::tty;

/// As much of the output as is shown, in bytes: some screens of it.
const MOST: usize = 64 * 1024;
/// How long a terminal that is full may keep us waiting.
const PATIENCE: Duration = Duration::from_millis(100);
/// How much of the command is shown.
const WIDTH: usize = 72;

/// What is shown so far.
pub struct Shown {
    terminal: Option<PathBuf>,
    bytes: usize,
    withheld: usize,
    in_line: bool,
}

impl Shown {
    /// On this terminal; nowhere, if it is not known.
    pub fn on(terminal: Option<PathBuf>) -> Shown {
        Shown { terminal, bytes: 0, withheld: 0, in_line: false }
    }

    /// The command, in one line.
    pub fn command(&mut self, line: &str) {
        let mut first = harmless(line.lines().next().unwrap_or_default().as_bytes());
        let is_cut = line.lines().nth(1).is_some() || first.chars().count() > WIDTH;
        if is_cut {
            first = first.chars().take(WIDTH).chain("…".chars()).collect();
        }
        self.put(&format!("\x1b[2m$ {first}\x1b[22m\n"));
    }

    /// A part of what it says.
    pub fn output(&mut self, bytes: &[u8]) {
        let some = &bytes[..bytes.len().min(MOST - self.bytes)];
        self.withheld += bytes.len() - some.len();
        self.bytes += some.len();
        if let Some(last) = some.last() {
            self.in_line = *last != b'\n';
            self.put(&harmless(some));
        }
    }

    /// Leaves the next prompt a line of its own.
    pub fn end(&mut self) {
        if self.in_line {
            self.put("\n");
        }
        if self.withheld > 0 {
            let more = self.withheld;
            self.put(&format!("\x1b[2m… {more} bytes more, for who asked\x1b[22m\n"));
        }
    }

    fn put(&mut self, text: &str) {
        let Some(terminal) = &self.terminal else { return };
        if !tty::show(terminal, text.as_bytes(), PATIENCE) {
            // It was stopped, or is gone: it is not waited for again.
            self.terminal = None;
        }
    }
}
