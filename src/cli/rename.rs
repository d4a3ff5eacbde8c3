//! `tabctl rename`

use anyhow::Result;
use serde_json::json;

use super::out::Out;
use crate::ops::{Ctx, edit, select};

/// Give a tab another name
///
/// The window in the multiplexer is renamed too, and keeps the name.
///
/// Examples:
///   tabctl rename login-fix
///   tabctl rename api login-fix
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The new name; with two names: the tab, then its new name
    #[arg(required = true, num_args = 1..=2, value_names = ["TAB", "NAME"])]
    names: Vec<String>,
    /// Rename a locked tab
    #[arg(long)]
    force: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let (tab, name) = match args.names.as_slice() {
        [tab, name] => (Some(tab.as_str()), name),
        [name] => (None, name),
        _ => return Err(anyhow::anyhow!("one or two names")),
    };
    let tab = select::tab(ctx, tab)?;
    let renamed = edit::rename(ctx, &tab, name, super::lock::forced(ctx, args.force)?)?;
    if args.json {
        return out.json(&json!({ "id": renamed.session.id, "tab": renamed.session.tab }));
    }
    Ok(())
}
