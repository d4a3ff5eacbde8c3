//! `tabctl selftest`

use std::path::PathBuf;

use anyhow::Result;

use super::ask;
use super::out::Out;
use crate::error::{Fault, Kind};
use crate::ops::Ctx;
use crate::ops::actor::Actor;
use crate::ops::selftest::{self, End, Report, Wish};
use crate::sys::signals;
use crate::ui::{compared, style, text};

/// Rehearse a reboot, and compare before and after
///
/// Makes tabs with small agents of its own on a private tmux server, talks with them, kills
/// everything, runs `tabctl resume`, and shows what came back and what did not. It touches nothing of
/// yours and leaves nothing behind. Exit code 0 means that all was the same.
///
/// With --real, the same with an agent of yours and your settings, and a throwaway conversation. It
/// says what it will do, and asks.
///
/// Examples:
///   tabctl selftest
///   tabctl selftest --real claude
///   tabctl selftest --real codex --dir ~/work/scratch
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Use this agent of yours
    #[arg(long, value_name = "AGENT")]
    real: Option<String>,
    /// Start it in this folder, which it trusts [default: a new one]
    #[arg(long, short = 'C', value_name = "DIR", requires = "real")]
    dir: Option<PathBuf>,
    /// Do not ask
    #[arg(long, requires = "real")]
    yes: bool,
    /// Leave the private server and its folder, and say where
    #[arg(long)]
    keep: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Arguments for the agent
    #[arg(last = true, value_name = "ARGS", requires = "real")]
    arguments: Vec<String>,
}

/// Runs it.
pub fn run(args: &Args, out: &mut Out) -> Result<()> {
    let mut step = 0;
    let mut told = |what: &str, out: &mut Out| {
        step += 1;
        out.progress(&style::paint(style::DIM, &format!("{step}. {}", text::clean(what))));
    };
    let end = match &args.real {
        None => selftest::selftest(args.keep, &mut |what| told(what, out))?,
        Some(agent) => {
            let ctx = Ctx::open()?;
            Actor::of_this_process(&ctx).must_be_person("start a self-test with a real agent")?;
            let wish = Wish {
                agent: agent.clone(),
                folder: args.dir.clone(),
                arguments: args.arguments.clone(),
                keep: args.keep,
            };
            for line in selftest::what_it_does(&ctx, &wish)? {
                out.talk(&text::clean(&line));
            }
            ask::confirm("Go on?", args.yes)?;
            ask::leave_interrupts();
            selftest::real(&ctx, &wish, &mut |what| told(what, out))?
        }
    };
    match end {
        End::Done(report) => show(&report, args.json, out),
        End::Interrupted(signal) => {
            out.talk("interrupted; everything is cleaned up");
            signals::obey(signal)
        }
    }
}

fn show(report: &Report, json: bool, out: &mut Out) -> Result<()> {
    if json {
        out.json(report)?;
    } else {
        out.lines(compared::draw(&report.tabs))?;
        for remark in &report.remarks {
            let lines = text::clean_lines(remark).into_iter();
            out.lines(lines.map(|line| style::paint(style::DIM, &line)))?;
        }
    }
    if let Some(kept) = &report.kept {
        let kept = shell_words::quote(&kept.display().to_string()).into_owned();
        out.talk(&text::clean(&format!("kept: `tmux -S {kept}/tmux attach` shows it")));
        out.talk(&text::clean(&format!(
            "`tmux -S {kept}/tmux kill-server; rm -r {kept}` takes it away"
        )));
    }
    let seconds = |millis: u64| format!("{}.{} s", millis / 1000, millis % 1000 / 100);
    let times =
        format!("resume took {}, all of it {}", seconds(report.resume_ms), seconds(report.took_ms));
    if report.same {
        if !json {
            let verdict = style::paint(style::GOOD, "everything came back as it was");
            out.line(&format!("{verdict}; {times}"))?;
        }
        return Ok(());
    }
    Err(Fault::new(Kind::Partial, format!("not everything came back as it was; {times}"))
        .hint("the lines above say what differs; --keep leaves everything there to look at")
        .into())
}
