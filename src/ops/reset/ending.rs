//! Ends a tab's agent and leaves its pane where it is. Must end nothing else that runs there, and must
//! not come back before its conversation is free.

use std::time::Duration;

use anyhow::Result;
use rustix::process::{Pid, Signal, kill_process};

use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::name;
use crate::model::proc::ProcId;
use crate::model::row::Row;
use crate::ops::Ctx;
use crate::scan;
use crate::store::Loaded;
use crate::sys::watch;

/// An agent that is told to end has so long to write down what it has (claude needs a second).
const LAST_WORDS: Duration = Duration::from_secs(5);
/// What is killed is gone by then, whatever the machine is doing.
const KILLED: Duration = Duration::from_secs(5);

/// Ends the agent, if one lives.
pub fn end(ctx: &Ctx, tab: &Loaded, row: &Row) -> Result<()> {
    let id = tab.session.id;
    let agents = agents(ctx, tab);
    for (signal, patience) in [(Signal::TERM, LAST_WORDS), (Signal::KILL, KILLED)] {
        for agent in agents.iter().filter(|agent| scan::lives(agent, &ctx.store.boot)) {
            let pid = i32::try_from(agent.pid).ok().and_then(Pid::from_raw);
            // One that has ended in this moment is what was wanted.
            let _ = pid.map(|pid| kill_process(pid, signal));
        }
        let is_over = || is_over(ctx, id, row, &agents).then_some(());
        if watch::until_seen(&ctx.store.live_records(), patience, &mut || Ok(is_over()))?.is_some()
        {
            return Ok(());
        }
    }
    let tab = name::shown(&tab.session.tab);
    Err(Fault::new(Kind::Busy, format!("the agent of '{tab}' does not end"))
        .hint(format!("`tabctl close {tab}` closes its pane"))
        .into())
}

/// The agent's processes: the one that was started, and below it those in which it starts itself again.
fn agents(ctx: &Ctx, tab: &Loaded) -> Vec<ProcId> {
    let boot = &ctx.store.boot;
    let root = ctx.store.live(tab.session.id).and_then(|live| live.agent);
    let Some(root) = root.filter(|root| scan::lives(root, boot)) else { return Vec::new() };
    let kind = tab.session.agent.as_ref().map(|agent| agent.kind.as_str());
    let tree = scan::trees(&[root.pid], boot).into_iter().next().unwrap_or_default();
    let own = tree.into_iter().filter(|process| {
        process.id == root
            || ctx.agents().recognise(&process.argv).map(crate::agents::Spec::kind) == kind
    });
    own.map(|process| process.id).collect()
}

/// Whether they are gone, and whoever held the tab for them has let go of it: in the pane that it has,
/// its shell is there by then.
fn is_over(ctx: &Ctx, id: TabId, row: &Row, agents: &[ProcId]) -> bool {
    let is_held = row.pane.is_some() && ctx.store.is_claimed(&format!("tab.{id}"));
    // A tab that has only a shell is held by nobody, and one with an agent until that has ended.
    let lives = agents.iter().any(|agent| scan::lives(agent, &ctx.store.boot));
    !lives && !is_held
}
