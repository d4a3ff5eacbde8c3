//! Typing into a pane: through a buffer of the server's, fed by standard input.
//! Must not put the text on a command line, and must leave no buffer behind.

use anyhow::Result;
use tmux_interface::{DeleteBuffer, LoadBuffer, PasteBuffer};

use crate::model::pane::PaneId;

use super::call::Client;
use super::listing::seal;
use super::words::target;

/// How it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In brackets, if what runs in the pane has asked for them: it is a text, and no keys.
    Bracketed,
    /// As if it came from the keyboard. Unlike a key, it passes by a pane's copy mode.
    Plain,
}

/// Types a text.
pub fn paste(client: &Client, pane: &PaneId, text: &str, way: Way) -> Result<()> {
    let target = target(pane)?;
    // A name that nobody else has: several may type at the same time.
    let buffer = format!("tabctl-{}", seal()?);
    let load = LoadBuffer::new().buffer_name(buffer.as_str()).path("-").build();
    let paste = PasteBuffer::new().delete().no_replacement();
    let paste = if way == Way::Bracketed { paste.bracket_codes() } else { paste };
    let paste = paste.buffer_name(buffer.as_str()).target_pane(target).build();
    let answer = client.run_fed(&[load, paste], text.as_bytes())?;
    if answer.refusal.is_some() {
        // What was not pasted stands there yet.
        let _ = client.run(&[DeleteBuffer::new().buffer_name(buffer.as_str()).build()]);
    }
    answer.of_pane(pane).map(|_| ())
}
