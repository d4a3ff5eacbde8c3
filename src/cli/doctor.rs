//! `tabctl doctor`

use std::path::PathBuf;

use anyhow::Result;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::ops::Ctx;
use crate::ops::doctor::{self, Check, Health};
use crate::ui::{style, text};

/// Check what tabctl relies on, and what is broken
///
/// Looks at the multiplexer, the agents with their versions, the folders and every tab. Repairs
/// nothing unasked.
///
/// Examples:
///   tabctl doctor
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
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let checks = match (&args.scan, &args.restore) {
        (Some(folder), _) => doctor::scan(ctx, folder)?,
        (None, Some(tab)) => vec![doctor::restore(ctx, tab)?],
        (None, None) => doctor::examine(ctx)?,
    };
    if args.json {
        out.json(&checks)?;
    } else {
        for check in &checks {
            show(check, out)?;
        }
        if checks.is_empty() {
            out.talk("no session files there");
        }
    }
    let bad = checks.iter().filter(|check| check.health == Health::Bad).count();
    if bad == 0 {
        return Ok(());
    }
    Err(Fault::new(Kind::Other, format!("{bad} of {} checks are bad", checks.len())).into())
}

fn show(check: &Check, out: &mut Out) -> Result<()> {
    let mark = match check.health {
        Health::Good => style::paint(style::GOOD, "✓"),
        Health::Note => style::paint(style::WARN, "!"),
        Health::Bad => style::paint(style::BAD, "✗"),
    };
    let what = style::paint(style::HEADING, &text::clean(&check.what));
    out.line(&format!("{mark} {what}  {}", text::clean(&check.seen)))?;
    match &check.remedy {
        Some(remedy) => {
            out.line(&style::paint(style::DIM, &format!("    {}", text::clean(remedy))))
        }
        None => Ok(()),
    }
}
