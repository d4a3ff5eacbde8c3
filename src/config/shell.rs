//! What the person's own shell does for tabctl, once `tabctl init` is loaded there.
//! Must not be asked by a shell at its prompt: it is told once, when it starts.

use anyhow::Result;

use super::{Layer, toggle};

/// What `tabctl init` sets up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shell {
    /// Put the tab before the prompt.
    pub prompt: bool,
    /// Tell the terminal where prompts and commands begin, if nobody else does.
    pub marks: bool,
    /// Keep every command of a tab; else only what may be an agent's start.
    pub history: bool,
}

/// Layers them: what the file says of each.
pub fn layered(written: [Option<bool>; 3], text: &mut Layer) -> Result<Shell> {
    let [prompt, marks, history] = written;
    let about = "put the tab before the prompt, where `tabctl init` is loaded";
    let prompt = toggle(text, "prompt", "TABCTL_PROMPT", about, prompt, true)?;
    let about = "tell the terminal where prompts and commands begin (OSC 133)";
    let marks = toggle(text, "marks", "TABCTL_MARKS", about, marks, true)?;
    let about = "keep the commands of a tab, without secrets, for `tabctl history`";
    let history = toggle(text, "history", "TABCTL_HISTORY", about, history, true)?;
    Ok(Shell { prompt, marks, history })
}
