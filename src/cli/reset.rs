//! `tabctl reset`

use anyhow::Result;
use clap::ValueEnum;
use serde_json::json;

use super::out::Out;
use super::{ask, interrupt, lock, resume};
use crate::model::row::Row;
use crate::ops::plan::Wish;
use crate::ops::reset::{self, Keep};
use crate::ops::{Ctx, list, select};
use crate::store::Loaded;
use crate::ui::snapshot::put_away_words;
use crate::ui::{style, text};

/// Put a tab's conversation away and start a fresh one
///
/// Task, notes and tags are put away with it, but for what --keep names. All of it is kept in a
/// snapshot, and the conversation's id in the tab's history: --back ends the fresh conversation and
/// brings the earlier one back, with what was put away. The agent starts with the flags it had.
///
/// A locked tab, or one whose agent works or asks, needs --force. Ctrl-C before the agent is told to end
/// leaves all as it was; after that the tab gets its conversation all the same.
///
/// Examples:
///   tabctl reset api
///   tabctl reset api --keep task,tags --yes
///   tabctl reset api --back
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab
    tab: Option<String>,
    /// What stays: task, notes, tags [default: asked; nothing with --yes]
    #[arg(long, value_name = "WHAT", value_delimiter = ',', conflicts_with = "back")]
    keep: Vec<Part>,
    /// Go back to the conversation that the tab had before
    #[arg(long)]
    back: bool,
    /// Which of its earlier conversations [default: the last]
    #[arg(long, value_name = "ID", requires = "back")]
    session_id: Option<String>,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Reset a locked tab, or one whose agent works or asks
    #[arg(long)]
    force: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What can stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Why the tab exists
    Task,
    /// Its restart notes
    Notes,
    /// Its tags
    Tags,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab(ctx, args.tab.as_deref())?;
    let force = lock::forced(ctx, args.force)?;
    let row = list::registered_row(ctx, &tab)?;
    reset::may_reset(ctx, &tab, &row, force)?;
    if args.back { back(args, ctx, &tab, &row, out) } else { afresh(args, ctx, &tab, &row, out) }
}

fn afresh(args: &Args, ctx: &Ctx, tab: &Loaded, row: &Row, out: &mut Out) -> Result<()> {
    let keep = keep(args, tab)?;
    let away = put_away_words(&reset::to_put_away(&tab.session, keep));
    let away = all_of(&away, "the conversation");
    let question = format!("Put away {away} of {}?", row.tab);
    ask::confirm(&question, args.yes)?;
    let stop = interrupt::flag()?;
    let done = reset::put_away(ctx, tab, row, keep, &stop)?;
    if !args.json {
        let id = done.session_id.as_deref().map(|id| format!(" {}", text::clean(id)));
        out.line(&format!(
            "{} {}: put away {away}{}",
            style::paint(style::GOOD, "reset"),
            style::paint(style::HEADING, &row.tab),
            id.unwrap_or_default(),
        ))?;
        let kept = format!("`tabctl snapshot {} --show {}` shows it", row.tab, done.snapshot);
        let way = format!("`tabctl reset {} --back` brings it back", row.tab);
        out.line(&style::paint(style::DIM, &format!("  {kept}; {way}")))?;
        if !tab.session.queue.is_empty() {
            let count = tab.session.queue.len();
            out.talk(&format!("its queue is as it was: {count} waiting, for the new conversation"));
        }
    }
    let wish = Wish { named: true, fresh: true, begun: true, ..Wish::default() };
    let resumed = resume::one(ctx, row.id, wish, &stop, args.json, out)?;
    if args.json {
        let put_away = &done.put_away;
        let session = ctx.store.load_id(row.id)?.session;
        let now = session.agent.and_then(|agent| agent.session_id);
        out.json(&json!({
            "tab": row.tab, "snapshot": done.snapshot, "put_away": put_away,
            "before": done.session_id, "session_id": now, "resumed": resumed,
        }))?;
    }
    resume::judge(ctx, &resumed, &stop, "its fresh conversation", out)
}

fn back(args: &Args, ctx: &Ctx, tab: &Loaded, row: &Row, out: &mut Out) -> Result<()> {
    let id = reset::earlier(tab, args.session_id.as_deref())?.to_owned();
    ask::confirm(&format!("Bring {} back to its conversation {id}?", row.tab), args.yes)?;
    let stop = interrupt::flag()?;
    let back = reset::go_back(ctx, tab, row, &id, &stop)?;
    if !args.json {
        let with = put_away_words(&back).join(", ");
        let with = if with.is_empty() { with } else { format!(", with {with}") };
        out.line(&format!(
            "{} {} to the conversation {}{}",
            style::paint(style::GOOD, "back"),
            style::paint(style::HEADING, &row.tab),
            text::clean(&id),
            with,
        ))?;
    }
    let wish = Wish { named: true, begun: true, ..Wish::default() };
    let resumed = resume::one(ctx, row.id, wish, &stop, args.json, out)?;
    if args.json {
        let answer = json!({
            "tab": row.tab, "session_id": id, "brought_back": back, "resumed": resumed,
        });
        out.json(&answer)?;
    }
    resume::judge(ctx, &resumed, &stop, "its earlier conversation", out)
}

/// `task, 2 notes and the conversation`.
fn all_of(parts: &[String], last: &str) -> String {
    if parts.is_empty() { last.to_owned() } else { format!("{} and {last}", parts.join(", ")) }
}

/// What stays: as it was said, else as a person answers.
fn keep(args: &Args, tab: &Loaded) -> Result<Keep> {
    let session = &tab.session;
    let mut parts = args.keep.clone();
    if parts.is_empty() && !args.yes {
        let there = [
            (Part::Task, "task", session.task.is_some()),
            (Part::Notes, "notes", !session.notes.is_empty()),
            (Part::Tags, "tags", !session.tags.is_empty()),
        ];
        for (part, word, _) in there.into_iter().filter(|(_, _, is_there)| *is_there) {
            let kept = ask::answer(&format!("Keep its {word}?"), false)?;
            if kept.ok_or_else(ask::needs_a_yes)? {
                parts.push(part);
            }
        }
    }
    let has = |part| parts.contains(&part);
    Ok(Keep { task: has(Part::Task), notes: has(Part::Notes), tags: has(Part::Tags) })
}
