//! `tabctl hooks`

use anyhow::Result;
use serde_json::json;

use super::ask;
use super::out::Out;
use crate::error::{Fault, Kind};
use crate::ops::Ctx;
use crate::ops::actor::Actor;
use crate::ops::hooks::{self, Change, Report, State};
use crate::ui::{diff, style, text};

/// Register tabctl's hooks with the agents, or check them
///
/// Agents that tabctl starts get their hooks at launch, and nothing of yours is changed. For agents
/// that you start by hand, `install` puts them into the agents' own settings, beside whatever is
/// there; `uninstall` gives the files back as they were. Both show what they would change and ask.
///
/// Examples:
///   tabctl hooks check
///   tabctl hooks install claude --dry-run
///   tabctl hooks install --all
///   tabctl hooks uninstall claude
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Put the hooks into the agents' settings, or repair them
    Install(Changing),
    /// Say which hooks are there; exit code 0 only if all are
    Check(Checking),
    /// Take the hooks out of the agents' settings
    Uninstall(Changing),
}

#[derive(Debug, clap::Args)]
struct Changing {
    /// The agents: claude, codex, …
    #[arg(required_unless_present = "all")]
    agent: Vec<String>,
    /// All agents that are installed
    #[arg(long, conflicts_with = "agent")]
    all: bool,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Checking {
    /// The agents; all that are installed without it
    agent: Vec<String>,
    /// All agents that are installed
    #[arg(long, conflicts_with = "agent")]
    all: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    match &args.verb {
        Verb::Check(wish) => check(wish, ctx, out),
        Verb::Install(wish) => change(wish, true, ctx, out),
        Verb::Uninstall(wish) => change(wish, false, ctx, out),
    }
}

fn check(wish: &Checking, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tabctl = hooks::own_program()?;
    let specs = hooks::chosen(ctx, &wish.agent, &tabctl)?;
    let reports: Vec<Report> =
        specs.into_iter().map(|spec| hooks::check(ctx, spec)).collect::<Result<_>>()?;
    if wish.json {
        out.json(&reports)?;
    } else {
        for report in &reports {
            show(report, out)?;
        }
        if reports.is_empty() {
            out.talk("no agent that has hooks is in PATH");
        }
    }
    let bad = reports.iter().filter(|report| report.state != State::Installed).count();
    if bad == 0 {
        return Ok(());
    }
    Err(Fault::new(Kind::Other, format!("{bad} of {} agents lack hooks", reports.len()))
        .hint("`tabctl hooks install AGENT`; tabs that tabctl starts may have them without")
        .into())
}

fn show(report: &Report, out: &mut Out) -> Result<()> {
    let list = |what: &str, events: &[String]| format!("{what} {}", events.join(", "));
    let (mark, mut seen) = match report.state {
        State::Installed => (style::paint(style::GOOD, "✓"), vec!["installed".to_owned()]),
        State::Absent => (style::paint(style::WARN, "!"), vec!["not installed".to_owned()]),
        State::Broken => {
            let missing = (!report.missing.is_empty()).then(|| list("missing:", &report.missing));
            let wrong =
                (!report.wrong.is_empty()).then(|| list("not as they should be:", &report.wrong));
            (style::paint(style::BAD, "✗"), missing.into_iter().chain(wrong).collect())
        }
        State::Refused => {
            (style::paint(style::BAD, "✗"), report.problem.clone().into_iter().collect())
        }
    };
    if !report.in_path {
        seen.push("the agent is not in PATH".to_owned());
    }
    if report.others > 0 {
        seen.push(format!("{} hooks of others", report.others));
    }
    if !report.verified {
        seen.push("not verified".to_owned());
    }
    let agent = style::paint(style::HEADING, &text::clean(&report.agent));
    out.line(&format!("{mark} {agent}  {}", text::clean(&seen.join("; "))))?;
    let files = format!("    {}", text::clean(&report.files.join(", ")));
    out.line(&style::paint(style::DIM, &files))
}

fn change(wish: &Changing, install: bool, ctx: &Ctx, out: &mut Out) -> Result<()> {
    if !wish.dry_run {
        let what = if install { "install hooks" } else { "uninstall hooks" };
        Actor::of_this_process(ctx).must_be_person(what)?;
    }
    let tabctl = hooks::own_program()?;
    let mut changes = Vec::new();
    for spec in hooks::chosen(ctx, &wish.agent, &tabctl)? {
        let more = if install { hooks::install(ctx, spec) } else { hooks::uninstall(ctx, spec) };
        changes.extend(more?);
    }
    if wish.json {
        let action = |change: &Change| match (&change.before, &change.after) {
            (None, _) => "create",
            (_, None) => "remove",
            _ => "change",
        };
        let told = |change: &Change| json!({ "action": action(change), "change": change });
        out.json(&changes.iter().map(told).collect::<Vec<_>>())?;
    } else {
        for change in &changes {
            let (before, after) = (change.before.as_deref(), change.after.as_deref());
            out.lines(diff::unified(&change.file, before, after))?;
            if let Some(remark) = &change.remark {
                out.talk(&format!("{}: {}", change.agent, text::clean(remark)));
            }
        }
    }
    if changes.is_empty() {
        out.talk("nothing to change");
    }
    if wish.dry_run || changes.is_empty() {
        return Ok(());
    }
    ask::confirm(&format!("Change {} files?", changes.len()), wish.yes)?;
    for change in &changes {
        hooks::apply(ctx, change)?;
        out.talk(&format!("{}: done", text::clean(&change.file)));
    }
    Ok(())
}
