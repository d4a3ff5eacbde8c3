//! Gathers what a tab and its agent are told when they come back, and gives it to the agent as its
//! first prompt. Must never type it: it goes into the command line, or nowhere.

use std::ffi::OsStr;
use std::path::Path;

use chrono::{DateTime, Utc};

use crate::model::argv::Argv;
use crate::model::briefing::{Briefing, CutOff};
use crate::model::plan::Order;
use crate::model::session::Session;
use crate::model::status::State;
use crate::store::{Entry, Loaded};

use super::{Ctx, changes};

/// What is known from the record alone.
pub fn of(ctx: &Ctx, session: &Session) -> Briefing {
    let journal = ctx.store.read_journal(session.id);
    let status = session.status.as_ref();
    let seen = last_seen(&journal).max(status.map(|status| status.since));
    // What an earlier life of the agent left behind has been told already.
    let started = journal.iter().rev().find(|entry| entry.what == "started").map(|entry| entry.at);
    let cut_off = last_state(session, &journal)
        .filter(|(at, ..)| session.agent.is_some() && started.is_none_or(|start| *at >= start))
        .and_then(|(_, state, reason)| CutOff::by(state, reason.as_deref()));
    Briefing {
        task: session.task.clone(),
        notes: session.notes.clone(),
        cut_off,
        seen,
        now: ctx.now(),
        ..Briefing::default()
    }
}

/// The last state, since when, and why. The journal has each, the file one a second at most.
fn last_state(
    session: &Session,
    journal: &[Entry],
) -> Option<(DateTime<Utc>, State, Option<String>)> {
    let filed = session.status.as_ref().map(|it| (it.since, it.state, it.reason.clone()));
    let last = journal.iter().rev().find(|entry| entry.what == "transition");
    let turned = last.and_then(|entry| {
        let state = serde_json::from_value(entry.with.get("to")?.clone()).ok()?;
        let reason = entry.with.get("reason").and_then(|reason| reason.as_str());
        Some((entry.at, state, reason.map(str::to_owned)))
    });
    match (&turned, &filed) {
        (Some((turned_at, ..)), Some((filed_at, ..))) if turned_at < filed_at => filed,
        _ => turned.or(filed),
    }
}

/// The last thing that the agent itself did.
fn last_seen(journal: &[Entry]) -> Option<DateTime<Utc>> {
    let of_the_agent = ["started", "transition", "status", "ended", "noted"];
    let last = journal.iter().rev().find(|entry| of_the_agent.contains(&entry.what.as_str()));
    last.map(|entry| entry.at)
}

/// Adds the first prompt to an agent's order, if there is news and the agent takes one; else says why
/// not in `remarks`.
pub fn give(
    ctx: &Ctx,
    tab: &Loaded,
    mut briefing: Briefing,
    mut order: Order,
    remarks: &mut Vec<String>,
) -> Order {
    let Some(agent) = &tab.session.agent else { return order };
    let Ok(spec) = ctx.agents().get(&agent.kind) else { return order };
    // What came with a repository may be anybody's word, and the agent would take it for its person's.
    if ctx.store.is_tracked(&tab.file) {
        if !briefing.notes.is_empty() || briefing.task.is_some() {
            remarks.push("its file is in git: task and notes are shown, not given".to_owned());
        }
        (briefing.task, briefing.notes) = (None, Vec::new());
    }
    if let Some(seen) = briefing.seen {
        briefing.changes = changes::since(Path::new(&order.directory), seen);
    }
    let Some(prompt) = briefing.prompt() else { return order };
    // A program of another name may have been started as this agent.
    let launched = agent.launch.as_ref().and_then(|launch| file_name(&launch.argv));
    let same = launched.is_some() && launched == file_name(&order.argv);
    let known = same || spec.is_process(order.argv.words());
    match spec.prompt_words(order.argv.words(), &prompt).filter(|_| known) {
        Some(words) => order.prompt = words,
        None if spec.takes_prompt() => {
            remarks.push("its command line is not one to add to: notes are shown only".to_owned());
        }
        None => {
            remarks.push(format!("{} takes no first prompt: notes are shown only", spec.kind()));
        }
    }
    order
}

/// The program of a command line without its folder.
fn file_name(argv: &Argv) -> Option<&OsStr> {
    argv.words().first().and_then(|word| Path::new(word).file_name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::TabId;
    use crate::model::session::LastStatus;

    #[test]
    fn the_newest_of_file_and_journal_is_the_last_state() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
        let turned = |seconds, to: &str| {
            let mut with = serde_json::Map::new();
            with.insert("to".to_owned(), to.into());
            Entry {
                at: at(seconds),
                boot: String::new(),
                what: "transition".to_owned(),
                actor: None,
                with,
            }
        };
        let mut session = Session::new(TabId::from_parts(0, 0), "api");
        assert_eq!(last_state(&session, &[]), None);
        let journal = [turned(5, "thinking"), turned(10, "idle")];
        let last = |session: &Session, journal: &[Entry]| {
            last_state(session, journal).map(|(since, state, _)| (since, state))
        };
        assert_eq!(last(&session, &journal), Some((at(10), State::Idle)));
        let filed = |seconds, state| {
            Some(LastStatus { state, since: at(seconds), by: String::new(), reason: None })
        };
        for (seconds, state, journal, expected) in [
            // Within the second in which the file is left alone.
            (6, State::Thinking, &journal[..], (at(10), State::Idle)),
            (11, State::Attention, &journal[..], (at(11), State::Attention)),
            (6, State::Thinking, &[turned(9, "no state")][..], (at(6), State::Thinking)),
        ] {
            session.status = filed(seconds, state);
            assert_eq!(last(&session, journal), Some(expected), "{seconds}");
        }
    }
}
