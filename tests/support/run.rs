//! One run of a program: started, watched against a time limit, and what it said.
//! Must not judge a run by itself: `ok` and `fails_with` are the test's to say.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tabctl::error::Kind;

/// No command that a test runs to its end may take longer.
const LIMIT: Duration = Duration::from_mins(2);

/// What a command did.
#[derive(Debug, Clone)]
pub struct Run {
    /// The command, for messages.
    pub line: String,
    /// Exit code; `None` if a signal ended it.
    pub status: Option<i32>,
    /// What it answered.
    pub stdout: String,
    /// What it said.
    pub stderr: String,
}

impl Run {
    /// Runs `command` to its end with nothing on its standard input.
    pub fn of(command: &mut Command) -> Run {
        Run::within(LIMIT, command)
    }

    /// The same with another time limit.
    pub fn within(limit: Duration, command: &mut Command) -> Run {
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().unwrap_or_else(|error| panic!("cannot start {line}: {error}"));
        let (stdout, stderr) = (drain(child.stdout.take()), drain(child.stderr.take()));
        let status = wait(&mut child, &line, limit);
        let text = |pipe: Receiver<Vec<u8>>| {
            // A server that keeps the pipe would hang every `$(…)` around the command.
            let bytes = pipe.recv_timeout(Duration::from_secs(10)).unwrap_or_else(|_| {
                panic!("`{line}` has ended, and a process it left behind still holds its output")
            });
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let (stdout, stderr) = (text(stdout), text(stderr));
        Run { line, status, stdout, stderr }
    }

    /// It succeeded.
    #[track_caller]
    pub fn ok(self) -> Run {
        assert!(self.status == Some(0), "should have succeeded\n{self}");
        self
    }

    /// It failed, for this reason, and said why.
    #[track_caller]
    pub fn fails_with(self, kind: Kind) -> Run {
        let code = i32::from(kind.exit_code());
        assert!(self.status == Some(code), "should have failed with {code} ({kind:?})\n{self}");
        assert!(!self.stderr.trim().is_empty(), "a failure must say why\n{self}");
        self
    }

    /// The answer as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("the answer is not JSON: {error}\n{self}"))
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let status = self.status.map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        writeln!(f, "$ {}\nended with {status}", self.line)?;
        writeln!(
            f,
            "--- stdout\n{}\n--- stderr\n{}",
            self.stdout.trim_end(),
            self.stderr.trim_end()
        )
    }
}

/// Reads a pipe to its end beside the test.
fn drain(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

fn wait(child: &mut Child, line: &str, limit: Duration) -> Option<i32> {
    let end = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait().expect("the child is ours") {
            return status.code();
        }
        if Instant::now() > end {
            let _ = child.kill();
            let _ = child.wait();
            panic!("`{line}` did not end within {} s", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
