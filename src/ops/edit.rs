//! The small changes of a record: name, lock, notes, task, tags. Must respect the lock.

use anyhow::Result;

use crate::error::{Fault, Kind};
use crate::model::event::Event;
use crate::model::name;
use crate::model::session::Note;
use crate::store::Loaded;

use super::actor::Actor;
use super::hook::whose;
use super::record::{must_be_unlocked, record};
use super::{Ctx, list, new, standing};

/// The longest task and note: a session file holds a few thousand words at most.
const LONGEST: usize = 16 * 1024;

/// Gives a tab another name, in the record and in the multiplexer.
pub fn rename(ctx: &Ctx, tab: &Loaded, name: &str, force: bool) -> Result<Loaded> {
    must_be_unlocked(&tab.session, force, "renamed")?;
    let name = new::checked(name)?;
    if name == tab.session.tab {
        return Ok(tab.clone());
    }
    let names = ctx.store.names_lock()?;
    new::must_be_free(ctx, name)?;
    let renamed = record(ctx, tab, &[Event::Renamed(name.to_owned())])?;
    drop(names);
    if let Some(pane) = list::row(ctx, renamed.session.id)?.and_then(|row| row.pane)
        && standing::names_window(&pane, &ctx.engine().panes()?)
    {
        ctx.engine().rename(&pane, name)?;
    }
    Ok(renamed)
}

/// Locks or unlocks a tab. Only a person unlocks.
pub fn lock(ctx: &Ctx, tab: &Loaded, locked: bool) -> Result<Loaded> {
    if !locked {
        Actor::of_this_process(ctx).must_be_person("unlock a tab")?;
    }
    record(ctx, tab, &[Event::Locked(locked)])
}

/// Adds a restart note. What the tab's own agent notes is signed as with [`note_from_agent`].
pub fn note(ctx: &Ctx, tab: &Loaded, text: &str) -> Result<Loaded> {
    let text = said(text, "a note")?;
    let actor = Actor::of_this_process(ctx);
    let is_own = |kind: &str| {
        tab.session.agent.as_ref().is_some_and(|agent| agent.kind == kind)
            && whose::descent(ctx) == Some((tab.session.id, true))
    };
    let session_id = match &actor {
        Actor::Agent(kind) if is_own(kind) => tab.session.agent.as_ref(),
        _ => None,
    };
    let session_id = session_id.and_then(|agent| agent.session_id.clone());
    let by = Some(actor.word().to_owned());
    let note = Note { text, by, at: Some(ctx.now()), session_id };
    record(ctx, tab, &[Event::Noted(note)])
}

/// Adds a restart note in the name of the agent that this process descends from, to its own tab and
/// to no other. A locked tab takes it too: it protects what stands there, and nothing of that is changed.
pub fn note_from_agent(ctx: &Ctx, text: &str) -> Result<Loaded> {
    let text = said(text, "a note")?;
    let marked = match Actor::of_this_process(ctx) {
        Actor::Agent(kind) => Some(kind),
        Actor::Person => None,
    };
    // In a sandbox the processes above may not be visible; then the tab's secret has to do.
    let found = whose::descent(ctx).or_else(|| Some((whose::ticket(ctx)?.0, false)));
    let Some((id, is_agent)) = found.filter(|(_, is_agent)| *is_agent || marked.is_some()) else {
        let fault = Fault::new(Kind::Usage, "no agent of a tab runs this command");
        return Err(fault.hint("`tabctl note TEXT` writes a note of your own").into());
    };
    let tab = ctx.store.load_id(id)?;
    let agent = tab.session.agent.as_ref();
    let (own, session_id) =
        (agent.map(|agent| agent.kind.clone()), agent.and_then(|agent| agent.session_id.clone()));
    // A tool of the tab's agent may be another agent: it signs with its own name, and no conversation.
    let is_own = marked.is_none() || marked == own;
    let by = if is_own && is_agent { own } else { marked };
    let note = Note { text, by, at: Some(ctx.now()), session_id: session_id.filter(|_| is_own) };
    record(ctx, &tab, &[Event::Noted(note)])
}

/// Takes one restart note away: the one that stands at `number` when notes are shown.
pub fn note_done(ctx: &Ctx, tab: &Loaded, number: usize) -> Result<Loaded> {
    let notes = &tab.session.notes;
    let note = number.checked_sub(1).and_then(|place| notes.get(place)).ok_or_else(|| {
        let message = format!("there is no note {number}: the tab has {}", notes.len());
        Fault::new(Kind::NotFound, message).hint("`tabctl note` shows them with their numbers")
    })?;
    record(ctx, tab, &[Event::NoteDone(note.clone())])
}

/// Takes all restart notes away.
pub fn clear_notes(ctx: &Ctx, tab: &Loaded) -> Result<Loaded> {
    record(ctx, tab, &[Event::NotesCleared])
}

/// Writes down why the tab exists, in one line; `None` takes it away.
pub fn task(ctx: &Ctx, tab: &Loaded, text: Option<&str>) -> Result<Loaded> {
    let task = text.map(checked_task).transpose()?;
    record(ctx, tab, &[Event::Task(task)])
}

/// A task as it is written down, in one line; or why it cannot be.
pub fn checked_task(text: &str) -> Result<String> {
    Ok(said(text, "a task")?.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Adds and removes tags.
pub fn tag(ctx: &Ctx, tab: &Loaded, add: &[String], remove: &[String]) -> Result<Loaded> {
    let add = checked_tags(add)?;
    record(ctx, tab, &[Event::Tagged { add, remove: remove.to_vec() }])
}

/// Tags that can be used, or why one cannot: what holds for names holds for them.
pub fn checked_tags(tags: &[String]) -> Result<Vec<String>> {
    tags.iter()
        .map(|tag| {
            let why = |bad| format!("'{}' is no tag: {bad}", name::shown(tag));
            let checked = name::check(tag).map_err(|bad| Fault::new(Kind::Usage, why(bad)));
            Ok(checked.map_err(|fault| fault.hint("choose another tag"))?.to_owned())
        })
        .collect()
}

/// Text that a person or an agent wrote, without control characters but line breaks and tabs.
fn said(text: &str, what: &str) -> Result<String> {
    let clean: String =
        text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let clean = clean.trim();
    let wrong = |why: &str, hint: &str| Err(Fault::new(Kind::Usage, why).hint(hint).into());
    if clean.is_empty() {
        return wrong(
            &format!("{what} needs some text"),
            "write some, or leave it out; `--clear` takes an old one away",
        );
    }
    if clean.len() > LONGEST {
        return wrong(
            &format!("{what} of {} bytes is too long (at most {LONGEST})", clean.len()),
            "put the text into a file and name the file",
        );
    }
    Ok(clean.to_owned())
}
