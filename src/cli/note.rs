//! `tabctl note`

use std::io::Read;

use anyhow::Result;

use super::out::Out;
use crate::ops::{Ctx, edit, select};
use crate::ui::{style, text};

/// Write or show what to know when coming back to a tab
///
/// Restart notes are shown when the tab is resumed.
///
/// Examples:
///   tabctl note "the migration is half done; run make check first"
///   git log -3 --oneline | tabctl note -
///   tabctl note --tab api
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The note; several words are joined, `-` reads standard input
    text: Vec<String>,
    /// The tab [default: the one you stand in]
    #[arg(long, short, value_name = "TAB")]
    tab: Option<String>,
    /// Take all notes away
    #[arg(long, conflicts_with = "text")]
    clear: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// More than a note can hold; what is longer is refused by its length.
const READ_AT_MOST: u64 = 64 * 1024;

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let mut tab = select::tab(ctx, args.tab.as_deref())?;
    if args.clear {
        tab = edit::clear_notes(ctx, &tab)?;
    } else if args.text == ["-"] {
        let mut text = String::new();
        std::io::stdin().take(READ_AT_MOST).read_to_string(&mut text)?;
        tab = edit::note(ctx, &tab, &text)?;
    } else if !args.text.is_empty() {
        tab = edit::note(ctx, &tab, &args.text.join(" "))?;
    } else if !args.json {
        for note in &tab.session.notes {
            out.lines(text::clean_lines(&note.text))?;
            let by = note.by.as_deref().map(text::clean).unwrap_or_default();
            let ago =
                note.at.map(|at| format!(" {}", text::age(at, ctx.now()))).unwrap_or_default();
            out.line(&style::paint(style::DIM, &format!("  {by}{ago}")))?;
        }
        return Ok(());
    }
    if args.json { out.json(&tab.session.notes) } else { Ok(()) }
}
