//! Gathers where a tab stands and what it did since a person looked at it. Must only read, and must
//! not let one tab that cannot be read keep the others from being told.

use std::path::Path;

use anyhow::Result;
use chrono::{DateTime, Utc};

use crate::agents;
use crate::error::{Kind, kind_of};
use crate::model::brief::timeline::{self, Happened};
use crate::model::brief::{self, Because, Brief, Doing, Glance, Here, Prompt};
use crate::model::digest::Found;
use crate::model::evidence::Ran;
use crate::model::row::Row;
use crate::model::session::{Place, Session};
use crate::store::{Entry, Loaded, Trust};

use super::context::{Since, Wish};
use super::{Ctx, changes, checkout, context, evidence, list, order, queue};

/// So many commands are told of one tab.
const COMMANDS: usize = 200;
/// So many lines of the terminal are looked at, and so many tokens may be told of them: some dozens of
/// findings.
const LINES: u16 = 5000;
const BUDGET: usize = 6000;

/// Everything about one tab, of which `row` was just seen, since then or since it was looked at.
pub fn of(ctx: &Ctx, tab: &Loaded, row: &Row, since: Option<DateTime<Utc>>) -> Brief {
    let (id, now) = (tab.session.id, ctx.now());
    let (since, because) = from(ctx, row, since);
    let journal = ctx.store.journal_since(id, since);
    let mut prompts = prompts(&journal);
    find_words(ctx, tab, &journal, &mut prompts);
    // A folder that a stranger's file names is not looked into.
    let folder = if tab.trust == Trust::Trusted {
        order::directory(&tab.workspace, &tab.session.executable())
    } else {
        tab.workspace.clone()
    };
    let then = since.unwrap_or_else(|| id.made_at());
    let (findings, findings_are_new) = findings(ctx, row, since);
    Brief {
        here: here(tab, row, &folder),
        since,
        because,
        states: timeline::fold(&happened(&journal), now),
        prompts,
        commands: commands(ctx, row, since),
        findings,
        findings_are_new,
        changes: changes::since(&folder, then),
        notes: tab.session.notes.clone(),
        queued: queue::waiting(ctx, tab).iter().filter(|one| one.standing.is_typed()).count(),
        now,
    }
}

/// All tabs that have changed since they were looked at, or since then, the most urgent first. Git is
/// not asked: there may be a hundred.
pub fn glances(ctx: &Ctx, since: Option<DateTime<Utc>>) -> Result<Vec<Glance>> {
    let rows = list::look(ctx)?.rows;
    let mut glances: Vec<Glance> = rows.iter().map(|row| glance(ctx, row, since)).collect();
    glances.retain(Glance::has_changed);
    brief::by_urgency(&mut glances);
    Ok(glances)
}

fn glance(ctx: &Ctx, row: &Row, since: Option<DateTime<Utc>>) -> Glance {
    let (since, _) = from(ctx, row, since);
    // Of a tab that nobody has looked at, the newest is enough here: its journal may be long.
    let journal = match since {
        Some(_) => ctx.store.journal_since(row.id, since),
        None => ctx.store.read_journal(row.id),
    };
    let commands = commands(ctx, row, since);
    let count = |what: &str| journal.iter().filter(|entry| entry.what == what).count();
    Glance {
        doing: Doing::from(row),
        since,
        states: timeline::fold(&happened(&journal), ctx.now()),
        commands: commands.len(),
        failed: commands.iter().filter(|ran| ran.has_failed()).count(),
        prompts: count("sent"),
        noted: count("noted"),
    }
}

/// From when on a tab is told of, and why from then.
fn from(ctx: &Ctx, row: &Row, asked: Option<DateTime<Utc>>) -> (Option<DateTime<Utc>>, Because) {
    if asked.is_some() {
        return (asked, Because::Asked);
    }
    match ctx.store.looks(row.id).and_then(|looks| looks.seen_until(ctx.now())) {
        Some(seen) => (Some(seen), Because::Looked),
        None => (None, Because::Unseen),
    }
}

fn here(tab: &Loaded, row: &Row, folder: &Path) -> Here {
    let session = &tab.session;
    Here {
        doing: Doing::from(row),
        folder: folder.display().to_string(),
        branch: checkout::branch(folder),
        place: row.place.as_ref().map(place),
        agent: row.agent.clone(),
        session_id: row.session_id.clone(),
        conversation_since: conversation_since(session),
        locked: row.locked,
        problem: row.problem.clone(),
    }
}

fn place(place: &Place) -> String {
    let index = place.index.map(|index| format!(":{index}")).unwrap_or_default();
    format!("{} {}{index}", place.engine, place.session).trim().to_owned()
}

/// Since when a tab has its conversation: since it left the one before, else since it was made.
fn conversation_since(session: &Session) -> DateTime<Utc> {
    let last = session.agent.as_ref().and_then(|agent| agent.history.last());
    last.map_or_else(|| session.id.made_at(), |past| past.at)
}

fn happened(journal: &[Entry]) -> Vec<(DateTime<Utc>, Happened)> {
    let read = |entry: &Entry| Some((entry.at, Happened::read(&entry.what, &entry.with)?));
    journal.iter().filter_map(read).collect()
}

/// The commands of a tab that began since then. One without a time is told where all are.
fn commands(ctx: &Ctx, row: &Row, since: Option<DateTime<Utc>>) -> Vec<Ran> {
    let mut all = evidence::history(ctx, row.id, COMMANDS, false);
    all.retain(|ran| since.is_none_or(|since| ran.at.is_some_and(|at| at >= since)));
    all
}

/// What stands in the tab's terminal of errors and failed tests, and whether it came since then: only a
/// shell writes down when lines come.
fn findings(ctx: &Ctx, row: &Row, since: Option<DateTime<Utc>>) -> (Vec<Found>, bool) {
    let look = |since| {
        let wish = Wish { budget: BUDGET, lines: LINES, since };
        context::of_tab(ctx, row.into(), &wish).map(|context| context.digest.findings)
    };
    let Some(since) = since else { return (look(None).unwrap_or_default(), true) };
    match look(Some(Since::Time(since))) {
        Ok(findings) => (findings, true),
        Err(error) if kind_of(&error) == Kind::NotFound => (look(None).unwrap_or_default(), false),
        Err(_) => (Vec::new(), true),
    }
}

/// What was typed to the agent through tabctl: the journal has no words of it.
fn prompts(journal: &[Entry]) -> Vec<Prompt> {
    let sent = journal.iter().filter(|entry| entry.what == "sent");
    sent.map(|entry| Prompt {
        at: entry.at,
        by: entry.with.get("by").and_then(|by| by.as_str()).map(str::to_owned),
        bytes: entry.with.get("bytes").and_then(serde_json::Value::as_u64).unwrap_or(0),
        first_line: None,
    })
    .collect()
}

/// The first lines of what was typed, where the agent's conversation has them.
fn find_words(ctx: &Ctx, tab: &Loaded, journal: &[Entry], prompts: &mut [Prompt]) {
    if prompts.is_empty() || tab.trust != Trust::Trusted {
        return;
    }
    let Some(agent) = &tab.session.agent else { return };
    let (Some(id), Ok(spec)) = (&agent.session_id, ctx.agents().get(&agent.kind)) else { return };
    let environment = order::environment(spec, agent.launch.as_ref());
    let directory = order::directory(&tab.workspace, &tab.session.executable());
    let around = order::surroundings(ctx, &environment, &directory);
    let sent = journal.iter().filter(|entry| entry.what == "sent");
    let digest = |entry: &Entry| {
        entry.with.get("sha256").and_then(|it| it.as_str()).unwrap_or_default().to_owned()
    };
    let digests: Vec<String> = sent.map(digest).collect();
    let wanted: Vec<&str> = digests.iter().map(String::as_str).collect();
    let found = spec.typed(id, &around, &wanted);
    for (prompt, words) in prompts.iter_mut().zip(found) {
        let first = |words: String| words.trim().lines().next().map(agents::without_secrets);
        prompt.first_line = words.and_then(first);
    }
}
