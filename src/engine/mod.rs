//! The multiplexers behind one small trait: primitives only, each one thing that a multiplexer does.
//! Must not learn what an agent or a session file is.

#[cfg(test)]
mod contract;
pub mod fake;
pub mod tmux;

use anyhow::Result;

use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::key::Key;
use crate::model::layout::Layout;
use crate::model::pane::{Pane, PaneId};
use crate::model::status::State;
use crate::model::tally::Tally;

/// A multiplexer server. What one cannot do is said in [`Caps`], not found out by an error.
///
/// Targets are ids that the multiplexer made. The only text of ours that reaches it are names that
/// passed [`crate::model::name::check`] and argument lists that tabctl composed itself. A verb about
/// a pane that is gone fails with [`Kind::NotFound`], whatever else fails with [`Kind::Engine`].
pub trait Engine: Send + Sync {
    /// `tmux`, `zellij`, `fake`.
    fn name(&self) -> &'static str;
    /// What it can do.
    fn caps(&self) -> Caps;
    /// Which server this is: a socket path, for records and messages.
    fn server(&self) -> String;
    /// Program and version, e.g. `tmux 3.3a`; an error when it is not installed.
    fn version(&self) -> Result<String>;
    /// Every pane of the server, in one call. A server that does not run has none.
    fn panes(&self) -> Result<Vec<Pane>> {
        self.panes_while(&mut || {})
    }
    /// Like [`Engine::panes`], doing something else `meanwhile`: once, while the answer is awaited.
    fn panes_while(&self, meanwhile: &mut dyn FnMut()) -> Result<Vec<Pane>>;
    /// The pane that this process runs in, if it runs in this server; in a popup, the one below it.
    fn here(&self) -> Option<PaneId>;
    /// Opens a window that runs `argv`, without taking the focus; starts the server if need be.
    /// `argv` has two words or more and is started without a shell. `env` is for this pane alone;
    /// it is no place for a secret, as it stands on a command line for a moment.
    fn open(&self, slot: &Slot, argv: &[String], env: &[(String, String)]) -> Result<PaneId>;
    /// Opens several windows in their order, each as [`Engine::open`] does; gives what became of each.
    /// One that cannot be opened holds up no other.
    fn open_all(&self, wishes: &[Opening<'_>]) -> Vec<Result<PaneId>> {
        wishes.iter().map(|wish| self.open(wish.slot, wish.argv, wish.env)).collect()
    }
    /// Opens a pane in the window of another one, before or after it, as [`Engine::open`] does. The
    /// window's panes have even shares then, until [`Engine::layout`] gives them others. Without room
    /// for one more nothing is changed.
    fn split(
        &self,
        beside: &PaneId,
        side: Side,
        tab: Option<TabId>,
        argv: &[String],
        env: &[(String, String)],
    ) -> Result<PaneId>;
    /// How the pane's window is divided, after it was divided like `wish`, if there is one: that must
    /// have as many panes as the window. Its panes have their numbers, or the order of the listing.
    fn layout(&self, pane: &PaneId, wish: Option<&Layout>) -> Result<Layout>;
    /// Replaces what runs in a pane by `argv`.
    fn respawn(&self, pane: &PaneId, argv: &[String], env: &[(String, String)]) -> Result<()>;
    /// Links a pane to a tab: the listing shows it from then on.
    fn mark(&self, pane: &PaneId, tab: Option<TabId>) -> Result<()>;
    /// Names the pane's window and keeps programs from renaming it.
    fn rename(&self, pane: &PaneId, name: &str) -> Result<()>;
    /// Types into a pane, unless `fence` is another number than the one that the pane was last given:
    /// the multiplexer compares and types in one step. Says whether it was typed.
    fn feed(&self, pane: &PaneId, input: Input, fence: Option<u64>) -> Result<bool>;
    /// Gives a pane this number: see [`Engine::feed`]. Whatever is typed under another one after this
    /// has returned is not let through.
    fn fence(&self, pane: &PaneId, number: u64) -> Result<()>;
    /// Types a text as a paste: see [`Input::Text`].
    fn paste(&self, pane: &PaneId, text: &str) -> Result<()> {
        self.feed(pane, Input::Text(text), None).map(|_| ())
    }
    /// Presses keys, one after the other.
    fn keys(&self, pane: &PaneId, keys: &[Key]) -> Result<()> {
        self.feed(pane, Input::Keys(keys), None).map(|_| ())
    }
    /// Presses Enter.
    fn enter(&self, pane: &PaneId) -> Result<()> {
        self.keys(pane, &[Key::ENTER])
    }
    /// Presses what no name stands for: see [`Input::Raw`].
    fn press(&self, pane: &PaneId, bytes: &str) -> Result<()> {
        self.feed(pane, Input::Raw(bytes), None).map(|_| ())
    }
    /// Closes a pane and ends what runs in it.
    fn close(&self, pane: &PaneId) -> Result<()>;
    /// The title of each pane, and the last `lines` lines of its visible screen as plain text, without
    /// the empty rest below them, in one call; both empty for a pane that is gone.
    fn capture(&self, panes: &[PaneId], lines: u16) -> Result<Vec<Screen>> {
        self.read(panes, Extent::Screen(lines))
    }
    /// Like [`Engine::capture`], as far as `extent` says.
    fn read(&self, panes: &[PaneId], extent: Extent) -> Result<Vec<Screen>>;
    /// Brings a pane before the person: inside the multiplexer at once, else by the returned command.
    fn attach(&self, pane: &PaneId) -> Result<Attach>;
    /// The clients that are attached, and what each looks at, after the multiplexer was given `signs`
    /// for its own status lines, if there are any.
    fn clients(&self, signs: Option<&Signs>) -> Result<Vec<Client>>;
}

/// What is typed.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// A text as a paste, without Enter: what runs in the pane gets it as it is, in brackets if it
    /// asked for them. No more than [`crate::sys::run::MOST_INPUT`].
    Text(&'a str),
    /// Keys. A pane that is being read ([`tmux`]'s copy mode) goes back to its program for them,
    /// except for Enter, which reaches the program in any case.
    Keys(&'a [Key]),
    /// Keys, given as the bytes that a terminal sends for them.
    Raw(&'a str),
}

/// What a multiplexer shows of tabs by itself, where its user wants that.
#[derive(Debug, Clone, Copy)]
pub struct Signs<'a> {
    /// A tab's pane.
    pub pane: &'a PaneId,
    /// What the tab is doing; nothing is shown of one without a badge.
    pub state: State,
    /// What all tabs of the server are doing.
    pub tally: &'a Tally,
}

/// A person's view of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The pane before it.
    pub pane: PaneId,
    /// The process that the multiplexer started there: with it, the pane is known again after a crash.
    pub pid: u32,
    /// As far as its terminal tells, its window is the one that is typed in.
    pub focused: bool,
    /// When something was typed last, in seconds of the server's clock.
    pub active: u64,
    /// The terminal around it, and what that calls itself; empty where there is none.
    pub terminal: String,
    /// Somebody can type there: it is neither for reading only nor a program.
    pub types: bool,
    /// Its device.
    pub tty: String,
}

/// What a multiplexer can do beyond the trait's promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Panes can carry the tab's id; else the runtime record alone links them.
    pub marks: bool,
    /// A pane's process can be replaced.
    pub respawn: bool,
    /// A window can have several panes, and its layout can be read and set.
    pub panes: bool,
}

/// On which side of another pane a new one opens, in the order of the window's panes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Just before it.
    Before,
    /// Just after it.
    After,
}

/// How much of a pane is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The last lines of its visible screen, as they stand there.
    Screen(u16),
    /// The same, with the escape sequences of its colours.
    Painted(u16),
    /// The last lines of all that it still has, with what was scrolled out of sight; a line that was
    /// too long for the screen is one line.
    History(u16),
}

/// What a pane shows. Both are foreign text: whatever runs there chooses them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Screen {
    /// Its title, in one line.
    pub title: String,
    /// The lines of its screen.
    pub text: String,
    /// The cursor stands below the last of them: what was typed there has been sent.
    pub is_left: bool,
    /// Where the cursor stands among them, as far as that is known.
    pub cursor: Option<Cursor>,
}

/// Where the cursor of a pane stands, counted from nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Which of the lines that were asked for; behind them all, if it stands below.
    pub line: usize,
    /// In which column.
    pub column: usize,
}

/// A window to be opened: see [`Engine::open`].
#[derive(Debug, Clone, Copy)]
pub struct Opening<'a> {
    /// Where it goes.
    pub slot: &'a Slot,
    /// What it runs.
    pub argv: &'a [String],
    /// The variables of its pane.
    pub env: &'a [(String, String)],
}

/// Where a new window goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The session's name; made if it is not there. What a multiplexer does not take in a name is
    /// replaced, so a listing may show another one.
    pub session: String,
    /// The window's name (a filtered tab name).
    pub window: String,
    /// The index that is wished for.
    pub index: Option<u32>,
    /// The indexes to try if it is taken, the best first; behind the last window if all are.
    pub spare: Vec<u32>,
    /// The tab it is for; the pane is marked with it.
    pub tab: TabId,
}

impl Slot {
    /// Behind the last window of a session.
    pub fn new(session: &str, window: &str, tab: TabId) -> Slot {
        let (session, window) = (session.to_owned(), window.to_owned());
        Slot { session, window, index: None, spare: Vec::new(), tab }
    }
}

/// How a pane came before the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attach {
    /// The client that this process runs in was switched to it.
    Switched,
    /// Run this in the terminal, in place of tabctl.
    Run(Vec<String>),
}

/// What every engine answers about a pane that is not there.
fn gone(pane: &PaneId) -> Fault {
    let shown = pane.0.replace(|c: char| !c.is_ascii_graphic(), "?");
    Fault::new(Kind::NotFound, format!("the pane {shown} is gone"))
        .hint("`tabctl ls` shows which tabs live, `tabctl resume` brings one back")
}
