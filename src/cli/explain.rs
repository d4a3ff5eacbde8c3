//! `tabctl explain`

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::ops::Ctx;
use crate::ops::explain_screen::{self, Explained};
use crate::sys::file;
use crate::ui::text;

/// Say why a state is shown
///
/// With --agent and --screen: what that agent's rules say about a screen that is in a file.
///
/// Examples:
///   tmux capture-pane -p | tabctl explain --agent codex --screen -
///   tabctl explain --agent claude --screen screen.txt --title '✳ Topic' --json
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The agent whose rules are asked
    #[arg(long, required = true, requires = "screen")]
    agent: Option<String>,
    /// The screen, with or without colours; `-` is standard input
    #[arg(long, value_name = "FILE", requires = "agent")]
    screen: Option<PathBuf>,
    /// The terminal's title that belongs to it
    #[arg(long, value_name = "TEXT", requires = "screen")]
    title: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// No screen is larger.
const READ_AT_MOST: u64 = 4 * 1024 * 1024;

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let (Some(agent), Some(screen)) = (&args.agent, &args.screen) else { return Ok(()) };
    let screen = read(screen)?;
    let said = explain_screen::explain(ctx, agent, &screen, args.title.as_deref())?;
    if args.json { out.json(&said) } else { out.line(&line(&said)) }
}

fn line(said: &Explained) -> String {
    let state = match &said.reason {
        Some(reason) => format!("{} {reason}", said.state.word()),
        None => said.state.word().to_owned(),
    };
    match &said.rule {
        Some(rule) => format!("{state}  (rule: {})", text::clean(rule)),
        None => format!("{state}  (no rule says anything)"),
    }
}

fn read(path: &Path) -> Result<String> {
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().take(READ_AT_MOST).read_to_end(&mut bytes)?;
        bytes
    } else {
        file::read(path)?.ok_or_else(|| {
            let name = text::clean(&path.display().to_string());
            Fault::new(Kind::NotFound, format!("there is no file '{name}'"))
                .hint("`tmux capture-pane -p > FILE` writes a screen into one")
        })?
    };
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
