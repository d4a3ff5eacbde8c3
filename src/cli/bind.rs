//! `tabctl bind`

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use super::{ask, out::Out};
use crate::ops::instructions::{self, Change};
use crate::ops::{Ctx, adopted, bind, list, select};
use crate::ui::{style, text};

/// Bind a running agent, or a conversation, to a tab
///
/// Alone, it finds the agent that runs in this pane, how it was started and which conversation it
/// holds, and says how it knows. The tab is the one you stand in, else a new one in the agent's
/// folder.
///
/// With --instructions it binds nothing, and adds a few lines to the file that the tab's agent reads
/// as its instructions (CLAUDE.md, AGENTS.md …): they tell it to say what it does.
///
/// Examples:
///   tabctl bind
///   tabctl bind --pane %5 --tab api
///   tabctl bind codex --session-id 0199c8f2-… --tab review -- codex --model o4
///   tabctl bind --instructions --tab api
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The agent [default: the one that runs in the pane]
    agent: Option<String>,
    /// The agent's own conversation id [default: found]
    #[arg(long, value_name = "ID")]
    session_id: Option<String>,
    /// The tab: an existing one, or a new one of that name
    #[arg(long, short, value_name = "TAB")]
    tab: Option<String>,
    /// The folder of a new tab [default: the agent's]
    #[arg(long, short = 'C', value_name = "DIR")]
    dir: Option<PathBuf>,
    /// The pane to adopt [default: this one]
    #[arg(long, value_name = "%ID")]
    pane: Option<String>,
    /// Tell the tab's agent to say what it does
    #[arg(long, conflicts_with_all = BINDING)]
    instructions: bool,
    /// Take these instructions away again
    #[arg(long, conflicts_with_all = BINDING, conflicts_with = "instructions")]
    no_instructions: bool,
    /// Do not ask before instructions are changed
    #[arg(long, short)]
    yes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// How the agent was started [default: from the process table]
    #[arg(last = true, value_name = "ARGV")]
    arguments: Vec<String>,
}

/// What says which agent or conversation to bind.
const BINDING: [&str; 5] = ["agent", "session_id", "dir", "pane", "arguments"];

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    if args.instructions || args.no_instructions {
        return instruct(args, ctx, out);
    }
    let request = bind::Request {
        kind: args.agent.clone(),
        session_id: args.session_id.clone(),
        tab: args.tab.clone(),
        arguments: args.arguments.clone(),
        folder: args.dir.clone(),
        pane: args.pane.clone(),
    };
    let bound = bind::bind(ctx, &request)?;
    // It is bound, whether or not tmux shows it.
    let _ = adopted::begin(ctx, bound.tab.session.id);
    let session = &bound.tab.session;
    if args.json {
        let row = list::row(ctx, session.id)?;
        return out.json(&json!({ "bound": row, "found": bound.found }));
    }
    let agent = session.agent.clone().unwrap_or_default();
    let conversation = agent.session_id.map(|id| format!(" {id}")).unwrap_or_default();
    out.line(&format!(
        "{} {}{conversation} to {} in {}",
        style::paint(style::GOOD, "bound"),
        text::clean(&agent.kind),
        style::paint(style::HEADING, &text::clean(&session.tab)),
        text::clean(&ctx.paths.short(&bound.tab.file)),
    ))?;
    let found = bound.found.iter().map(|line| format!("  {}", text::clean(line)));
    out.lines(found.map(|line| style::paint(style::DIM, &line)))?;
    if let Some(resume) = agent.resume {
        out.line(&format!("  resumes as: {}", text::clean(&resume.display())))?;
    }
    Ok(())
}

/// Shows what would change, asks, and changes it.
fn instruct(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab(ctx, args.tab.as_deref())?;
    let change = if args.instructions {
        instructions::addition(ctx, &tab)?
    } else {
        instructions::removal(ctx, &tab)?
    };
    let file = |change: &Change| text::clean(&ctx.paths.short(&change.file));
    let Some(change) = change else {
        let standing = if args.instructions { "there" } else { "not there" };
        if args.json {
            return out.json(&json!({ "changed": false }));
        }
        return out.line(&format!("nothing to do: the instructions are {standing}"));
    };
    let (word, sign) = if args.instructions { ("add to", '+') } else { ("take out of", '-') };
    let shown = change.lines.iter().map(|line| format!("  {sign} {}", text::clean(line)));
    if !args.json {
        out.line(&format!("{word} {}:", file(&change)))?;
        out.lines(shown)?;
    }
    ask::confirm(&format!("{word} {}?", file(&change)), args.yes)?;
    change.make()?;
    if args.json {
        return out.json(&json!({ "changed": true, "file": change.file, "lines": change.lines }));
    }
    out.line(&style::paint(style::GOOD, "done"))
}
