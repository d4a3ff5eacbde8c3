//! `tabctl kill`

use anyhow::Result;
use serde_json::json;

use super::ask;
use super::out::Out;
use crate::model::job::Job;
use crate::model::name;
use crate::model::row::Row;
use crate::ops::jobs::{self, Meant};
use crate::ops::{Ctx, kill, list};
use crate::store::Loaded;
use crate::sys::signals;
use crate::ui::text;

/// End a job or what runs in a tab, with all its processes
///
/// Every process of it is told to end (TERM); what has not after five seconds is ended (KILL). Of a
/// tab that is its agent, or the command in its shell: the tab stays open, with an empty prompt. With
/// --signal that signal is sent, and nothing else.
///
/// Examples:
///   tabctl kill brave-otter
///   tabctl kill api --yes
///   tabctl kill server --signal HUP --yes
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The job or the tab, or several
    #[arg(required = true, value_name = "JOB|TAB")]
    target: Vec<String>,
    /// Send only this signal, by name or number
    #[arg(long, short, value_name = "SIGNAL", value_parser = signal)]
    signal: Option<i32>,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Also in a locked tab
    #[arg(long)]
    force: bool,
    /// Print JSON: of each how many processes were reached
    #[arg(long)]
    json: bool,
}

/// What is to be ended.
enum Doomed {
    Job(Box<Job>),
    Tab(Box<Loaded>, Box<Row>),
}

impl Doomed {
    fn name(&self) -> String {
        match self {
            Doomed::Job(job) => name::shown(&job.name),
            Doomed::Tab(_, row) => row.tab.clone(),
        }
    }

    /// The name, and what one would lose.
    fn told(&self) -> String {
        let what = match self {
            Doomed::Job(job) => text::cut(&text::clean(&shell_words::join(&job.argv)), 60),
            Doomed::Tab(_, row) => match &row.agent {
                Some(agent) => format!("{}, {}", text::clean(agent), row.status.claim.state.word()),
                None => row.status.claim.state.word().to_owned(),
            },
        };
        format!("{} ({what})", self.name())
    }
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let force = super::lock::forced(ctx, args.force)?;
    // All are found, and all may be ended, before one is.
    let doomed = args.target.iter().map(|typed| found(ctx, typed, force));
    let doomed = doomed.collect::<Result<Vec<_>>>()?;
    let names: Vec<String> = doomed.iter().map(Doomed::told).collect();
    let verb = match args.signal {
        Some(signal) => format!("Send {} to", signals::name(signal)),
        None => "Kill".to_owned(),
    };
    ask::confirm(&format!("{verb} {}?", names.join(", ")), args.yes)?;
    let mut told = Vec::new();
    for one in &doomed {
        let processes = match one {
            Doomed::Job(job) => jobs::kill::kill(ctx, job, args.signal)?,
            Doomed::Tab(tab, row) => kill::kill(ctx, tab, row, args.signal, force)?,
        };
        if args.json {
            told.push(json!({ "name": one.name(), "processes": processes }));
        } else {
            let count = if processes == 1 {
                "1 process".to_owned()
            } else {
                format!("{processes} processes")
            };
            out.talk(&match args.signal {
                Some(signal) => {
                    format!("{}: {} sent to {count}", one.name(), signals::name(signal))
                }
                None => format!("{}: {count} ended", one.name()),
            });
        }
    }
    if args.json { out.json(&told) } else { Ok(()) }
}

fn found(ctx: &Ctx, typed: &str, force: bool) -> Result<Doomed> {
    match jobs::meant(ctx, Some(typed))? {
        Meant::Job(job) => {
            jobs::kill::must_be_ones_own(ctx, &job, "kill")?;
            Ok(Doomed::Job(job))
        }
        Meant::Tab(tab) => {
            let row = list::registered_row(ctx, &tab)?;
            kill::must_be_allowed(ctx, &tab, &row, force)?;
            Ok(Doomed::Tab(tab, Box::new(row)))
        }
    }
}

fn signal(typed: &str) -> Result<i32, String> {
    signals::number(typed)
        .ok_or_else(|| "name a signal, as TERM, INT, HUP, USR1 or KILL".to_owned())
}
