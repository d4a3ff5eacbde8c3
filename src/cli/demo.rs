//! `tabctl demo`

use anyhow::Result;

use super::out::Out;
use crate::ops::demo::{self, Told};
use crate::sys::clock;
use crate::ui::{style, table, text};

/// Show the main job on a private tmux server
///
/// A tab with a small agent is made, talked to, lost, and brought back with its conversation. It
/// touches nothing of yours and leaves nothing behind.
///
/// Example:
///   tabctl demo
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {}

/// Runs it.
pub fn run(_args: &Args, out: &mut Out) -> Result<()> {
    demo::demo(&mut |told| show(&told, out))
}

fn show(told: &Told, out: &mut Out) -> Result<()> {
    match told {
        Told::Step(step) => out.line(&format!("\n{}", style::paint(style::HEADING, step))),
        Told::Command(command) => {
            out.line(&format!("\n  {} {command}", style::paint(style::GOOD, "$")))
        }
        Told::Rows(rows, home) => {
            let columns = Some(out.columns().map_or(98, |columns| columns.saturating_sub(2)));
            let home = home.display().to_string();
            let look = table::Look { columns, wide: false, now: clock::now(), home: &home };
            out.lines(table::draw(rows, &look).lines().map(|line| format!("  {line}")))
        }
        Told::Screen(screen) => {
            out.lines(text::clean_lines(screen).iter().map(|line| format!("  │ {line}")))
        }
    }
}
