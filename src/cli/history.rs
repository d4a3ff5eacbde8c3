//! `tabctl history`

use anyhow::Result;

use super::out::Out;
use crate::ops::{Ctx, evidence, select};
use crate::ui;

/// Show the commands that were typed in a tab
///
/// What a shell with `tabctl init` has written down: each command with its folder, its exit code, when
/// it began and how long it took. What begins with a space is not written down, and what looks like
/// a secret is hidden. The setting `history: false` ends it.
///
/// Examples:
///   tabctl history
///   tabctl history api --failed
///   tabctl history api --lines 500 --json | jq -r '.[].command'
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab [default: the one you stand in]
    tab: Option<String>,
    /// Only what ended with another code than 0
    #[arg(long, short)]
    failed: bool,
    /// The newest so many
    #[arg(long, short = 'n', value_name = "N", default_value_t = 50)]
    lines: usize,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab(ctx, args.tab.as_deref())?;
    select::must_not_be_a_copy(ctx, &tab)?;
    let ran = evidence::history(ctx, tab.session.id, args.lines, args.failed);
    if args.json {
        return out.json(&ran);
    }
    if ran.is_empty() {
        out.talk(if args.failed {
            "no command of this tab has failed"
        } else {
            "nothing was written down in this tab; `tabctl init --help` says how it is"
        });
        return Ok(());
    }
    out.lines(ui::history::lines(&ran, &ctx.paths.home.display().to_string()))
}
