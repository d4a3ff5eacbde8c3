//! `tabctl tmux-conf`

use anyhow::Result;

use super::out::Out;
use crate::error::fault_of;
use crate::ops::Ctx;

/// The lines, as they stand in the repository.
const CONF: &str = include_str!("../../shell/tabctl.tmux.conf");
/// What stands above the keys.
const KEYS: &str = "# ── keys";

/// Print the lines for tmux.conf: glyphs, counts and keys
///
/// They add to the formats that you or your theme have set, and never twice, however often they are
/// read. What they show is set by events; tmux starts nothing for it. Keys: prefix j picks a tab in a
/// popup, N goes to the next one that needs you, B goes back.
///
/// Examples:
///   tabctl tmux-conf
///   tabctl tmux-conf | tmux source-file -
///   tabctl tmux-conf --no-keys >> ~/.tmux.conf
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Leave the keys out
    #[arg(long)]
    no_keys: bool,
}

/// Runs it.
pub fn run(args: &Args, out: &mut Out) -> Result<()> {
    let without = CONF.split_once(KEYS).map_or(CONF, |(before, _)| before);
    out.bytes(if args.no_keys { without } else { CONF }.as_bytes())?;
    let is_off = Ctx::open().map(|ctx| !ctx.settings.presence.tmux);
    match is_off {
        Ok(true) => out.talk("tmux_presence is off: the keys work, and nothing is shown"),
        Ok(false) => {}
        // The lines are right all the same.
        Err(error) => {
            if let Some(fault) = fault_of(&error) {
                out.talk(&crate::ui::text::clean(&fault.message));
            }
        }
    }
    Ok(())
}
