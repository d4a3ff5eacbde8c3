//! What a tab can be doing, and claims about it: who says so, why, and since when.
//! Must not decide between claims: `resolve.rs` does.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is shown of a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// A response or decision is needed.
    Attention,
    /// The agent works.
    Thinking,
    /// The agent is ready for the next instruction.
    Idle,
    /// No agent: a command runs in the tab.
    Running,
    /// No agent: an empty prompt.
    Shell,
    /// A job ended well.
    Done,
    /// A job or an agent's start failed.
    Failed,
    /// Live, but the evidence does not decide.
    Unknown,
    /// Recorded, no live pane: `resume` brings it back.
    Down,
    /// The workspace folder is gone.
    Missing,
}

impl State {
    /// All of them.
    pub const ALL: [State; 10] = [
        State::Attention,
        State::Thinking,
        State::Idle,
        State::Running,
        State::Shell,
        State::Done,
        State::Failed,
        State::Unknown,
        State::Down,
        State::Missing,
    ];

    /// The word in tables, JSON and the session file.
    pub fn word(self) -> &'static str {
        match self {
            State::Attention => "attention",
            State::Thinking => "thinking",
            State::Idle => "idle",
            State::Running => "running",
            State::Shell => "shell",
            State::Done => "done",
            State::Failed => "failed",
            State::Unknown => "unknown",
            State::Down => "down",
            State::Missing => "missing",
        }
    }

    /// Its glyph: shapes that differ without colour, one column each, in every common font.
    pub fn glyph(self) -> &'static str {
        match self {
            State::Attention => "!",
            State::Thinking => "●",
            State::Idle => "○",
            State::Running => "▸",
            State::Shell => "$",
            State::Done => "✓",
            State::Failed => "✗",
            State::Unknown => "?",
            State::Down => "·",
            State::Missing => "×",
        }
    }
}

/// Where a claim comes from; see [`Source::rank`] for how strong it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The workspace, the pane or the process is not there.
    Process,
    /// `tabctl status`, said by the agent or a person.
    Said,
    /// A hook event of the agent.
    Hook,
    /// The agent's own state file.
    StateFile,
    /// The Program Status Protocol (OSC 7501): the agent's word to its terminal.
    Program,
    /// Title, progress, notification or bell.
    Terminal,
    /// How long the pane has been silent.
    Silence,
    /// The last record of the transcript.
    Transcript,
    /// CPU, children, foreground group.
    Tree,
    /// A rule that matched the visible screen.
    Screen,
}

impl Source {
    /// Strength, 1 the strongest. What an agent says of itself is one rank: there the newest word wins.
    pub fn rank(self) -> u8 {
        match self {
            Source::Process => 1,
            Source::Said | Source::Hook | Source::StateFile | Source::Program => 2,
            Source::Terminal => 3,
            Source::Silence => 4,
            Source::Transcript => 5,
            Source::Tree => 6,
            Source::Screen => 7,
        }
    }
}

/// The reason of a claim `thinking` whose source says the same while the agent waits for an answer:
/// its turn is not over. It overrules `idle`, and never `attention`.
pub const TURN_OPEN: &str = "turn open";

/// What one rule says about one sight: a hook event, a title, a screen. It becomes a [`Claim`] with
/// the time at which that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The state.
    pub state: State,
    /// See [`Claim::reason`].
    pub reason: Option<String>,
    /// See [`Claim::detail`].
    pub detail: Option<String>,
    /// See [`Claim::evidence`].
    pub evidence: String,
}

/// One piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What it says.
    pub state: State,
    /// Why, in one or a few words: `permission`, `exit 1`, `no pane`. Of an agent that needs
    /// attention, one of `permission`, `question`, `trust`, `login`, `update`, `limit`, `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What exactly, in the agent's own words: the command that it asks about, the error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Which sight it rests on: `hook Stop`, `title spinner`, `screen permission`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// Where it comes from.
    pub source: Source,
    /// When it became true.
    pub at: DateTime<Utc>,
    /// Who said it, for claims that somebody said: `person`, `claude`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The conversation it is about, where the source knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
}

impl Claim {
    /// A claim without a reason.
    pub fn new(state: State, source: Source, at: DateTime<Utc>) -> Claim {
        let (reason, detail, evidence, by, session_id) = (None, None, None, None, None);
        Claim { state, reason, detail, evidence, source, at, by, session_id }
    }

    /// What a rule said, seen `at`.
    pub fn of(said: Said, source: Source, at: DateTime<Utc>) -> Claim {
        let Said { state, reason, detail, evidence } = said;
        Claim { reason, detail, evidence: Some(evidence), ..Claim::new(state, source, at) }
    }

    /// Whether it says no more than that the turn is open, which it also is while a person is asked.
    pub fn is_turn_open(&self) -> bool {
        self.state == State::Thinking && self.reason.as_deref() == Some(TURN_OPEN)
    }

    /// The same with its reason.
    #[must_use]
    pub fn because(self, reason: impl Into<String>) -> Claim {
        Claim { reason: Some(reason.into()), ..self }
    }

    /// What is said when nobody has said anything.
    pub(super) fn unheard(at: DateTime<Utc>) -> Claim {
        Claim::new(State::Unknown, Source::Process, at).because("nothing has reported yet")
    }
}
