//! The conversation of a tab's agent changes under it (`/clear`, `/resume`, a fork): written once,
//! whoever sees it first. Must not take a conversation from another tab.

use anyhow::Result;

use crate::agents::Spec;
use crate::model::event::Event;
use crate::model::id::TabId;

use super::record::{journal, record};
use super::{Ctx, order};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rebound {
    /// It is written down now.
    Now,
    /// It was already.
    Already,
    /// Another tab has that conversation: nothing was changed.
    HeldElsewhere,
    /// The agent was to go on with another one, and opened this: nothing was changed.
    Astray,
}

/// Binds a tab to another conversation of its agent; the old one goes into the history.
pub fn rebind(
    ctx: &Ctx,
    id: TabId,
    spec: &Spec,
    session_id: &str,
    reason: &str,
) -> Result<Rebound> {
    let _one_at_a_time = ctx.store.rebind_lock(id)?;
    let tab = ctx.store.load_id(id)?;
    let agent = tab.session.agent.as_ref().filter(|agent| agent.kind == spec.kind());
    let Some(agent) = agent.filter(|agent| agent.session_id.as_deref() != Some(session_id)) else {
        return Ok(Rebound::Already);
    };
    let meant = agent.session_id.as_deref();
    if meant.is_some_and(|meant| is_astray(ctx, id, spec, meant, session_id, reason)) {
        return Ok(Rebound::Astray);
    }
    let key = format!("{}.{session_id}", spec.kind());
    // Held until it is written, so that of two tabs only one can get it.
    let claim = ctx.store.claim(&key)?;
    let order = ctx.store.order(id).ok();
    let started_with = || order.as_ref().is_some_and(|it| it.conversation.as_ref() == Some(&key));
    let had_it = agent.history.iter().any(|past| past.session_id == session_id);
    if (claim.is_none() && !had_it && !started_with())
        || is_bound_elsewhere(ctx, id, spec, session_id)
    {
        return Ok(Rebound::HeldElsewhere);
    }
    let directory = order::directory(&tab.workspace, &tab.session.executable());
    let launch = agent.launch.as_ref();
    let given = |flag: &str| launch.is_some_and(|l| l.argv.words().iter().any(|word| word == flag));
    let resume = spec.resume_argv(Some(session_id), launch, &directory, &given);
    let forked = order.and_then(|order| order.fork).map(|fork| fork.of);
    let is_fork = forked.is_some() && forked == agent.session_id;
    let reason = if is_fork { "fork" } else { reason }.to_owned();
    let session_id = Some(session_id.to_owned());
    record(ctx, &tab, &[Event::Rebound { session_id, resume, reason }])?;
    Ok(Rebound::Now)
}

/// Whether another tab that was opened since the boot has this conversation.
fn is_bound_elsewhere(ctx: &Ctx, id: TabId, spec: &Spec, session_id: &str) -> bool {
    let others = ctx.store.lives().into_keys().filter(|other| *other != id);
    others.filter_map(|other| ctx.store.load_id(other).ok()).any(|other| {
        other.session.agent.is_some_and(|agent| {
            agent.kind == spec.kind() && agent.session_id.as_deref() == Some(session_id)
        })
    })
}

/// Why an agent leaves a conversation because somebody in it asked for that.
const WISHED: [&str; 4] = ["clear", "fork", "compact", "new"];

/// Whether a resumed agent has opened another conversation instead of the one that was `meant`: it
/// says so at its start, without ever having held that one. Then the record must keep what was meant,
/// or the next resume would bring back the wrong one. Notes it, so that it stays so.
fn is_astray(
    ctx: &Ctx,
    id: TabId,
    spec: &Spec,
    meant: &str,
    session_id: &str,
    reason: &str,
) -> bool {
    let Some(live) = ctx.store.live(id) else { return false };
    if live.astray.as_deref() == Some(session_id) {
        return true;
    }
    let had_it = live.opened.as_ref().is_some_and(|opened| opened.session_id == meant);
    let is_new = || {
        let since = live.held_since.map(|since| (ctx.now() - since).to_std().unwrap_or_default());
        since.is_some_and(|since| since <= ctx.settings.resume.patience)
    };
    let key = format!("{}.{meant}", spec.kind());
    let resumed = || {
        ctx.store
            .order(id)
            .is_ok_and(|order| order.resumes && order.conversation.as_ref() == Some(&key))
    };
    if had_it || WISHED.contains(&reason) || !is_new() || !resumed() {
        return false;
    }
    let noted = ctx.store.update_live(id, &mut |live| live.astray = Some(session_id.to_owned()));
    if noted.is_ok() {
        let mut with = serde_json::Map::new();
        with.insert("session_id".to_owned(), session_id.into());
        with.insert("meant".to_owned(), meant.into());
        journal(ctx, id, "wrong-conversation", with);
    }
    true
}
