//! `tabctl take`

use anyhow::Result;
use serde_json::json;

use super::out::Out;
use crate::ops::{Ctx, lease, list, select};
use crate::ui::text;

/// Take a tab for yourself: no agent types there
///
/// What an agent was about to type there is not let through any more when this has returned, and
/// what was queued waits. It lasts until `tabctl release`, or ten minutes after your last act.
///
/// Examples:
///   tabctl take api
///   tabctl release api --to claude --for 1h
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab [default: the one you stand in]
    tab: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab_or_remembered(ctx, args.tab.as_deref())?;
    let row = list::registered_row(ctx, &tab)?;
    let from = lease::take(ctx, &tab, &row)?;
    if args.json {
        let had = from.map(|held| json!({ "kind": held.kind, "who": held.who, "from": held.from }));
        return out.json(&json!({ "tab": row.tab, "id": row.id, "taken_from": had }));
    }
    let had = from.map_or_else(String::new, |held| {
        format!("; {} {} was typing there", held.kind.word(), text::clean(&held.who))
    });
    out.talk(&format!("{} is yours{had}", row.tab));
    Ok(())
}
