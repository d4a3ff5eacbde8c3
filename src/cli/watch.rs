//! `tabctl watch`

use anyhow::Result;

use super::board::{self, End, Wanted};
use super::out::Out;
use crate::ops::Ctx;
use crate::sys::signals;
use crate::ui::board::Use;

/// Watch the tabs: a dashboard that follows every change
///
/// It shows what `ls` shows, and beside it a look at the tab that is selected: why it is in its state,
/// its task, its notes, its screen. Enter goes there; `?` tells every key; the mouse works too.
/// Colours are those of the terminal; `theme` (dark, light, mono) and `NO_COLOR` change them.
///
/// Examples:
///   tabctl watch
///   tabctl watch --filter attention
///   tmux split-window -h tabctl watch
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Show only what matches, as after `/`
    #[arg(long, short, value_name = "WORDS", default_value = "", hide_default_value = true)]
    filter: String,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    board::must_be_terminal("watch", false)?;
    let wanted = Wanted { used: Use::Watch, query: &args.filter, only_pick: false };
    match board::run(ctx, out, &wanted)? {
        End::Signal(signal) => signals::obey(signal),
        End::Left | End::Gone(_) | End::Picked(_) => Ok(()),
    }
}
