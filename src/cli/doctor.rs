//! `tabctl doctor`

use std::path::PathBuf;

use anyhow::Result;

use super::ask;
use super::out::Out;
use crate::error::{Fault, Kind};
use crate::ops::Ctx;
use crate::ops::doctor::{self, Check, Health};
use crate::ops::heal;
use crate::ui::{style, text};

/// Check what tabctl relies on, and what is broken
///
/// Looks at the multiplexer, the agents with their versions, the folders and every tab. Repairs
/// nothing unasked: --fix mends what can be mended, and asks before each.
///
/// Examples:
///   tabctl doctor
///   tabctl doctor --fix
///   tabctl doctor --scan ~/work
///   tabctl doctor --restore api
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Register the session files below DIR (after a move, a restore, a lost index)
    #[arg(long, value_name = "DIR")]
    scan: Option<PathBuf>,
    /// Put TAB's lost session file back, as it last was
    #[arg(long, value_name = "TAB", conflicts_with = "scan")]
    restore: Option<String>,
    /// Mend what crashes left behind and session files that do not parse
    #[arg(long, conflicts_with_all = ["scan", "restore"])]
    fix: bool,
    /// Do not ask
    #[arg(long, short, requires = "fix")]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let checks = match (&args.scan, &args.restore) {
        (Some(folder), _) => doctor::scan(ctx, folder)?,
        (None, Some(tab)) => vec![doctor::restore(ctx, tab)?],
        (None, None) if args.fix => fix(args, ctx, out)?,
        (None, None) => doctor::examine(ctx)?,
    };
    if args.json {
        out.json(&checks)?;
    } else {
        for check in &checks {
            show(check, out)?;
        }
        if checks.is_empty() {
            out.talk(if args.fix { "there is nothing to mend" } else { "no session files there" });
        }
    }
    let bad = checks.iter().filter(|check| check.health == Health::Bad).count();
    if bad == 0 {
        return Ok(());
    }
    Err(Fault::new(Kind::Other, format!("{bad} of {} checks are bad", checks.len())).into())
}

/// Mends one thing after the other. Gives what came of each; what is left as it was is not in it.
fn fix(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<Vec<Check>> {
    let mut done = Vec::new();
    for finding in heal::findings(ctx, &ctx.store.all()?) {
        let Check { what, seen, fix, .. } = &finding.check;
        let fix = fix.as_deref().unwrap_or_default();
        let question = format!("{}: {}\n  {fix}?", text::clean(what), text::clean(seen));
        let asked = if args.yes { Some(true) } else { ask::answer(&question, false)? };
        match asked {
            Some(true) => {}
            Some(false) => continue,
            None => {
                show(&finding.check, out)?;
                return Err(ask::needs_a_yes().into());
            }
        }
        let mended = heal::mend(ctx, &finding);
        done.push(mended.unwrap_or_else(|error| Check {
            health: Health::Bad,
            seen: format!("could not {fix}: {error:#}"),
            fix: None,
            ..finding.check.clone()
        }));
    }
    Ok(done)
}

fn show(check: &Check, out: &mut Out) -> Result<()> {
    let mark = match check.health {
        Health::Good => style::paint(style::GOOD, "✓"),
        Health::Note => style::paint(style::WARN, "!"),
        Health::Bad => style::paint(style::BAD, "✗"),
    };
    let what = style::paint(style::HEADING, &text::clean(&check.what));
    out.line(&format!("{mark} {what}  {}", text::clean(&check.seen)))?;
    let fix = check.fix.as_ref().map(|fix| format!("`tabctl doctor --fix`: {fix}"));
    let more = check.remedy.iter().chain(&fix);
    out.lines(more.map(|more| style::paint(style::DIM, &format!("    {}", text::clean(more)))))
}
