//! `tabctl tag`

use anyhow::Result;

use super::out::Out;
use crate::ops::{Ctx, edit, select};
use crate::ui::text;

/// Add, remove or show the tags of a tab
///
/// Examples:
///   tabctl tag backend urgent
///   tabctl tag --remove urgent --tab api
///   tabctl ls --filter tag=backend
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Tags to add
    tags: Vec<String>,
    /// A tag to take off; can be repeated
    #[arg(long, short, value_name = "TAG")]
    remove: Vec<String>,
    /// The tab [default: the one you stand in]
    #[arg(long, short, value_name = "TAB")]
    tab: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let mut tab = select::tab(ctx, args.tab.as_deref())?;
    if !args.tags.is_empty() || !args.remove.is_empty() {
        tab = edit::tag(ctx, &tab, &args.tags, &args.remove)?;
    }
    if args.json {
        return out.json(&tab.session.tags);
    }
    out.lines(tab.session.tags.iter().map(|tag| text::clean(tag)))
}
