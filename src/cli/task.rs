//! `tabctl task`

use anyhow::Result;

use super::out::Out;
use crate::ops::{Ctx, edit, select};
use crate::ui::text;

/// Say or show why a tab exists
///
/// Examples:
///   tabctl task "make the login page work again"
///   tabctl task --tab api
///   tabctl task --clear
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The task, in one line; several words are joined
    text: Vec<String>,
    /// The tab [default: the one you stand in]
    #[arg(long, short, value_name = "TAB")]
    tab: Option<String>,
    /// Take the task away
    #[arg(long, conflicts_with = "text")]
    clear: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let mut tab = select::tab(ctx, args.tab.as_deref())?;
    if args.clear {
        tab = edit::task(ctx, &tab, None)?;
    } else if !args.text.is_empty() {
        tab = edit::task(ctx, &tab, Some(&args.text.join(" ")))?;
    } else if let (Some(task), false) = (&tab.session.task, args.json) {
        return out.line(&text::clean(task));
    }
    if args.json { out.json(&tab.session.task) } else { Ok(()) }
}
