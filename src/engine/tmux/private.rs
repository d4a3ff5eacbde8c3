//! A tmux server of a test's own: another socket, no configuration, gone at the end.

#![allow(clippy::unwrap_used)] // a test without its server is a failed test

use std::ops::Deref;

use tempfile::TempDir;

use crate::sys::run;

use super::{Around, PATIENCE, Server, Tmux};

/// The engine of a server that nobody else knows.
pub struct Private {
    tmux: Tmux,
    _folder: TempDir,
}

impl Private {
    /// A server that does not run yet.
    pub fn new() -> Private {
        let folder = tempfile::Builder::new().prefix("tabctl").tempdir().unwrap();
        let server = Server::Socket(folder.path().join("s"));
        let tmux = Tmux::within(server, Some("/dev/null".into()), &Around::default());
        Private { tmux, _folder: folder }
    }

    /// What tmux answers to a command given by hand.
    pub fn by_hand(&self, words: &[&str]) -> String {
        let mut command = run::command("tmux");
        command.arg("-u").args(self.tmux.client.address.options()).args(words);
        let output = run::capture(command, PATIENCE).unwrap();
        let (said, why) = (String::from_utf8(output.stdout), String::from_utf8(output.stderr));
        said.unwrap() + &why.unwrap()
    }
}

impl Deref for Private {
    type Target = Tmux;

    fn deref(&self) -> &Tmux {
        &self.tmux
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        self.by_hand(&["kill-server"]);
    }
}
