//! What `tabctl demo` does to its own private server: types a line, and pulls the plug.
//! Must not be used on a server that is not tabctl's own.

use std::time::Duration;

use anyhow::Result;
use tmux_interface::{KillServer, SendKeys};

use super::{Tmux, words};
use crate::model::pane::PaneId;

/// Enter follows apart, as from a person: an agent takes it for part of a paste otherwise.
const BEFORE_ENTER: Duration = Duration::from_millis(100);

impl Tmux {
    /// Types a line into a pane, and Enter.
    pub fn type_line(&self, pane: &PaneId, line: &str) -> Result<()> {
        let target = words::target(pane)?;
        let keys = || SendKeys::new().target_pane(target);
        self.on(pane, &[keys().disable_lookup().key(line).build()])?;
        std::thread::sleep(BEFORE_ENTER);
        self.on(pane, &[keys().key("Enter").build()])?;
        Ok(())
    }

    /// Ends the server and all that runs in it. One that does not run is no error.
    pub fn kill_server(&self) -> Result<()> {
        self.client.run(&[KillServer::new().build()])?;
        Ok(())
    }
}
