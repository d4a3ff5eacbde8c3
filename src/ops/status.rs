//! What an agent or a person says of a tab's state. Must be quick: agents call it in their turns.

use anyhow::Result;

use crate::error::{Kind, kind_of};
use crate::model::event::Event;
use crate::model::status::{Claim, Source, State};
use crate::store::{Loaded, Standing};

use super::actor::Actor;
use super::record::{journal, record};
use super::{Ctx, observe};

/// Takes in a state that was said: live at once, and in the file when the state changed.
pub fn say(ctx: &Ctx, tab: &Loaded, state: State, reason: Option<&str>) -> Result<Claim> {
    // A copy carries the id of another tab, and must not speak for that one.
    let registered = match tab.standing {
        Standing::Copy { .. } => Some(ctx.store.register(&tab.file)?),
        _ => None,
    };
    let tab = registered.as_ref().unwrap_or(tab);
    let by = Actor::of_this_process(ctx).word().to_owned();
    let reason = reason.map(|text| {
        text.chars().filter(|c| !c.is_control()).take(200).collect::<String>().trim().to_owned()
    });
    let reason = reason.filter(|text| !text.is_empty());
    let claim = Claim {
        reason: reason.clone(),
        by: Some(by.clone()),
        session_id: tab.session.agent.as_ref().and_then(|agent| agent.session_id.clone()),
        ..Claim::new(state, Source::Said, ctx.now())
    };
    let id = tab.session.id;
    let changed = tab.session.status.as_ref().is_none_or(|last| last.state != state);
    let files = changed && ctx.settings.status_in_file;
    if ctx.settings.status_in_file {
        // Whoever says it finds it in the file at once; what is only seen waits for its second.
        observe::was_filed(ctx, id, state)?;
    }
    observe::hear(ctx, id, std::slice::from_ref(&claim))?;
    let event = Event::Status { state, by, reason: reason.clone() };
    // The session file is a courtesy: on a full disk or a read-only one the live record still says it.
    let is_filed = files
        && match record(ctx, tab, &[event]) {
            Err(error) if kind_of(&error) != Kind::Other => return Err(error),
            recorded => recorded.is_ok(),
        };
    if !is_filed {
        let mut with = serde_json::Map::new();
        with.insert("state".to_owned(), state.word().into());
        with.insert("reason".to_owned(), reason.into());
        journal(ctx, id, "status", with);
    }
    Ok(claim)
}
