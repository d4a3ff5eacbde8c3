//! `tabctl back`

use anyhow::Result;

use super::{attach, out::Out};
use crate::ops::{Ctx, visits};

/// Go back to where `next` and `go` took you from
///
/// Each terminal has its own way back, over as many steps as you made, also to windows that are no
/// tabs; what was closed meanwhile is passed over. Exit code 3: there is nowhere to go back to.
/// In tmux, prefix B does this (`tabctl tmux-conf`).
///
/// Examples:
///   tabctl back
///   tabctl next && tabctl back
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {}

/// Runs it.
pub fn run(_: &Args, ctx: &Ctx, _: &mut Out) -> Result<()> {
    attach::go(visits::back(ctx)?)
}
