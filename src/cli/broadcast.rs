//! `tabctl broadcast`

use std::path::PathBuf;

use anyhow::Result;
use clap::ValueHint;

use super::out::Out;
use super::{ask, ls, send};
use crate::error::{Fault, Kind};
use crate::model::row::Row;
use crate::ops::broadcast::{self, Reached};
use crate::ops::{Ctx, list};
use crate::ui::{style, text};

/// Send one text to many tabs
///
/// To every tab with an agent that matches, but for the one you stand in. It tells of each what
/// became of it; with any that it did not reach, the exit code is 12.
///
/// Examples:
///   tabctl broadcast --filter idle "commit what you have"
///   tabctl broadcast --filter agent=claude --filter tag=web --yes "stop at the next green test"
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The text; several words are joined, `-` reads standard input
    text: Vec<String>,
    /// Read the text from a file
    #[arg(long, value_name = "FILE", conflicts_with = "text", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// Only tabs that match, as in `ls --filter`
    #[arg(long, short, value_name = "WHAT")]
    filter: Vec<String>,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let filters = args.filter.iter().map(|text| ls::filter(text)).collect::<Result<Vec<_>>>()?;
    let text = send::text_of(&args.text, args.file.as_deref())?;
    let mut rows = list::list(ctx)?.rows;
    rows.retain(|row| filters.iter().all(|matches| matches(row)));
    let rows: Vec<Row> = broadcast::audience(ctx, rows);
    if rows.is_empty() {
        return Err(Fault::new(Kind::NotFound, "no tab with an agent matches")
            .hint("`tabctl ls` shows the tabs; --filter takes what `ls --filter` takes")
            .into());
    }
    let tabs: Vec<&str> = rows.iter().map(|row| row.tab.as_str()).collect();
    let count = match tabs.len() {
        1 => "one tab".to_owned(),
        many => format!("{many} tabs"),
    };
    ask::confirm(&format!("Send it to {count}: {}?", tabs.join(", ")), args.yes)?;
    let reached = broadcast::send_all(ctx, &rows, &text)?;
    if args.json {
        out.json(&reached)?;
    } else {
        let widest = reached.iter().map(|one| text::width(&one.tab)).max().unwrap_or(0);
        out.lines(reached.iter().map(|one| line(one, widest)))?;
    }
    let missed = reached.iter().filter(|one| !one.is_there()).count();
    if missed == 0 {
        return Ok(());
    }
    let message = format!("{missed} of {} were not reached", reached.len());
    Err(Fault::new(Kind::Partial, message).hint("the list says why").into())
}

fn line(reached: &Reached, widest: usize) -> String {
    let mark = if reached.is_there() {
        style::paint(style::GOOD, "✓")
    } else {
        style::paint(style::BAD, "✗")
    };
    let sent = reached.sent.as_ref().map(|sent| sent.fate.words());
    let told = sent.or_else(|| reached.why.clone()).unwrap_or_default();
    format!("{mark} {}  {}", text::padded(&reached.tab, widest), text::clean(&told))
}
