//! Which tmux server is meant, where its socket is, and whether anybody listens there.
//! Must not start one.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use crate::model::pane::PaneId;

use super::words;

/// How a user names a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Server {
    /// The one around this process, else the user's ordinary one.
    Default,
    /// By a label in the user's socket folder (`tmux -L`).
    Label(String),
    /// By the path of its socket (`tmux -S`).
    Socket(PathBuf),
}

/// A server that is found again whatever the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    label: Option<String>,
    path: PathBuf,
}

/// What the environment says of the tmux around this process.
#[derive(Debug, Clone, Default)]
pub struct Around {
    /// The socket of the server whose pane we run in, from `TMUX`.
    pub socket: Option<PathBuf>,
    /// That pane, from `TMUX_PANE`.
    pub pane: Option<PaneId>,
    /// Where socket folders are, from `TMUX_TMPDIR`.
    pub folder: Option<PathBuf>,
}

/// What is found at a socket.
#[derive(Debug)]
pub enum Listener {
    /// Nobody: there is no server.
    Nobody,
    /// A server, whether or not it understands us.
    Somebody,
    /// It cannot be told.
    Hidden(std::io::Error),
}

impl Around {
    /// Reads `TMUX`, `TMUX_PANE` and `TMUX_TMPDIR`.
    pub fn from_env() -> Around {
        let pane = std::env::var("TMUX_PANE").ok().map(PaneId);
        Around {
            socket: std::env::var_os("TMUX").and_then(socket_in),
            pane: pane.filter(|pane| words::target(pane).is_ok()),
            folder: std::env::var_os("TMUX_TMPDIR").map(PathBuf::from),
        }
    }

    /// Whether this process runs in a pane of that server.
    pub fn is_inside(&self, address: &Address) -> bool {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        self.socket.as_ref().is_some_and(|socket| real(socket) == real(&address.path))
    }
}

/// The first field of `TMUX`: socket, server's pid and session number, separated by commas.
fn socket_in(variable: OsString) -> Option<PathBuf> {
    let mut bytes = variable.into_vec();
    bytes.truncate(bytes.iter().position(|byte| *byte == b',').unwrap_or(bytes.len()));
    (!bytes.is_empty()).then(|| PathBuf::from(OsString::from_vec(bytes)))
}

impl Address {
    /// Resolves what the user said.
    pub fn of(server: Server, around: &Around) -> Address {
        let label = match (server, &around.socket) {
            (Server::Socket(path), _) => return Address { label: None, path },
            (Server::Default, Some(path)) => return Address { label: None, path: path.clone() },
            (Server::Default, None) => "default".to_owned(),
            (Server::Label(label), _) => label,
        };
        // As tmux does it: the first folder that is there, and in it one per user.
        let real = |folder: &Path| folder.canonicalize().ok();
        let folder = around.folder.as_deref().and_then(real);
        let folder = folder.or_else(|| real(Path::new("/tmp"))).unwrap_or_default();
        let own = format!("tmux-{}", rustix::process::getuid().as_raw());
        Address { path: folder.join(own).join(&label), label: Some(label) }
    }

    /// The socket.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The options that name it to tmux. By label, tmux makes its socket folder when it has none.
    pub fn options(&self) -> [OsString; 2] {
        match &self.label {
            Some(label) => ["-L".into(), label.into()],
            None => ["-S".into(), self.path.clone().into()],
        }
    }

    /// Asks the socket itself: a tmux client that fails says too little about the server.
    pub fn listener(&self) -> Listener {
        match UnixStream::connect(&self.path) {
            Ok(_) => Listener::Somebody,
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::ConnectionRefused => Listener::Nobody,
                _ => Listener::Hidden(error),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(tmux: &str) -> Around {
        Around { socket: socket_in(tmux.into()), pane: Some(PaneId("%1".into())), folder: None }
    }

    #[test]
    fn the_server_around_us_is_the_default() {
        let around = around("/tmp/tmux-9/work,123,4");
        let inside = Address::of(Server::Default, &around);
        assert_eq!(inside.path(), Path::new("/tmp/tmux-9/work"));
        assert!(around.is_inside(&inside));
        assert_eq!(inside.options(), ["-S", "/tmp/tmux-9/work"]);
        assert!(!around.is_inside(&Address::of(Server::Label("work".into()), &around)));
    }

    #[test]
    fn outside_the_default_is_where_tmux_puts_it() {
        let folder = std::env::temp_dir();
        let outside = Around { folder: Some(folder.clone()), ..around("") };
        let address = Address::of(Server::Default, &outside);
        let own = format!("tmux-{}/default", rustix::process::getuid().as_raw());
        assert!(folder.canonicalize().is_ok_and(|folder| address.path() == folder.join(own)));
        assert_eq!(address.options(), ["-L", "default"]);
        assert!(!outside.is_inside(&address));
        let missing = Around { folder: Some("/no/such".into()), ..Around::default() };
        assert!(Address::of(Server::Default, &missing).path().ends_with("default"));
        assert!(!Address::of(Server::Default, &missing).path().starts_with("/no/such"));
    }
}
