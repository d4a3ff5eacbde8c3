//! Links a pane that was adopted to its tab: for the listing, for the observers, for its shells.
//! Must not look for anything: it is told which pane and which agent.

use anyhow::{Context, Result};

use crate::model::live::Holder;
use crate::model::name;
use crate::model::pane::Pane;
use crate::model::proc::ProcId;
use crate::ops::{Ctx, segment, standing};
use crate::scan;
use crate::store::Loaded;

/// Links the pane to the tab, so that the listing finds it, and writes down where it stands.
pub fn link(ctx: &Ctx, tab: &Loaded, pane: &Pane, agent: Option<&ProcId>) -> Result<()> {
    let id = tab.session.id;
    ctx.engine().mark(&pane.id, Some(id))?;
    if standing::names_window(&pane.id, &ctx.engine().panes()?) {
        ctx.engine().rename(&pane.id, &name::shown(&tab.session.tab))?;
    }
    let boot = &ctx.store.boot;
    let held_by_runner =
        ctx.store.live(id).and_then(|live| live.holder).is_some_and(|h| h.runner.pid == pane.pid);
    let holder = Holder {
        runner: scan::identity(pane.pid, boot).context("the pane's process is gone")?,
        engine: ctx.engine().name().to_owned(),
        server: ctx.engine().server(),
        pane: Some(pane.id.clone()),
        adopted: true,
    };
    ctx.store.update_live(id, &mut |live| {
        if !held_by_runner {
            live.holder = Some(holder.clone());
            live.held_since = Some(ctx.now());
        }
        let agent = agent.cloned();
        let had_ended = live.agent.as_ref().is_none_or(|agent| !scan::lives(agent, boot));
        if let Some(holder) = live.holder.as_mut().filter(|_| agent.is_some() && had_ended) {
            // Where a runner was, its shell is now: it will not write down this agent's end.
            holder.adopted = true;
        }
        if agent.is_some() && live.agent != agent {
            // What the agent before it said is not true of this one.
            live.renew();
            live.shown = None;
        }
        live.agent = agent.or(live.agent.take());
        live.ended = None;
    })?;
    segment::show(ctx, id);
    // The shells that stand there already do not know the tab: they find it by their pane.
    let tmux = scan::environment(pane.pid).into_iter().find(|(name, _)| name == "TMUX");
    let server = tmux.and_then(|(_, value)| value.rsplit(',').nth(1)?.parse().ok());
    if let Some(server) = server {
        ctx.store.link_pane(server, &pane.id, id)?;
    }
    ctx.store.open_shell_log(id)
}
