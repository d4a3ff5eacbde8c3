//! `tabctl brief`

use anyhow::Result;
use serde_json::json;

use super::log::moment;
use super::out::Out;
use crate::error::{Kind, kind_of};
use crate::ops::{Ctx, brief, list, select};
use crate::store::Loaded;
use crate::ui::brief as drawn;
use crate::ui::brief::Screen;

/// Say where a tab stands and what it did since you looked
///
/// Where you were, what the tab did since (turns, questions, commands with their exit codes, files and
/// commits, prompts that were sent), what is open, and what to do next, as far as somebody said it. A
/// tab counts as looked at when you go to it, and while it does something before your eyes.
///
/// Without TAB it is the tab that you stand in; elsewhere, or with --all, every tab that has changed
/// since you looked at it, the most urgent first.
///
/// It fits the screen, or 80 columns and 24 lines; --full leaves nothing out.
///
/// Examples:
///   tabctl brief
///   tabctl brief api --since 2h
///   tabctl brief api --markdown | tabctl note --tab review -
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab [default: the one you stand in, else all]
    tab: Option<String>,
    /// Every tab that has changed, wherever you stand
    #[arg(long, short, conflicts_with_all = ["tab", "markdown"])]
    all: bool,
    /// From then on: 90s, 10m, 2h, 3d, or a date with or without a time
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Leave nothing out and cut nothing
    #[arg(long)]
    full: bool,
    /// Print Markdown, to give to an agent
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What a terminal has at least, and what is assumed where there is none.
const COLUMNS: usize = 80;
const LINES: usize = 24;

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let since = args.since.as_deref().map(|when| moment(when, ctx.now())).transpose()?;
    let Some(tab) = meant(args, ctx)? else {
        let glances = brief::glances(ctx, since)?;
        if args.json {
            return out.json(&glances);
        }
        if glances.is_empty() {
            out.talk("nothing has changed since you looked; `tabctl ls` shows the tabs");
        }
        return out.lines(drawn::overview(&glances, ctx.now(), screen(args, out)));
    };
    select::must_not_be_a_copy(ctx, &tab)?;
    let row = list::row_of(ctx, &tab)?.unwrap_or_else(|| list::row_of_file(ctx, &tab));
    let brief = brief::of(ctx, &tab, &row, since);
    if args.json {
        let mut told = serde_json::to_value(&brief)?;
        if let Some(told) = told.as_object_mut() {
            told.insert("next".to_owned(), json!(brief.next()));
        }
        return out.json(&told);
    }
    if args.markdown {
        return out.lines(drawn::markdown(&brief));
    }
    out.lines(drawn::draw(&brief, &ctx.paths.home.display().to_string(), screen(args, out)))
}

/// The tab that is meant; nothing if all are.
fn meant(args: &Args, ctx: &Ctx) -> Result<Option<Loaded>> {
    if args.all {
        return Ok(None);
    }
    match select::tab_or_remembered(ctx, args.tab.as_deref()) {
        // Nobody stands in a tab, or in several at once.
        Err(error)
            if args.tab.is_none()
                && !args.markdown
                && matches!(kind_of(&error), Kind::NotFound | Kind::Usage) =>
        {
            Ok(None)
        }
        found => found.map(Some),
    }
}

/// The screen, with a line left for the prompt.
fn screen(args: &Args, out: &Out) -> Screen {
    if args.full {
        return Screen { columns: None, lines: None };
    }
    let lines = out.rows().unwrap_or(LINES).max(LINES) - 1;
    Screen { columns: Some(out.columns().unwrap_or(COLUMNS)), lines: Some(lines) }
}
