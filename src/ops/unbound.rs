//! Agents that run in panes which are no tabs: what `bind` could adopt. Must not look at the processes
//! of a tab.

use std::cell::OnceCell;
use std::path::Path;

use anyhow::Result;
use serde::Serialize;

use super::Ctx;
use crate::agents::Spec;
use crate::error::{Fault, Kind};
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
    let trees = trees(ctx, &free);
    free.iter().zip(&trees).filter_map(|(pane, tree)| agent_in(ctx, pane, tree)).collect()
}

/// What runs in panes that are no tab's, looked at once for a whole round of tabs.
#[derive(Default)]
pub struct Strangers(OnceCell<Vec<(PaneId, Vec<Proc>)>>);

impl Strangers {
    fn of(&self, ctx: &Ctx) -> Result<&[(PaneId, Vec<Proc>)]> {
        if let Some(known) = self.0.get() {
            return Ok(known);
        }
        let panes = ctx.engine().panes()?;
        let free: Vec<&Pane> = panes.iter().filter(|it| it.tab.is_none() && !it.dead).collect();
        let trees = if free.is_empty() { Vec::new() } else { trees(ctx, &free) };
        let ids = free.iter().map(|pane| pane.id.clone());
        Ok(self.0.get_or_init(|| ids.zip(trees).collect()))
    }
}

/// Refuses a conversation that somebody has opened by hand in a pane, where the agent itself keeps no
/// record of who has it open: by the command line, or by the folder where that is the conversation.
pub fn must_not_have(
    ctx: &Ctx,
    strangers: &Strangers,
    spec: &Spec,
    id: Option<&str>,
    directory: &Path,
) -> Result<()> {
    if spec.records_holders() {
        return Ok(());
    }
    let has_it = |process: &&Proc| {
        let argv = &process.argv;
        let is_it = ctx.agents().recognise(argv).is_some_and(|it| it.kind() == spec.kind());
        let at_folder = || process.cwd.as_deref() == Some(directory);
        is_it
            && if spec.has_ids() {
                id.is_some() && spec.id_in_argv(argv).as_deref() == id
            } else {
                at_folder()
            }
    };
    let in_tree = |(pane, tree): &'_ (PaneId, Vec<Proc>)| {
        Some((pane.0.clone(), tree.iter().find(has_it)?.id.pid))
    };
    let Some((pane, pid)) = strangers.of(ctx)?.iter().find_map(in_tree) else { return Ok(()) };
    let what = match id {
        Some(id) => format!("the conversation {id}"),
        None => "the conversation of this folder".to_owned(),
    };
    Err(Fault::new(Kind::Busy, format!("{what} is open in pane {pane} (process {pid})"))
        .hint(format!("end it there first, or adopt it: `tabctl bind --pane {pane}`"))
        .into())
}

fn trees(ctx: &Ctx, panes: &[&Pane]) -> Vec<Vec<Proc>> {
    let roots: Vec<u32> = panes.iter().map(|pane| pane.pid).collect();
    scan::trees(&roots, &ctx.store.boot)
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
