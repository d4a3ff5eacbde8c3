//! `tabctl runner`: what runs in every pane of a tab. Hidden: tabctl calls it itself.

use anyhow::Result;

use super::out::Out;
use crate::model::id::TabId;
use crate::ops::{Ctx, runner};
use crate::ui::{style, text};

/// Hold a tab: start its agent as ordered, then become the shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tab's id
    id: TabId,
    /// Become the plain shell that stood beside it, as this part of its window
    #[arg(long, value_name = "PART")]
    shell: Option<usize>,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    match args.shell {
        None => hold(ctx, args.id, out),
        Some(part) => runner::run_beside(ctx, args.id, part, &mut said(out)),
    }
}

/// Lines of the runner's own, in a pane that belongs to somebody else.
fn said(out: &mut Out) -> impl FnMut(&str) {
    |line| out.talk(&style::paint(style::DIM, &text::clean(line)))
}

/// Becomes the runner of a tab.
pub fn hold(ctx: &Ctx, id: TabId, out: &mut Out) -> Result<()> {
    runner::run(ctx, id, &mut said(out))
}
