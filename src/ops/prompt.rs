//! What a prompt or a bar shows of a tab, from the two small files that shells read as well.
//! Must be quick: it looks at no pane and no process, and knows nothing rather than ask.

use anyhow::Result;

use crate::model::id::TabId;
use crate::model::segment::{Seen, Segment};
use crate::model::status::State;
use crate::scan;

use super::{Ctx, select};

/// What is to be seen: of the tab that is meant, else of the one that this process stands in. In no
/// tab, it is how many need a person.
pub fn seen(ctx: &Ctx, typed: Option<&str>) -> Result<Seen> {
    let id = match typed {
        Some(_) => Some(select::tab(ctx, typed)?.session.id),
        None => here(ctx),
    };
    let own = id.and_then(|id| Some(of_the_living(ctx, id, ctx.store.segment(id)?)));
    let others = ctx.store.marked().into_iter().filter(|marked| Some(*marked) != id);
    let mut others: Vec<String> =
        others.filter_map(|id| Some(ctx.store.segment(id)?.tab)).collect();
    others.sort();
    Ok(Seen { own, others })
}

/// Nobody writes down the end of an agent in a shell that was adopted: its process tells.
fn of_the_living(ctx: &Ctx, id: TabId, segment: Segment) -> Segment {
    let agent = ctx.store.live(id).and_then(|live| live.agent);
    let is_gone = agent.is_some_and(|agent| !scan::lives(&agent, &ctx.store.boot));
    if is_gone { Segment { state: State::Shell, ..segment } } else { segment }
}

/// The tab of this process as its shell knows it: without asking the multiplexer.
fn here(ctx: &Ctx) -> Option<TabId> {
    if let Ok(id) = std::env::var("TABCTL_TAB") {
        return id.parse().ok();
    }
    let (tmux, pane) = (std::env::var("TMUX").ok()?, std::env::var("TMUX_PANE").ok()?);
    let server = tmux.rsplit(',').nth(1)?.parse().ok()?;
    ctx.store.linked(server, pane.strip_prefix('%')?.parse().ok()?)
}
