//! One call of the tmux client: commands in, what it printed or why it refused out.
//! Must not let an argument end a command, name a target of its own or reach a shell.

use std::borrow::Cow;
use std::path::PathBuf;
use std::process::{ExitStatus, Output};
use std::time::Duration;

use anyhow::Result;
use tmux_interface::TmuxCommand;

use crate::engine::gone;
use crate::error::{Fault, Kind, fault_of};
use crate::model::name;
use crate::model::pane::PaneId;
use crate::sys::run;

use super::server::{Address, Listener};

/// How often a server may appear while it is being asked for.
const ATTEMPTS: usize = 4;

/// How a server is called.
#[derive(Debug, Clone)]
pub struct Client {
    /// Which server.
    pub address: Address,
    /// Configuration for a server that this call starts.
    pub conf: Option<PathBuf>,
    /// The longest to wait for an answer.
    pub patience: Duration,
}

/// What came of a call.
#[derive(Debug)]
pub struct Answer {
    /// Everything that was printed, also by the commands before the one that was refused.
    pub printed: String,
    /// Why it ended early.
    pub refusal: Option<Refusal>,
}

/// Why a command was not carried out.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No server runs.
    NoServer,
    /// The server said this.
    Said(String),
}

impl Client {
    /// Runs commands as one queue in the server, which nobody can come between, up to the first
    /// that is refused. An error means that tmux could not be asked at all.
    pub fn run(&self, commands: &[TmuxCommand<'_>]) -> Result<Answer> {
        for _ in 0..ATTEMPTS {
            let output = self.call(&words(commands))?;
            let printed = String::from_utf8_lossy(&output.stdout).into_owned();
            if output.status.success() {
                return Ok(Answer { printed, refusal: None });
            }
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.trim().replace(char::is_control, " ");
            match self.meaning(&said, output.status)? {
                // Somebody started the server just then.
                None => {}
                refusal => return Ok(Answer { printed, refusal }),
            }
        }
        let message =
            format!("the tmux server at {} comes and goes", self.address.path().display());
        Err(Fault::new(Kind::Engine, message).hint("try again").into())
    }

    fn call(&self, words: &[Cow<'_, str>]) -> Result<Output> {
        let mut command = run::command("tmux");
        // Without -u, tmux in a C locale replaces what is not ASCII in its output.
        command.arg("-u").args(self.address.options());
        if let Some(conf) = &self.conf {
            command.arg("-f").arg(conf);
        }
        command.args(words.iter().map(Cow::as_ref));
        run::capture(command, self.patience).map_err(as_engine_fault)
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

    /// Tells a server that refuses from one that is not there and one that does not understand us:
    /// a newer server drops an older client with "server exited unexpectedly" and lives on.
    /// Nothing, if there was no server and now there is one.
    fn meaning(&self, said: &str, status: ExitStatus) -> Result<Option<Refusal>> {
        let begins = |starts: &[&str]| starts.iter().any(|start| said.starts_with(start));
        let no_connection = begins(&["no server running", "error connecting"]);
        if !no_connection && !begins(&["server exited", "lost server", "protocol version"]) {
            let said = if said.is_empty() { format!("{status}") } else { said.to_owned() };
            return Ok(Some(Refusal::Said(said)));
        }
        let socket = self.address.path().display();
        match self.address.listener() {
            Listener::Nobody => Ok(Some(Refusal::NoServer)),
            Listener::Somebody if no_connection => Ok(None),
            Listener::Somebody => {
                let who = format!("the tmux server at {socket}");
                let what = format!("{who} is of another version than this tmux ({said})");
                Err(Fault::new(Kind::Engine, what)
                    .hint("its tabs are alive; use the tmux that the server was started with")
                    .into())
            }
            Listener::Hidden(error) => {
                let what = format!("the tmux server at {socket} cannot be reached: {error}");
                Err(Fault::new(Kind::Engine, what).into())
            }
        }
    }
}

impl Answer {
    /// What was printed, if nothing was refused.
    pub fn accepted(self) -> Result<String> {
        match self.refusal {
            None => Ok(self.printed),
            Some(Refusal::NoServer) => Err(Fault::new(Kind::Engine, "no tmux server runs").into()),
            Some(Refusal::Said(why)) => {
                Err(Fault::new(Kind::Engine, format!("tmux refused: {why}")).into())
            }
        }
    }

    /// The same for commands about one pane, which may have gone meanwhile.
    pub fn of_pane(self, pane: &PaneId) -> Result<String> {
        if self.lacks_a_pane() { Err(gone(pane).into()) } else { self.accepted() }
    }

    /// Whether the pane that was asked about is not there, alone or with its whole server.
    pub fn lacks_a_pane(&self) -> bool {
        match &self.refusal {
            Some(Refusal::NoServer) => true,
            Some(Refusal::Said(why)) => {
                ["can't find pane: %", "no such pane: %", "no such window: %"]
                    .iter()
                    .any(|start| why.starts_with(start))
            }
            None => false,
        }
    }
}

/// The id as a target, if it is one: `%` and a number.
pub fn target(pane: &PaneId) -> Result<&str> {
    if is_id(&pane.0, '%') {
        return Ok(&pane.0);
    }
    let shown = name::shown(&pane.0);
    Err(Fault::new(Kind::Usage, format!("'{shown}' is not the id of a tmux pane"))
        .hint("an id looks like %5: `tmux display-message -p '#{pane_id}'`")
        .into())
}

/// Whether this is an id that tmux makes: a sign and a number.
pub fn is_id(text: &str, sign: char) -> bool {
    text.strip_prefix(sign).is_some_and(|number| {
        (1..=10).contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit())
    })
}

/// A name that tmux may see: it expands `#(...)` in the names that it is given.
pub fn window_name(wished: &str) -> Result<&str> {
    name::check(wished).map_err(|why| {
        let shown = name::shown(wished);
        Fault::new(Kind::Usage, format!("a window cannot be named '{shown}': {why}")).into()
    })
}

/// Completes a command that starts a program. Two words or more, because tmux hands a single one to
/// a shell; the words then go to the program as they are.
pub fn running<'a>(
    mut command: TmuxCommand<'a>,
    argv: &'a [String],
    env: &[(String, String)],
) -> Result<TmuxCommand<'a>> {
    if argv.len() < 2 {
        let message =
            "a pane's command needs a program and an argument; tmux gives less to a shell";
        return Err(Fault::new(Kind::Usage, message).into());
    }
    for (name, value) in env {
        command.push_option("-e", format!("{name}={value}"));
    }
    command.push_param("--");
    for word in argv {
        command.push_param(word.as_str());
    }
    Ok(command)
}

/// The arguments of the client: commands separated by `;`.
fn words<'a>(commands: &'a [TmuxCommand<'_>]) -> Vec<Cow<'a, str>> {
    let mut words = Vec::new();
    for command in commands {
        if !words.is_empty() {
            words.push(Cow::Borrowed(";"));
        }
        words.extend(command.to_vec().into_iter().map(|word| kept_whole(word)));
    }
    words
}

/// A semicolon at the end of an argument would end the command; a backslash before it keeps it.
fn kept_whole(word: Cow<'_, str>) -> Cow<'_, str> {
    match word.strip_suffix(';') {
        Some(start) => Cow::Owned(format!("{start}\\;")),
        None => word,
    }
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

    use tmux_interface::{ListPanes, NewWindow};

    use super::*;
    use crate::engine::tmux::server::{Around, Server};

    fn client(socket: &Path, patience: Duration) -> Client {
        let address = Address::of(Server::Socket(socket.to_owned()), &Around::default());
        Client { address, conf: None, patience }
    }

    fn fault(socket: &Path, patience: Duration) -> Fault {
        let error = client(socket, patience).run(&[ListPanes::new().build()]).unwrap_err();
        fault_of(&error).unwrap().clone()
    }

    #[test]
    fn commands_have_their_full_names_and_no_argument_ends_one() {
        let env = [("A".to_owned(), "b;".to_owned())];
        let argv = ["sh", ";", "-t", "\\;", "a;b"].map(str::to_owned);
        let commands = [
            running(NewWindow::new().detached().build(), &argv, &env).unwrap(),
            ListPanes::new().all().build(),
        ];
        let wanted = [
            "new-window",
            "-d",
            "-e",
            "A=b\\;",
            "--",
            "sh",
            "\\;",
            "-t",
            "\\\\;",
            "a;b",
            ";",
            "list-panes",
            "-a",
        ];
        assert_eq!(words(&commands), wanted);
    }

    #[test]
    fn a_server_that_drops_us_is_alive_and_of_another_version() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("s");
        let listener = UnixListener::bind(&socket).unwrap();
        let dropping = std::thread::spawn(move || {
            // The client, and then the look at the socket.
            (0..2).for_each(|_| drop(listener.accept().unwrap()));
        });
        let fault = fault(&socket, Duration::from_secs(20));
        assert_eq!(fault.kind, Kind::Engine);
        assert!(fault.message.contains("another version"), "{}", fault.message);
        assert!(fault.hint.unwrap().contains("alive"));
        dropping.join().unwrap();
    }

    #[test]
    fn a_socket_without_a_server_is_no_server() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("s");
        let ask = || client(&socket, Duration::from_secs(20)).run(&[ListPanes::new().build()]);
        assert_eq!(ask().unwrap().refusal, Some(Refusal::NoServer), "nothing there");
        drop(UnixListener::bind(&socket).unwrap());
        assert_eq!(ask().unwrap().refusal, Some(Refusal::NoServer), "left behind by a crash");
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
        assert!(fault.message.contains("cannot be reached"), "{}", fault.message);
    }
}
