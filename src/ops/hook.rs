//! Takes in what an agent's hook reports. Must not print, start anything or ask the multiplexer, and
//! must never be in an agent's way: what cannot be used is dropped.

pub mod whose;

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::agents::Spec;
use crate::model::doer::{Doer, DoerKind};
use crate::model::heard::Binding;
use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::report::{Report, What, Why};

use self::whose::Caller;
use super::rebind::{Rebound, rebind};
use super::record::journal;
use super::{Ctx, actor, evidence, follow, observe};

/// One call of a hook.
#[derive(Debug, Clone)]
pub struct Call {
    /// The agent, as the hook's command line names it.
    pub agent: String,
    /// The event, where the command line names it.
    pub event: Option<String>,
    /// What the agent sent along.
    pub payload: Vec<u8>,
    /// When the hook was called.
    pub arrived: DateTime<Utc>,
}

/// Whether a payload comes with an agent's hooks. Of an agent that nobody knows, one may.
pub fn expects_payload(ctx: &Ctx, agent: &str) -> bool {
    ctx.agents().get(agent).map_or(true, Spec::hooks_have_payload)
}

/// Takes in one call. Gives why it was dropped, if it was.
pub fn take_in(ctx: &Ctx, call: &Call) -> Result<Option<Why>> {
    let spec = ctx.agents().get(&call.agent)?;
    actor::act_as(Doer::claimed(DoerKind::Hook, spec.kind()));
    let report = read(spec, call);
    if report.as_ref().is_some_and(|report| report.what == What::Ignored) {
        return Ok(None);
    }
    let caller = match whose::tab(ctx, spec) {
        Ok(caller) => caller,
        Err(why) => return Ok(Some(why)),
    };
    let dropped = match report {
        None => Some(Why::Malformed),
        Some(report) => accept(ctx, spec, &caller, &report)?,
    };
    if let Some(why) = dropped {
        note(ctx, caller.id, call, why)?;
    }
    Ok(dropped)
}

fn read(spec: &Spec, call: &Call) -> Option<Report> {
    let payload = if spec.hooks_have_payload() {
        spec.payload(&call.payload)?
    } else {
        Value::Object(Map::new())
    };
    spec.event(call.event.as_deref(), &payload, call.arrived)
}

/// Takes in a report of a tab's agent.
fn accept(ctx: &Ctx, spec: &Spec, caller: &Caller, report: &Report) -> Result<Option<Why>> {
    let id = caller.id;
    // One that was started by hand becomes the tab's agent with its first report.
    let adopted = evidence::adopt(ctx, spec, caller, report)?;
    let live = adopted.then(|| ctx.store.live(id)).flatten();
    let live = live.as_ref().unwrap_or(&caller.live);
    let mut heard = live.heard.clone();
    let fits = |binding: &Binding| binding.kind == spec.kind() && binding.agent == live.agent;
    let mut binding = match heard.binding.clone().filter(fits) {
        Some(binding) if heard.knows(report) => binding,
        // The record may say more than the last look into it: it was bound anew, or followed.
        _ => match bound(ctx, id, live) {
            Some(binding) if binding.kind == spec.kind() => binding,
            _ => return Ok(Some(Why::AnotherAgent)),
        },
    };
    heard.bind(&binding);
    if let What::Conversation { source, .. } = &report.what
        && report.subagent.is_none()
        && !heard.knows(report)
        && let Some(session_id) = &report.session_id
    {
        if !caller.certain {
            return Ok(Some(Why::NotTheTabs));
        }
        if heard.is_late(report) {
            return Ok(Some(Why::Late));
        }
        match rebind(ctx, id, spec, session_id, source)? {
            Rebound::HeldElsewhere => return Ok(Some(Why::HeldElsewhere)),
            Rebound::Astray => return Ok(Some(Why::Astray)),
            Rebound::Now | Rebound::Already => {}
        }
        binding.session_id = Some(session_id.clone());
    }
    let mut dropped = None;
    let mut confirmed = false;
    // An event without an id, or of a subagent, says nothing of the conversation that is held.
    let told = report.session_id.as_ref().filter(|id| binding.session_id.as_ref() == Some(*id));
    let told = told.filter(|_| report.subagent.is_none() && report.what != What::Ended);
    let how = format!("hook {}", report.event);
    let now = ctx.now();
    observe::hear_from(ctx, id, &mut |live| {
        live.heard.bind(&binding);
        match live.heard.take(report) {
            Ok(claim) => {
                confirmed = told.is_some_and(|told| live.note_opened(told, &how, now));
                claim.into_iter().collect()
            }
            Err(why) => {
                dropped = Some(why);
                Vec::new()
            }
        }
    })?;
    if let Some(told) = told.filter(|_| confirmed) {
        follow::confirmed(ctx, id, told, &how);
    }
    Ok(dropped)
}

/// What a tab is bound to, by its record.
fn bound(ctx: &Ctx, id: TabId, live: &Live) -> Option<Binding> {
    let agent = ctx.store.load_id(id).ok()?.session.agent?;
    Some(Binding { kind: agent.kind, session_id: agent.session_id, agent: live.agent.clone() })
}

/// Counts what was dropped, and tells the journal when the reason is a new one: an agent that sends
/// nonsense all day must not fill it.
fn note(ctx: &Ctx, id: TabId, call: &Call, why: Why) -> Result<()> {
    let mut is_new = false;
    ctx.store.update_live(id, &mut |live| is_new = live.heard.count_dropped(why))?;
    if is_new || why == Why::HeldElsewhere {
        let mut with = Map::new();
        with.insert("agent".to_owned(), call.agent.clone().into());
        let event: Option<String> = call.event.as_ref().map(|e| e.chars().take(64).collect());
        with.insert("event".to_owned(), event.into());
        with.insert("why".to_owned(), why.word().into());
        with.insert("bytes".to_owned(), call.payload.len().into());
        journal(ctx, id, "hook-dropped", with);
    }
    Ok(())
}
