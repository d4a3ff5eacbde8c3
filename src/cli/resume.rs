//! `tabctl resume`

use anyhow::Result;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::model::plan::Action;
use crate::ops::plan::{self, Wish};
use crate::ops::resume::{Resumed, resume};
use crate::ops::start::Outcome;
use crate::ops::{Ctx, select};
use crate::ui::{card, style, text};

/// Bring tabs back with their own conversations
///
/// Without TAB: all that are down. What lives is left alone, so it can be run as often as you like.
/// A tab that is named is started again too if its agent was quit. Nothing is ever started with a
/// blank conversation unless --fresh asks for it.
///
/// Examples:
///   tabctl resume
///   tabctl resume --dry-run
///   tabctl resume api review
///   tabctl resume api --fork
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tabs [default: all]
    tabs: Vec<String>,
    /// Show what would be done, and do nothing
    #[arg(long, short = 'n')]
    dry_run: bool,
    /// Start a new conversation in these tabs; the old id is kept in the history
    #[arg(long, requires = "tabs")]
    fresh: bool,
    /// Go on in copies of these tabs' conversations; the old ids are kept in the history
    #[arg(long, requires = "tabs", conflicts_with = "fresh")]
    fork: bool,
    /// Give the agents their restart notes, and what changed since, as their first prompt
    #[arg(long)]
    with_notes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tabs = select::tabs(ctx, &args.tabs)?;
    let notes = args.with_notes || ctx.settings.resume_notes;
    let wish = Wish { named: !args.tabs.is_empty(), fresh: args.fresh, fork: args.fork, notes };
    if tabs.is_empty() {
        out.talk("no tabs yet; `tabctl new NAME` makes one");
        return if args.json { out.json(&[0; 0]) } else { Ok(()) };
    }
    if args.dry_run {
        let steps = plan::steps(ctx, &tabs, wish)?;
        if args.json {
            return out.json(&steps);
        }
        return out.lines(steps.iter().flat_map(|it| [card::step(it), card::prompt(it)].concat()));
    }
    let mut told = Ok(());
    let done = resume(ctx, tabs, wish, &mut |resumed| {
        // Who resumes everything wants to read what is new, not what was there.
        let is_news = wish.named || !resumed.was_there();
        if is_news && !args.json && told.is_ok() {
            told = tell(resumed, out);
        }
    })?;
    told?;
    if args.json {
        out.json(&done)?;
    } else if !wish.named {
        out.talk(&summary(&done));
    }
    take_over(ctx, &done, out)?;
    verdict(&done)
}

/// The tab that we stand in is started in place of this process, after all others.
fn take_over(ctx: &Ctx, done: &[Resumed], out: &mut Out) -> Result<()> {
    match done.iter().find(|resumed| resumed.here) {
        Some(resumed) => super::runner::hold(ctx, resumed.step.id, out),
        None => Ok(()),
    }
}

/// `3 came back, 12 were there`.
fn summary(done: &[Resumed]) -> String {
    let open = |resumed: &&Resumed| matches!(resumed.step.action, Action::Lives { .. });
    let there = done.iter().filter(open).count();
    let back = done.iter().filter(|resumed| resumed.is_well()).count() - there;
    if there == done.len() {
        return format!("nothing to bring back: all {there} tabs are open");
    }
    format!("{back} came back, {there} were open")
}

/// Resumes by name, told like `resume` itself.
pub fn bring_back(ctx: &Ctx, tabs: &[String], out: &mut Out) -> Result<()> {
    let wish = Wish { named: true, notes: ctx.settings.resume_notes, ..Wish::default() };
    let mut told = Ok(());
    let done = resume(ctx, select::tabs(ctx, tabs)?, wish, &mut |resumed| {
        if told.is_ok() {
            told = tell(resumed, out);
        }
    })?;
    told?;
    verdict(&done)
}

/// One tab, as it went.
fn tell(resumed: &Resumed, out: &mut Out) -> Result<()> {
    let mut step = resumed.step.clone();
    match &resumed.result {
        Some(Outcome::Ended { how, screen }) => {
            out.lines(card::step(&step))?;
            out.line(&style::paint(style::BAD, &format!("    {how}; its last lines:")))?;
            let lines = text::clean_lines(screen);
            out.lines(
                lines.iter().filter(|line| !line.trim().is_empty()).map(|l| format!("    │ {l}")),
            )
        }
        Some(Outcome::Unverified) => {
            step.remarks.push("its start was not seen yet; `tabctl ls` tells".to_owned());
            out.lines(card::step(&step))
        }
        Some(Outcome::Runs) | None => out.lines(card::step(&step)),
    }
}

/// What the exit code says: the one failure's own code, or that some failed.
fn verdict(done: &[Resumed]) -> Result<()> {
    let failed: Vec<&Resumed> = done.iter().filter(|resumed| !resumed.is_well()).collect();
    let message = format!("{} of {} tabs did not come back", failed.len(), done.len());
    match failed.as_slice() {
        [] => Ok(()),
        [one] if done.len() == 1 => {
            Err(Fault::new(kind(one), format!("'{}' did not come back", one.step.tab)).into())
        }
        _ => Err(Fault::new(Kind::Partial, message).into()),
    }
}

fn kind(resumed: &Resumed) -> Kind {
    match (&resumed.step.action, &resumed.result) {
        (Action::Refuse { kind, .. }, _) => *kind,
        (Action::Shell { .. }, _) => Kind::ConversationMissing,
        (_, Some(Outcome::Ended { .. })) => Kind::AgentFailed,
        _ => Kind::Other,
    }
}
