//! `tabctl close`

use anyhow::Result;
use serde_json::json;

use super::ask;
use super::out::Out;
use crate::ops::{Ctx, close, list, select};

/// Close a tab's window; `resume` brings it back
///
/// The record and the conversation stay.
///
/// Examples:
///   tabctl close api
///   tabctl close api --yes
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab
    tab: Option<String>,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Close a locked tab
    #[arg(long)]
    force: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab_or_remembered(ctx, args.tab.as_deref())?;
    let force = super::lock::forced(ctx, args.force)?;
    crate::ops::record::must_be_unlocked(&tab.session, force, "closed")?;
    let row = list::registered_row(ctx, &tab)?;
    if row.pane.is_some() && close::is_at_work(&row) {
        let doing = row.status.claim.state.word();
        ask::confirm(&format!("{} is {doing}. Close it?", row.tab), args.yes)?;
    }
    close::close(ctx, &tab, &row, force)?;
    if args.json { out.json(&json!({ "closed": row.tab })) } else { Ok(()) }
}
