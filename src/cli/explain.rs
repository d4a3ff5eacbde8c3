//! `tabctl explain`

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::ops::explain::{self, Explained, Standing};
use crate::ops::{Ctx, explain_screen, select};
use crate::sys::file;
use crate::ui::{style, text};

/// Say why a state is shown
///
/// It prints every piece of evidence with its source and age, which rule chose among them, and what
/// that overruled. With --replay: decides evidence again that was kept, as a `transition` line of a
/// journal, or as JSON with `claims`.
///
/// With --agent and --screen: what that agent's rules say about a screen that is in a file.
///
/// Examples:
///   tabctl explain api
///   tabctl explain api --json > evidence.json
///   tabctl explain --replay evidence.json
///   tmux capture-pane -p | tabctl explain --agent codex --screen -
///   tabctl explain --agent claude --screen screen.txt --title '✳ Topic' --json
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab [default: the one you stand in]
    tab: Option<String>,
    /// Decide the evidence in this file again
    #[arg(long, value_name = "FILE", conflicts_with = "tab")]
    replay: Option<PathBuf>,
    /// The agent whose rules are asked
    #[arg(long, requires = "screen", conflicts_with_all = ["tab", "replay"])]
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

/// More of a detail is not read at a glance.
const MOST_COLUMNS: usize = 120;
/// No screen is larger.
const READ_AT_MOST: u64 = 4 * 1024 * 1024;

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    if let (Some(agent), Some(screen)) = (&args.agent, &args.screen) {
        let said = explain_screen::explain(ctx, agent, &read(screen)?, args.title.as_deref())?;
        return if args.json { out.json(&said) } else { out.line(&screen_line(&said)) };
    }
    let explained = match &args.replay {
        Some(path) => explain::replay(&read(path)?)?,
        None => explain::tab(ctx, &select::tab(ctx, args.tab.as_deref())?)?,
    };
    if args.json { out.json(&explained) } else { out.lines(lines(&explained)) }
}

fn screen_line(said: &explain_screen::Explained) -> String {
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

fn lines(explained: &Explained) -> Vec<String> {
    let status = &explained.status;
    let tab = explained.tab.as_ref().map(|tab| format!("{tab}  ")).unwrap_or_default();
    let reason = status
        .claim
        .reason
        .as_deref()
        .map(|reason| format!(" {}", text::cut(&text::clean(reason), MOST_COLUMNS)));
    let state = style::paint(style::of_state(status.claim.state), status.claim.state.word());
    let doubt = if status.stale { ", stale: nothing confirms it" } else { "" };
    let first =
        format!("{tab}{state}{}  (rule: {}{doubt})", reason.unwrap_or_default(), status.rule);
    let claims = explained.claims.iter().map(|weighed| {
        let claim = &weighed.claim;
        let standing = match weighed.standing {
            Standing::Decides => "decides",
            Standing::Agrees => "agrees",
            Standing::Overruled => "overruled",
            Standing::Weaker => "weaker",
            Standing::Silent => "no state",
        };
        let source = serde_json::to_value(claim.source).unwrap_or_default();
        let said = [claim.reason.as_deref(), claim.evidence.as_deref(), claim.detail.as_deref()];
        // A command that asks for permission may be a whole script: `--json` has all of it.
        let fitted = |said: &str| text::cut(&text::clean(said), MOST_COLUMNS);
        let said: Vec<String> = said.into_iter().flatten().map(fitted).collect();
        format!(
            "  {standing:10} {:11} {:10} {:>4}  {}",
            source.as_str().unwrap_or_default(),
            claim.state.word(),
            text::age(claim.at, explained.now),
            said.join(", ")
        )
    });
    std::iter::once(first).chain(claims.map(|line| line.trim_end().to_owned())).collect()
}
