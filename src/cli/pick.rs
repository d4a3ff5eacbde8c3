//! `tabctl pick`

use anyhow::Result;
use clap::ValueEnum;

use super::board::{self, End, Wanted};
use super::out::Out;
use super::{attach, resume};
use crate::config::Picker;
use crate::error::{Fault, Kind};
use crate::model::row::Row;
use crate::ops::{Ctx, attach as ops_attach, fzf, list};
use crate::sys::signals;
use crate::ui::board::Use;
use crate::ui::{table, text};

/// Pick a tab and go there
///
/// Type a few letters of its name, task, agent, folder, state or tags. What needs you comes first, then
/// what changed last. Enter goes to the tab, and brings it back first if it is down; `?` tells the
/// other keys. In a tmux popup the client goes there, and the popup closes. With the setting
/// `picker: fzf` fzf is used. Without a choice the exit code is 130.
///
/// Examples:
///   tabctl pick
///   tabctl pick login
///   tabctl show "$(tabctl pick --print)"
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// What is looked for at once
    query: Vec<String>,
    /// Print the tab that was picked, and go nowhere
    #[arg(long, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "name")]
    print: Option<Print>,
}

/// What of a tab is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Print {
    /// Its name
    Name,
    /// Its id, which no other tab ever has
    Id,
    /// Its folder
    Folder,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    board::must_be_terminal("pick", args.print.is_some())?;
    let query = args.query.join(" ");
    let wants_fzf = ctx.settings.look.picker == Picker::Fzf;
    let end = if let Some(program) = wants_fzf.then(fzf::find).flatten() {
        let picked = fzf::pick(ctx, &program, &query, &line)?;
        picked.map_or(End::Left, |row| End::Picked(Box::new(row)))
    } else {
        let only_pick = args.print.is_some();
        board::run(ctx, out, &Wanted { used: Use::Pick, query: &query, only_pick })?
    };
    match end {
        // The code says it all: whoever leaves a list knows that he did.
        End::Left => Err(Fault::new(Kind::Interrupted, "").into()),
        End::Signal(signal) => signals::obey(signal),
        End::Gone(way) => attach::go(way),
        End::Picked(row) => match args.print {
            Some(what) => print(&row, what, out),
            None => go(ctx, *row, out),
        },
    }
}

fn print(row: &Row, what: Print, out: &mut Out) -> Result<()> {
    match what {
        Print::Name => out.line(&row.tab),
        Print::Id => out.line(&row.id.to_string()),
        Print::Folder => out.line(&text::clean(&row.workspace)),
    }
}

/// Goes to a tab; one that is down is brought back before.
fn go(ctx: &Ctx, mut row: Row, out: &mut Out) -> Result<()> {
    if row.pane.is_none() {
        resume::bring_back_quietly(ctx, &[row.id.to_string()], out)?;
        row = list::row(ctx, row.id)?.ok_or_else(|| {
            Fault::new(Kind::NotFound, "this tab is not in the list any more")
                .hint("`tabctl ls` shows the tabs there are")
        })?;
    }
    attach::go(ops_attach::attach(ctx, &row)?)
}

/// A tab in one line, for fzf.
fn line(row: &Row) -> String {
    let agent = text::clean(row.agent.as_deref().unwrap_or("-"));
    let tags = text::clean(&row.tags.join(" "));
    let cells = [
        table::name(row),
        table::state(row),
        agent,
        table::task(row),
        tags,
        text::clean(&row.workspace),
    ];
    cells.join("  ")
}
