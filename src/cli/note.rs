//! `tabctl note`

use std::io::Read;

use anyhow::Result;

use super::out::Out;
use crate::model::session::Note;
use crate::ops::{Ctx, edit, select};
use crate::ui::{card, style, text};

/// Write or show what to know when coming back to a tab
///
/// Restart notes are shown when the tab is resumed; `tabctl resume --with-notes` also gives them to
/// the agent. An agent writes its own with --from-agent: they are signed with its name and its
/// conversation, and stand in its own tab.
///
/// Examples:
///   tabctl note "the migration is half done; run make check first"
///   git log -3 --oneline | tabctl note -
///   tabctl note --tab api
///   tabctl note --done 1
///   tabctl note --from-agent "step 3 of 5; tests/db.rs still fails"
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The note; several words are joined, `-` reads standard input
    text: Vec<String>,
    /// The tab [default: the one you stand in]
    #[arg(long, short, value_name = "TAB")]
    tab: Option<String>,
    /// Sign as the agent that runs this, in its own tab
    #[arg(long, requires = "text", conflicts_with = "tab")]
    from_agent: bool,
    /// Take the note with this number away
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["text", "clear"])]
    done: Option<usize>,
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
    let text = text_of(args)?;
    let tab = match text {
        Some(text) if args.from_agent => edit::note_from_agent(ctx, &text)?,
        text => {
            let tab = select::tab(ctx, args.tab.as_deref())?;
            match (text, args.done) {
                (Some(text), _) => edit::note(ctx, &tab, &text)?,
                (None, Some(number)) => edit::note_done(ctx, &tab, number)?,
                (None, None) if args.clear => edit::clear_notes(ctx, &tab)?,
                (None, None) if !args.json => return show(&tab.session.notes, ctx, out),
                (None, None) => tab,
            }
        }
    };
    if args.json { out.json(&tab.session.notes) } else { Ok(()) }
}

/// What is to be noted, if something is.
fn text_of(args: &Args) -> Result<Option<String>> {
    if args.text == ["-"] {
        let mut text = String::new();
        std::io::stdin().take(READ_AT_MOST).read_to_string(&mut text)?;
        return Ok(Some(text));
    }
    Ok((!args.text.is_empty()).then(|| args.text.join(" ")))
}

/// The notes as they were written, each with the number that `--done` takes.
fn show(notes: &[Note], ctx: &Ctx, out: &mut Out) -> Result<()> {
    for (number, note) in (1..).zip(notes) {
        out.lines(text::clean_lines(&note.text))?;
        let when = note.at.map(|at| text::age(at, ctx.now())).unwrap_or_default();
        let by = card::signature(note, &when);
        out.line(&style::paint(style::DIM, &format!("  {number}  {by}")))?;
    }
    Ok(())
}
