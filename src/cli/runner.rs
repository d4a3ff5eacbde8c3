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
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    hold(ctx, args.id, out)
}

/// Becomes the runner of a tab.
pub fn hold(ctx: &Ctx, id: TabId, out: &mut Out) -> Result<()> {
    runner::run(ctx, id, &mut |line| out.talk(&style::paint(style::DIM, &text::clean(line))))
}
