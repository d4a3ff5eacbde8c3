//! `tabctl rm`

use anyhow::Result;
use serde_json::json;

use super::ask;
use super::out::Out;
use crate::ops::{Ctx, close, list, select};

/// Take a tab out of the list, with its session file
///
/// The conversation itself belongs to the agent and stays. The last versions of the session file are
/// kept in the state folder.
///
/// Examples:
///   tabctl rm api
///   tabctl rm api --keep-file
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab
    tab: Option<String>,
    /// Leave the session file where it is
    #[arg(long)]
    keep_file: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Remove a locked tab
    #[arg(long)]
    force: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let force = super::lock::forced(ctx, args.force)?;
    let tab = select::tab_or_remembered(ctx, args.tab.as_deref())?;
    let row = list::row_of(ctx, &tab)?;
    crate::ops::record::must_be_unlocked(&tab.session, force, "removed")?;
    close::must_not_be_open(row.as_ref())?;
    let name = crate::model::name::shown(&tab.session.tab);
    let file = if args.keep_file { "" } else { " with its session file" };
    ask::confirm(&format!("Take {name} out of the list{file}?"), args.yes)?;
    close::remove(ctx, &tab, row.as_ref(), args.keep_file, force)?;
    if args.json { out.json(&json!({ "removed": name })) } else { Ok(()) }
}
