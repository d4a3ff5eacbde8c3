//! Puts a tab's task, notes and conversation away and readies it for a fresh one; and goes back to the
//! one before. Must lose nothing of what is put away, and must end no agent that is at work unless a
//! person insists.

mod ending;

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use serde_json::{Map, json};

use crate::error::{Fault, Kind};
use crate::model::event::Event;
use crate::model::id::TabId;
use crate::model::name;
use crate::model::row::Row;
use crate::model::session::Session;
use crate::model::snapshot::{PutAway, Why};
use crate::model::status::State;
use crate::store::Loaded;

use super::actor::Actor;
use super::record::{journal, must_be_unlocked, record};
use super::{Ctx, anew, plan, select, snapshot};

/// What stays in the tab's record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keep {
    /// Why it exists.
    pub task: bool,
    /// Its restart notes.
    pub notes: bool,
    /// Its tags.
    pub tags: bool,
}

/// What was put away.
#[derive(Debug)]
pub struct Away {
    /// The number of the snapshot that has it.
    pub snapshot: u32,
    /// What was taken out of the record.
    pub put_away: PutAway,
    /// The conversation that the tab had.
    pub session_id: Option<String>,
}

/// Refuses a tab that cannot be reset now. A person who insists may reset one that is locked, or whose
/// agent is at work.
pub fn may_reset(ctx: &Ctx, tab: &Loaded, row: &Row, force: bool) -> Result<()> {
    Actor::of_this_process(ctx).must_be_person("reset a tab")?;
    select::must_not_be_a_copy(ctx, tab)?;
    must_be_unlocked(&tab.session, force, "reset")?;
    plan::must_start_anew(ctx, tab)?;
    let kind = tab.session.agent.as_ref().map(|agent| agent.kind.as_str()).unwrap_or_default();
    if !ctx.agents().get(kind)?.has_ids() {
        let message = format!("{kind} has no conversation ids: its folder is its conversation");
        let hint = "clear it inside the agent, or give the tab another folder";
        return Err(Fault::new(Kind::Usage, message).hint(hint).into());
    }
    must_be_quiet(row, force)?;
    let stands_here = row.pane.is_some() && ctx.engine().here() == row.pane;
    if stands_here && !is_left(row) {
        let message = format!("you stand in '{}': its agent would end beneath you", row.tab);
        return Err(Fault::new(Kind::Usage, message).hint("run it from another pane").into());
    }
    Ok(())
}

/// Refuses what would be torn off in the middle.
fn must_be_quiet(row: &Row, force: bool) -> Result<()> {
    let tab = &row.tab;
    let busy =
        |message: String, hint: String| Err(Fault::new(Kind::Busy, message).hint(hint).into());
    if plan::is_survivor(row) {
        let why = row.status.claim.reason.clone().unwrap_or_default();
        let message = format!("the agent of '{tab}' still lives: {why}");
        return busy(message, "end that process first".to_owned());
    }
    match row.status.claim.state {
        State::Thinking if !force => busy(
            format!("'{tab}' is thinking: its turn would be lost"),
            format!("`tabctl wait {tab} --for idle` waits; --force ends it in the middle"),
        ),
        State::Attention if !force => busy(
            format!("'{tab}' waits for an answer of yours"),
            format!("`tabctl go {tab}` brings you there; --force ends it in the middle"),
        ),
        State::Running => {
            let command = row.status.claim.reason.clone().unwrap_or_default();
            let message = format!("{command} runs in the pane of '{tab}'");
            busy(message, format!("end it first: `tabctl go {tab}`"))
        }
        State::Missing => Err(Fault::new(Kind::NotFound, format!("the folder of '{tab}' is gone"))
            .hint("put it back; if it moved, run `tabctl doctor --scan DIR`")
            .into()),
        _ => Ok(()),
    }
}

/// Whether no agent lives in it.
fn is_left(row: &Row) -> bool {
    matches!(row.status.claim.state, State::Shell | State::Down)
}

/// What of a record would be put away.
pub fn to_put_away(session: &Session, keep: Keep) -> PutAway {
    PutAway {
        task: session.task.clone().filter(|_| !keep.task),
        notes: if keep.notes { Vec::new() } else { session.notes.clone() },
        tags: if keep.tags { Vec::new() } else { session.tags.clone() },
    }
}

/// Ends the agent and puts all this away. The tab is then as if its agent had been quit before it had
/// said a word in its fresh conversation. For one who has asked [`may_reset`]. What `stop` says counts
/// until the agent is told to end: from there on it is seen through.
pub fn put_away(ctx: &Ctx, tab: &Loaded, row: &Row, keep: Keep, stop: &AtomicBool) -> Result<Away> {
    ctx.store.prove_writable(&tab.file)?;
    let put_away = to_put_away(&tab.session, keep);
    let kept = snapshot::Wish { why: Why::Reset, diff: false, put_away: Some(put_away.clone()) };
    let number = snapshot::take(ctx, tab, Some(row), kept)?;
    must_go_on(row, stop)?;
    ending::end(ctx, tab, row)?;
    begun_anew(ctx, tab, &put_away).with_context(|| left_ended(row))?;
    let session_id = tab.session.agent.as_ref().and_then(|agent| agent.session_id.clone());
    let mut with = Map::new();
    with.insert("snapshot".to_owned(), number.into());
    with.insert("session_id".to_owned(), json!(session_id));
    journal(ctx, tab.session.id, "reset", with);
    Ok(Away { snapshot: number, put_away, session_id })
}

/// Writes all of it down at once: a tab has its fresh conversation, or all that it had.
fn begun_anew(ctx: &Ctx, tab: &Loaded, put_away: &PutAway) -> Result<()> {
    let _one_at_a_time = ctx.store.rebind_lock(tab.session.id)?;
    let tab = ctx.store.load_id(tab.session.id)?;
    let mut events = anew::fresh(ctx, &tab)?;
    if put_away.task.is_some() {
        events.push(Event::Task(None));
    }
    // One by one: what somebody notes in this moment stays.
    events.extend(put_away.notes.iter().cloned().map(Event::NoteDone));
    if !put_away.tags.is_empty() {
        events.push(Event::Tagged { add: Vec::new(), remove: put_away.tags.clone() });
    }
    record(ctx, &tab, &events).map(|_| ())
}

/// Nothing is done yet: who wants it to end is obeyed.
fn must_go_on(row: &Row, stop: &AtomicBool) -> Result<()> {
    if !stop.load(Ordering::SeqCst) {
        return Ok(());
    }
    let message = format!("interrupted: '{}' is as it was", row.tab);
    Err(Fault::new(Kind::Interrupted, message).into())
}

/// What is true where the record does not follow, although it just could.
fn left_ended(row: &Row) -> String {
    let tab = &row.tab;
    format!(
        "the agent of '{tab}' has ended, and its conversation is the one it had \
         (`tabctl resume {tab}` goes on with it)"
    )
}

/// The conversation that a tab can go back to: this one of those it had, or the last.
pub fn earlier<'a>(tab: &'a Loaded, wished: Option<&str>) -> Result<&'a str> {
    let name = name::shown(&tab.session.tab);
    let agent = tab.session.agent.as_ref();
    let past = agent.map(|agent| agent.history.as_slice()).unwrap_or_default();
    let now = agent.and_then(|agent| agent.session_id.as_deref());
    let mut known = past.iter().rev().map(|past| past.session_id.as_str());
    let found = known.find(|id| wished.map_or(Some(*id) != now, |wished| *id == wished));
    found.ok_or_else(|| {
        let message = match wished {
            Some(id) => format!("'{name}' never had the conversation {}", name::shown(id)),
            None => format!("'{name}' had no conversation before this one"),
        };
        let hint = format!("`tabctl show {name}` shows its earlier ids");
        Fault::new(Kind::NotFound, message).hint(hint).into()
    })
}

/// Ends the agent and binds the tab to a conversation that it had, with what was put away with that;
/// the one it has now is kept in its history. For one who has asked [`may_reset`].
pub fn go_back(
    ctx: &Ctx,
    tab: &Loaded,
    row: &Row,
    session_id: &str,
    stop: &AtomicBool,
) -> Result<PutAway> {
    must_be_nobody_elses(ctx, tab, session_id)?;
    ctx.store.prove_writable(&tab.file)?;
    snapshot::before(ctx, tab, Some(row), Why::Close);
    must_go_on(row, stop)?;
    ending::end(ctx, tab, row)?;
    gone_back(ctx, tab.session.id, session_id).with_context(|| left_ended(row))
}

fn gone_back(ctx: &Ctx, id: TabId, session_id: &str) -> Result<PutAway> {
    let _one_at_a_time = ctx.store.rebind_lock(id)?;
    let tab = ctx.store.load_id(id)?;
    let mut events = anew::bound_to(ctx, &tab, Some(session_id.to_owned()), "resume")?;
    let kept = ctx.store.archived(id).into_iter().rev().find(|kept| {
        kept.snapshot.put_away.is_some() && kept.snapshot.session_id.as_deref() == Some(session_id)
    });
    let back = kept.and_then(|kept| kept.snapshot.put_away).unwrap_or_default();
    // Nothing that was written since is taken away for it.
    let back = PutAway {
        task: back.task.filter(|_| tab.session.task.is_none()),
        notes: back.notes.into_iter().filter(|it| !tab.session.notes.contains(it)).collect(),
        tags: back.tags.into_iter().filter(|it| !tab.session.tags.contains(it)).collect(),
    };
    events.extend(back.task.iter().map(|task| Event::Task(Some(task.clone()))));
    events.extend(back.notes.iter().cloned().map(Event::Noted));
    if !back.tags.is_empty() {
        events.push(Event::Tagged { add: back.tags.clone(), remove: Vec::new() });
    }
    record(ctx, &tab, &events)?;
    Ok(back)
}

/// One conversation belongs to one tab.
fn must_be_nobody_elses(ctx: &Ctx, tab: &Loaded, session_id: &str) -> Result<()> {
    let kind = tab.session.agent.as_ref().map(|agent| &agent.kind);
    let other = ctx.store.all()?.into_iter().find(|known| {
        let agent = known.session.agent.as_ref();
        known.session.id != tab.session.id
            && agent.is_some_and(|agent| {
                Some(&agent.kind) == kind && agent.session_id.as_deref() == Some(session_id)
            })
    });
    let Some(other) = other else { return Ok(()) };
    let other = name::shown(&other.session.tab);
    let message = format!("the conversation {session_id} belongs to the tab '{other}' now");
    Err(Fault::new(Kind::Clash, message).hint(format!("`tabctl go {other}` goes there")).into())
}
