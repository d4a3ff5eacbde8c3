//! What is true until the next reboot: who holds a tab, what was said of it. Lives in the runtime folder.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::heard::Heard;
use super::lease::Lease;
use super::pane::PaneId;
use super::proc::ProcId;
use super::resolve::{Evidence, Verdict, resolve};
use super::status::{Claim, State};

/// The live record of one tab.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Live {
    /// The pane it runs in, and the process that holds it there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<Holder>,
    /// Since when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_since: Option<DateTime<Utc>>,
    /// The panes that stood in the tab's window when it was last looked at, its own among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub window: Vec<Mate>,
    /// The agent's process, once started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<ProcId>,
    /// How the agent ended, once it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// What was said of its state; at most one claim per source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// What was concluded last, so that a change is noticed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Shown>,
    /// The state that the session file was last given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed: Option<Filed>,
    /// The secret that a hook of this tab must present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The conversation that the agent was seen to hold, by its own word or records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Opened>,
    /// A conversation that the agent opened instead of the one it was to go on with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub astray: Option<String>,
    /// A resume has begun it, and has not yet seen it through: the next one does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unfinished: bool,
    /// What its agent's hooks have reported, as far as the next report needs it.
    #[serde(default, skip_serializing_if = "Heard::is_empty")]
    pub heard: Heard,
    /// Who may type into it.
    #[serde(default, skip_serializing_if = "Lease::is_empty")]
    pub lease: Lease,
}

/// Who holds a tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The runner's process.
    pub runner: ProcId,
    /// The multiplexer, its server (a socket path or label) and the pane.
    pub engine: String,
    /// The server's socket.
    pub server: String,
    /// The pane.
    pub pane: Option<PaneId>,
    /// It is a person's own shell that was adopted, and not the runner: it does not write down when
    /// the agent ends.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub adopted: bool,
}

/// A pane of a tab's window: its number alone may be another pane's after a crash of the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mate {
    /// The pane.
    pub pane: PaneId,
    /// The process that the multiplexer started in it.
    pub pid: u32,
}

/// A conversation that an agent was seen to hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Its id.
    pub session_id: String,
    /// What told it: `hook SessionStart`, `~/.claude/sessions/4242.json`.
    pub how: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// How an agent ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// When.
    pub at: DateTime<Utc>,
    /// Exit code, if it exited by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i32>,
    /// Signal number, if it was killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
}

/// What was concluded from the claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The state.
    pub state: State,
    /// Its reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Since when, whoever says it again.
    pub since: DateTime<Utc>,
}

impl Shown {
    /// Whether a claim says just this.
    pub fn is(&self, claim: &Claim) -> bool {
        (self.state, &self.reason) == (claim.state, &claim.reason)
    }
}

/// A state that was written into the session file, or is being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// The state.
    pub state: State,
    /// When.
    pub at: DateTime<Utc>,
}

/// No claim is so far ahead of the clock, unless the clock was set back.
const AHEAD: TimeDelta = TimeDelta::seconds(30);

impl Live {
    /// What its claims amount to.
    pub fn verdict(&self, now: DateTime<Utc>) -> Verdict {
        let alive_since = self.held_since.unwrap_or(now);
        resolve(&Evidence { claims: &self.claims, now, alive_since })
    }

    /// Puts what was written down under a clock that has been set back since into the past: else
    /// everything that is heard would count as older until the clock has caught up.
    pub fn set_back(&mut self, now: DateTime<Utc>) {
        let times = self.claims.iter_mut().map(|claim| &mut claim.at);
        let shown = self.shown.iter_mut().map(|shown| &mut shown.since);
        for at in times.chain(shown).filter(|at| **at > now + AHEAD) {
            *at = now - AHEAD;
        }
    }

    /// Forgets what was true of the agent before, of whom nothing is known yet.
    pub fn renew(&mut self) {
        self.agent = None;
        self.ended = None;
        self.claims.clear();
        self.opened = None;
        self.astray = None;
    }

    /// Takes note of a conversation that the agent was seen to hold; says whether that is news.
    pub fn note_opened(&mut self, session_id: &str, how: &str, at: DateTime<Utc>) -> bool {
        let is_news = self.opened.as_ref().is_none_or(|known| known.session_id != session_id);
        if is_news {
            let (session_id, how) = (session_id.to_owned(), how.to_owned());
            self.opened = Some(Opened { session_id, how, at });
        }
        is_news
    }

    /// Since when the tab has been in the state of `claim`: a reminder does not make it younger.
    pub fn since(&self, claim: &Claim) -> DateTime<Utc> {
        let shown = self.shown.as_ref().filter(|shown| shown.is(claim));
        shown.map_or(claim.at, |shown| shown.since.min(claim.at))
    }

    /// Takes in a claim: it replaces an older one of the same source, and is dropped if it is older.
    pub fn hear(&mut self, claim: Claim) {
        if let Some(known) = self.claims.iter_mut().find(|known| known.source == claim.source) {
            if known.at <= claim.at {
                *known = claim;
            }
        } else {
            self.claims.push(claim);
        }
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.code, self.signal) {
            (Some(code), _) => write!(f, "the agent ended with exit code {code}"),
            (None, Some(signal)) => write!(f, "the agent was ended by signal {signal}"),
            (None, None) => f.write_str("the agent ended"),
        }
    }
}
