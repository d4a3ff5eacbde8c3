//! `tabctl wait`

use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;

use super::out::Out;
use crate::error::{Fault, Kind, Passed};
use crate::model::job::Job;
use crate::model::name;
use crate::model::status::State;
use crate::ops::jobs::{self, Meant};
use crate::ops::{Ctx, select, wait};
use crate::ui::{style, text};

/// Wait until tabs need you or are done, or until jobs end
///
/// Exit codes: 0 reached, 16 the time is over, 17 a tab is not live any more (with --any: none is).
/// A tab that has the state already ends the wait at once.
///
/// A job of `tabctl run` is waited for until it ends, and its exit code is passed on (128 and the
/// number of the signal that ended it; of several jobs that of the first that did not end well).
/// 17 if nobody saw its end.
///
/// Examples:
///   tabctl wait api --for idle,attention && notify-send api
///   tabctl wait --any --for attention
///   tabctl wait api web --for idle --timeout 10m --json
///   tabctl wait brave-otter && echo the tests are green
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tabs [default: all]; or jobs
    tab: Vec<String>,
    /// The state of the tabs, or several
    #[arg(long = "for", value_name = "STATE", value_delimiter = ',')]
    states: Vec<Awaited>,
    /// One is enough
    #[arg(long, conflicts_with = "all")]
    any: bool,
    /// All of them must have it [default]
    #[arg(long)]
    all: bool,
    /// How long at most: 500ms, 30s, 5m, 2h [default: for ever]
    #[arg(long, value_name = "TIME", value_parser = time)]
    timeout: Option<Duration>,
    /// Print JSON: the rows that reached it, as in `ls --json` or `ls --jobs --json`
    #[arg(long)]
    json: bool,
}

/// The states that can be waited for.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Awaited {
    /// A person has to answer or decide
    Attention,
    /// At work
    Thinking,
    /// Ready for the next instruction
    Idle,
    /// A command runs
    Running,
    /// An empty prompt: the agent has ended
    Shell,
    /// A job ended well
    Done,
    /// A job or a start failed
    Failed,
    /// No live pane
    Down,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let meant: Vec<Job> = args.tab.iter().filter_map(|typed| jobs::find(ctx, typed)).collect();
    match (args.states.is_empty(), meant.first()) {
        (true, _) => for_jobs(args, ctx, out),
        (false, Some(job)) if !is_tab(ctx, &job.name) => {
            let message =
                format!("'{}' is a job: it is waited for until it ends", name::shown(&job.name));
            Err(Fault::new(Kind::Usage, message).hint("leave --for out").into())
        }
        (false, _) => for_tabs(args, ctx, out),
    }
}

fn is_tab(ctx: &Ctx, name: &str) -> bool {
    select::tab(ctx, Some(name)).is_ok()
}

/// Waits for the end of jobs, and passes the exit code on.
fn for_jobs(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let stateless = |what: &str| {
        let fault = Fault::new(Kind::Usage, format!("{what}: it takes a state to wait for"));
        anyhow::Error::from(fault.hint("--for attention, or idle, done, failed, down"))
    };
    if args.tab.is_empty() {
        return Err(stateless("no job is named, and tabs"));
    }
    let mut wanted = Vec::new();
    for typed in &args.tab {
        match jobs::meant(ctx, Some(typed))? {
            Meant::Job(job) => wanted.push(*job),
            Meant::Tab(tab) => {
                return Err(stateless(&format!("'{}' is a tab", name::shown(&tab.session.tab))));
            }
        }
    }
    let ended = jobs::wait::wait(ctx, &wanted, args.any, args.timeout)?;
    let code = jobs::wait::exit_code(&ended);
    let rows: Vec<_> = ended.into_iter().map(|job| jobs::row_of(ctx, job)).collect();
    if args.json {
        out.json(&rows)?;
    } else {
        out.lines(rows.iter().map(|row| {
            let state = style::paint(style::of_state(row.state.like()), row.state.word());
            format!("{}  {state}", row.name)
        }))?;
    }
    match code? {
        0 => Ok(()),
        code => Err(Passed(code).into()),
    }
}

fn for_tabs(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tabs = select::tabs(ctx, &args.tab)?;
    if tabs.is_empty() {
        return Err(Fault::new(Kind::NotFound, "there are no tabs to wait for")
            .hint("`tabctl new NAME` makes one")
            .into());
    }
    let states = args.states.iter().map(|awaited| state(*awaited)).collect();
    let wish = wait::Wish { tabs, states, all: !args.any, limit: args.timeout };
    let rows = wait::wait(ctx, &wish)?;
    if args.json {
        return out.json(&rows);
    }
    out.lines(rows.iter().map(|row| {
        let claim = &row.status.claim;
        let reason = claim.reason.as_deref().map(|reason| format!("  {}", text::clean(reason)));
        let state = style::paint(style::of_state(claim.state), claim.state.word());
        format!("{}  {state}{}", row.tab, reason.unwrap_or_default())
    }))
}

fn state(awaited: Awaited) -> State {
    match awaited {
        Awaited::Attention => State::Attention,
        Awaited::Thinking => State::Thinking,
        Awaited::Idle => State::Idle,
        Awaited::Running => State::Running,
        Awaited::Shell => State::Shell,
        Awaited::Done => State::Done,
        Awaited::Failed => State::Failed,
        Awaited::Down => State::Down,
    }
}

/// A span of time as it is typed.
pub fn time(typed: &str) -> Result<Duration, String> {
    let split = typed.find(|c: char| !c.is_ascii_digit()).unwrap_or(typed.len());
    let (number, unit) = typed.split_at(split);
    let unit = match unit {
        "ms" => 1,
        "" | "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return Err("write a number and ms, s, m or h, as in 30s".to_owned()),
    };
    let millis = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    // Ten years: beyond that, clocks overflow.
    let millis = millis.filter(|millis| *millis < 10 * 365 * 86_400_000);
    millis.map(Duration::from_millis).ok_or_else(|| "the longest time is ten years".to_owned())
}
