//! `tabctl send`

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use clap::ValueHint;
use serde_json::json;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::model::key::Key;
use crate::model::row::Row;
use crate::model::sent::{Fate, Sent};
use crate::ops::send::{What, Wish};
use crate::ops::{Ctx, answer, list, queue, select, send};
use crate::sys::file;
use crate::sys::run::MOST_INPUT;
use crate::ui::text;

/// Type a text into a tab's agent, and look that it arrived
///
/// It arrives as it is: a text that begins with `/` is read and not obeyed, unless --command says so.
/// It is told how that is known: by the agent's own event, or by its screen. Nothing is typed into a
/// shell, a dialog, a locked tab, or behind what somebody has begun to type.
///
/// Exit codes: 0 it is there, 11 somebody or something stands in the way, 18 it was typed and nothing
/// shows that it arrived; with --wait also 13 the agent asks something, 16 the time is over.
/// The answer is printed where the agent's own record of the conversation tells it; where it does not,
/// that is said.
///
/// Examples:
///   tabctl send api "run the tests and fix what fails"
///   git diff | tabctl send review -
///   tabctl send api --file brief.md --wait --timeout 10m
///   tabctl send api --queue "then update the changelog"
///   tabctl send api --keys Escape
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The tab
    tab: String,
    /// The text; several words are joined, `-` reads standard input
    text: Vec<String>,
    /// Read the text from a file
    #[arg(long, value_name = "FILE", conflicts_with = "text", value_hint = ValueHint::FilePath)]
    file: Option<PathBuf>,
    /// Press keys instead: Enter, Escape, Up, C-c, y, …
    #[arg(long, value_name = "KEY,…", value_delimiter = ',', conflicts_with_all = ["text", "file"])]
    keys: Vec<Key>,
    /// Let it stand at the prompt
    #[arg(long)]
    no_enter: bool,
    /// Let the agent obey a text that is a command to it
    #[arg(long)]
    command: bool,
    /// Type it when the agent is idle; it outlives a reboot
    #[arg(long, conflicts_with_all = ["keys", "no_enter", "command", "wait"])]
    queue: bool,
    /// Wait for the turn's end; print the answer a record tells
    #[arg(long, conflicts_with_all = ["keys", "no_enter"])]
    wait: bool,
    /// How long to wait at most: 30s, 5m, 2h [default: for ever]
    #[arg(long, value_name = "TIME", value_parser = super::wait::time, requires = "wait")]
    timeout: Option<Duration>,
    /// Type into a locked tab
    #[arg(long = "override")]
    over_lock: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let tab = select::tab(ctx, Some(&args.tab))?;
    if !args.keys.is_empty() {
        let row = list::registered_row(ctx, &tab)?;
        let wish =
            Wish { what: What::Keys(&args.keys), over_lock: args.over_lock, ..Wish::text("") };
        let sent = send::send(ctx, &tab, &row, &wish)?;
        return told(&row, &sent, None, args.json, out);
    }
    let text = text_of(&args.text, args.file.as_deref())?;
    if args.queue {
        let (place, removed) = queue::add(ctx, &tab, &text)?;
        talk_of_removed(removed, out);
        out.talk(&format!("queued for {}: {place} waiting", text::clean(&tab.session.tab)));
        return if args.json {
            out.json(&json!({ "outcome": "queued", "place": place }))
        } else {
            Ok(())
        };
    }
    let row = list::registered_row(ctx, &tab)?;
    let (enter, obey, over_lock) = (!args.no_enter, args.command, args.over_lock);
    let sent = send::send(ctx, &tab, &row, &Wish { enter, obey, over_lock, ..Wish::text(&text) })?;
    let answer = if args.wait && !matches!(sent.fate, Fate::Unconfirmed(_)) {
        Some(answer::wait(ctx, &row, sent.at, args.timeout)?)
    } else {
        None
    };
    told(&row, &sent, answer.as_ref(), args.json, out)
}

/// Tells what became of it. The answer goes to the output, all else to the side.
fn told(
    row: &Row,
    sent: &Sent,
    answer: Option<&answer::Answer>,
    json: bool,
    out: &mut Out,
) -> Result<()> {
    talk_of_removed(sent.removed, out);
    sent.warnings.iter().for_each(|warning| out.talk(&format!("tabctl: {}", text::clean(warning))));
    if json {
        out.json(&json!({ "tab": row.tab, "sent": sent, "answer": answer }))?;
    } else {
        out.talk(&format!("{}: {}", row.tab, text::clean(&sent.fate.words())));
        if let Some(answer) = answer {
            if let Some(said) = &answer.text {
                out.lines(text::clean_lines(said))?;
            } else {
                let (tab, state) = (&row.tab, answer.state.word());
                let shown = format!("what it said is on its screen: `tabctl context {tab}`");
                out.talk(&format!("{tab} is {state}; no record tells its answer, {shown}"));
            }
        }
    }
    if let Fate::Unconfirmed(why) = &sent.fate {
        let message = format!("it was typed into '{}', and {why}", row.tab);
        let hint = format!("`tabctl go {}` shows what became of it", row.tab);
        return Err(Fault::new(Kind::Unconfirmed, message).hint(hint).into());
    }
    answer.map_or(Ok(()), |answer| answer::must_be_over(row, answer))
}

fn talk_of_removed(removed: usize, out: &mut Out) {
    match removed {
        0 => {}
        1 => out.talk("one control character was left out"),
        many => out.talk(&format!("{many} control characters were left out")),
    }
}

/// The text that is meant: words, a file, or standard input.
pub fn text_of(words: &[String], path: Option<&Path>) -> Result<String> {
    let nothing = || {
        Fault::new(Kind::Usage, "there is nothing to send")
            .hint("write it behind the tab's name, or `--file FILE`, or `-` for standard input")
    };
    if let Some(path) = path {
        must_be_short(path)?;
        let bytes = file::read(path)?;
        let bytes = bytes.ok_or_else(|| {
            Fault::new(Kind::NotFound, format!("there is no file {}", path.display()))
        })?;
        return as_text(bytes);
    }
    match words {
        [] if std::io::stdin().is_terminal() => Err(nothing().into()),
        [] => read_all(),
        [one] if one == "-" => read_all(),
        words => Ok(words.join(" ")),
    }
}

/// Refuses a file that is too large to be read, with the limit of what is typed.
fn must_be_short(path: &Path) -> Result<()> {
    let size = path.metadata().ok().filter(std::fs::Metadata::is_file).map_or(0, |it| it.len());
    if size <= file::MAX_BYTES {
        return Ok(());
    }
    let shown = path.display();
    let message =
        format!("{shown}: {size} bytes are too many to be typed: {MOST_INPUT} is the most");
    Err(Fault::new(Kind::Usage, message).hint("send the name of the file instead").into())
}

fn read_all() -> Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().take(file::MAX_BYTES).read_to_end(&mut bytes)?;
    as_text(bytes)
}

fn as_text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| {
        Fault::new(Kind::Usage, "this is no text: it is not UTF-8")
            .hint("send the name of the file instead")
            .into()
    })
}
