//! `tabctl show`

use anyhow::Result;
use serde_json::json;

use super::out::Out;
use crate::ops::{Ctx, list, select};
use crate::store::{Standing, Trust};
use crate::ui::card;

/// Show everything about a tab
///
/// Examples:
///   tabctl show api
///   tabctl show --json | jq .session
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab
    tab: Option<String>,
    /// Print JSON: `row` as in `ls --json`, and `session` as in the file
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab(ctx, args.tab.as_deref())?;
    let row = match &tab.standing {
        Standing::Known => list::row(ctx, tab.session.id)?,
        _ => None,
    };
    if args.json {
        return out.json(&json!({ "row": row, "session": tab.session }));
    }
    let trust = match (&tab.standing, &tab.trust) {
        (Standing::Copy { of }, _) => format!("a copy of {}", ctx.paths.short(of)),
        (Standing::Moved { from }, _) => format!("moved here from {}", ctx.paths.short(from)),
        (_, Trust::Trusted) => "trusted".to_owned(),
        (_, Trust::Changed(_)) => {
            "changed since it was trusted; `tabctl trust` shows how".to_owned()
        }
        (_, Trust::Never) => "not trusted; `tabctl trust` shows what it would run".to_owned(),
    };
    let row = row.unwrap_or_else(|| list::row_of_file(ctx, &tab));
    out.lines(card::tab(&row, &tab.session, &trust, ctx.now()))
}
