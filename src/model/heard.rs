//! What a tab's agent has reported so far, as far as the next report needs it: the pure reducer of
//! hook events. Must not grow with the number of events, nor ask the clock.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::proc::ProcId;
use super::report::{Report, What, Why};
use super::status::{Claim, Said, Source, State};

/// More tellers, questions and subagents than this are not told apart.
const MOST: usize = 32;
/// The main turn among the tellers: no subagent has this name.
const MAIN: &str = "";

/// What was heard of one agent process.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Heard {
    /// What the tab is bound to, as the last look into its record showed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding: Option<Binding>,
    /// When the conversation was announced: what is older is about another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<DateTime<Utc>>,
    /// The newest time heard from the main turn and from each subagent.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    newest: BTreeMap<String, DateTime<Utc>>,
    /// What the main turn does, what is asked apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    turn: Option<Turn>,
    /// What is asked and not answered, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    asked: Vec<Asked>,
    /// Subagents that run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subagents: Vec<String>,
    /// The newest report about a conversation that nothing has announced yet: events overtake.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting: Option<Report>,
    /// What was said last, and as of when.
    #[serde(skip_serializing_if = "Option::is_none")]
    said: Option<(Turn, DateTime<Utc>)>,
    /// The prompt that the agent was given last: its digest, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompted: Option<(String, DateTime<Utc>)>,
    /// Why the last report was dropped, if it was, and how many were in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<(Why, u64)>,
}

/// What a tab is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// The kind of its agent.
    pub kind: String,
    /// Its conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// The agent's process: with another one, all that was heard is void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<ProcId>,
}

/// What can be said of the state, without a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Turn {
    state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    event: String,
}

/// Something that a person has to answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Asked {
    by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    call: Option<String>,
    what: Turn,
}

impl Heard {
    /// Whether nothing was heard.
    pub fn is_empty(&self) -> bool {
        *self == Heard::default()
    }

    /// Takes note of what the tab is bound to now. What was heard of another process or another
    /// conversation is forgotten.
    pub fn bind(&mut self, binding: &Binding) {
        match &self.binding {
            Some(known) if known == binding => return,
            Some(known) if known.agent == binding.agent && known.kind == binding.kind => {
                let (since, waiting) = (self.newest.values().max().copied(), self.waiting.take());
                *self = Heard { since, waiting, dropped: self.dropped, ..Heard::default() };
            }
            _ => *self = Heard { waiting: self.waiting.take(), ..Heard::default() },
        }
        self.binding = Some(binding.clone());
    }

    /// Whether a report is about the conversation that the tab is bound to, or one below it.
    pub fn knows(&self, report: &Report) -> bool {
        self.teller(report).is_some()
    }

    /// Whether a report that announces a conversation is older than what is known.
    pub fn is_late(&self, report: &Report) -> bool {
        let newest = self.newest.get(MAIN).copied();
        self.since.max(newest).is_some_and(|known| known > report.at)
    }

    /// Takes in a report. Gives what is to be said of the tab's state, if that is news.
    ///
    /// # Errors
    /// Why it was dropped.
    pub fn take(&mut self, report: &Report) -> Result<Option<Claim>, Why> {
        let Some(teller) = self.teller(report) else {
            if self.waiting.as_ref().is_none_or(|waiting| waiting.at <= report.at) {
                self.waiting = Some(report.clone());
            }
            return Err(Why::UnknownConversation);
        };
        let known = self.newest.get(&teller).copied();
        if self.since.max(known).is_some_and(|known| known > report.at) {
            return Err(Why::Late);
        }
        if let Some(prompt) = &report.prompt {
            self.prompted = Some((prompt.clone(), report.at));
        }
        self.apply(report, &teller);
        if self.newest.contains_key(&teller) || self.newest.len() < MOST {
            self.newest.insert(teller.clone(), report.at);
        }
        if matches!(report.what, What::Conversation { .. })
            && let Some(waiting) = self.waiting.take()
            && waiting.session_id == report.session_id
            && let Ok(Some(claim)) = self.take(&waiting)
        {
            return Ok(Some(claim));
        }
        Ok(self.news(report, &teller))
    }

    /// Who tells it: the main turn or a subagent; nobody we know otherwise.
    fn teller(&self, report: &Report) -> Option<String> {
        let bound = self.binding.as_ref()?.session_id.as_ref();
        match (&report.session_id, &report.subagent) {
            (Some(id), _) if self.subagents.contains(id) => Some(id.clone()),
            (Some(id), _) if bound != Some(id) => None,
            (_, Some(subagent)) => Some(subagent.clone()),
            (_, None) => Some(MAIN.to_owned()),
        }
    }

    fn apply(&mut self, report: &Report, teller: &str) {
        let is_main = teller == MAIN;
        let now = |state| Turn { state, reason: None, detail: None, event: report.event.clone() };
        match &report.what {
            What::Conversation { source, state } if is_main => {
                // A compaction comes in the middle of a turn.
                if source != "compact" {
                    self.since = Some(report.at);
                    self.answered(teller, None);
                }
                self.turn = state.map(now).or(self.turn.take());
            }
            What::Thinking => {
                self.answered(teller, report.call.as_deref());
                if is_main {
                    self.turn = Some(now(State::Thinking));
                }
            }
            What::Answered => {
                self.answered(teller, report.call.as_deref());
            }
            What::Idle { background, reminder } if is_main => {
                if !reminder {
                    self.answered(teller, None);
                }
                self.turn = Some(self.idle(now(State::Idle), *background, *reminder));
            }
            What::Attention { reason, detail } => {
                let (reason, detail) = (Some(reason.clone()), detail.clone());
                let what = Turn { reason, detail, ..now(State::Attention) };
                self.ask(teller, report.call.as_ref(), what);
                // Once it is answered, the turn goes on.
                if is_main {
                    self.turn = Some(now(State::Thinking));
                }
            }
            What::SubagentStarted => {
                if !self.subagents.iter().any(|known| known == teller)
                    && self.subagents.len() < MOST
                {
                    self.subagents.push(teller.to_owned());
                }
            }
            What::SubagentEnded | What::Idle { .. } => {
                self.answered(teller, None);
                self.subagents.retain(|known| known != teller);
            }
            What::Ended if is_main => {
                self.asked.clear();
                self.subagents.clear();
            }
            What::Conversation { .. } | What::Ended | What::Ignored => {}
        }
    }

    /// An idle turn; told apart where something still runs behind it.
    fn idle(&self, turn: Turn, background: Option<usize>, reminder: bool) -> Turn {
        if let (true, Some(known)) = (reminder, &self.turn)
            && known.state == State::Idle
        {
            return known.clone();
        }
        match background.unwrap_or(self.subagents.len()) {
            0 => turn,
            1 => background_work(turn, "1 task goes on in the background".to_owned()),
            many => background_work(turn, format!("{many} tasks go on in the background")),
        }
    }

    fn ask(&mut self, by: &str, call: Option<&String>, what: Turn) {
        if !is_prompt(&what) {
            // An error or a limit: the turn ended with it, and nothing waits any more.
            self.answered(by, None);
        }
        let own = |asked: &Asked| asked.by == by;
        // A notice that does not name its call repeats what was asked by name.
        if call.is_none() && self.asked.iter().any(|asked| own(asked) && asked.call.is_some()) {
            return;
        }
        self.asked
            .retain(|asked| !own(asked) || asked.call.is_some() && asked.call.as_ref() != call);
        if self.asked.len() < MOST {
            self.asked.push(Asked { by: by.to_owned(), call: call.cloned(), what });
        }
    }

    /// What `by` had asked is answered: all of it, but for what another tool call asked. Tools run
    /// side by side, and the end of one does not answer what another waits for.
    fn answered(&mut self, by: &str, call: Option<&str>) {
        self.asked.retain(|asked| {
            let other = matches!((asked.call.as_deref(), call), (Some(a), Some(b)) if a != b);
            asked.by != by || other
        });
    }

    /// What is to be said now. A subagent's work is no news of the turn, and what is still asked is
    /// not asked anew.
    fn news(&mut self, report: &Report, teller: &str) -> Option<Claim> {
        let asked = self.asked.last().map(|asked| asked.what.clone());
        let confirms = asked.is_none() && teller == MAIN && says_a_state(&report.what);
        let turn = asked.or(self.turn.clone())?;
        if !confirms && self.said.as_ref().is_some_and(|(said, _)| *said == turn) {
            return None;
        }
        // Tellers have clocks of their own; what is said of the tab never goes back.
        let at = self.said.as_ref().map_or(report.at, |(_, at)| report.at.max(*at));
        self.said = Some((turn.clone(), at));
        let Turn { state, reason, detail, event } = turn;
        let said = Said { state, reason, detail, evidence: format!("hook {event}") };
        let binding = self.binding.clone();
        Some(Claim {
            by: binding.as_ref().map(|binding| binding.kind.clone()),
            session_id: binding.and_then(|binding| binding.session_id),
            ..Claim::of(said, Source::Hook, at)
        })
    }

    /// Counts a report that was dropped; says whether the reason is another one than before.
    pub fn count_dropped(&mut self, why: Why) -> bool {
        let (last, count) = self.dropped.unwrap_or((why, 0));
        self.dropped = Some((why, count.saturating_add(1)));
        count == 0 || last != why
    }
}

fn background_work(turn: Turn, detail: String) -> Turn {
    Turn { reason: Some("background".to_owned()), detail: Some(detail), ..turn }
}

fn is_prompt(what: &Turn) -> bool {
    matches!(what.reason.as_deref(), Some("permission" | "question"))
}

fn says_a_state(what: &What) -> bool {
    match what {
        What::Conversation { state, .. } => state.is_some(),
        What::Thinking | What::Idle { .. } | What::Attention { .. } | What::Answered => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
