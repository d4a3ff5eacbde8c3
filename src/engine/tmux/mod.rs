//! tmux, 3.2 or newer, one short-lived client process per question.
//! Must not pass on text that has not been filtered, and never through a shell.

mod answer;
mod attach;
mod call;
mod demo;
mod divide;
mod front;
mod listing;
mod open;
mod paste;
mod screen;
mod server;
mod several;
mod words;

#[cfg(test)]
pub(super) mod private;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::Result;
use tmux_interface::{KillPane, RenameWindow, RespawnPane, SetOption, TmuxCommand};

use super::{
    Attach, Caps, Client as Viewer, Engine, Extent, Input, Opening, Screen, Side, Signs, Slot,
};
use crate::model::id::TabId;
use crate::model::layout::Layout;
use crate::model::pane::{Pane, PaneId};

use call::Client;
pub use server::Server;
use server::{Address, Around};

/// The pane option that holds the tab's id.
const MARK: &str = "@tabctl_id";
/// The longest that a running server may take for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A tmux server, running or not.
#[derive(Debug)]
pub struct Tmux {
    client: Client,
    /// The pane of this server that we run in. A popup is in none: it stands before one.
    inside: OnceLock<Option<PaneId>>,
    /// We run in a client of this server: in a pane, or in a popup, which is in none.
    is_around: bool,
}

impl Tmux {
    /// The server that is meant here and now; `conf` is what it reads when it is started by us,
    /// in place of the user's own configuration.
    pub fn new(server: Server, conf: Option<PathBuf>) -> Tmux {
        Tmux::within(server, conf, &Around::from_env())
    }

    fn within(server: Server, conf: Option<PathBuf>, around: &Around) -> Tmux {
        let address = Address::of(server, around);
        let is_around = around.is_inside(&address);
        let known = around.pane.clone().filter(|_| is_around);
        let inside = known.map_or_else(OnceLock::new, |pane| OnceLock::from(Some(pane)));
        let client = Client { address, conf, withheld: Vec::new(), patience: PATIENCE };
        Tmux { client, inside, is_around }
    }

    /// Keeps these variables from a server that is started by us: it would pass them on to every
    /// window that anybody ever opens in it.
    #[must_use]
    pub fn withholding(mut self, names: impl IntoIterator<Item = String>) -> Tmux {
        self.client.withheld.extend(names);
        self
    }

    /// Runs commands that are about one pane.
    fn on(&self, pane: &PaneId, commands: &[TmuxCommand<'_>]) -> Result<String> {
        self.client.run(commands)?.of_pane(pane)
    }
}

impl Engine for Tmux {
    fn name(&self) -> &'static str {
        "tmux"
    }

    fn caps(&self) -> Caps {
        Caps { marks: true, respawn: true, panes: true }
    }

    fn server(&self) -> String {
        self.client.address.path().display().to_string()
    }

    fn version(&self) -> Result<String> {
        self.client.version()
    }

    fn panes_while(&self, meanwhile: &mut dyn FnMut()) -> Result<Vec<Pane>> {
        listing::panes(&self.client, meanwhile)
    }

    fn here(&self) -> Option<PaneId> {
        if !self.is_around {
            return None;
        }
        self.inside.get_or_init(|| front::below_a_popup(&self.client)).clone()
    }

    fn open(&self, slot: &Slot, argv: &[String], env: &[(String, String)]) -> Result<PaneId> {
        open::open(&self.client, slot, argv, env)
    }

    fn open_all(&self, wishes: &[Opening<'_>]) -> Vec<Result<PaneId>> {
        several::open_all(&self.client, wishes)
    }

    fn split(
        &self,
        beside: &PaneId,
        side: Side,
        tab: Option<TabId>,
        argv: &[String],
        env: &[(String, String)],
    ) -> Result<PaneId> {
        divide::split(&self.client, beside, side, tab, argv, env)
    }

    fn layout(&self, pane: &PaneId, wish: Option<&Layout>) -> Result<Layout> {
        divide::layout(&self.client, pane, wish)
    }

    fn respawn(&self, pane: &PaneId, argv: &[String], env: &[(String, String)]) -> Result<()> {
        let respawn = RespawnPane::new().kill().target_pane(words::target(pane)?).build();
        self.on(pane, &[words::running(respawn, argv, env)?])?;
        Ok(())
    }

    fn mark(&self, pane: &PaneId, tab: Option<TabId>) -> Result<()> {
        self.on(pane, &[marking(words::target(pane)?, tab)])?;
        Ok(())
    }

    fn rename(&self, pane: &PaneId, name: &str) -> Result<()> {
        let target = words::target(pane)?;
        let rename = RenameWindow::new().target_window(target).new_name(words::window_name(name)?);
        let [by_program, by_command] = fixing_the_name(target);
        self.on(pane, &[rename.build(), by_program, by_command])?;
        Ok(())
    }

    fn feed(&self, pane: &PaneId, input: Input, fence: Option<u64>) -> Result<bool> {
        paste::feed(&self.client, pane, input, fence)
    }

    fn fence(&self, pane: &PaneId, number: u64) -> Result<()> {
        self.on(pane, &[paste::fencing(words::target(pane)?, number)])?;
        Ok(())
    }

    fn close(&self, pane: &PaneId) -> Result<()> {
        self.on(pane, &[KillPane::new().target_pane(words::target(pane)?).build()])?;
        Ok(())
    }

    fn read(&self, panes: &[PaneId], extent: Extent) -> Result<Vec<Screen>> {
        screen::capture(&self.client, panes, extent)
    }

    fn attach(&self, pane: &PaneId) -> Result<Attach> {
        attach::attach(&self.client, self.is_around, pane)
    }

    fn clients(&self, signs: Option<&Signs>) -> Result<Vec<Viewer>> {
        front::clients(&self.client, signs)
    }
}

/// Writes the tab's id to a pane, or takes it away.
fn marking(target: &str, tab: Option<TabId>) -> TmuxCommand<'_> {
    let option = SetOption::new().pane().target_pane(target).option(MARK);
    match tab {
        Some(tab) => option.value(tab.to_string()).build(),
        None => option.unset().build(),
    }
}

/// Keeps programs from renaming a window by an escape sequence, and tmux from naming it after what
/// runs in it. A name that was given by command ends that by itself, unless a hook of the user's
/// turns it on again.
fn fixing_the_name<'a>(target: impl Into<Cow<'a, str>>) -> [TmuxCommand<'a>; 2] {
    let target = target.into();
    ["allow-rename", "automatic-rename"].map(|option| {
        let set = SetOption::new().window().target_pane(target.clone());
        set.option(option).value("off").build()
    })
}
