//! Which tab a hook speaks for: the one whose processes it descends from. Must not believe the
//! environment alone: forks, daemons and other multiplexers carry that of somebody else.

use std::collections::HashMap;

use crate::agents::Spec;
use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::proc::{Proc, ProcId};
use crate::model::report::Why;
use crate::ops::Ctx;
use crate::ops::runner::{TAB_VARIABLE, TOKEN_VARIABLE};
use crate::scan;

/// A tab, and what is known of the process that called.
pub struct Caller {
    /// The tab.
    pub id: TabId,
    /// Its live record.
    pub live: Live,
    /// It is the tab's agent, and cannot be one that this agent has started as a tool.
    pub certain: bool,
    /// The agent's process, if only shells stand between it and the one that holds the tab.
    pub typed: Option<Proc>,
}

/// The tab of this process, if `spec`'s agent in it is the one that called.
pub fn tab(ctx: &Ctx, spec: &Spec) -> Result<Caller, Why> {
    let (id, live, above) = above(ctx).ok_or(Why::NoTab)?;
    let look = |id: &ProcId| scan::process(id.pid, &id.boot).filter(|process| process.id == *id);
    let above: Vec<Proc> = above.iter().filter_map(look).collect();
    let (certain, agent) = called_by(ctx, spec, &above)?;
    let typed = agent.filter(|at| above[at + 1..].iter().all(is_shell)).map(|at| above[at].clone());
    Ok(Caller { id, live, certain, typed })
}

/// The tab that this process descends from, and whether it does so through the tab's agent: a
/// person's shell may stand in a tab as well.
pub fn descent(ctx: &Ctx) -> Option<(TabId, bool)> {
    let (id, live, above) = above(ctx)?;
    Some((id, live.agent.is_some_and(|agent| above.contains(&agent))))
}

/// The tab above this process, its live record, and the processes up to the one that holds it.
fn above(ctx: &Ctx) -> Option<(TabId, Live, Vec<ProcId>)> {
    let mut above = Vec::new();
    let ticket = ticket(ctx);
    for process in scan::ancestors(&ctx.store.boot) {
        let found = ticket.as_ref().is_some_and(|(_, live)| holds(live, &process));
        above.push(process);
        if found {
            break;
        }
    }
    let confirmed = |(_, live): &(TabId, Live)| above.last().is_some_and(|top| holds(live, top));
    let (id, live) = match ticket.filter(confirmed) {
        Some(found) => found,
        None => by_ancestry(ctx, &mut above)?,
    };
    Some((id, live, above))
}

/// The tab that the environment names, if it has that tab's secret.
pub fn ticket(ctx: &Ctx) -> Option<(TabId, Live)> {
    let id: TabId = std::env::var(TAB_VARIABLE).ok()?.parse().ok()?;
    let token = std::env::var(TOKEN_VARIABLE).ok().filter(|token| !token.is_empty())?;
    let live = ctx.store.live(id)?;
    (live.token.as_ref() == Some(&token)).then_some((id, live))
}

/// The tab of the nearest ancestor that holds one, or is the agent of one; what is above it is left
/// out of `above`.
fn by_ancestry(ctx: &Ctx, above: &mut Vec<ProcId>) -> Option<(TabId, Live)> {
    let mut lives: HashMap<TabId, Live> = ctx.store.lives();
    let (at, id) = above.iter().enumerate().find_map(|(at, process)| {
        let (id, _) = lives.iter().find(|(_, live)| holds(live, process))?;
        Some((at, *id))
    })?;
    above.truncate(at + 1);
    lives.remove(&id).map(|live| (id, live))
}

fn holds(live: &Live, process: &ProcId) -> bool {
    live.agent.as_ref() == Some(process)
        || live.holder.as_ref().is_some_and(|holder| holder.runner == *process)
}

/// Whether the nearest agent above the hook is the one that its command line names, and the tab's: an
/// agent that another one has started as a tool is not. Then gives whether it is so for certain; else
/// it may still be a tool, which a strange conversation id would show. Gives the agent's place, too.
fn called_by(ctx: &Ctx, spec: &Spec, above: &[Proc]) -> Result<(bool, Option<usize>), Why> {
    let mut own: Option<usize> = None;
    let mut certain = true;
    let mut was_own = false;
    for (at, process) in above.iter().enumerate() {
        let is_own = spec.is_process(&process.argv);
        match own {
            // Some agents start themselves twice, one right below the other.
            Some(_) if is_own && !was_own => return Err(Why::NotTheTabs),
            Some(inner) if is_own => certain &= spec.is_one_with(&process.argv, &above[inner].argv),
            None if !is_own && is_another(ctx, spec, process) => return Err(Why::AnotherAgent),
            _ => {}
        }
        own = if is_own { Some(at) } else { own };
        was_own = is_own;
    }
    // A process that shows another name is believed: the record says what it is.
    match own {
        Some(outermost) if !spec.converses(&above[outermost].argv) => Err(Why::NotTheTabs),
        _ => Ok((certain, own)),
    }
}

fn is_another(ctx: &Ctx, spec: &Spec, process: &Proc) -> bool {
    let owner = || ctx.agents().owner(&process.argv);
    !is_shell(process) && owner().is_some_and(|other| other.kind() != spec.kind())
}

/// Agents call their hooks through a shell, which is never an agent: it need not be looked up.
fn is_shell(process: &Proc) -> bool {
    let name = process.argv.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word));
    matches!(name.trim_start_matches('-'), "" | "sh" | "bash" | "dash" | "zsh" | "fish" | "ash")
}
