//! Runs a command in a tab's own shell, at its prompt: its folder, its variables, its functions.
//! Must not type where a person has begun to, nor where anything but the shell would take it.

mod pane;
mod shell;
mod talk;

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Result;
use serde_json::Map;

use crate::error::{Fault, Kind};
use crate::model::errand;
use crate::model::hash::hash;
use crate::model::name;
use crate::scan;
use crate::store::Loaded;
use crate::sys::clock;

use super::actor::Actor;
use super::record::journal;
use super::{Ctx, select};

/// What is to be run, and how long.
#[derive(Debug)]
pub struct Wish<'a> {
    /// One word is a line for the shell, several are the words of a command.
    pub words: &'a [String],
    /// After so long it is interrupted.
    pub limit: Option<Duration>,
    /// So it is as soon as this is set.
    pub stop: &'a AtomicBool,
}

/// Where a part of the output comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// The command's standard output.
    Output,
    /// Its standard error.
    Error,
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// How it came to its end.
    pub end: End,
    /// From its beginning to its end.
    pub took: Duration,
}

/// How a command came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With this exit code; 130 if somebody has pressed Ctrl-C in the tab.
    Ended(i32),
    /// The shell itself has ended, with this exit code where it is known.
    Shell(Option<i32>),
    /// Ctrl-C was pressed for it.
    Stopped {
        /// The time was over; else it was wished.
        late: bool,
        /// It runs all the same.
        runs: bool,
        /// It has ended with a code of its own: whether for Ctrl-C, nobody can say.
        code: Option<i32>,
    },
}

/// Runs a command in the shell of a tab, and hands on what it says as it comes.
pub fn exec(
    ctx: &Ctx,
    tab: &Loaded,
    wish: &Wish,
    hear: &mut dyn FnMut(Stream, &[u8]) -> Result<()>,
) -> Result<Ran> {
    let actor = Actor::of_this_process(ctx);
    actor.must_be_person("run a command in a tab")?;
    select::must_not_be_a_copy(ctx, tab)?;
    let id = tab.session.id;
    let shown = name::shown(&tab.session.tab);
    if tab.session.locked {
        let fault = Fault::new(Kind::Locked, format!("'{shown}' is locked: nothing is run in it"));
        return Err(fault.hint(format!("`tabctl unlock {shown}`")).into());
    }
    if wish.words.iter().all(|word| word.trim().is_empty()) {
        let fault = Fault::new(Kind::Usage, "there is no command to run");
        return Err(fault.hint(format!("`tabctl exec {shown} -- COMMAND`")).into());
    }
    let _alone = ctx.store.claim(&format!("exec.{id}"))?.ok_or_else(|| {
        Fault::new(Kind::Busy, format!("another `tabctl exec` runs a command in '{shown}'"))
            .hint("wait for its end, or use another tab")
    })?;
    let shell = shell::ready(ctx, tab)?;
    shell::must_not_search(ctx, &shell, &shown)?;
    let line = errand::line(wish.words, shell.kind.name());
    let token = format!("{:032x}", clock::random_u128()?);
    let errand = ctx.store.put_errand(shell.process.pid, shell.kind.script(), &line, &token)?;
    // Before it is done: whatever becomes of this process, it is known who did it.
    journal(ctx, id, "exec", asked(&actor, &line));
    let mut talk = talk::Talk::new(ctx, &shell, &errand, &token)?;
    talk.begin(&shown)?;
    let ran = talk.follow(&line, wish, hear)?;
    journal(ctx, id, "exec-ended", told(&ran));
    Ok(ran)
}

/// From now on shells that load tabctl's script can be found.
pub fn open(ctx: &Ctx) {
    // Without it, `exec` says that the shell does not take commands, and all else goes on.
    let _ = ctx.store.open_errands(&|pid| scan::identity(pid, &ctx.store.boot).is_some());
}

/// What the journal says of the command.
fn asked(actor: &Actor, line: &str) -> Map<String, serde_json::Value> {
    let mut with = Map::new();
    with.insert("by".to_owned(), actor.word().into());
    with.insert("bytes".to_owned(), line.len().into());
    // What was run is not repeated in a journal: it may be a secret.
    with.insert("sha256".to_owned(), hash(line.as_bytes()).into());
    with
}

/// What the journal says of the end.
fn told(ran: &Ran) -> Map<String, serde_json::Value> {
    let mut with = Map::new();
    let (how, code) = match ran.end {
        End::Ended(code) => ("ended", Some(code)),
        End::Shell(code) => ("shell-ended", code),
        End::Stopped { late: true, code, .. } => ("timed-out", code),
        End::Stopped { late: false, code, .. } => ("interrupted", code),
    };
    with.insert("how".to_owned(), how.into());
    with.insert("code".to_owned(), code.into());
    with
}
