//! `tabctl lock`

use anyhow::Result;
use serde_json::json;

use super::out::Out;
use crate::ops::actor::Actor;
use crate::ops::{Ctx, edit, select};

/// Protect a tab from renaming, closing and removing
///
/// A person can still do it with --force, or unlock it. Agents cannot.
///
/// Examples:
///   tabctl lock
///   tabctl lock api
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
    set(args.tab.as_deref(), true, args.json, ctx, out)
}

/// Locks or unlocks.
pub fn set(tab: Option<&str>, locked: bool, json: bool, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = edit::lock(ctx, &select::tab(ctx, tab)?, locked)?;
    if json {
        return out.json(&json!({ "id": tab.session.id, "locked": tab.session.locked }));
    }
    Ok(())
}

/// `--force` is a person's word.
pub fn forced(ctx: &Ctx, force: bool) -> Result<bool> {
    if force {
        Actor::of_this_process(ctx).must_be_person("force a locked tab")?;
    }
    Ok(force)
}
