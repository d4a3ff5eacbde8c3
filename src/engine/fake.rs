//! A multiplexer in memory, for tests of what is built on top of one.
//! Must keep the same promises as a real one (see `contract.rs`), and must not start anything.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use super::{Attach, Caps, Client, Engine, Extent, Input, Screen, Side, Signs, Slot, gone};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::key::Key;
use crate::model::layout::Layout;
use crate::model::name;
use crate::model::pane::{Pane, PaneId};
use crate::model::tally;

/// Above every real process id, so that nothing is found alive by accident.
const FIRST_PID: u32 = 1 << 30;

/// What a program in a fake pane shows, from its arguments and environment.
type Player = dyn Fn(&[String], &[(String, String)]) -> String + Send + Sync;

/// The fake. Clones share one server, so a test keeps one and gives one away.
#[derive(Clone, Default)]
pub struct Fake {
    server: Arc<Mutex<Server>>,
    player: Option<Arc<Player>>,
}

/// What a pane was last told to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The name that its window has now.
    pub window: String,
    /// Its command line.
    pub argv: Vec<String>,
    /// Its own variables.
    pub env: Vec<(String, String)>,
}

#[derive(Default)]
struct Server {
    panes: Vec<(Pane, Started, String)>,
    made: u32,
    here: Option<PaneId>,
    refusing: Option<String>,
    /// The windows whose panes have other than even shares.
    layouts: HashMap<(String, u32), String>,
    /// Windows cannot be divided.
    whole: bool,
    clients: Vec<Client>,
    fences: HashMap<PaneId, u64>,
    /// What is shown of each pane, and of all of them.
    badges: HashMap<PaneId, &'static str>,
    tally: String,
}

impl Fake {
    /// A server that does not run yet.
    pub fn new() -> Fake {
        Fake::default()
    }

    /// Programs show what `player` makes of their arguments and environment, in place of nothing.
    #[must_use]
    pub fn playing<F>(self, player: F) -> Fake
    where
        F: Fn(&[String], &[(String, String)]) -> String + Send + Sync + 'static,
    {
        Fake { player: Some(Arc::new(player)), ..self }
    }

    /// Makes this process one that runs in that pane, or in none.
    pub fn stand_in(&self, pane: Option<PaneId>) {
        self.locked().here = pane;
    }

    /// The server ends, with all panes, as after a crash or a reboot.
    pub fn crash(&self) {
        let mut server = self.locked();
        server.panes.clear();
        server.here = None;
    }

    /// Every call fails with this message from now on; `None` heals it.
    pub fn refuse(&self, message: Option<&str>) {
        self.locked().refusing = message.map(str::to_owned);
    }

    /// A multiplexer whose windows have one pane each.
    pub fn cannot_divide(&self) {
        self.locked().whole = true;
    }

    /// A pane's program ends, and the pane is kept open.
    pub fn die(&self, pane: &PaneId) {
        self.change(pane, |(pane, ..)| pane.dead = true);
    }

    /// A pane's program is this process.
    pub fn run_as(&self, pane: &PaneId, pid: u32) {
        self.change(pane, |(pane, ..)| pane.pid = pid);
    }

    /// A pane's screen shows this.
    pub fn show(&self, pane: &PaneId, text: &str) {
        self.change(pane, |(_, _, screen)| text.clone_into(screen));
    }

    /// These people look at it.
    pub fn attached(&self, clients: &[Client]) {
        self.locked().clients = clients.to_vec();
    }

    /// The badge of a pane, and the line for all.
    pub fn signs(&self, pane: &PaneId) -> (Option<&'static str>, String) {
        let server = self.locked();
        (server.badges.get(pane).copied(), server.tally.clone())
    }

    /// What a pane was last told to run; nothing if it is gone.
    pub fn started(&self, pane: &PaneId) -> Option<Started> {
        let server = self.locked();
        let found = server.panes.iter().find(|(known, ..)| known.id == *pane);
        found.map(|(_, started, _)| started.clone())
    }

    fn locked(&self) -> MutexGuard<'_, Server> {
        // A test that failed while it held the lock must not fail the others.
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server, if it answers at all.
    fn asked(&self) -> Result<MutexGuard<'_, Server>> {
        let server = self.locked();
        match &server.refusing {
            Some(message) => Err(Fault::new(Kind::Engine, message.as_str()).into()),
            None => Ok(server),
        }
    }

    fn change(&self, pane: &PaneId, how: impl FnOnce(&mut (Pane, Started, String))) {
        if let Some(found) = self.locked().panes.iter_mut().find(|(known, ..)| known.id == *pane) {
            how(found);
        }
    }

    fn played(&self, argv: &[String], env: &[(String, String)]) -> Result<String> {
        if argv.len() < 2 {
            let message = "a pane's command needs a program and an argument";
            return Err(Fault::new(Kind::Usage, message).into());
        }
        Ok(self.player.as_ref().map_or_else(String::new, |play| play(argv, env)))
    }
}

impl Server {
    fn pane(&mut self, pane: &PaneId) -> Result<&mut (Pane, Started, String)> {
        let found = self.panes.iter_mut().find(|(known, ..)| known.id == *pane);
        found.ok_or_else(|| gone(pane).into())
    }

    fn index(&self, slot: &Slot) -> u32 {
        let taken = || {
            let inside = self.panes.iter().filter(|(pane, ..)| pane.session == slot.session);
            inside.map(|(pane, ..)| pane.window_index)
        };
        let mut wishes =
            slot.index.iter().chain(slot.spare.iter().filter(|_| slot.index.is_some()));
        wishes
            .find(|index| taken().all(|taken| taken != **index))
            .copied()
            .unwrap_or_else(|| taken().max().map_or(0, |last| last + 1))
    }
}

impl Engine for Fake {
    fn name(&self) -> &'static str {
        "fake"
    }

    fn caps(&self) -> Caps {
        Caps { marks: true, respawn: true, panes: !self.locked().whole }
    }

    fn server(&self) -> String {
        "/fake".to_owned()
    }

    fn version(&self) -> Result<String> {
        self.asked().map(|_| "fake 1".to_owned())
    }

    fn panes_while(&self, meanwhile: &mut dyn FnMut()) -> Result<Vec<Pane>> {
        meanwhile();
        Ok(self.asked()?.panes.iter().map(|(pane, ..)| pane.clone()).collect())
    }

    fn here(&self) -> Option<PaneId> {
        self.locked().here.clone()
    }

    fn open(&self, slot: &Slot, argv: &[String], env: &[(String, String)]) -> Result<PaneId> {
        named(&slot.window)?;
        let screen = self.played(argv, env)?;
        let mut server = self.asked()?;
        let number = server.made;
        server.made += 1;
        let pane = Pane {
            id: PaneId(format!("%{number}")),
            pid: FIRST_PID + number,
            dead: false,
            window_index: server.index(slot),
            session: slot.session.clone(),
            tab: Some(slot.tab),
        };
        let id = pane.id.clone();
        let window = slot.window.clone();
        server.panes.push((pane, Started { window, argv: argv.into(), env: env.into() }, screen));
        Ok(id)
    }

    fn split(
        &self,
        beside: &PaneId,
        side: Side,
        tab: Option<TabId>,
        argv: &[String],
        env: &[(String, String)],
    ) -> Result<PaneId> {
        let screen = self.played(argv, env)?;
        let mut server = self.asked()?;
        let (neighbour, started, _) = server.pane(beside)?.clone();
        let number = server.made;
        server.made += 1;
        let id = PaneId(format!("%{number}"));
        let pane = Pane { id: id.clone(), pid: FIRST_PID + number, dead: false, tab, ..neighbour };
        server.layouts.remove(&(pane.session.clone(), pane.window_index));
        let at = server.panes.iter().position(|(known, ..)| known.id == *beside).unwrap_or(0);
        let at = if side == Side::After { at + 1 } else { at };
        let started = Started { argv: argv.into(), env: env.into(), ..started };
        server.panes.insert(at, (pane, started, screen));
        Ok(id)
    }

    fn layout(&self, pane: &PaneId, wish: Option<&Layout>) -> Result<Layout> {
        let mut server = self.asked()?;
        let (pane, ..) = server.pane(pane)?.clone();
        let window = (pane.session, pane.window_index);
        let inside = |other: &Pane| (&other.session, other.window_index) == (&window.0, window.1);
        let count = server.panes.iter().filter(|(other, ..)| inside(other)).count();
        if let Some(wish) = wish {
            if wish.panes() != count {
                return Err(Fault::new(Kind::Engine, "the window has other panes").into());
            }
            server.layouts.insert(window.clone(), wish.to_string());
        }
        let even = || match count {
            1 => "80x24,0,0".to_owned(),
            _ => format!("{}x24,0,0{{{}}}", 10 * count - 1, vec!["9x24,0,0"; count].join(",")),
        };
        let cells = server.layouts.get(&window).cloned().unwrap_or_else(even);
        let layout = Layout::parse(&cells);
        layout.ok_or_else(|| Fault::new(Kind::Engine, "more panes than a layout can have").into())
    }

    fn respawn(&self, pane: &PaneId, argv: &[String], env: &[(String, String)]) -> Result<()> {
        let shown = self.played(argv, env)?;
        let mut server = self.asked()?;
        server.pane(pane)?;
        let pid = FIRST_PID + server.made;
        server.made += 1;
        let (pane, started, screen) = server.pane(pane)?;
        pane.pid = pid;
        pane.dead = false;
        started.argv = argv.into();
        started.env = env.into();
        *screen = shown;
        Ok(())
    }

    fn mark(&self, pane: &PaneId, tab: Option<TabId>) -> Result<()> {
        self.asked()?.pane(pane)?.0.tab = tab;
        Ok(())
    }

    fn rename(&self, pane: &PaneId, name: &str) -> Result<()> {
        named(name)?;
        name.clone_into(&mut self.asked()?.pane(pane)?.1.window);
        Ok(())
    }

    fn feed(&self, pane: &PaneId, input: Input, fence: Option<u64>) -> Result<bool> {
        let mut server = self.asked()?;
        let fenced = server.fences.get(pane).copied();
        let (_, _, screen) = server.pane(pane)?;
        if fence.is_some() && fence != fenced {
            return Ok(false);
        }
        match input {
            Input::Text(text) | Input::Raw(text) => screen.push_str(text),
            Input::Keys(keys) if keys == [Key::ENTER] => screen.push('\n'),
            Input::Keys(keys) => keys.iter().for_each(|key| screen.push_str(&key.in_tmux())),
        }
        Ok(true)
    }

    fn fence(&self, pane: &PaneId, number: u64) -> Result<()> {
        let mut server = self.asked()?;
        server.pane(pane)?;
        server.fences.insert(pane.clone(), number);
        Ok(())
    }

    fn close(&self, pane: &PaneId) -> Result<()> {
        let mut server = self.asked()?;
        let (closed, ..) = server.pane(pane)?.clone();
        server.layouts.remove(&(closed.session, closed.window_index));
        server.panes.retain(|(known, ..)| known.id != *pane);
        Ok(())
    }

    fn read(&self, panes: &[PaneId], extent: Extent) -> Result<Vec<Screen>> {
        // Nothing is ever scrolled out of sight here.
        let (Extent::Screen(lines) | Extent::Painted(lines) | Extent::History(lines)) = extent;
        let mut server = self.asked()?;
        let mut screen = |pane| server.pane(pane).map_or_else(|_| String::new(), |p| p.2.clone());
        let end = |screen: String| {
            let shown: Vec<&str> = screen.trim_end().lines().collect();
            let text = shown[shown.len().saturating_sub(lines.into())..].join("\n");
            Screen { text, ..Screen::default() }
        };
        Ok(panes.iter().map(|pane| end(screen(pane))).collect())
    }

    fn attach(&self, pane: &PaneId) -> Result<Attach> {
        let mut server = self.asked()?;
        server.pane(pane)?;
        if server.here.is_some() {
            return Ok(Attach::Switched);
        }
        Ok(Attach::Run(vec!["fake".to_owned(), "attach".to_owned(), pane.0.clone()]))
    }

    fn clients(&self, signs: Option<&Signs>) -> Result<Vec<Client>> {
        let mut server = self.asked()?;
        if let Some(signs) = signs {
            server.tally = signs.tally.line();
            server.pane(signs.pane)?;
            match tally::badge(signs.state) {
                Some(badge) => server.badges.insert(signs.pane.clone(), badge),
                None => server.badges.remove(signs.pane),
            };
        }
        Ok(server.clients.clone())
    }
}

fn named(name: &str) -> Result<()> {
    name::check(name).map(|_| ()).map_err(|why| Fault::new(Kind::Usage, why.to_string()).into())
}
