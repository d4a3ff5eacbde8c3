//! Typing into a pane: through a buffer of the server's, fed by standard input, or key by key.
//! Must not put a text on a command line, and must leave no buffer behind.

use anyhow::Result;
use tmux_interface::{
    CopyMode, DeleteBuffer, IfShell, LoadBuffer, PasteBuffer, SendKeys, SetOption, TmuxCommand,
};

use crate::engine::Input;
use crate::model::key::Key;
use crate::model::pane::PaneId;

use super::call::Client;
use super::listing::seal;
use super::words::target;

/// The pane option that holds the number under which may be typed there.
const FENCE: &str = "@tabctl_epoch";

/// Gives a pane its number.
pub fn fencing(target: &str, number: u64) -> TmuxCommand<'_> {
    let option = SetOption::new().pane().target_pane(target).option(FENCE);
    option.value(number.to_string()).build()
}

/// Types, if the pane has that number. Says whether it was.
///
/// The server looks at the number and types in one step of its only thread, with nothing of anybody
/// else's in between; of ours, only ids and numbers stand in what it compares and runs.
pub fn feed(client: &Client, pane: &PaneId, input: Input, fence: Option<u64>) -> Result<bool> {
    let target = target(pane)?;
    let typed = match input {
        Input::Text(text) => Typed::Buffer { text, bracketed: true },
        // As if it came from the keyboard; unlike a key, it passes by a pane's copy mode.
        Input::Raw(text) => Typed::Buffer { text, bracketed: false },
        Input::Keys([Key::Named(0)]) => Typed::Buffer { text: "\r", bracketed: false },
        Input::Keys(keys) => Typed::Keys(keys),
    };
    let seal = seal()?;
    // A name that nobody else has: several may type at the same time.
    let buffer = format!("tabctl-{seal}");
    let effect = typed.commands(target, &buffer);
    let mut commands = typed.preparation(&buffer);
    match fence {
        None => commands.extend(effect),
        Some(number) => {
            commands.push(fenced(target, number, &effect, &typed.refusal(&buffer, &seal)));
        }
    }
    let answer = match typed {
        Typed::Buffer { text, .. } => client.run_fed(&commands, text.as_bytes())?,
        Typed::Keys(_) => client.run(&commands)?,
    };
    if answer.refusal.is_some() && matches!(typed, Typed::Buffer { .. }) {
        // What was not pasted stands there yet.
        let _ = client.run(&[DeleteBuffer::new().buffer_name(buffer.as_str()).build()]);
    }
    let printed = answer.of_pane(pane)?;
    Ok(fence.is_none() || !printed.lines().any(|line| line == seal))
}

/// How it gets there.
enum Typed<'a> {
    /// In brackets, if what runs in the pane has asked for them: it is a text, and no keys.
    Buffer {
        text: &'a str,
        bracketed: bool,
    },
    Keys(&'a [Key]),
}

impl Typed<'_> {
    /// What comes before, and changes nothing in the pane.
    fn preparation<'b>(&self, buffer: &'b str) -> Vec<TmuxCommand<'b>> {
        match self {
            Typed::Buffer { .. } => {
                vec![LoadBuffer::new().buffer_name(buffer).path("-").build()]
            }
            Typed::Keys(_) => Vec::new(),
        }
    }

    fn commands<'b>(&self, target: &'b str, buffer: &'b str) -> Vec<TmuxCommand<'b>> {
        match self {
            Typed::Buffer { bracketed, .. } => {
                let paste = PasteBuffer::new().delete().no_replacement();
                let paste = if *bracketed { paste.bracket_codes() } else { paste };
                vec![paste.buffer_name(buffer).target_pane(target).build()]
            }
            Typed::Keys(keys) => {
                let mut send = SendKeys::new().target_pane(target).build();
                keys.iter().for_each(|key| {
                    send.push_param(key.in_tmux());
                });
                vec![CopyMode::new().cancel().target_pane(target).build(), send]
            }
        }
    }

    /// What is done instead where it is fenced off: the seal is said.
    fn refusal(&self, buffer: &str, seal: &str) -> String {
        match self {
            Typed::Buffer { .. } => {
                format!("delete-buffer -b {buffer} ; display-message -p {seal}")
            }
            Typed::Keys(_) => format!("display-message -p {seal}"),
        }
    }
}

/// The choice between the two.
fn fenced<'a>(
    target: &'a str,
    number: u64,
    effect: &[TmuxCommand<'_>],
    refusal: &str,
) -> TmuxCommand<'a> {
    let effect: Vec<String> = effect.iter().map(|command| command.to_vec().join(" ")).collect();
    let condition = format!("#{{==:#{{{FENCE}}},{number}}}");
    let choice = IfShell::new().not_execute().target_pane(target).shell_command(condition);
    let mut choice = choice.command(effect.join(" ; ")).build();
    choice.push_param(refusal.to_owned());
    choice
}
