//! What is shown of one tab beside the list. Must not be more than a person takes in at a glance.

use super::id::TabId;
use super::session::Note;

/// A look at one tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glimpse {
    /// The tab.
    pub id: TabId,
    /// The last lines of its screen, as they stand there: foreign text. Nothing without a pane.
    pub screen: Option<String>,
    /// Its restart notes, oldest first.
    pub notes: Vec<Note>,
}
