//! What became of a text that was sent. Must claim no more than was seen.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::hash::hash;

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome", content = "how")]
pub enum Fate {
    /// The agent itself said that it has it; how: `hook UserPromptSubmit`, `title spinner`.
    Delivered(String),
    /// It stood at the prompt, and was gone from there once Enter was pressed.
    Seen,
    /// It stands at the prompt: nobody wanted Enter to be pressed. Or: the keys were pressed.
    Typed,
    /// It was typed, and nothing shows that the agent took it; why.
    Unconfirmed(String),
    /// It waits for the agent to be idle.
    Queued,
}

impl Fate {
    /// In words, for a person.
    pub fn words(&self) -> String {
        match self {
            Fate::Delivered(how) => format!("delivered (agent's event: {how})"),
            Fate::Seen => "seen on the screen".to_owned(),
            Fate::Typed => "typed".to_owned(),
            Fate::Unconfirmed(why) => format!("typed, not confirmed: {why}"),
            Fate::Queued => "queued".to_owned(),
        }
    }

    /// In one word, for journals.
    pub fn word(&self) -> &'static str {
        match self {
            Fate::Delivered(_) => "delivered",
            Fate::Seen => "seen",
            Fate::Typed => "typed",
            Fate::Unconfirmed(_) => "unconfirmed",
            Fate::Queued => "queued",
        }
    }
}

/// What was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// What became of it.
    #[serde(flatten)]
    pub fate: Fate,
    /// When Enter was pressed, or the last key.
    pub at: DateTime<Utc>,
    /// How many bytes were typed.
    pub bytes: usize,
    /// How many control characters were left out.
    pub removed: usize,
    /// What a person should know besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// The SHA-256 of a text, in hex, without the space around it, which agents take off: what was typed is
/// not repeated in a record, as it may be a secret.
pub fn digest(text: &str) -> String {
    hash(text.trim().as_bytes())
}
