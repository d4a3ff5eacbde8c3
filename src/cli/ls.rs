//! `tabctl ls`

use anyhow::Result;
use clap::ValueEnum;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::model::row::Row;
use crate::model::status::State;
use crate::ops::unbound::Unbound;
use crate::ops::{Ctx, jobs, list};
use crate::ui::{jobs as drawn, table, text};

/// List the tabs: what each is doing, and why it exists
///
/// The state of a tab is one of: attention, thinking, idle, running, shell, done, failed, unknown,
/// down (`tabctl resume` brings it back), missing (its folder is gone).
///
/// Examples:
///   tabctl ls
///   tabctl ls --filter down
///   tabctl ls --filter agent=claude --sort age
///   tabctl ls --jobs
///   tabctl ls --json | jq -r '.[] | select(.status.state == "attention") | .tab'
#[derive(Debug, Default, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Only the agents in panes that are no tabs, with the command that binds each
    #[arg(long, conflicts_with_all = ["filter", "sort", "wide"])]
    unbound: bool,
    /// The jobs of `tabctl run`: what became of each
    #[arg(long, conflicts_with_all = ["unbound", "filter", "sort", "wide"])]
    jobs: bool,
    /// Show every column, and cut nothing
    #[arg(long, short)]
    wide: bool,
    /// Only tabs that match: a state, or KEY=TEXT with tab, state, agent, tag, task, folder
    #[arg(long, short, value_name = "WHAT")]
    filter: Vec<String>,
    /// Order of the rows
    #[arg(long, short, value_name = "KEY", default_value = "tab")]
    sort: Sort,
}

/// What `ls` sorts by.
#[derive(Debug, Default, Clone, Copy, ValueEnum)]
pub enum Sort {
    /// Name
    #[default]
    Tab,
    /// What needs you first
    State,
    /// Latest change first
    Age,
    /// Agent, then name
    Agent,
    /// Where it stands in the multiplexer
    Place,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    if args.jobs {
        return list_jobs(args, ctx, out);
    }
    let filters = args.filter.iter().map(|text| filter(text)).collect::<Result<Vec<_>>>()?;
    let listing = list::list(ctx)?;
    if let Some(error) = &listing.blind {
        out.talk(&format!(
            "tabctl: what lives cannot be seen: {}",
            text::clean(&format!("{error:#}"))
        ));
    }
    if args.unbound {
        return match (args.json, listing.unbound.is_empty()) {
            (true, _) => out.json(&listing.unbound),
            (false, true) => {
                out.talk("no agent runs outside of the tabs");
                Ok(())
            }
            (false, false) => out.lines(listing.unbound.iter().map(adoptable)),
        };
    }
    let none_at_all = listing.rows.is_empty();
    let mut rows = listing.rows;
    rows.retain(|row| filters.iter().all(|matches| matches(row)));
    sort(&mut rows, args.sort);
    if args.json {
        return out.json(&rows);
    }
    if rows.is_empty() {
        out.talk(if none_at_all {
            "no tabs yet; `tabctl new NAME` makes one"
        } else {
            "no tab matches; `tabctl ls` shows them all"
        });
        mention_jobs(ctx, out);
        return Ok(());
    }
    let home = ctx.paths.home.display().to_string();
    let look = table::Look { columns: out.columns(), wide: args.wide, now: ctx.now(), home: &home };
    out.line(&table::draw(&rows, &look))?;
    for found in &listing.unbound {
        out.talk(&format!("no tab yet: {}", adoptable(found)));
    }
    mention_jobs(ctx, out);
    Ok(())
}

/// The jobs, whether they run or not.
fn list_jobs(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let rows = jobs::rows(ctx);
    if args.json {
        return out.json(&rows);
    }
    if rows.is_empty() {
        out.talk("no jobs yet; `tabctl run -- COMMAND` starts one");
        return Ok(());
    }
    out.lines(drawn::table(&rows, out.columns(), ctx.now()))?;
    for remark in drawn::remarks(&rows) {
        out.talk(&remark);
    }
    Ok(())
}

/// A word about the jobs that run, below the tabs.
fn mention_jobs(ctx: &Ctx, out: &mut Out) {
    if let Some(line) = drawn::running(&jobs::running(ctx)) {
        out.talk(&line);
    }
}

/// An agent that is in no tab, and what makes one of it.
fn adoptable(found: &Unbound) -> String {
    let folder = found.folder.as_deref().map(|folder| format!(" in {}", text::clean(folder)));
    let agent = text::clean(&found.agent);
    format!("{agent}{}  `{}`", folder.unwrap_or_default(), found.bind)
}

/// What a row must be.
pub(super) type Filter = Box<dyn Fn(&Row) -> bool>;

/// Reads one filter: `KEY=TEXT`, or a state alone.
pub(super) fn filter(written: &str) -> Result<Filter> {
    let (key, text) = written.split_once('=').unwrap_or(("state", written));
    let text = text.to_owned();
    Ok(match key {
        "state" => {
            let state = state(&text)?;
            Box::new(move |row| row.status.claim.state == state)
        }
        "agent" => Box::new(move |row| row.agent.as_deref() == Some(text.as_str())),
        "tab" => Box::new(move |row| row.tab.contains(&text)),
        "tag" => Box::new(move |row| row.tags.contains(&text)),
        "task" => Box::new(move |row| row.task.as_deref().is_some_and(|task| task.contains(&text))),
        "folder" => Box::new(move |row| row.workspace.contains(&text)),
        other => {
            let message = format!("'{}' cannot be filtered by", text::clean(other));
            return Err(Fault::new(Kind::Usage, message)
                .hint("a state, or tab=, state=, agent=, tag=, task=, folder=")
                .into());
        }
    })
}

/// The state of that name; else which is nearest.
fn state(typed: &str) -> Result<State> {
    if let Some(state) = State::ALL.into_iter().find(|state| state.word() == typed) {
        return Ok(state);
    }
    let words = State::ALL.map(State::word);
    let distance = |word: &str| strsim::damerau_levenshtein(typed, word);
    let least = words.map(distance).into_iter().min().filter(|least| *least <= 2);
    // 'donw' is as near to one as to another: both are offered.
    let near: Vec<String> = words
        .iter()
        .filter(|word| Some(distance(word)) == least)
        .map(|word| format!("'{word}'"))
        .collect();
    let hint = if near.is_empty() {
        format!("the states are {}; or KEY=TEXT, as in tab=api", words.join(", "))
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    let message = format!("'{}' is no state", text::clean(typed));
    Err(Fault::new(Kind::Usage, message).hint(hint).into())
}

fn sort(rows: &mut [Row], by: Sort) {
    // The rows come by name, and a stable sort keeps that among equals.
    match by {
        Sort::Tab => {}
        Sort::State => rows.sort_by_key(|row| row.status.claim.state),
        Sort::Age => rows.sort_by_key(|row| std::cmp::Reverse(row.since)),
        Sort::Agent => rows.sort_by(|a, b| a.agent.cmp(&b.agent)),
        Sort::Place => rows.sort_by_key(|row| {
            let place = row.place.as_ref();
            (row.pane.is_none(), place.map(|place| (place.session.clone(), place.index)))
        }),
    }
}
