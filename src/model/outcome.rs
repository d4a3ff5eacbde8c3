//! What became of a tab that was brought back, judged by evidence. Must not call slow recovered.

use serde::Serialize;

use super::live::Ended;

/// What became of one start.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// The agent lives and was seen to hold the expected conversation; or the shell is there.
    Recovered,
    /// The agent lives, and is of a kind that cannot tell which conversation it holds.
    Unverifiable,
    /// It lives or starts, and what would prove it was not seen in time.
    Unverified {
        /// What was seen instead.
        why: String,
    },
    /// The agent lives and opened another conversation. The expected one is still recorded.
    WrongConversation {
        /// The one that it opened.
        seen: String,
    },
    /// It ended again; its last lines.
    Ended {
        /// How.
        how: Ended,
        /// What was on the screen.
        screen: String,
        /// It said there that it does not have the conversation any more.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        is_gone: bool,
    },
    /// It is about to take the place of this very process.
    Here,
}

impl Outcome {
    /// Whether the tab is as the person wanted it, as far as anybody can tell.
    pub fn is_well(&self) -> bool {
        matches!(self, Outcome::Recovered | Outcome::Unverifiable | Outcome::Here)
    }

    /// The word in the journal; the same as in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Recovered => "recovered",
            Outcome::Unverifiable => "unverifiable",
            Outcome::Unverified { .. } => "unverified",
            Outcome::WrongConversation { .. } => "wrong-conversation",
            Outcome::Ended { .. } => "ended",
            Outcome::Here => "here",
        }
    }
}
