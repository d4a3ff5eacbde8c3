//! `tabctl resume`

mod told;

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;

use super::out::Out;
use super::{ask, interrupt};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::outcome::Outcome;
use crate::model::plan::Action;
use crate::ops::plan::Wish;
use crate::ops::resume::{self, News, Pace, Resumed, Round};
use crate::ops::{Ctx, select};
use crate::ui::{card, progress};

/// Bring tabs back with their own conversations
///
/// Without TAB: all that are down. What lives is left alone, so it can be run as often as you like.
/// A tab that is named is started again too if its agent was quit. Nothing is ever started with a
/// blank conversation unless --fresh asks for it.
///
/// A tab has come back when its agent lives and shows that it opened the tab's own conversation.
/// When several agents of a kind fail alike, the rest of them is held back. Tabs that were not used
/// for long, and agents beyond a number, are asked about first (`tabctl config` shows the limits).
/// Ctrl-C starts nothing more; what was begun goes on by itself, and the next resume sees it through.
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
    /// How many agents may be starting at the same time
    #[arg(long, short, value_name = "N", value_parser = at_least_one)]
    jobs: Option<usize>,
    /// Bring back what would be asked about first
    #[arg(long, short)]
    yes: bool,
    /// Ask nothing, and say only what did not come back
    #[arg(long, short)]
    quiet: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn at_least_one(typed: &str) -> Result<usize, String> {
    typed.parse().ok().filter(|jobs| *jobs > 0).ok_or_else(|| "it is a number from 1 on".to_owned())
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tabs = select::tabs(ctx, &args.tabs)?;
    let notes = args.with_notes || ctx.settings.resume_notes;
    let (fresh, fork) = (args.fresh, args.fork);
    let wish = Wish { named: !args.tabs.is_empty(), fresh, fork, notes, begun: false };
    if tabs.is_empty() {
        if !args.quiet {
            out.talk("no tabs yet; `tabctl new NAME` makes one");
        }
        return if args.json { out.json(&[0; 0]) } else { Ok(()) };
    }
    let mut round = Round::new(ctx, tabs, wish)?;
    limit(&mut round, args)?;
    if args.dry_run {
        let steps = round.steps();
        if args.json {
            return out.json(&steps);
        }
        return out.lines(steps.iter().flat_map(|it| [card::step(it), card::prompt(it)].concat()));
    }
    let stop = interrupt::flag()?;
    let cards = wish.named && !args.json && !args.quiet;
    let done = go(
        ctx,
        round,
        args.jobs,
        &stop,
        out,
        if args.quiet {
            Show::Nothing
        } else if cards {
            Show::Cards
        } else {
            Show::Progress
        },
    )?;
    if args.json {
        out.json(&done)?;
    } else if args.quiet {
        done.iter()
            .filter(|resumed| !resumed.is_well())
            .for_each(|resumed| told::briefly(resumed, out));
    } else if !wish.named {
        told::table(&done, out)?;
    }
    take_over(ctx, &done, out)?;
    verdict(&done, stop.load(Ordering::SeqCst))
}

/// Leaves out what is beyond the limits, unless a person wants it.
fn limit(round: &mut Round, args: &Args) -> Result<()> {
    let may_ask = !args.yes && !args.quiet && !args.dry_run;
    let wanted = |question: String| -> Result<bool> {
        Ok(args.yes || (may_ask && ask::answer(&question, false)? == Some(true)))
    };
    let old = round.old();
    if !old.is_empty() {
        let names: Vec<&str> = old.iter().take(5).map(|(_, tab, _)| tab.as_str()).collect();
        let more = if old.len() > names.len() { ", …" } else { "" };
        let (count, names) = (count(old.len(), "tab was", "tabs were"), names.join(", "));
        let days = round.limits().max_age;
        if !wanted(format!(
            "{count} not used for {days} days ({names}{more}). Bring them back too?"
        ))? {
            for (id, tab, days) in &old {
                let why = format!("last used {days} days ago");
                round.hold_back(*id, &why, &format!("`tabctl resume {tab}`, or --yes for all"));
            }
        }
    }
    let (most, many) = (round.limits().max_agents, round.many());
    if !many.is_empty()
        && !wanted(format!(
            "{} agents are to be started. Start more than {most}?",
            most + many.len()
        ))?
    {
        for id in many {
            let why = format!("more than {most} agents at once");
            round.hold_back(id, &why, "`tabctl resume` again starts the next; --yes starts all");
        }
    }
    Ok(())
}

/// `1 tab was`, `3 tabs were`.
fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What is shown while it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Show {
    Nothing,
    Progress,
    /// Progress, and each tab when it is decided.
    Cards,
}

/// Does it.
fn go(
    ctx: &Ctx,
    round: Round,
    jobs: Option<usize>,
    stop: &AtomicBool,
    out: &mut Out,
    show: Show,
) -> Result<Vec<Resumed>> {
    let pace = Pace { jobs: resume::jobs(ctx, jobs), stop };
    let columns = out.talk_columns().filter(|_| show != Show::Nothing);
    let mut told = Ok(());
    let done = round.run(pace, &mut |news| match news {
        News::Progress(far) => {
            if let Some(columns) = columns {
                out.meter(&progress::line(far.done, far.all, &far.starting, columns));
            }
        }
        News::Done(resumed) => {
            if show == Show::Cards && told.is_ok() {
                told = told::card(resumed, out);
            }
        }
    });
    out.meter("");
    told?;
    done
}

/// The tab that we stand in is started in place of this process, after all others.
fn take_over(ctx: &Ctx, done: &[Resumed], out: &mut Out) -> Result<()> {
    match done.iter().find(|resumed| resumed.is_here()) {
        Some(resumed) => super::runner::hold(ctx, resumed.step.id, out),
        None => Ok(()),
    }
}

/// Resumes by name, told like `resume` itself.
pub fn bring_back(ctx: &Ctx, tabs: &[String], out: &mut Out) -> Result<()> {
    bring_back_and_show(ctx, tabs, Show::Cards, out)
}

/// The same without an answer: only how far it gets is shown, and what went wrong.
pub fn bring_back_quietly(ctx: &Ctx, tabs: &[String], out: &mut Out) -> Result<()> {
    bring_back_and_show(ctx, tabs, Show::Progress, out)
}

fn bring_back_and_show(ctx: &Ctx, tabs: &[String], show: Show, out: &mut Out) -> Result<()> {
    let wish = Wish { named: true, notes: ctx.settings.resume_notes, ..Wish::default() };
    let round = Round::new(ctx, select::tabs(ctx, tabs)?, wish)?;
    let stop = interrupt::flag()?;
    let done = go(ctx, round, None, &stop, out, show)?;
    if show == Show::Progress {
        done.iter().filter(|it| !it.is_well()).for_each(|it| told::briefly(it, out));
    }
    take_over(ctx, &done, out)?;
    verdict(&done, stop.load(Ordering::SeqCst))
}

/// Starts one tab as is wished, and tells it unless it is to be `quiet`; see [`judge`] for the end.
pub fn one(
    ctx: &Ctx,
    id: TabId,
    wish: Wish,
    stop: &AtomicBool,
    quiet: bool,
    out: &mut Out,
) -> Result<Resumed> {
    let round = Round::new(ctx, vec![ctx.store.known(id)?], wish)?;
    let show = if quiet { Show::Nothing } else { Show::Cards };
    let done = go(ctx, round, None, stop, out, show)?;
    let message = "nothing became of it";
    Ok(done.into_iter().next().ok_or_else(|| Fault::new(Kind::Other, message))?)
}

/// Starts it here, if this is where it belongs; else ends with the exit code that it deserves. What was
/// interrupted says how far it got: `given` is what the tab has been given by then.
pub fn judge(
    ctx: &Ctx,
    resumed: &Resumed,
    stop: &AtomicBool,
    given: &str,
    out: &mut Out,
) -> Result<()> {
    let done = std::slice::from_ref(resumed);
    take_over(ctx, done, out)?;
    if !stop.load(Ordering::SeqCst) {
        return verdict(done, false);
    }
    let tab = &resumed.step.tab;
    let looks = "`tabctl ls` shows what becomes of it".to_owned();
    let (how, hint) = match &resumed.result {
        _ if resumed.is_well() => ("and is back", looks),
        Some(Outcome::Unverified { .. }) => ("and its agent is starting", looks),
        _ => ("and its agent is not back", format!("`tabctl resume {tab}` starts it")),
    };
    let message = format!("interrupted: '{tab}' has {given}, {how}");
    Err(Fault::new(Kind::Interrupted, message).hint(hint).into())
}

/// What the exit code says: the one failure's own code, or that some failed.
fn verdict(done: &[Resumed], interrupted: bool) -> Result<()> {
    let failed: Vec<&Resumed> = done.iter().filter(|resumed| !resumed.is_well()).collect();
    let fault = |kind, message: String| Err(Fault::new(kind, message).into());
    if interrupted && !failed.is_empty() {
        let message = format!("interrupted: {} of {} tabs are not back", failed.len(), done.len());
        return Err(Fault::new(Kind::Interrupted, message)
            .hint("`tabctl resume` goes on; what was begun goes on by itself")
            .into());
    }
    let needs_answer = |resumed: &&Resumed| kind(resumed) == Kind::NeedsAnswer;
    match failed.as_slice() {
        [] => Ok(()),
        [one] if done.len() == 1 => {
            fault(kind(one), format!("'{}' did not come back", one.step.tab))
        }
        all if all.iter().all(needs_answer) => {
            let count = count(all.len(), "tab was", "tabs were");
            Err(Fault::new(Kind::NeedsAnswer, format!("{count} held back for a person to decide"))
                .hint("`tabctl resume --yes` brings all back, or name them")
                .into())
        }
        all => {
            fault(Kind::Partial, format!("{} of {} tabs did not come back", all.len(), done.len()))
        }
    }
}

fn kind(resumed: &Resumed) -> Kind {
    match (&resumed.step.action, &resumed.result) {
        (Action::Refuse { kind, .. } | Action::Hold { kind, .. }, _) => *kind,
        (Action::Shell { .. }, _) | (_, Some(Outcome::WrongConversation { .. })) => {
            Kind::ConversationMissing
        }
        (_, Some(Outcome::Ended { is_gone: true, .. })) => Kind::ConversationMissing,
        (_, Some(Outcome::Ended { .. })) => Kind::AgentFailed,
        (_, Some(Outcome::Unverified { .. })) => Kind::TimedOut,
        _ => Kind::Other,
    }
}
