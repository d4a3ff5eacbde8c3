//! `tabctl bind`

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use super::out::Out;
use crate::ops::{Ctx, bind, list};
use crate::ui::{style, text};

/// Bind a running agent, or a conversation, to a tab
///
/// Alone, it finds the agent that runs in this pane, how it was started and which conversation it
/// holds, and says how it knows. The tab is the one you stand in, else a new one in the agent's
/// folder.
///
/// Examples:
///   tabctl bind
///   tabctl bind --pane %5 --tab api
///   tabctl bind codex --session-id 0199c8f2-… --tab review -- codex --model o4
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
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// How the agent was started [default: from the process table]
    #[arg(last = true, value_name = "ARGV")]
    arguments: Vec<String>,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let request = bind::Request {
        kind: args.agent.clone(),
        session_id: args.session_id.clone(),
        tab: args.tab.clone(),
        arguments: args.arguments.clone(),
        folder: args.dir.clone(),
        pane: args.pane.clone(),
    };
    let bound = bind::bind(ctx, &request)?;
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
