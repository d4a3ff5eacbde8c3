//! `tabctl exec`

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use super::out::Out;
use super::{interrupt, wait};
use crate::error::{Fault, Kind, Passed};
use crate::model::name;
use crate::ops::exec::{End, Ran, Stream, Wish, exec};
use crate::ops::{Ctx, select};
use crate::store::Loaded;

/// The most of the output that stands in JSON, in bytes: its end.
const MOST: usize = 1024 * 1024;

/// Run a command in a tab's own shell and print its output
///
/// It runs at the prompt that you see there: in its folder, with its variables, functions and
/// aliases, and what it changes of them stays changed. One word is a line of the shell as it stands,
/// several are the words of a command. Output and errors come as they are said, byte by byte; the
/// tab shows them as well, as far as they are some screens. No program in it sees a terminal, and its
/// input is empty. It stands in no history.
///
/// The shell must be bash 5, zsh or fish with `tabctl init` loaded, and stand at its prompt with
/// nothing typed, and nothing searched for in its history as far as the screen shows that; else
/// nothing is run, and it is said why. Jobs in the background go on without being waited for. Ctrl-C
/// here is Ctrl-C there. What has not ended 4 seconds after Ctrl-C is left running.
///
/// Exit codes: the command's own; 16 the time is over: Ctrl-C was pressed there; 17 the tab has gone
/// meanwhile. Before anything is run: 3 no shell that takes commands, 5 the tab is locked, 11 its
/// shell is busy, 17 it is down. `--json` tells them from the command's own.
///
/// Examples:
///   tabctl exec api -- npm test
///   tabctl exec api 'cd src && ls'
///   tabctl exec api --timeout 5m --json -- make
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab
    tab: String,
    /// Press Ctrl-C after: 500ms, 30s, 5m, 2h [default: never]
    #[arg(long, value_name = "TIME", value_parser = wait::time)]
    timeout: Option<Duration>,
    /// Print JSON: output, exit code, seconds
    #[arg(long)]
    json: bool,
    /// The command
    #[arg(
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "CMD"
    )]
    words: Vec<String>,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab(ctx, Some(&args.tab))?;
    let stop = interrupt::flag()?;
    if args.json {
        as_json(args, ctx, &tab, &stop, out)
    } else {
        as_it_comes(args, ctx, &tab, &stop, out)
    }
}

fn as_it_comes(
    args: &Args,
    ctx: &Ctx,
    tab: &Loaded,
    stop: &AtomicBool,
    out: &mut Out,
) -> Result<()> {
    let wish = Wish { words: &args.words, limit: args.timeout, stop };
    let ran = exec(ctx, tab, &wish, &mut |stream, bytes| match stream {
        Stream::Output => out.bytes(bytes),
        Stream::Error => {
            out.talk_bytes(bytes);
            Ok(())
        }
    })?;
    if let End::Shell(_) = ran.end {
        let tab = name::shown(&tab.session.tab);
        out.talk(&format!("the shell of '{tab}' has ended; `tabctl resume {tab}` starts one"));
    }
    ended(args, tab, &ran)
}

fn as_json(args: &Args, ctx: &Ctx, tab: &Loaded, stop: &AtomicBool, out: &mut Out) -> Result<()> {
    let wish = Wish { words: &args.words, limit: args.timeout, stop };
    let mut kept = Tail::default();
    let ran = exec(ctx, tab, &wish, &mut |_, bytes| {
        kept.add(bytes);
        Ok(())
    })?;
    let (how, code) = match ran.end {
        End::Ended(code) => ("ended", Some(code)),
        End::Shell(code) => ("shell-ended", code),
        End::Stopped { late: true, code, .. } => ("timed-out", code),
        End::Stopped { late: false, code, .. } => ("interrupted", code),
    };
    out.json(&json!({
        "tab": name::shown(&tab.session.tab),
        "code": code,
        "end": how,
        "runs": matches!(ran.end, End::Stopped { runs: true, .. }),
        "seconds": ran.took.as_secs_f64(),
        "output": kept.text(),
        "bytes": kept.all,
        "truncated": kept.is_cut(),
    }))?;
    ended(args, tab, &ran)
}

/// The exit code, with a word where it is not the command's own.
fn ended(args: &Args, tab: &Loaded, ran: &Ran) -> Result<()> {
    let shown = name::shown(&tab.session.tab);
    let (late, runs, own) = match ran.end {
        End::Ended(0) | End::Shell(Some(0)) => return Ok(()),
        End::Ended(code) | End::Shell(Some(code)) => {
            // The system knows eight bits of it.
            let code = u8::try_from(code & 0xff).unwrap_or(1);
            return Err(Passed(code).into());
        }
        End::Shell(None) => return Err(Passed(Kind::Gone.exit_code()).into()),
        End::Stopped { late, runs, code } => (late, runs, code),
    };
    let after = match (late, args.timeout) {
        (true, Some(limit)) => format!("it did not end within {limit:?}: "),
        _ => String::new(),
    };
    let kind = if late { Kind::TimedOut } else { Kind::Interrupted };
    let fault = if runs {
        let message = format!("{after}Ctrl-C was pressed in '{shown}', and it runs all the same");
        Fault::new(kind, message).hint(format!("`tabctl go {shown}` brings you there"))
    } else if let Some(code) = own {
        let pressed = format!("{after}Ctrl-C was pressed in '{shown}'");
        Fault::new(kind, format!("{pressed}, and it has ended with exit code {code}"))
    } else {
        Fault::new(kind, format!("{after}Ctrl-C in '{shown}' has ended it"))
    };
    Err(fault.into())
}

/// The end of what was said.
#[derive(Default)]
struct Tail {
    bytes: Vec<u8>,
    all: usize,
}

impl Tail {
    fn add(&mut self, bytes: &[u8]) {
        self.all += bytes.len();
        self.bytes.extend_from_slice(bytes);
        // Now and then, so that not every byte is moved each time.
        if self.bytes.len() > 2 * MOST {
            self.bytes.drain(..self.bytes.len() - MOST);
        }
    }

    fn is_cut(&self) -> bool {
        self.all > MOST
    }

    fn text(&self) -> String {
        let from = self.bytes.len().saturating_sub(MOST);
        String::from_utf8_lossy(&self.bytes[from..]).into_owned()
    }
}
