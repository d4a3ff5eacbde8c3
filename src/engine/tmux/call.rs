//! One call of the tmux client: commands in, what it printed or why it refused out.
//! Must not take a server for dead that only does not understand this client.

use std::borrow::Cow;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::Duration;

use anyhow::Result;
use tmux_interface::TmuxCommand;

use crate::error::{Fault, Kind, fault_of};
use crate::sys::run;

use super::answer::{Answer, Ending, Refusal};
use super::server::{Address, Listener};
use super::words::words;

/// How long to wait, in milliseconds, before a server that is starting or ending is asked again.
const PAUSES: [u64; 4] = [5, 20, 80, 0];

/// A server that starts first reads its configuration, plug-ins and all.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a server is called.
#[derive(Debug, Clone)]
pub struct Client {
    /// Which server.
    pub address: Address,
    /// Configuration for a server that this call starts.
    pub conf: Option<PathBuf>,
    /// Variables of ours that it does not get to see.
    pub withheld: Vec<String>,
    /// The longest to wait for an answer.
    pub patience: Duration,
}

impl Client {
    /// The same for what may have to start the server.
    pub fn patiently(&self) -> Client {
        Client { patience: PATIENCE, ..self.clone() }
    }

    /// Runs commands as one queue in the server, which nobody can come between, up to the first
    /// that is refused. An error means that tmux could not be asked at all.
    ///
    /// A newer server drops an older client as if it had died ("server exited unexpectedly"), and
    /// lives on. So the client's word is not taken for it: the socket is asked.
    pub fn run(&self, commands: &[TmuxCommand<'_>]) -> Result<Answer> {
        self.run_while(commands, &mut || {})
    }

    /// Like [`Client::run`], doing something else `meanwhile`: once, while the answer is awaited.
    pub fn run_while(
        &self,
        commands: &[TmuxCommand<'_>],
        meanwhile: &mut dyn FnMut(),
    ) -> Result<Answer> {
        let mut first = Some(meanwhile);
        self.repeatedly(&words(commands), &mut |command| {
            run::capture_while(command, self.patience, &mut || {
                if let Some(meanwhile) = first.take() {
                    meanwhile();
                }
            })
        })
    }

    /// Like [`Client::run`], with a standard input for a command that reads it.
    pub fn run_fed(&self, commands: &[TmuxCommand<'_>], input: &[u8]) -> Result<Answer> {
        self.repeatedly(&words(commands), &mut |command| {
            run::capture_fed(command, self.patience, input)
        })
    }

    /// Calls until there is an answer.
    fn repeatedly(
        &self,
        words: &[Cow<'_, str>],
        run: &mut dyn FnMut(Command) -> Result<Output>,
    ) -> Result<Answer> {
        let mut last_words = String::new();
        for pause in PAUSES {
            let mut output = run(self.command(words)).map_err(as_engine_fault)?;
            // A screen may be large, and is nearly always sound: it is not copied.
            let printed = String::from_utf8(std::mem::take(&mut output.stdout))
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
            if output.status.success() {
                return Ok(Answer { printed, refusal: None });
            }
            last_words = last_words_of(&output);
            if let Ending::Refused(refusal) = Ending::of(&last_words) {
                return Ok(Answer { printed, refusal: Some(refusal) });
            }
            match self.address.listener() {
                Listener::Nobody => return Ok(Answer { printed, refusal: Some(Refusal::Nothing) }),
                Listener::Somebody => std::thread::sleep(Duration::from_millis(pause)),
                Listener::Hidden(error) => return Err(self.out_of_reach(&error).into()),
            }
        }
        Err(self.not_understood(&last_words).into())
    }

    /// Program and version, without a server.
    pub fn version(&self) -> Result<String> {
        let mut command = run::command("tmux");
        command.arg("-V");
        let output = run::capture(command, self.patience).map_err(as_engine_fault)?;
        let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() && version.starts_with("tmux ") {
            return Ok(version);
        }
        Err(Fault::new(Kind::Engine, "the program tmux does not say its version")
            .hint("`command -v tmux` shows what is called")
            .into())
    }

    fn command(&self, words: &[Cow<'_, str>]) -> Command {
        let mut command = run::command("tmux");
        // Without -u, tmux in a C locale replaces what is not ASCII in its output.
        command.arg("-u").args(self.address.options());
        if let Some(conf) = &self.conf {
            command.arg("-f").arg(conf);
        }
        command.args(words.iter().map(Cow::as_ref));
        for name in &self.withheld {
            command.env_remove(name);
        }
        command
    }

    fn not_understood(&self, last_words: &str) -> Fault {
        let socket = self.address.path().display();
        let what = format!("the tmux server at {socket} lives and does not talk to this tmux");
        Fault::new(Kind::Engine, format!("{what}: {last_words}")).hint(
            "it is probably of another version: use the tmux that it was started with; \
             its tabs are alive",
        )
    }

    fn out_of_reach(&self, error: &std::io::Error) -> Fault {
        let socket = self.address.path().display();
        Fault::new(Kind::Engine, format!("the tmux server at {socket} is out of reach: {error}"))
    }
}

/// What the client said before it failed, on one line.
fn last_words_of(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim().replace(char::is_control, " ");
    if said.is_empty() { output.status.to_string() } else { said }
}

/// What keeps the client from being run is the multiplexer's failure, whatever its kind was below.
fn as_engine_fault(error: anyhow::Error) -> anyhow::Error {
    match fault_of(&error) {
        Some(fault) if fault.kind == Kind::NotFound => {
            Fault::new(Kind::Engine, "tmux is not installed")
                .hint("install tmux 3.2 or newer")
                .into()
        }
        Some(fault) => Fault { kind: Kind::Engine, ..fault.clone() }.into(),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test says what it expects by failing

    use std::os::unix::net::UnixListener;
    use std::path::Path;

    use tmux_interface::ListPanes;

    use super::*;
    use crate::engine::tmux::server::{Around, Server};

    fn client(socket: &Path, patience: Duration) -> Client {
        let address = Address::of(Server::Socket(socket.to_owned()), &Around::default());
        Client { address, conf: None, withheld: Vec::new(), patience }
    }

    fn fault(socket: &Path, patience: Duration) -> Fault {
        let error = client(socket, patience).run(&[ListPanes::new().build()]).unwrap_err();
        fault_of(&error).unwrap().clone()
    }

    #[test]
    fn a_server_that_drops_us_is_alive_and_of_another_version() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("s");
        let listener = UnixListener::bind(&socket).unwrap();
        let dropping = std::thread::spawn(move || {
            // Each time the client, and then the look at the socket.
            (0..PAUSES.len() * 2).for_each(|_| drop(listener.accept().unwrap()));
        });
        let fault = fault(&socket, Duration::from_secs(20));
        assert_eq!(fault.kind, Kind::Engine);
        assert!(fault.message.contains("does not talk to this tmux"), "{}", fault.message);
        assert!(fault.hint.unwrap().contains("alive"));
        dropping.join().unwrap();
    }

    #[test]
    fn a_socket_without_a_server_is_no_server() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("s");
        let ask = || client(&socket, Duration::from_secs(20)).run(&[ListPanes::new().build()]);
        assert_eq!(ask().unwrap().refusal, Some(Refusal::Nothing), "nothing there");
        drop(UnixListener::bind(&socket).unwrap());
        assert_eq!(ask().unwrap().refusal, Some(Refusal::Nothing), "left behind by a crash");
    }

    #[test]
    fn a_server_that_hangs_is_not_waited_for_and_not_taken_for_dead() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("s");
        let _listener = UnixListener::bind(&socket).unwrap();
        let fault = fault(&socket, Duration::from_millis(300));
        assert_eq!((fault.kind, &*fault.message), (Kind::Engine, "tmux did not end within 300ms"));
    }

    #[test]
    fn a_socket_that_cannot_be_reached_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let fault = fault(&folder.path().join("x".repeat(200)), Duration::from_secs(20));
        assert!(fault.message.contains("out of reach"), "{}", fault.message);
    }
}
