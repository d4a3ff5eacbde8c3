//! `tabctl unlock`

use anyhow::Result;

use super::out::Out;
use crate::ops::Ctx;

/// Take the lock off a tab
///
/// Only a person can: an agent's own shell is refused.
///
/// Example:
///   tabctl unlock api
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab
    tab: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    super::lock::set(args.tab.as_deref(), false, args.json, ctx, out)
}
