//! `tabctl wait`

use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::model::status::State;
use crate::ops::{Ctx, select, wait};
use crate::ui::{style, text};

/// Wait until tabs need you, are idle, or are done
///
/// Exit codes: 0 reached, 16 the time is over, 17 a tab is not live any more (with --any: none is).
/// A tab that has the state already ends the wait at once.
///
/// Examples:
///   tabctl wait api --for idle,attention && notify-send api
///   tabctl wait --any --for attention
///   tabctl wait api web --for idle --timeout 10m --json
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tabs [default: all]
    tab: Vec<String>,
    /// The state, or several
    #[arg(long = "for", value_name = "STATE", required = true, value_delimiter = ',')]
    states: Vec<Awaited>,
    /// One tab is enough
    #[arg(long, conflicts_with = "all")]
    any: bool,
    /// All of them must have it [default]
    #[arg(long)]
    all: bool,
    /// How long at most: 500ms, 30s, 5m, 2h [default: for ever]
    #[arg(long, value_name = "TIME", value_parser = time)]
    timeout: Option<Duration>,
    /// Print JSON: the rows that reached it, as in `ls --json`
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

fn time(typed: &str) -> Result<Duration, String> {
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
    millis.map(Duration::from_millis).ok_or_else(|| "this is no time, as 30s is one".to_owned())
}
