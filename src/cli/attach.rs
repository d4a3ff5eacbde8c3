//! `tabctl attach`

use std::io::IsTerminal;

use anyhow::Result;

use super::out::Out;
use super::{ask, resume};
use crate::engine::Attach;
use crate::error::{Fault, Kind};
use crate::ops::{Ctx, attach, list, select};
use crate::sys::run as process;

/// Go to a tab
///
/// Inside tmux the client switches to it; outside, tmux is attached to it. A tab that is down can be
/// resumed on the way.
///
/// Examples:
///   tabctl attach api
///   tabctl go api
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab
    tab: Option<String>,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab(ctx, args.tab.as_deref())?;
    let seen = || -> Result<_> { list::registered_row(ctx, &tab) };
    let mut row = seen()?;
    if row.pane.is_none()
        && ask::answer(
            &format!("{} is {}. Resume it?", row.tab, row.status.claim.state.word()),
            true,
        )? == Some(true)
    {
        resume::bring_back(ctx, &[row.tab.clone()], out)?;
        row = seen()?;
    }
    go(attach::attach(ctx, &row)?)
}

/// Ends where the tab is: here, or in the multiplexer's client in place of this process.
pub fn go(way: Attach) -> Result<()> {
    match way {
        Attach::Switched => Ok(()),
        Attach::Run(_) if !std::io::stdin().is_terminal() => {
            Err(Fault::new(Kind::NeedsAnswer, "attaching needs a terminal")
                .hint("run it in one, with nothing piped into it")
                .into())
        }
        Attach::Run(argv) => {
            let (program, arguments) =
                argv.split_first().ok_or_else(|| anyhow::anyhow!("no command to attach with"))?;
            let mut command = process::command(program);
            command.args(arguments);
            Err(process::exec(command))
        }
    }
}
