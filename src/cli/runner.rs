//! `tabctl runner`: what runs in every pane of a tab. Hidden: tabctl calls it itself.

use std::ffi::OsString;

use anyhow::Result;

use super::out::Out;
use crate::model::id::TabId;
use crate::ops::{Ctx, runner};
use crate::ui::{style, text};

/// Hold a tab: start its agent as ordered, then become the shell
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The tab's id
    id: TabId,
    /// Become the plain shell that stood beside it, as this part of its window
    #[arg(long, value_name = "PART")]
    shell: Option<usize>,
}

impl Args {
    /// The command line of every pane, if this process has it: tabctl composes it, and always alike. A
    /// person's is gone through word by word, against all that a person may type, which takes longer.
    pub fn of_this_process() -> Option<Args> {
        let words: Vec<OsString> = std::env::args_os().skip(1).take(3).collect();
        let [verb, id] = words.as_slice() else { return None };
        let id = id.to_str().filter(|_| verb == "runner")?.parse().ok()?;
        Some(Args { id, shell: None })
    }
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    match args.shell {
        None => hold(ctx, args.id, out),
        Some(part) => runner::run_beside(ctx, args.id, part, &mut said(out)),
    }
}

/// Lines of the runner's own, in a pane that belongs to somebody else.
fn said(out: &mut Out) -> impl FnMut(&str) {
    |line| out.talk(&style::paint(style::DIM, &text::clean(line)))
}

/// Becomes the runner of a tab.
pub fn hold(ctx: &Ctx, id: TabId, out: &mut Out) -> Result<()> {
    runner::run(ctx, id, &mut said(out))
}
