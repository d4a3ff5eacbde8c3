//! `tabctl next`

use anyhow::Result;

use super::{attach, out::Out};
use crate::ops::{Ctx, next};

/// Go to the next tab that needs you
///
/// The one that has waited longest comes first; from a tab that needs you, the next of them. Again and
/// again it goes round. `tabctl back` leads to where you came from. Exit code 3: no other tab needs
/// you. In tmux, prefix N does this (`tabctl tmux-conf`).
///
/// Examples:
///   tabctl next
///   tabctl next || tabctl ls
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {}

/// Runs it.
pub fn run(_: &Args, ctx: &Ctx, _: &mut Out) -> Result<()> {
    attach::go(next::next(ctx)?)
}
