//! One event that an agent reported through its hooks, in words that hold for all agents.
//! Must not know an agent's own words: those are in its file.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::status::State;

/// One event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// When it happened: the agent's own time where it tells one, else when it arrived.
    pub at: DateTime<Utc>,
    /// The agent's name for it.
    pub event: String,
    /// The conversation it is about; none where the agent has no ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// The subagent that it comes from or is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subagent: Option<String>,
    /// The tool call or the request that it is about, as a name that is the same in all events
    /// about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// What it means.
    pub what: What,
    /// The [`super::sent::digest`] of the prompt that it says the agent was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
}

/// What an event means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The agent holds this conversation now.
    Conversation {
        /// How it came to it: `startup`, `resume`, `clear`, `fork`, `compact`.
        source: String,
        /// What the agent is doing, where the event says it.
        state: Option<State>,
    },
    /// The turn goes on.
    Thinking,
    /// The turn is over.
    Idle {
        /// How much goes on behind it, where the event says it.
        background: Option<usize>,
        /// It may come while something is still asked, and does not answer it.
        reminder: bool,
    },
    /// A person has to answer or to look.
    Attention {
        /// One of the reasons of [`super::status::Claim::reason`].
        reason: String,
        /// In the agent's words.
        detail: Option<String>,
    },
    /// What was asked is answered.
    Answered,
    /// A subagent begins.
    SubagentStarted,
    /// A subagent has ended.
    SubagentEnded,
    /// The agent leaves the conversation. Which one it was is remembered all the same.
    Ended,
    /// Nothing that matters here.
    Ignored,
}

/// Why a report changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The payload could not be understood.
    Malformed,
    /// No process of a tab is among the ancestors of the hook.
    NoTab,
    /// Another agent than the hook says stands above it.
    AnotherAgent,
    /// An agent that the tab's agent started itself, or a one-shot run.
    NotTheTabs,
    /// A conversation that no event has announced: a title's, a background one.
    UnknownConversation,
    /// Something newer is known already.
    Late,
    /// Another tab holds that conversation.
    HeldElsewhere,
    /// The agent opened it instead of the one that it was to go on with.
    Astray,
}

impl Why {
    /// The word in the journal.
    pub fn word(self) -> &'static str {
        match self {
            Why::Malformed => "malformed",
            Why::NoTab => "no-tab",
            Why::AnotherAgent => "another-agent",
            Why::NotTheTabs => "not-the-tabs",
            Why::UnknownConversation => "unknown-conversation",
            Why::Late => "late",
            Why::HeldElsewhere => "held-elsewhere",
            Why::Astray => "astray",
        }
    }
}
