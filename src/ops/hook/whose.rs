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

/// The tab of this process, if `spec`'s agent in it is the one that called.
pub fn tab(ctx: &Ctx, spec: &Spec) -> Result<(TabId, Live), Why> {
    let mut above = Vec::new();
    let ticket = ticket(ctx);
    for process in scan::ancestors(&ctx.store.boot) {
        let found = ticket.as_ref().is_some_and(|(_, live)| holds(live, &process.id));
        above.push(process);
        if found {
            break;
        }
    }
    let confirmed =
        |(_, live): &(TabId, Live)| above.last().is_some_and(|top| holds(live, &top.id));
    let (id, live) = match ticket.filter(confirmed) {
        Some(found) => found,
        None => by_ancestry(ctx, &mut above).ok_or(Why::NoTab)?,
    };
    called_by(ctx, spec, &above)?;
    Ok((id, live))
}

/// The tab that the environment names, if it has that tab's secret.
fn ticket(ctx: &Ctx) -> Option<(TabId, Live)> {
    let id: TabId = std::env::var(TAB_VARIABLE).ok()?.parse().ok()?;
    let token = std::env::var(TOKEN_VARIABLE).ok().filter(|token| !token.is_empty())?;
    let live = ctx.store.live(id)?;
    (live.token.as_ref() == Some(&token)).then_some((id, live))
}

/// The tab of the nearest ancestor that holds one, or is the agent of one; what is above it is left
/// out of `above`.
fn by_ancestry(ctx: &Ctx, above: &mut Vec<Proc>) -> Option<(TabId, Live)> {
    let mut lives: HashMap<TabId, Live> = ctx.store.lives();
    let (at, id) = above.iter().enumerate().find_map(|(at, process)| {
        let (id, _) = lives.iter().find(|(_, live)| holds(live, &process.id))?;
        Some((at, *id))
    })?;
    above.truncate(at + 1);
    lives.remove(&id).map(|live| (id, live))
}

fn holds(live: &Live, process: &ProcId) -> bool {
    live.agent.as_ref() == Some(process)
        || live.holder.as_ref().is_some_and(|holder| holder.runner == *process)
}

/// Whether the nearest agent above the hook is the one that its command line names, holds a
/// conversation, and was not itself started by that agent: what an agent starts as a tool is no tab's.
fn called_by(ctx: &Ctx, spec: &Spec, above: &[Proc]) -> Result<(), Why> {
    let mut own: Option<usize> = None;
    for (at, process) in above.iter().enumerate() {
        if spec.is_process(&process.argv) {
            // Some agents start themselves twice: the outer ones are the same agent.
            if own.is_some_and(|own| own + 1 != at) {
                return Err(Why::NotTheTabs);
            }
            own = Some(at);
        } else if own.is_none()
            && !is_shell(process)
            && ctx.agents().owner(&process.argv).is_some_and(|other| other.kind() != spec.kind())
        {
            return Err(Why::AnotherAgent);
        }
    }
    // A process that shows another name is believed: the record says what it is.
    match own {
        Some(own) if !spec.converses(&above[own].argv) => Err(Why::NotTheTabs),
        _ => Ok(()),
    }
}

/// Agents call their hooks through a shell, which is never an agent: it need not be looked up.
fn is_shell(process: &Proc) -> bool {
    let name = process.argv.first().map_or("", |word| word.rsplit('/').next().unwrap_or(word));
    matches!(name.trim_start_matches('-'), "" | "sh" | "bash" | "dash" | "zsh" | "fish" | "ash")
}
