//! `tabctl trust`

use anyhow::Result;
use serde::Serialize;

use super::ask;
use super::out::Out;
use crate::error::{Fault, Kind};
use crate::ops::actor::Actor;
use crate::ops::trust::Question;
use crate::ops::{Ctx, select, trust};
use crate::store::Trust;
use crate::ui::{style, text};

/// Look at what a session file would run, and approve it
///
/// A session file that came with a clone, a pull or an edit is shown and never run until a person
/// has approved it here. There is no --yes: it needs a terminal and a person. With --json it is only
/// looked at.
///
/// Examples:
///   tabctl trust
///   tabctl trust ~/work/api
///   tabctl trust ~/work/api --json
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab, its folder or its file
    tab: Option<String>,
    /// Print as JSON what it would run, and approve nothing
    #[arg(long)]
    json: bool,
}

/// What `trust --json` prints.
#[derive(Debug, Serialize)]
struct Looked {
    /// The session file.
    file: String,
    /// A person approved exactly this.
    trusted: bool,
    /// What it would run.
    would_run: Question,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab(ctx, args.tab.as_deref())?;
    if args.json {
        let (file, trusted) = (tab.file.display().to_string(), tab.trust == Trust::Trusted);
        return out.json(&Looked { file, trusted, would_run: trust::question(ctx, &tab)? });
    }
    let file = text::clean(&ctx.paths.short(&tab.file));
    if tab.trust == Trust::Trusted {
        return out.line(&format!("{file} is trusted"));
    }
    let question = trust::question(ctx, &tab)?;
    out.line(&format!("{} would run:", style::paint(style::HEADING, &file)))?;
    command(&question.argv, &question, out)?;
    if let Some(first) = &question.first {
        out.line("  or, with a new conversation:")?;
        command(first, &question, out)?;
    }
    if let Some(binary) = &question.binary {
        out.line(&format!("  from {}, if it is not in PATH", text::clean(binary)))?;
    }
    out.line(&format!("  in {}", text::clean(&question.directory)))?;
    for (name, value) in &question.environment {
        out.line(&format!("  with {}={}", text::clean(name), text::clean(value)))?;
    }
    for flag in &question.privileged {
        out.line(&style::paint(
            style::WARN,
            &format!("  {} skips permissions or loads other settings", text::clean(flag)),
        ))?;
    }
    if question.tracked {
        out.line(&style::paint(style::WARN, "  git tracks this file: a pull can change it"))?;
    }
    for (field, then, now) in &question.changes {
        out.line(&format!("  {field} was {}", text::clean(then)))?;
        out.line(&format!("  {field} is  {}", text::clean(now)))?;
    }
    Actor::of_this_process(ctx).must_be_person("approve what a session file runs")?;
    match ask::answer("Trust it?", false)? {
        Some(true) => trust::approve(ctx, &tab),
        Some(false) => Err(Fault::new(Kind::NotTrusted, "not trusted: the answer was no").into()),
        None => Err(Fault::new(Kind::NeedsAnswer, "trust needs a person at a terminal")
            .hint("run `tabctl trust` yourself")
            .into()),
    }
}

/// A command line, one element a line, so that none can pass for several.
fn command(argv: &[String], question: &Question, out: &mut Out) -> Result<()> {
    for word in argv {
        let risky = question.privileged.contains(word);
        let word = text::clean(word);
        let word = if risky { style::paint(style::BAD, &word) } else { word };
        out.line(&format!("    {word}"))?;
    }
    if argv.is_empty() { out.line("    a shell") } else { Ok(()) }
}
