//! Bringing a pane before the person. Must not start a client inside a pane of the same server.

use std::path::Path;

use anyhow::Result;
use tmux_interface::{DisplayMessage, SelectPane, SelectWindow, SwitchClient};

use crate::engine::Attach;
use crate::error::{Fault, Kind};
use crate::model::pane::PaneId;

use super::answer::Refusal;
use super::call::Client;
use super::words::{is_id, target};

/// What tmux says when there is no client to switch.
const NOBODY_LOOKS: &str = "no current client";

/// Switches the client that we run in, or says which command makes one that shows the pane.
pub fn attach(client: &Client, is_inside: bool, pane: &PaneId) -> Result<Attach> {
    let target = target(pane)?;
    if is_inside {
        let front = [
            SelectWindow::new().target_window(target).build(),
            SelectPane::new().target_pane(target).build(),
            SwitchClient::new().target_session(target).build(),
        ];
        let mut answer = client.run(&front)?;
        // In a session that nobody looks at, the window is in front for whoever comes.
        answer.refusal.take_if(|refusal| *refusal == Refusal::Said(NOBODY_LOOKS.to_owned()));
        answer.of_pane(pane)?;
        return Ok(Attach::Switched);
    }
    let show = [
        SelectWindow::new().target_window(target).build(),
        SelectPane::new().target_pane(target).build(),
        DisplayMessage::new().print().target_pane(target).message("#{session_id}").build(),
    ];
    let printed = client.run(&show)?.of_pane(pane)?;
    let session =
        Some(printed.trim_end()).filter(|session| is_id(session, '$')).ok_or_else(|| {
            Fault::new(Kind::Engine, format!("tmux does not say in which session pane {target} is"))
        })?;
    let socket = utf8(client.address.path())?;
    let words = ["tmux", "-u", "-S", socket, "attach-session", "-t", session];
    Ok(Attach::Run(words.map(str::to_owned).to_vec()))
}

fn utf8(socket: &Path) -> Result<&str> {
    socket.to_str().ok_or_else(|| {
        let message = format!("the path of the tmux socket is not UTF-8: {}", socket.display());
        Fault::new(Kind::Engine, message).hint("give the server another socket").into()
    })
}
