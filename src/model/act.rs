//! What a person can do with the tab that is selected in a list. Must not do it.

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Bring it back.
    Resume,
    /// Lock it, or take the lock off.
    Lock(bool),
    /// Add a restart note.
    Note(String),
    /// Close its pane.
    Close,
    /// Type a text into its agent.
    Send(String),
}
