//! Who did something, and how well that is known. Must claim no more than is known.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doer {
    /// What it is.
    pub kind: DoerKind,
    /// Its name: a user, an agent's kind, a part of tabctl.
    pub who: String,
    /// How well that is known.
    pub assurance: Assurance,
}

/// What can do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DoerKind {
    /// Somebody at a terminal, or a script of theirs.
    Person,
    /// An agent that ran a command.
    Agent,
    /// An agent's hook.
    Hook,
    /// Tabctl by itself.
    System,
}

/// How well it is known who it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assurance {
    /// The system says whose process it was; not whether a person or a program of theirs sat there.
    PeerCred,
    /// It says so itself: by marks in its environment, by the name of the hook.
    Claimed,
}

impl Doer {
    /// One that says so itself.
    pub fn claimed(kind: DoerKind, who: impl Into<String>) -> Doer {
        Doer { kind, who: who.into(), assurance: Assurance::Claimed }
    }

    /// One whose process the system knows.
    pub fn known(kind: DoerKind, who: impl Into<String>) -> Doer {
        Doer { kind, who: who.into(), assurance: Assurance::PeerCred }
    }
}

impl DoerKind {
    /// The word in tables and JSON.
    pub fn word(self) -> &'static str {
        match self {
            DoerKind::Person => "person",
            DoerKind::Agent => "agent",
            DoerKind::Hook => "hook",
            DoerKind::System => "system",
        }
    }
}

impl fmt::Display for Doer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.who)
    }
}
