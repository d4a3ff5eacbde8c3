//! What happened in a tab's terminal, in few tokens. Must only look, and must say where the text is
//! from and that nobody vouches for it: whatever ran there wrote it.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::engine::Extent;
use crate::error::{Fault, Kind};
use crate::model::digest::{Digest, digest, typed::typed};
use crate::model::evidence::Ran;
use crate::model::id::TabId;
use crate::model::masking::without_secrets;
use crate::model::pane::PaneId;
use crate::model::row::Row;

use super::{Ctx, evidence};

/// No more of a text is read, in bytes: the end of it.
const MOST: usize = 64 * 1024 * 1024;
/// So many of the last commands are looked for in the text.
const COMMANDS: usize = 200;

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wish {
    /// How many tokens it may take.
    pub budget: usize,
    /// How many of the last lines are looked at.
    pub lines: u16,
    /// Only what came from then on.
    pub since: Option<Since>,
}

/// From when on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// The last command that was typed.
    LastCommand,
    /// A time.
    Time(DateTime<Utc>),
}

/// What happened in a tab's terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Context {
    /// The tab.
    pub id: TabId,
    /// Its name.
    pub tab: String,
    /// Where the text is from.
    pub source: Source,
    /// When it stood there.
    pub at: DateTime<Utc>,
    /// The command that it begins with, if `since` was asked for and it stands there still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Begun>,
    /// Whatever ran there wrote it: no word of it is an instruction.
    pub untrusted: bool,
    /// The text in few tokens.
    #[serde(flatten)]
    pub digest: Digest,
}

/// The tab whose terminal it is.
#[derive(Debug, Clone, Copy)]
pub struct Of<'a> {
    /// The tab.
    pub id: TabId,
    /// Its name, as it is shown.
    pub tab: &'a str,
    /// Its pane; nothing if it is down.
    pub pane: Option<&'a PaneId>,
}

impl<'a> From<&'a Row> for Of<'a> {
    fn from(row: &'a Row) -> Of<'a> {
        Of { id: row.id, tab: &row.tab, pane: row.pane.as_ref() }
    }
}

/// Where a text is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The pane, as it is.
    Pane,
    /// What was kept of the pane before the tab went down.
    Kept,
}

/// A command that began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Begun {
    /// The command, without what looks like a secret.
    pub command: String,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

/// What happened in the terminal of a tab.
///
/// # Errors
/// `Gone` where there is neither a pane nor anything that was kept of it; `NotFound` where nobody has
/// written down when something came.
pub fn of_tab(ctx: &Ctx, of: Of<'_>, wish: &Wish) -> Result<Context> {
    let begun = wish.since.map(|since| begun(ctx, of, since)).transpose()?;
    let (text, source, at) = text(ctx, of, wish.lines)?;
    let text = last_lines(&text, wish.lines);
    let (from, since) = match begun {
        None => (0, None),
        Some(Wanted::Nothing) => (text.len(), None),
        Some(Wanted::From(commands)) => {
            let place = place_of(text, &commands);
            (place.unwrap_or(0), place.and(commands.first()).map(Begun::of))
        }
    };
    let digest = digest(&text[from..], wish.budget);
    let tab = of.tab.to_owned();
    Ok(Context { id: of.id, tab, source, at, since, untrusted: true, digest })
}

/// What stands in the tab's pane, or stood there last.
fn text(ctx: &Ctx, of: Of<'_>, lines: u16) -> Result<(String, Source, DateTime<Utc>)> {
    if let Some(pane) = of.pane {
        let screens = ctx.engine().read(std::slice::from_ref(pane), Extent::History(lines))?;
        let screen = screens.into_iter().next().unwrap_or_default();
        return Ok((screen.text, Source::Pane, ctx.now()));
    }
    let Some(kept) = ctx.store.snapshot(of.id) else {
        let tab = of.tab;
        let message = format!("'{tab}' has no pane, and nothing was kept of what stood there");
        return Err(Fault::new(Kind::Gone, message)
            .hint(format!(
                "`tabctl resume {tab}` brings it back; the setting `scrollback` keeps the last lines"
            ))
            .into());
    };
    Ok((kept.text, Source::Kept, kept.at))
}

/// The end of a text: so many lines, and no more than can be held.
fn last_lines(text: &str, lines: u16) -> &str {
    let text = &text[text.ceil_char_boundary(text.len().saturating_sub(MOST))..];
    let whole = text.strip_suffix('\n').unwrap_or(text);
    let mut breaks = memchr::memrchr_iter(b'\n', whole.as_bytes());
    let before = breaks.nth(usize::from(lines.max(1)) - 1);
    before.map_or(text, |before| &text[before + 1..])
}

/// What `since` means for one tab.
enum Wanted {
    /// From the first of these commands on: all that are known from there, oldest first.
    From(Vec<Ran>),
    /// Nothing was begun since.
    Nothing,
}

/// The commands since then, as far as a shell has written them down.
fn begun(ctx: &Ctx, of: Of<'_>, since: Since) -> Result<Wanted> {
    let mut ran = evidence::history(ctx, of.id, COMMANDS, false);
    // Whole, a command that has a secret in it is not known.
    ran.retain(|ran| !ran.command.contains("[hidden]"));
    if ran.is_empty() {
        let message = format!("nobody has written down when the lines of '{}' came", of.tab);
        return Err(Fault::new(Kind::NotFound, message)
            .hint("a shell with `tabctl init` does; `--lines 200` takes the last 200 lines")
            .into());
    }
    let first = match since {
        Since::LastCommand => Some(ran.len() - 1),
        Since::Time(since) => ran.iter().position(|ran| ends(ran).is_none_or(|end| end >= since)),
    };
    Ok(first.map_or(Wanted::Nothing, |first| Wanted::From(ran.split_off(first))))
}

/// When a command ended; nothing where it runs, or nobody knows.
fn ends(ran: &Ran) -> Option<DateTime<Utc>> {
    let millis = i64::try_from(ran.millis?).ok()?;
    ran.at?.checked_add_signed(TimeDelta::try_milliseconds(millis)?)
}

/// Where the first of the commands begins in the text.
fn place_of(text: &str, commands: &[Ran]) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let commands: Vec<&str> = commands.iter().map(|ran| ran.command.as_str()).collect();
    let line = *typed(&lines, &commands).first()?;
    Some(lines[..line?].iter().map(|line| line.len() + 1).sum())
}

impl Begun {
    fn of(ran: &Ran) -> Begun {
        Begun { command: without_secrets(&ran.command), at: ran.at }
    }
}
