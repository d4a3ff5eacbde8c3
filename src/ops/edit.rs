//! The small changes of a record: name, lock, notes, task, tags. Must respect the lock.

use anyhow::Result;

use crate::error::{Fault, Kind};
use crate::model::event::Event;
use crate::model::name;
use crate::model::session::Note;
use crate::store::Loaded;

use super::actor::Actor;
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

/// Adds a restart note.
pub fn note(ctx: &Ctx, tab: &Loaded, text: &str) -> Result<Loaded> {
    let text = said(text, "a note")?;
    let by = Actor::of_this_process(ctx).word().to_owned();
    let note = Note { text, by: Some(by), at: Some(ctx.now()) };
    record(ctx, tab, &[Event::Noted(note)])
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
