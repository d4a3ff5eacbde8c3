//! What changes in a tab's record when its agent is to have another conversation. Must not write it.

use anyhow::Result;

use crate::model::event::Event;
use crate::model::session::Launch;
use crate::store::Loaded;
use crate::sys::clock;

use super::{Ctx, order};

/// A new conversation, under an id of its own where that can be chosen.
pub fn fresh(ctx: &Ctx, tab: &Loaded) -> Result<Vec<Event>> {
    let Some(agent) = &tab.session.agent else { return Ok(Vec::new()) };
    let chooses = ctx.agents().get(&agent.kind)?.presets_id();
    bound_to(ctx, tab, chooses.then(clock::new_uuid).transpose()?, "fresh")
}

/// This conversation. How it is begun and how it is gone on with are of that one from then on: a record
/// that named two of them would be believed by nobody.
pub fn bound_to(
    ctx: &Ctx,
    tab: &Loaded,
    session_id: Option<String>,
    reason: &str,
) -> Result<Vec<Event>> {
    let Some(agent) = &tab.session.agent else { return Ok(Vec::new()) };
    let spec = ctx.agents().get(&agent.kind)?;
    let given = |flag: &str| {
        let launch = agent.launch.as_ref();
        launch.is_some_and(|launch| launch.argv.words().iter().any(|word| word == flag))
    };
    let id = session_id.as_deref();
    let launch = agent.launch.as_ref().and_then(|launch| {
        let argv = spec.fresh_argv(id, Some(launch), &given)?;
        Some(Launch { argv, ..launch.clone() })
    });
    let directory = order::directory(&tab.workspace, &tab.session.executable());
    let launched = launch.as_ref().or(agent.launch.as_ref());
    let resume = id.and_then(|id| spec.resume_argv(Some(id), launched, &directory, &given));
    let mut events = vec![Event::Rebound { session_id, resume, reason: reason.to_owned() }];
    events.extend(launch.filter(|new| agent.launch.as_ref() != Some(new)).map(Event::Launched));
    Ok(events)
}
