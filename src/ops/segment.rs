//! Keeps what prompts and status lines read about a tab as true as its live record.
//! Must be quick, and must never fail what it comes with: it is a view.

use crate::model::event::Event;
use crate::model::id::TabId;
use crate::model::live::Live;
use crate::model::proc::ProcId;
use crate::model::segment::Segment;
use crate::model::status::State;
use crate::scan;

use super::Ctx;

/// What a tab is doing as far as its live record tells, without a look at panes or processes.
pub fn state(ctx: &Ctx, live: &Live) -> State {
    let is_silent = live.agent.is_none() && live.claims.is_empty();
    if live.ended.is_some() || is_silent {
        return State::Shell;
    }
    live.verdict(ctx.now()).claim.state
}

/// Writes a tab's segment anew, from its session file and its live record.
pub fn show(ctx: &Ctx, id: TabId) {
    let (Ok(tab), Some(live)) = (ctx.store.load_id(id), ctx.store.live(id)) else { return };
    let (locked, state) = (tab.session.locked, state(ctx, &live));
    put(ctx, id, &Segment { state, locked, tab: tab.session.tab });
}

/// Takes in that a tab's state is another one: whoever brings the news is in an agent's way.
pub fn turned(ctx: &Ctx, id: TabId, live: &Live) {
    match ctx.store.segment(id) {
        Some(known) => put(ctx, id, &Segment { state: state(ctx, live), ..known }),
        None => show(ctx, id),
    }
}

/// Takes in that a tab's record was changed.
pub fn changed(ctx: &Ctx, id: TabId, events: &[Event]) {
    let is_shown =
        |event: &Event| matches!(event, Event::Renamed(_) | Event::Locked(_) | Event::Bound(_));
    if events.iter().any(is_shown) {
        show(ctx, id);
    }
}

/// Takes the marks of tabs away whose holder was killed and could not do it, or is a person's shell,
/// which does not know when its agent has ended.
pub fn sweep(ctx: &Ctx) {
    let lives = |process: &ProcId| scan::lives(process, &ctx.store.boot);
    for id in ctx.store.marked() {
        let live = ctx.store.live(id).unwrap_or_default();
        let is_held = live.holder.as_ref().is_some_and(|holder| {
            lives(&holder.runner) && (!holder.adopted || live.agent.as_ref().is_none_or(lives))
        });
        if !is_held {
            let _ = ctx.store.mark(id, false);
        }
    }
}

fn put(ctx: &Ctx, id: TabId, segment: &Segment) {
    // A view that cannot be written (a full disk) is an old one.
    let _ = ctx.store.put_segment(id, segment);
    let _ = ctx.store.mark(id, segment.state == State::Attention);
}
