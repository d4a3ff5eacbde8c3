//! A pane as a multiplexer lists it. Must not hold text that a program in the pane can choose.

use serde::{Deserialize, Serialize};

use super::id::TabId;

/// The multiplexer's own id of a pane (`%5` in tmux): never a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PaneId(pub String);

/// One pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pane {
    /// Its id.
    pub id: PaneId,
    /// The process that the multiplexer started in it.
    pub pid: u32,
    /// The process has ended and the pane is kept open.
    pub dead: bool,
    /// The session's name.
    pub session: String,
    /// The window's index in its session.
    pub window_index: u32,
    /// The tab that tabctl marked it with.
    pub tab: Option<TabId>,
}
