//! `tabctl new`

use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::ops::start::Outcome;
use crate::ops::{Ctx, attach, list, new};
use crate::ui::{style, text};

/// Make a tab, and start an agent in it
///
/// The conversation id is chosen beforehand where the agent allows that, so that the tab can be
/// resumed from its first second on. What stands after `--` goes to the agent.
///
/// Examples:
///   tabctl new api --agent claude --task "make the login page work again"
///   tabctl new review --agent codex --dir ~/work/api -- --model o4
///   tabctl new scratch
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab's name [default: the folder's name]
    name: Option<String>,
    /// The agent to start [default: the setting `agent`, else a shell]
    #[arg(long, short, value_name = "AGENT")]
    agent: Option<String>,
    /// The folder to work in [default: this one]
    #[arg(long, short = 'C', value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Why this tab exists, in one line
    #[arg(long, short, value_name = "TEXT")]
    task: Option<String>,
    /// A tag; can be repeated
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// The multiplexer's session to put it into
    #[arg(long, value_name = "SESSION")]
    session: Option<String>,
    /// Do not go there
    #[arg(long, short)]
    detach: bool,
    /// Print JSON (and do not go there)
    #[arg(long)]
    json: bool,
    /// Arguments for the agent
    #[arg(last = true, value_name = "ARGS")]
    arguments: Vec<String>,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let request = new::Request {
        name: args.name.clone(),
        agent: args.agent.clone(),
        arguments: args.arguments.clone(),
        folder: args.dir.clone(),
        task: args.task.clone(),
        tags: args.tag.clone(),
        session: args.session.clone(),
    };
    let made = new::new(ctx, &request)?;
    let id = made.tab.session.id;
    // Who goes there sees for themselves what becomes of it.
    let goes_there =
        !args.detach && !args.json && std::io::stdin().is_terminal() && out.is_terminal();
    if goes_there && let Some(row) = list::row(ctx, id)? {
        return super::attach::go(attach::attach(ctx, &row)?);
    }
    let tab = &made.tab.session.tab;
    let outcome = made.outcome(ctx)?;
    if let Outcome::Ended { how, screen, .. } = &outcome {
        out.lines(text::clean_lines(screen.trim_end()))?;
        return Err(Fault::new(Kind::AgentFailed, format!("the tab '{tab}' is there, but {how}"))
            .hint(format!("`tabctl attach {tab}` shows it; `tabctl rm {tab}` takes it away"))
            .into());
    }
    if args.json {
        return out.json(&json!({ "made": list::row(ctx, id)?, "outcome": outcome }));
    }
    out.line(&format!(
        "{} {} in pane {}, remembered in {}",
        style::paint(style::GOOD, "made"),
        style::paint(style::HEADING, tab),
        made.pane.0,
        text::clean(&ctx.paths.short(&made.tab.file)),
    ))?;
    if outcome == Outcome::Unverified {
        out.talk("its start was not seen yet; `tabctl ls` tells");
    }
    Ok(())
}
