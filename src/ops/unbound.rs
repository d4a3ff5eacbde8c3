//! Agents that run in panes which are no tabs: what `bind` could adopt. Must not look at the processes
//! of a tab.

use serde::Serialize;

use super::Ctx;
use crate::model::name;
use crate::model::pane::{Pane, PaneId};
use crate::model::proc::Proc;
use crate::model::row::Row;
use crate::scan;

/// An agent in a pane that is no tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unbound {
    /// Its kind.
    pub agent: String,
    /// The pane.
    pub pane: PaneId,
    /// The multiplexer's session.
    pub session: String,
    /// The window's index in it.
    pub index: u32,
    /// The agent's process id.
    pub pid: u32,
    /// The folder that it works in.
    pub folder: Option<String>,
    /// The command that makes a tab of it.
    pub bind: String,
}

/// The agents in those of the panes that are no tab's.
pub fn find(ctx: &Ctx, panes: &[Pane], rows: &[Row]) -> Vec<Unbound> {
    let is_free = |pane: &&Pane| {
        let held = || rows.iter().any(|row| row.pane.as_ref() == Some(&pane.id));
        pane.tab.is_none() && !pane.dead && !held()
    };
    let free: Vec<&Pane> = panes.iter().filter(is_free).collect();
    if free.is_empty() {
        return Vec::new();
    }
    let roots: Vec<u32> = free.iter().map(|pane| pane.pid).collect();
    let trees = scan::trees(&roots, &ctx.store.boot);
    free.iter().zip(&trees).filter_map(|(pane, tree)| agent_in(ctx, pane, tree)).collect()
}

/// The outermost agent in a pane: what runs below it is its own.
fn agent_in(ctx: &Ctx, pane: &Pane, tree: &[Proc]) -> Option<Unbound> {
    let found = |process: &Proc| {
        Some((process.clone(), ctx.agents().recognise(&process.argv)?.kind().to_owned()))
    };
    let (process, agent) = tree.iter().find_map(found)?;
    Some(Unbound {
        bind: format!("tabctl bind --pane {}", pane.id.0),
        agent,
        pane: pane.id.clone(),
        session: name::shown(&pane.session),
        index: pane.window_index,
        pid: process.id.pid,
        folder: process.cwd.map(|folder| folder.display().to_string()),
    })
}
