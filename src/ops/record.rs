//! The one writer: events go to the session file and to the tab's journal, here and nowhere else.
//! Must be asked for every change of a record, so that locks and history hold for all surfaces.

use anyhow::Result;
use serde_json::{Map, Value};

use crate::error::{Fault, Kind};
use crate::model::event::Event;
use crate::model::id::TabId;
use crate::model::name;
use crate::model::session::Session;
use crate::store::{Entry, Loaded};

use super::{Ctx, actor, segment};

/// Applies events to a tab's record and journals each.
pub fn record(ctx: &Ctx, tab: &Loaded, events: &[Event]) -> Result<Loaded> {
    let at = ctx.now();
    let written = ctx.store.update(&tab.file, &mut |session: &mut Session| {
        for event in events {
            session.apply(event, at);
        }
        Ok(())
    })?;
    for event in events {
        let (what, with) = told(event);
        journal(ctx, written.session.id, what, with);
    }
    segment::changed(ctx, written.session.id, events);
    Ok(written)
}

/// Refuses to change a locked tab, unless a person insists.
pub fn must_be_unlocked(session: &Session, force: bool, verb: &str) -> Result<()> {
    if !session.locked || force {
        return Ok(());
    }
    let tab = name::shown(&session.tab);
    Err(Fault::new(Kind::Locked, format!("'{tab}' is locked: it cannot be {verb}"))
        .hint(format!("`tabctl unlock {tab}`, or repeat with --force"))
        .into())
}

/// Appends to a tab's journal. A journal that cannot be written never stops the verb.
pub fn journal(ctx: &Ctx, id: TabId, what: &str, with: Map<String, Value>) {
    let _ = journal_surely(ctx, id, what, with);
}

/// The same, for whoever may only act once it is written down.
pub fn journal_surely(ctx: &Ctx, id: TabId, what: &str, with: Map<String, Value>) -> Result<()> {
    let (at, boot, actor) = (ctx.now(), ctx.store.boot.clone(), Some(actor::doer(ctx).clone()));
    let entry = Entry { at, boot, what: what.to_owned(), actor, with };
    ctx.store.journal(id, &entry)
}

/// What the journal says of an event. Typed text is not repeated: the file has it.
fn told(event: &Event) -> (&'static str, Map<String, Value>) {
    let mut with = Map::new();
    let mut say = |key: &str, value: Value| {
        with.insert(key.to_owned(), value);
    };
    let what = match event {
        Event::Bound(agent) => {
            say("agent", agent.kind.clone().into());
            say("session_id", agent.session_id.clone().into());
            "bound"
        }
        Event::Rebound { session_id, reason, .. } => {
            say("session_id", session_id.clone().into());
            say("reason", reason.clone().into());
            "rebound"
        }
        Event::Launched(_) => "launched",
        Event::Renamed(name) => {
            say("tab", name.clone().into());
            "renamed"
        }
        Event::Locked(true) => "locked",
        Event::Locked(false) => "unlocked",
        Event::Task(_) => "task",
        Event::Noted(note) => {
            say("by", note.by.clone().into());
            say("session_id", note.session_id.clone().into());
            "noted"
        }
        Event::NoteDone(note) => {
            say("by", note.by.clone().into());
            "note-done"
        }
        Event::NotesCleared => "notes-cleared",
        Event::Tagged { add, remove } => {
            say("add", add.clone().into());
            say("remove", remove.clone().into());
            "tagged"
        }
        Event::Status { state, by, reason } => {
            say("state", state.word().into());
            say("by", by.clone().into());
            say("reason", reason.clone().into());
            "status"
        }
        Event::Placed(place) => {
            say("session", place.session.clone().into());
            say("index", place.index.into());
            "placed"
        }
        Event::Queued(prompt) => {
            say("by", prompt.by.clone().into());
            say("bytes", prompt.text.len().into());
            "queued"
        }
        Event::Unqueued(prompt) => {
            say("by", prompt.by.clone().into());
            "unqueued"
        }
        Event::QueueEdited { .. } => "queue-edited",
        Event::QueueMoved { to, .. } => {
            say("to", (to + 1).into());
            "queue-moved"
        }
        Event::Settled(here) => {
            say("host", here.host.clone().into());
            "settled"
        }
    };
    (what, with)
}
