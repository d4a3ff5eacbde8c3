//! `tabctl keep`: shows and tells what an adopted tab does. Hidden: `tabctl bind` starts it itself.

use anyhow::Result;

use crate::model::id::TabId;
use crate::ops::{Ctx, adopted};

/// Keep a tab that was adopted: its glyph in tmux, and its notifications
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tab's id
    id: TabId,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx) -> Result<()> {
    adopted::keep(ctx, args.id)
}
