//! `tabctl run`

use std::ffi::OsString;

use anyhow::Result;
use clap::error::{ContextKind, ContextValue};

use super::out::Out;
use crate::ops::Ctx;
use crate::ops::jobs::{self, start};
use crate::ui::text;

/// Run a command in the background, as a job with a name
///
/// It prints the job's name and is done; the job goes on when this terminal is closed. What it writes
/// is kept as it is, readable by you alone, until `tabctl clear`: the first MB and the newest 32. It
/// sees a terminal (lines come at once, in colour), and nothing to read from: it cannot ask.
///
/// The command is no shell line: `sh -c '...'` makes it one. What looks like a secret in it is not
/// written down.
///
/// Examples:
///   tabctl run -- make test
///   tabctl run --name server --in api -- npm run dev
///   job=$(tabctl run -- sh -c 'make && make check') && tabctl wait "$job"
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Its name [default: two words]
    #[arg(long, short, value_name = "NAME")]
    name: Option<String>,
    /// The tab it belongs to, in whose folder it runs; or a folder
    #[arg(long = "in", value_name = "TAB|DIR")]
    within: Option<String>,
    /// Print JSON: the job, as in `ls --jobs --json`
    #[arg(long)]
    json: bool,
    /// The command and its arguments
    #[arg(required = true, last = true, value_name = "CMD")]
    command_line: Vec<OsString>,
}

/// A command that stands there without `--` before it: says where that belongs. Any other error is given
/// back as it is.
pub fn with_a_tip(mut error: clap::Error, words: &[OsString]) -> clap::Error {
    let is_ours = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string().contains("tabctl run "),
        _ => false,
    };
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg).filter(|_| is_ours)
    else {
        return error;
    };
    let verb = words.iter().position(|it| it == "run").unwrap_or(0);
    let at = words.iter().skip(verb + 1).position(|it| it == word.as_str());
    let Some(at) = at.filter(|_| !word.starts_with('-')) else { return error };
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let (before, command) = words[verb + 1..].split_at(at);
    let line = ["tabctl", "run"].into_iter().chain(before.iter().map(AsRef::as_ref));
    let line = line.chain(["--"]).chain(command.iter().map(AsRef::as_ref));
    let line = text::clean(&shell_words::join(line));
    let tip = format!("put `--` before the command: `{line}`");
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    error
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let wish = start::Wish {
        name: args.name.clone(),
        within: args.within.clone(),
        argv: args.command_line.clone(),
    };
    let job = start::start(ctx, &wish)?;
    if args.json {
        return out.json(&jobs::row_of(ctx, job));
    }
    out.line(&text::clean(&job.name))?;
    out.progress(&format!(
        "`tabctl output -f {0}` shows what it writes, `tabctl kill {0}` ends it",
        job.name
    ));
    Ok(())
}
