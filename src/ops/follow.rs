//! Follows the conversation of a living agent: which one it holds, and when that changes under it
//! (`/clear`, `/resume`). Must not believe anything but the agent's own records of its process.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::agents::{Found, Process, Spec, Surroundings};
use crate::model::id::TabId;
use crate::model::plan::{Evidence, Fork};
use crate::model::proc::Proc;
use crate::model::session::Session;
use crate::scan;
use crate::sys::file::Lock;

use super::kept::Keeper;
use super::rebind::{Rebound, rebind};
use super::record::journal;
use super::{Ctx, observe, order};

/// The first look comes soon after the start; while nothing is found, each pause is twice the last.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The pause between looks later on: a few files of `/proc` and of the agent are read in each.
const PAUSE: Duration = Duration::from_secs(3);
/// An agent that refuses what it was started with has ended by then.
const REFUSES: Duration = Duration::from_millis(1200);
/// The same while the agent's own record is still to come.
const AWAITED: Duration = Duration::from_millis(400);

/// What the process table and the process's own files say of an agent's process.
pub fn facts(process: &Proc, boot: &str) -> Process {
    let below = scan::trees(&[process.id.pid], boot).into_iter().next().unwrap_or_default();
    let pids = below.iter().map(|process| process.id.pid);
    Process {
        pid: process.id.pid,
        start: process.id.start,
        argv: process.argv.clone(),
        cwd: process.cwd.clone(),
        environment: scan::environment(process.id.pid).into_iter().collect(),
        open_files: pids.clone().flat_map(scan::open_files).collect(),
        children: pids.skip(1).collect(),
    }
}

/// Looks after the conversation of a tab's agent until `end` is hung up, and at once when it is told
/// something there: the agent has said its first word. A look that fails is repeated: nothing depends on
/// any one.
pub fn follow(ctx: &Ctx, id: TabId, pid: u32, end: &Receiver<()>) {
    let mut pause = FIRST_PAUSE;
    let begun = Instant::now();
    // Whether its own record is still to come: a resume may be waiting for it.
    let mut to_come = ctx.store.order(id).is_ok_and(|order| order.evidence == Evidence::Record);
    // Held as long as the agent lives, so that no other tab opens the same conversation.
    let mut claim: Option<(String, Lock)> = None;
    let mut keeper = Keeper::default();
    let mut forked = ctx.store.order(id).ok().and_then(|order| order.fork);
    while end.recv_timeout(pause) != Err(RecvTimeoutError::Disconnected) {
        to_come &= begun.elapsed() < ctx.settings.resume.patience;
        pause = (pause * 2).min(if to_come { AWAITED } else { PAUSE });
        // Whoever heard the last change may have come too early to write it down.
        let _ = observe::catch_up(ctx, id);
        if let Ok(Some((key, is_recorded))) = look(ctx, id, pid) {
            to_come &= !is_recorded;
            if is_recorded {
                // What was looked for soon again is found: when many start, every look counts.
                pause = PAUSE;
            }
            if claim.as_ref().is_none_or(|(held, _)| *held != key) {
                // A conversation that this tab was started with is claimed already.
                claim = ctx.store.claim(&key).ok().flatten().map(|lock| (key, lock));
            }
        }
        if begun.elapsed() > REFUSES
            && let Some(fork) = forked.take()
        {
            let _ = now_forked(ctx, id, &fork);
        }
        keeper.look(ctx, id);
    }
}

/// Writes down the id that was chosen for a fork: an agent that would not have it had ended by now.
/// Where it was not chosen, the agent's records or its hooks tell it.
fn now_forked(ctx: &Ctx, id: TabId, fork: &Fork) -> Result<()> {
    let tab = ctx.store.load_id(id)?;
    let Some(agent) = tab.session.agent.as_ref() else { return Ok(()) };
    let chosen = fork.id.as_ref().filter(|_| agent.session_id.as_ref() == Some(&fork.of));
    if let Some(chosen) = chosen {
        rebind(ctx, id, ctx.agents().get(&agent.kind)?, chosen, "fork")?;
    }
    Ok(())
}

/// Asks `about` the agent's process that stands in a tab, if it is there and the tab's own.
pub fn of_process<T>(
    ctx: &Ctx,
    session: &Session,
    workspace: &Path,
    pid: u32,
    about: impl FnOnce(&Spec, &Process, &Surroundings<'_>) -> Option<T>,
) -> Result<Option<T>> {
    let Some(agent) = &session.agent else { return Ok(None) };
    let spec = ctx.agents().get(&agent.kind)?;
    let boot = &ctx.store.boot;
    // A launcher (`npx`, a version manager's shim) has the agent below it.
    let tree = scan::trees(&[pid], boot).into_iter().next().unwrap_or_default();
    let is_it = |process: &&Proc| {
        ctx.agents().recognise(&process.argv).is_some_and(|it| it.kind() == spec.kind())
    };
    let Some(process) = tree.iter().find(is_it) else { return Ok(None) };
    let environment = order::environment(spec, agent.launch.as_ref());
    let directory = order::directory(workspace, &session.executable());
    let around = order::surroundings(ctx, &environment, &directory);
    Ok(about(spec, &facts(process, boot), &around))
}

/// Looks once, and writes down what has changed. Gives the key of the conversation's claim, and
/// whether the agent's own record told it.
fn look(ctx: &Ctx, id: TabId, pid: u32) -> Result<Option<(String, bool)>> {
    let tab = ctx.store.load_id(id)?;
    let Some(agent) = &tab.session.agent else { return Ok(None) };
    let spec = ctx.agents().get(&agent.kind)?;
    let found = of_process(ctx, &tab.session, &tab.workspace, pid, |spec, process, around| {
        let recorded = spec.recorded_id(process, around);
        let is_recorded = recorded.is_some();
        Some((recorded.or_else(|| spec.id_of_process(process, around))?, is_recorded))
    })?;
    let Some((found, is_recorded)) = found else { return Ok(None) };
    // A command line says with which conversation the agent was started, for as long as it lives:
    // what a hook told since then is newer.
    if let Some(bound) = agent.session_id.as_ref().filter(|_| !is_recorded) {
        return Ok(Some((format!("{}.{bound}", spec.kind()), false)));
    }
    let reason = if agent.session_id.is_none() { "found" } else { "switched" };
    match rebind(ctx, id, spec, &found.session_id, reason)? {
        Rebound::HeldElsewhere | Rebound::Astray => return Ok(None),
        Rebound::Now | Rebound::Already => {}
    }
    if is_recorded {
        opened(ctx, id, &found)?;
    }
    Ok(Some((format!("{}.{}", spec.kind(), found.session_id), is_recorded)))
}

/// Takes note of the conversation that an agent's own record says it holds.
fn opened(ctx: &Ctx, id: TabId, found: &Found) -> Result<()> {
    let Found { session_id, how } = found;
    let known = ctx.store.live(id).and_then(|live| live.opened);
    if known.is_some_and(|known| known.session_id == *session_id) {
        return Ok(());
    }
    // Before whoever waits for the record goes on, so that the steps stand in their order.
    confirmed(ctx, id, session_id, how);
    let now = ctx.now();
    ctx.store.update_live(id, &mut |live| {
        live.note_opened(session_id, how, now);
    })?;
    Ok(())
}

/// Writes into the journal by what it was seen that a tab's agent holds the tab's conversation.
pub fn confirmed(ctx: &Ctx, id: TabId, session_id: &str, how: &str) {
    let mut with = serde_json::Map::new();
    with.insert("session_id".to_owned(), session_id.into());
    with.insert("how".to_owned(), how.into());
    journal(ctx, id, "id-confirmed", with);
}
