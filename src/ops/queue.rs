//! Prompts that wait for an agent to be idle: they stand in the session file, and outlive a reboot.
//! Must not type: `deliver` does. Must not believe the file alone: what tabctl did not queue is shown,
//! and never typed.

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::actor::{self, Actor};
use super::record::record;
use super::{Ctx, deliver, lease, list, select, send};
use crate::error::{Fault, Kind};
use crate::model::event::Event;
use crate::model::name;
use crate::model::queued::Queued;
use crate::store::{Loaded, Vouched};
use crate::sys::clock;

/// So many prompts wait for one tab at most.
const MOST: usize = 100;

/// A prompt that waits, as it is shown.
#[derive(Debug, Clone, Serialize)]
pub struct Waiting {
    /// Its place, from 1.
    pub number: usize,
    /// What is to be typed.
    pub text: String,
    /// Who queued it.
    pub by: Option<String>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// What is to become of it.
    pub standing: Standing,
}

/// What is to become of a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It is typed when the agent is idle.
    Waits,
    /// It came with the file: nobody queued it here, and it is not typed.
    NotQueuedHere,
    /// It is being typed.
    UnderWay,
    /// Somebody began to type it and did not come to an end: it is not typed again.
    UnknownOutcome,
}

impl Standing {
    /// Whether tabctl types it, sooner or later.
    pub fn is_typed(self) -> bool {
        matches!(self, Standing::Waits | Standing::UnderWay)
    }
}

/// Queues a text for a tab; gives its place, from 1, and how many characters were left out.
pub fn add(ctx: &Ctx, tab: &Loaded, text: &str) -> Result<(usize, usize)> {
    select::must_not_be_a_copy(ctx, tab)?;
    send::must_be_open(tab, false, "")?;
    let doer = actor::doer(ctx);
    let actor = Actor::of_this_process(ctx);
    if let Actor::Agent(kind) = &actor {
        let row = list::row_of_file(ctx, tab);
        if lease::me(ctx).from == Some(tab.session.id) {
            let message = format!("'{}' is the tab that {} runs in", row.tab, doer.who);
            return Err(Fault::new(Kind::Usage, message).hint("do it, or note it").into());
        }
        lease::must_be_let_in(ctx, &row, kind)?;
    }
    let Some(agent) = &tab.session.agent else {
        let message = format!("'{}' has no agent", name::shown(&tab.session.tab));
        return Err(Fault::new(Kind::NotFound, message).hint("`tabctl bind` gives it one").into());
    };
    // What came with the file waits for nothing, and is in nobody's way.
    if waiting(ctx, tab).iter().filter(|one| one.standing.is_typed()).count() >= MOST {
        let shown = name::shown(&tab.session.tab);
        let message = format!("{MOST} prompts wait for '{shown}' already");
        let hint = format!("`tabctl queue {shown}` shows them, and takes them away with --clear");
        return Err(Fault::new(Kind::Usage, message).hint(hint).into());
    }
    let typable = send::harmless(text)?;
    send::must_be_typable(ctx.agents().get(&agent.kind)?, &typable.text)?;
    let id = format!("{:08x}", clock::random_u128()? & 0xffff_ffff);
    let by = Some(actor.word().to_owned());
    let prompt = Queued { text: typable.text, id: Some(id), by, at: Some(ctx.now()) };
    // Vouched for first: a prompt that nobody vouches for would stand there for ever.
    vouch(ctx, tab, &prompt)?;
    let written = record(ctx, tab, &[Event::Queued(prompt.clone())]).inspect_err(|_| {
        // What does not stand in the file waits for nothing.
        let _ = ctx.store.update_vouched(tab.session.id, &mut |all| {
            all.retain(|vouched| !vouched.is_of(&prompt));
        });
    })?;
    ctx.store.ring(tab.session.id);
    Ok((written.session.queue.len(), typable.removed))
}

fn vouch(ctx: &Ctx, tab: &Loaded, prompt: &Queued) -> Result<()> {
    ctx.store.update_vouched(tab.session.id, &mut |all| all.extend(Vouched::of(prompt)))
}

/// The prompts that wait for a tab.
pub fn waiting(ctx: &Ctx, tab: &Loaded) -> Vec<Waiting> {
    let vouched = ctx.store.vouched(tab.session.id).unwrap_or_default();
    // Somebody is typing, and it is the one that was begun last.
    let newest = vouched.iter().filter_map(|vouched| vouched.claimed).max();
    let is_at_it = ctx.store.is_claimed(&deliver::key(tab.session.id));
    let is_under_way = |prompt: &Queued| {
        let its = vouched.iter().find(|vouched| vouched.is_of(prompt));
        is_at_it && its.is_some_and(|vouched| vouched.claimed == newest)
    };
    let prompts = tab.session.queue.iter().enumerate();
    prompts
        .map(|(place, prompt)| Waiting {
            number: place + 1,
            text: prompt.text.clone(),
            by: prompt.by.clone(),
            at: prompt.at,
            standing: match standing(&vouched, prompt) {
                Standing::UnknownOutcome if is_under_way(prompt) => Standing::UnderWay,
                standing => standing,
            },
        })
        .collect()
}

/// What is to become of a prompt.
pub fn standing(vouched: &[Vouched], prompt: &Queued) -> Standing {
    match vouched.iter().find(|vouched| vouched.is_of(prompt)) {
        None => Standing::NotQueuedHere,
        Some(Vouched { claimed: Some(_), .. }) => Standing::UnknownOutcome,
        Some(_) => Standing::Waits,
    }
}

/// Takes a prompt out of the queue. An agent takes only what it has queued itself.
pub fn remove(ctx: &Ctx, tab: &Loaded, number: usize) -> Result<Loaded> {
    let prompt = theirs(ctx, tab, number)?;
    drop_one(ctx, tab, &prompt)
}

/// Takes a prompt away, from the file and from what is vouched for.
pub fn drop_one(ctx: &Ctx, tab: &Loaded, prompt: &Queued) -> Result<Loaded> {
    let written = record(ctx, tab, &[Event::Unqueued(prompt.clone())])?;
    ctx.store.update_vouched(tab.session.id, &mut |all| {
        all.retain(|vouched| prompt.id.as_ref() != Some(&vouched.id));
    })?;
    Ok(written)
}

/// Takes all prompts out of the queue.
pub fn clear(ctx: &Ctx, tab: &Loaded) -> Result<Loaded> {
    Actor::of_this_process(ctx).must_be_person("clear a queue")?;
    let events: Vec<Event> = tab.session.queue.iter().cloned().map(Event::Unqueued).collect();
    let written = record(ctx, tab, &events)?;
    ctx.store.update_vouched(tab.session.id, &mut Vec::clear)?;
    Ok(written)
}

/// Gives a prompt another place, from 1.
pub fn shift(ctx: &Ctx, tab: &Loaded, number: usize, to: usize) -> Result<Loaded> {
    Actor::of_this_process(ctx).must_be_person("reorder a queue")?;
    let prompt = theirs(ctx, tab, number)?;
    theirs(ctx, tab, to)?;
    record(ctx, tab, &[Event::QueueMoved { prompt, to: to - 1 }])
}

/// Gives a prompt another text. Whoever does it has queued it, also where it came with the file or
/// its outcome was not known.
pub fn rewrite(ctx: &Ctx, tab: &Loaded, number: usize, text: &str) -> Result<Loaded> {
    let old = theirs(ctx, tab, number)?;
    let typable = send::harmless(text)?;
    if let Some(agent) = &tab.session.agent {
        send::must_be_typable(ctx.agents().get(&agent.kind)?, &typable.text)?;
    }
    let by = Some(Actor::of_this_process(ctx).word().to_owned());
    let id = format!("{:08x}", clock::random_u128()? & 0xffff_ffff);
    let new = Queued { text: typable.text, id: Some(id), by, at: Some(ctx.now()) };
    ctx.store.update_vouched(tab.session.id, &mut |all| {
        all.retain(|vouched| old.id.as_ref() != Some(&vouched.id));
        all.extend(Vouched::of(&new));
    })?;
    let written = record(ctx, tab, &[Event::QueueEdited { old, new }])?;
    ctx.store.ring(tab.session.id);
    Ok(written)
}

/// The prompt at that place, if it is this process's to change.
///
/// # Errors
/// `NotFound` if there is none, `NeedsAnswer` if somebody else queued it.
pub fn theirs(ctx: &Ctx, tab: &Loaded, number: usize) -> Result<Queued> {
    select::must_not_be_a_copy(ctx, tab)?;
    let queue = &tab.session.queue;
    let prompt = number.checked_sub(1).and_then(|place| queue.get(place)).ok_or_else(|| {
        let tab = name::shown(&tab.session.tab);
        let message = format!("the queue of '{tab}' has no prompt {number}");
        Fault::new(Kind::NotFound, message)
            .hint(format!("`tabctl queue {tab}` shows what it has, with the numbers"))
    })?;
    match Actor::of_this_process(ctx) {
        Actor::Agent(kind) if prompt.by.as_ref() != Some(&kind) => {
            let message = format!("{kind} did not queue this prompt");
            let hint = "whoever queued it may change it, and a person";
            Err(Fault::new(Kind::NeedsAnswer, message).hint(hint).into())
        }
        _ => Ok(prompt.clone()),
    }
}
