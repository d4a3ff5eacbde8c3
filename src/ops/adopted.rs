//! Keeps what is shown and told of a tab that was adopted: in its pane is a person's own shell, and no
//! runner that could. Must end with that shell, and must do nothing but look and tell.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::model::id::TabId;
use crate::model::live::Holder;
use crate::scan;
use crate::sys::doorbell::{self, Doorbell};
use crate::sys::{file::Lock, run, tty};

use super::presence::Keeper;
use super::{Ctx, observe};

/// The hidden verb of the process that does this.
pub const ENTRY: &str = "keep";
/// How often it is looked whether the shell still lives, and whether time alone has changed something.
const LOOK: Duration = Duration::from_secs(5);
/// The same where no bell can be hung up.
const WITHOUT_BELL: Duration = Duration::from_secs(1);
/// One that keeps the tab for its last pane is gone by then.
const HANDED_OVER: Duration = Duration::from_secs(15);
const PAUSE: Duration = Duration::from_millis(200);

/// Starts the keeper of a tab that was just adopted, as a process of its own. It costs next to nothing:
/// it sleeps until the tab's state turns.
pub fn begin(ctx: &Ctx, id: TabId) -> Result<()> {
    let presence = &ctx.settings.presence;
    if holder(ctx, id).is_none() || (!presence.tmux && presence.notify.is_empty()) {
        return Ok(());
    }
    // One that kept the tab in another pane is to see that it moved.
    doorbell::ring(&ctx.store.bell(id));
    let exe = std::env::current_exe().context("cannot find out where tabctl itself is")?;
    let mut keeper = run::command(exe);
    keeper.args([ENTRY, &id.to_string()]).current_dir("/");
    run::leave(keeper)
}

/// Keeps it, until the shell ends or the tab is held otherwise.
pub fn keep(ctx: &Ctx, id: TabId) -> Result<()> {
    run::detach();
    let Some(_keeper) = alone(ctx, id)? else { return Ok(()) };
    let Some(held) = holder(ctx, id) else { return Ok(()) };
    let Some(pane) = held.pane.clone() else { return Ok(()) };
    let bell = Doorbell::hang(&ctx.store.bell(id));
    let mut keeper = Keeper::new(ctx, id, pane, &|| true);
    keeper.terminal = tty::of_process(held.runner.pid);
    while holder(ctx, id).as_ref() == Some(&held) {
        if !scan::lives(&held.runner, &ctx.store.boot) {
            keeper.end();
            break;
        }
        let _ = observe::catch_up(ctx, id);
        let pause = keeper.look().map_or(LOOK, |pause| pause.min(LOOK));
        match &bell {
            Ok(bell) => {
                bell.wait(Some(pause));
            }
            // A path that is too long for one: it is looked now and then.
            Err(_) => std::thread::sleep(pause.min(WITHOUT_BELL)),
        }
    }
    Ok(())
}

/// Who holds the tab, if it was adopted.
fn holder(ctx: &Ctx, id: TabId) -> Option<Holder> {
    ctx.store.live(id)?.holder.filter(|holder| holder.adopted)
}

/// Waits until nobody else keeps the tab; nothing if somebody goes on to.
fn alone(ctx: &Ctx, id: TabId) -> Result<Option<Lock>> {
    let begun = Instant::now();
    loop {
        let claim = ctx.store.claim(&format!("keeper.{id}"))?;
        if claim.is_some() || begun.elapsed() > HANDED_OVER {
            return Ok(claim);
        }
        std::thread::sleep(PAUSE);
    }
}
