//! `tabctl output`

use anyhow::Result;
use chrono::Local;
use serde_json::json;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::model::job::Job;
use crate::ops::jobs::reading::{self, Lines, Shown};
use crate::ops::jobs::{self, Meant};
use crate::ops::{Ctx, list, output};
use crate::store::Loaded;
use crate::ui::{output as shown, style, text};

/// Show what a job or a tab has written
///
/// Escapes are taken out, and a line that was written over itself is shown as it was last. Of a job
/// the first MB and the newest 32 are kept: what lies between is told where it was. Of a tab it is
/// what the pane still has; of one that is down, what the setting `scrollback` has kept.
///
/// Examples:
///   tabctl output brave-otter
///   tabctl output brave-otter --follow
///   tabctl output api --lines 50
///   tabctl output brave-otter --json | jq -r '.lines[]'
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The job or the tab [default: the tab you stand in]
    #[arg(value_name = "JOB|TAB")]
    target: Option<String>,
    /// Only the last so many lines [default: all]
    #[arg(long, short = 'n', value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    lines: Option<u32>,
    /// Go on with what comes, until the job ends or the pane closes
    #[arg(long, short)]
    follow: bool,
    /// Keep the colours (of a job)
    #[arg(long)]
    ansi: bool,
    /// Print JSON
    #[arg(long, conflicts_with_all = ["follow", "ansi"])]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    match jobs::meant(ctx, args.target.as_deref())? {
        Meant::Job(job) => of_job(args, *job, ctx, out),
        Meant::Tab(tab) => of_tab(args, &tab, ctx, out),
    }
}

fn last(args: &Args) -> Option<usize> {
    args.lines.and_then(|lines| usize::try_from(lines).ok())
}

fn of_job(args: &Args, job: Job, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let mut lines = Lines::of(ctx, &job, last(args), args.ansi)?;
    if args.json {
        return as_json(ctx, job, &mut lines, out);
    }
    let mut print = |all: Vec<Shown>| {
        let drawn: Vec<String> = all.iter().map(|one| drawn(one, args.ansi)).collect();
        if args.ansi { out.coloured(&drawn) } else { out.lines(&drawn) }
    };
    if args.follow {
        reading::follow(ctx, &job, &mut lines, &mut print)?;
    } else {
        let mut all = Vec::new();
        while lines.take(&mut all)? {
            print(std::mem::take(&mut all))?;
        }
        all.extend(lines.finish());
        print(all)?;
    }
    if let Some(trouble) =
        ctx.store.job(job.id).ok().and_then(|job| shown::trouble(job.lost, job.trouble.as_deref()))
    {
        out.talk(&style::paint(style::WARN, &trouble));
    }
    Ok(())
}

fn drawn(one: &Shown, colours: bool) -> String {
    match one {
        Shown::Line(line) => shown::line(line, colours),
        Shown::Gap(size) => style::paint(style::DIM, &shown::gap(*size)),
    }
}

/// The whole of it, with each gap and the line before which it is.
fn as_json(ctx: &Ctx, job: Job, lines: &mut Lines, out: &mut Out) -> Result<()> {
    let (mut all, mut gaps, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    while lines.take(&mut parts)? {}
    parts.extend(lines.finish());
    for part in parts {
        match part {
            Shown::Line(line) => all.push(line),
            Shown::Gap(bytes) => gaps.push(json!({ "before_line": all.len(), "bytes": bytes })),
        }
    }
    out.json(&json!({ "job": jobs::row_of(ctx, job), "lines": all, "gaps": gaps }))
}

fn of_tab(args: &Args, tab: &Loaded, ctx: &Ctx, out: &mut Out) -> Result<()> {
    if args.ansi {
        return Err(Fault::new(Kind::Usage, "the colours of a tab cannot be read")
            .hint("leave --ansi out; `tabctl go` shows the tab itself")
            .into());
    }
    let row = list::row_of(ctx, tab)?.unwrap_or_else(|| list::row_of_file(ctx, tab));
    let output = output::of_tab(ctx, &row, last(args))?;
    if args.json {
        let kept_at = output.kept_at;
        return out.json(&json!({ "tab": row.tab, "lines": output.lines, "kept_at": kept_at }));
    }
    if let Some(at) = output.kept_at {
        let at = at.with_timezone(&Local).format("%Y-%m-%d %H:%M");
        out.talk(&format!(
            "{} is {}: this stood there on {at}",
            row.tab,
            row.status.claim.state.word()
        ));
    }
    let mut print = |lines: Vec<String>| {
        let drawn: Vec<String> = lines.iter().map(|line| text::clean(line)).collect();
        out.lines(&drawn)
    };
    print(output.lines.clone())?;
    if args.follow { output::follow(ctx, output, &mut print) } else { Ok(()) }
}
