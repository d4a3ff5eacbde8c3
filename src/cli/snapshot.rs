//! `tabctl snapshot`

use anyhow::Result;
use serde_json::json;

use super::out::Out;
use crate::error::{Kind, kind_of};
use crate::model::id::TabId;
use crate::model::snapshot::Why;
use crate::ops::{Ctx, list, select, snapshot};
use crate::ui::snapshot as drawn;
use crate::ui::style;

/// Keep what a tab is now, or show what was kept
///
/// A snapshot has the tab's session file, agent and conversation, the last lines of its pane, where it
/// stood, what git says of its folder, and the names of its variables, never their values. What looks
/// like a secret is hidden. Only you can read it.
///
/// Some are taken by themselves: before a tab is resumed, closed, removed or reset, and now and then
/// after a turn. These keep the pane's lines only if the setting `scrollback` is on. How many are kept,
/// for how long and how often: `tabctl config` shows the settings that begin with `snapshot`.
///
/// Snapshots outlive their tab: a removed one is named as it was called.
///
/// Examples:
///   tabctl snapshot
///   tabctl snapshot api --diff
///   tabctl snapshot api --list
///   tabctl snapshot api --show 3
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab [default: the one you stand in; with --list, all]
    tab: Option<String>,
    /// Keep also the differences of its files
    #[arg(long, conflicts_with_all = ["list", "show"])]
    diff: bool,
    /// Show which snapshots there are
    #[arg(long, short)]
    list: bool,
    /// Show the snapshot with this number
    #[arg(long, short, value_name = "N", conflicts_with = "list")]
    show: Option<u32>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    if args.list {
        return show_all(args, ctx, out);
    }
    if let Some(number) = args.show {
        let (id, tab) = snapshot::whose(ctx, args.tab.as_deref())?;
        let kept = snapshot::one(ctx, id, &tab, number)?;
        if args.json {
            return out.json(&kept);
        }
        return out.lines(drawn::one(&kept, ctx.now()));
    }
    let tab = select::tab_or_remembered(ctx, args.tab.as_deref())?;
    let row = list::registered_row(ctx, &tab)?;
    let wish = snapshot::Wish { why: Why::Asked, diff: args.diff, put_away: None };
    let number = snapshot::take(ctx, &tab, Some(&row), wish)?;
    if args.json {
        return out.json(&json!({ "tab": row.tab, "number": number }));
    }
    let kept = snapshot::one(ctx, row.id, &row.tab, number)?;
    out.line(&format!(
        "{} snapshot {number} of {}",
        style::paint(style::GOOD, "kept"),
        style::paint(style::HEADING, &row.tab)
    ))?;
    if let Some(why) = kept.snapshot.git.and_then(|git| git.without_diff) {
        out.talk(&format!("its diff is not, or not whole: {why}"));
    }
    let hint = format!("  `tabctl snapshot {} --show {number}`", row.tab);
    out.line(&style::paint(style::DIM, &hint))
}

/// The snapshots of a tab; of all, where none is meant.
fn show_all(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let (tabs, is_one): (Vec<(TabId, String)>, bool) =
        match snapshot::whose(ctx, args.tab.as_deref()) {
            Ok(one) => (vec![one], true),
            Err(error)
                if args.tab.is_none()
                    && matches!(kind_of(&error), Kind::NotFound | Kind::Usage) =>
            {
                (snapshot::all(ctx)?, false)
            }
            Err(error) => return Err(error),
        };
    let kept: Vec<_> = tabs.iter().flat_map(|(id, _)| ctx.store.archived(*id)).collect();
    if args.json {
        return out.json(&kept);
    }
    if kept.is_empty() {
        out.talk("no snapshot yet; `tabctl snapshot TAB` takes one");
    }
    out.lines(drawn::list(&kept, !is_one, out.columns()))
}
