//! Whether something may be typed into a tab now. Must refuse wherever something else than an agent's
//! prompt would take it, and wherever a person is typing.

use std::slice::from_ref;

use anyhow::Result;

use super::super::hook::whose;
use super::super::record::must_be_unlocked;
use super::super::{Ctx, actor, lease, pane, select};
use super::{What, Wish};
use crate::agents::Spec;
use crate::engine::Extent;
use crate::error::{Fault, Kind};
use crate::model::doer::DoerKind;
use crate::model::name::shown;
use crate::model::pane::PaneId;
use crate::model::row::Row;
use crate::model::status::State;
use crate::store::Loaded;

/// As many lines as a prompt can be below the middle of any screen.
const LINES: u16 = 200;
/// Somebody who typed so many seconds ago is at it. The multiplexer counts in whole seconds.
const AT_IT: u64 = 10;

/// Where to type, if that may be.
pub fn admit<'a>(ctx: &Ctx, tab: &Loaded, row: &'a Row, wish: &Wish) -> Result<&'a PaneId> {
    let doer = actor::doer(ctx);
    select::must_not_be_a_copy(ctx, tab)?;
    let is_person = doer.kind == DoerKind::Person;
    if !is_person && (wish.over_lock || wish.obey || matches!(wish.what, What::Keys(_))) {
        let what = "press keys in a tab, give an agent commands, or go over a lock";
        return Err(Fault::new(Kind::NeedsAnswer, format!("{} may not {what}", doer.who))
            .hint("a text is what an agent may send")
            .into());
    }
    must_be_open(tab, wish.over_lock, ", or repeat with --override")?;
    must_not_be_its_own(ctx, row)?;
    if doer.kind == DoerKind::Agent {
        lease::must_be_let_in(ctx, row, &doer.who)?;
    }
    pane_of_agent(row, matches!(wish.what, What::Keys(_)))
}

/// Refuses to type into a locked tab; `else_` is what a person can do besides unlocking it.
pub fn must_be_open(tab: &Loaded, over_lock: bool, else_: &str) -> Result<()> {
    must_be_unlocked(&tab.session, over_lock, "typed into").map_err(|error| {
        let unlock = format!("`tabctl unlock {}`{else_}", shown(&tab.session.tab));
        Fault::new(Kind::Locked, format!("{error:#}")).hint(unlock).into()
    })
}

/// Refuses what would type into the tab from which it is run.
fn must_not_be_its_own(ctx: &Ctx, row: &Row) -> Result<()> {
    let here = ctx.engine().here();
    let is_here = here.is_some() && here == row.pane;
    // The runner stands in every tab: it types there what somebody has queued.
    let is_runner = actor::doer(ctx).kind == DoerKind::System;
    let descends = || whose::descent(ctx).is_some_and(|(id, is_agent)| is_agent && id == row.id);
    if is_runner || !(is_here || descends()) {
        return Ok(());
    }
    let message = format!("'{}' is the tab that you stand in", row.tab);
    Err(Fault::new(Kind::Usage, message).hint("type it yourself").into())
}

/// Where the agent is, if it takes something now.
fn pane_of_agent(row: &Row, keys: bool) -> Result<&PaneId> {
    pane::must_be_here(row)?;
    let fault = |kind, why: &str, hint: String| {
        Err(Fault::new(kind, format!("'{}' {why}", row.tab)).hint(hint).into())
    };
    let go = || format!("`tabctl go {}` brings you there", row.tab);
    let state = row.status.claim.state;
    match (&row.pane, state) {
        (None, _) | (_, State::Down | State::Missing) => {
            let hint = format!("`tabctl resume {}` brings it back", row.tab);
            fault(Kind::NotFound, &format!("is {}: nothing can be sent", state.word()), hint)
        }
        (Some(_), State::Attention) if !keys => {
            fault(Kind::Busy, "waits for an answer of yours", go())
        }
        (Some(_), _) if row.agent.is_none() => {
            let hint = format!("`tabctl exec {} -- COMMAND` runs one in its shell", row.tab);
            fault(Kind::NotFound, "has no agent", hint)
        }
        (Some(_), State::Shell | State::Running) => {
            let hint = format!("`tabctl resume {}` brings it back", row.tab);
            fault(Kind::NotFound, "has no agent now", hint)
        }
        (Some(pane), _) => Ok(pane),
    }
}

/// Refuses to type into what a person has begun to type, or is typing.
pub fn must_be_alone(ctx: &Ctx, row: &Row, pane: &PaneId, spec: &Spec) -> Result<()> {
    let go = || format!("`tabctl go {}` brings you there", row.tab);
    must_be_unwatched(ctx, row, pane)?;
    if unsent(ctx, pane, spec)?.is_some() {
        let message = format!("'{}' has a text at its prompt that was not sent", row.tab);
        return Err(Fault::new(Kind::Busy, message).hint(go()).into());
    }
    Ok(())
}

/// Refuses what is no person's own act where a person is typing.
pub fn must_be_unwatched(ctx: &Ctx, row: &Row, pane: &PaneId) -> Result<()> {
    if actor::doer(ctx).kind == DoerKind::Person || !is_typed_in(ctx, pane)? {
        return Ok(());
    }
    let message = format!("somebody is typing in '{}'", row.tab);
    Err(Fault::new(Kind::Busy, message).hint("try it again in a while").into())
}

/// What stands at the agent's prompt and was not sent.
pub fn unsent(ctx: &Ctx, pane: &PaneId, spec: &Spec) -> Result<Option<String>> {
    if !spec.has_known_prompt() {
        return Ok(None);
    }
    let screen = ctx.engine().read(from_ref(pane), Extent::Painted(LINES))?.pop();
    Ok(screen.and_then(|screen| spec.unsent(&screen.text)))
}

/// Whether a person looks at the pane and has just typed.
fn is_typed_in(ctx: &Ctx, pane: &PaneId) -> Result<bool> {
    let now = u64::try_from(ctx.now().timestamp()).unwrap_or(0);
    let clients = ctx.engine().clients(None)?;
    let is_at_it = |active: u64| now.saturating_sub(active) <= AT_IT;
    Ok(clients.iter().any(|client| client.types && client.pane == *pane && is_at_it(client.active)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::kind_of;
    use crate::model::id::TabId;
    use crate::model::row::{Known, Occupant, join};
    use crate::model::session::Session;

    fn row(state: State, agent: bool, pane: bool) -> Row {
        let known = Known {
            session: Session::new(TabId::from_parts(0, 0), "api"),
            workspace: String::new(),
            file: String::new(),
            present: true,
            trusted: true,
            problem: None,
            live: None,
        };
        let mut row = join(known, None, &Occupant::Unseen, chrono::DateTime::UNIX_EPOCH);
        row.status.claim.state = state;
        row.agent = agent.then(|| "claude".to_owned());
        row.pane = pane.then(|| PaneId("%1".to_owned()));
        row
    }

    #[test]
    fn a_text_goes_only_where_an_agent_takes_it() {
        for state in [State::Idle, State::Thinking, State::Unknown, State::Done] {
            assert!(pane_of_agent(&row(state, true, true), false).is_ok(), "{state:?}");
            assert!(pane_of_agent(&row(state, false, true), false).is_err(), "{state:?}");
            assert!(pane_of_agent(&row(state, true, false), false).is_err(), "{state:?}");
        }
        for (state, kind) in [
            (State::Attention, Kind::Busy),
            (State::Shell, Kind::NotFound),
            (State::Running, Kind::NotFound),
            (State::Down, Kind::NotFound),
        ] {
            let refused = pane_of_agent(&row(state, true, true), false).map(|_| ());
            assert_eq!(refused.map_err(|error| kind_of(&error)), Err(kind), "{state:?}");
        }
        assert!(pane_of_agent(&row(State::Attention, true, true), true).is_ok(), "keys answer it");
    }
}
