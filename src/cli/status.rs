//! `tabctl status`

use anyhow::Result;
use clap::ValueEnum;

use super::out::Out;
use crate::model::status::State;
use crate::ops::{Ctx, list, select, status};
use crate::ui::{style, text};

/// Say or show what a tab is doing
///
/// Agents say it of themselves; a person can say it too. Without a state it shows the tab's.
///
/// Examples:
///   tabctl status thinking
///   tabctl status attention -m "which of the two migrations?"
///   tabctl status --tab api --json
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The state to say
    state: Option<Said>,
    /// Why, in a few words
    #[arg(long, short, value_name = "REASON", requires = "state")]
    message: Option<String>,
    /// The tab [default: the one you stand in]
    #[arg(long, short, value_name = "TAB")]
    tab: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The states that can be said.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Said {
    /// Ready for the next instruction
    Idle,
    /// At work
    Thinking,
    /// A person has to answer or decide
    Attention,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab(ctx, args.tab.as_deref())?;
    if let Some(said) = args.state {
        let state = match said {
            Said::Idle => State::Idle,
            Said::Thinking => State::Thinking,
            Said::Attention => State::Attention,
        };
        let claim = status::say(ctx, &tab, state, args.message.as_deref())?;
        return if args.json { out.json(&claim) } else { Ok(()) };
    }
    let row = list::registered_row(ctx, &tab)?;
    if args.json {
        return out.json(&row.status);
    }
    let claim = &row.status.claim;
    let reason = claim.reason.as_deref().map(|reason| format!("  {}", text::clean(reason)));
    let state = style::paint(style::of_state(claim.state), claim.state.word());
    out.line(&format!("{state}{}", reason.unwrap_or_default()))
}
