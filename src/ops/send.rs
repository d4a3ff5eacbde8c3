//! Types a text into the agent of a tab, and presses Enter. Must not type where something else than an
//! agent's prompt would take it: a dialog, a shell, a locked tab, the pane that one stands in.

use std::fmt::Write;
use std::time::Duration;

use anyhow::Result;
use serde_json::Map;
use sha2::{Digest, Sha256};

use crate::error::{Fault, Kind};
use crate::model::pane::PaneId;
use crate::model::row::Row;
use crate::model::status::State;
use crate::store::Loaded;

use super::actor::Actor;
use super::record::{journal, must_be_unlocked};
use super::{Ctx, select};

/// Enter follows apart: with none between them, agents take it for a part of the paste (codex took 0
/// of 5 so, and 5 of 5 after 50 ms).
const BEFORE_ENTER: Duration = Duration::from_millis(150);

/// Sends a text to the agent of a tab, of which `row` was just seen.
pub fn send(ctx: &Ctx, tab: &Loaded, row: &Row, text: &str) -> Result<()> {
    let actor = Actor::of_this_process(ctx);
    actor.must_be_person("type into a tab")?;
    select::must_not_be_a_copy(ctx, tab)?;
    must_be_unlocked(&tab.session, false, "typed into")?;
    let text = harmless(text)?;
    let pane = pane_of_agent(row)?;
    if ctx.engine().here().as_ref() == Some(pane) {
        let message = format!("'{}' is the tab that you stand in", row.tab);
        return Err(Fault::new(Kind::Usage, message).hint("type it yourself").into());
    }
    ctx.engine().paste(pane, &text)?;
    std::thread::sleep(BEFORE_ENTER);
    // A dialog that has opened meanwhile would take Enter for an answer.
    let asks = ctx.store.live(row.id).is_some_and(|live| {
        !live.claims.is_empty() && live.verdict(ctx.now()).claim.state == State::Attention
    });
    if asks {
        let message = format!("'{}' asks something in this moment: Enter was not pressed", row.tab);
        return Err(Fault::new(Kind::Busy, message)
            .hint("go there: the text may stand in its prompt")
            .into());
    }
    ctx.engine().enter(pane)?;
    let mut with = Map::new();
    with.insert("by".to_owned(), actor.word().into());
    with.insert("bytes".to_owned(), text.len().into());
    with.insert("sha256".to_owned(), digest(&text).into());
    journal(ctx, row.id, "sent", with);
    Ok(())
}

/// Where the agent is, if it takes a text now.
fn pane_of_agent(row: &Row) -> Result<&PaneId> {
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
        (Some(_), State::Attention) => fault(Kind::Busy, "waits for an answer of yours", go()),
        (Some(_), State::Shell | State::Running) => fault(Kind::NotFound, "has no agent now", go()),
        (Some(_), _) if row.agent.is_none() => fault(Kind::NotFound, "has no agent", go()),
        (Some(pane), _) => Ok(pane),
    }
}

/// The text without what a terminal would obey: the end of a paste among it.
fn harmless(text: &str) -> Result<String> {
    let text: String =
        text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    if text.trim().is_empty() {
        let fault = Fault::new(Kind::Usage, "there is nothing to send");
        return Err(fault.hint("type some text first").into());
    }
    Ok(text)
}

/// What was typed is not repeated in a journal: it may be a secret.
fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
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
            assert!(pane_of_agent(&row(state, true, true)).is_ok(), "{state:?}");
            assert!(pane_of_agent(&row(state, false, true)).is_err(), "{state:?}");
            assert!(pane_of_agent(&row(state, true, false)).is_err(), "{state:?}");
        }
        for (state, kind) in [
            (State::Attention, Kind::Busy),
            (State::Shell, Kind::NotFound),
            (State::Running, Kind::NotFound),
            (State::Down, Kind::NotFound),
        ] {
            let refused = pane_of_agent(&row(state, true, true)).map(|_| ());
            assert_eq!(refused.map_err(|error| kind_of(&error)), Err(kind), "{state:?}");
        }
    }

    #[test]
    fn no_control_byte_is_typed() {
        let typed = harmless("a\u{1b}[201~b\rc\nd\u{3}").unwrap_or_default();
        assert_eq!(typed, "a[201~bc\nd");
        assert!(harmless(" \u{1b}\n").is_err());
    }
}
