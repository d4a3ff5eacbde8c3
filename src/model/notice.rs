//! When a person is told of a tab, and in which words. Must not know how: a bell, a window on the
//! desktop and a user's own program get the same.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::id::TabId;
use super::name;
use super::status::State;

/// What was there for so long is not gone again before anybody has read of it: an agent that asks, and
/// whose own rules allow it a moment later, asked nobody.
const SETTLED: Duration = Duration::from_secs(1);
/// A tab is told of at most this often.
const COOL_DOWN: Duration = Duration::from_secs(30);
/// The longest text.
const MOST: usize = 160;

/// What is told of a tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Who it is about, and what: `api needs you`.
    pub title: String,
    /// Why, in plain words.
    pub text: String,
    /// The tab's identity.
    pub id: TabId,
    /// Its name.
    pub tab: String,
    /// What it is doing.
    pub state: State,
    /// Why, as `ls` says it.
    pub reason: Option<String>,
    /// What exactly, in the agent's own words.
    pub detail: Option<String>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The folder that it works in.
    pub workspace: String,
}

impl Notice {
    /// Gives it its words.
    #[must_use]
    pub fn worded(self) -> Notice {
        let tab = name::shown(&self.tab);
        let (what, text) = match self.state {
            State::Attention => ("needs you", self.why()),
            State::Failed => ("has failed", self.why()),
            State::Done => ("is done", "its job has ended well".to_owned()),
            _ => ("is ready", "it waits for what comes next".to_owned()),
        };
        Notice { title: format!("{tab} {what}"), text, tab, ..self }
    }

    fn why(&self) -> String {
        let Some(reason) = self.reason.as_deref() else {
            return "it waits for an answer or a decision".to_owned();
        };
        let words = match reason {
            "permission" => "it asks for a permission",
            "question" => "it asks a question",
            "trust" => "it asks whether this folder is to be trusted",
            "login" => "it asks for a login",
            "update" => "it asks about an update",
            "limit" => "it has come to a limit",
            "error" => "it has stopped at an error",
            other => return plain(other),
        };
        words.to_owned()
    }
}

/// Foreign text as one line that no terminal, desktop or markup gives a meaning to.
pub fn plain(text: &str) -> String {
    let harmless = |c: char| match c {
        '\n' | '\t' | '\r' => ' ',
        '<' | '>' | '&' | ';' | '\\' => '?',
        c if c.is_alphanumeric() || c.is_ascii_graphic() || c == ' ' => c,
        '…' | '–' | '—' | '‘' | '’' | '“' | '”' | '„' | '·' => c,
        _ => '?',
    };
    let line: String = text.chars().take(MOST).map(harmless).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Why a tab is to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It turned to needing a person.
    NeedsYou,
    /// It has ended a long piece of work.
    Finished,
}

/// What is to be done about a tab now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing, until it turns.
    Nothing,
    /// Nothing yet; ask again after so long.
    In(Duration),
    /// It is to be told of. Whoever does so, or has a reason not to, says so to [`Herald::settle`].
    Now(Why),
}

/// Watches the edges of one tab's states. Times are those of any clock that only goes forward.
#[derive(Debug, Clone, Default)]
pub struct Herald {
    known: Option<State>,
    at_work_since: Option<Duration>,
    pending: Option<(Why, Duration)>,
    told: Option<Duration>,
}

impl Herald {
    /// Takes in what a tab is doing. `long`: how long it must have worked for its end to be news, if
    /// it ever is.
    pub fn sees(&mut self, state: State, at: Duration, long: Option<Duration>) {
        if self.known.replace(state) == Some(state) {
            return;
        }
        self.pending = None;
        match state {
            State::Attention => self.pending = Some((Why::NeedsYou, at)),
            State::Thinking | State::Running => {
                self.at_work_since.get_or_insert(at);
            }
            State::Idle | State::Done | State::Failed => {
                let worked = self.at_work_since.take().map(|since| at.saturating_sub(since));
                if worked.zip(long).is_some_and(|(worked, long)| worked >= long) {
                    self.pending = Some((Why::Finished, at));
                }
            }
            // An agent of which nothing is known for a moment is still at its work.
            State::Unknown => {}
            State::Shell | State::Down | State::Missing => self.at_work_since = None,
        }
    }

    /// What is to be done.
    pub fn due(&self, at: Duration) -> Due {
        let Some((why, since)) = self.pending else { return Due::Nothing };
        let rested = self.told.map_or(Duration::ZERO, |told| told + COOL_DOWN);
        let left = (since + SETTLED).max(rested).saturating_sub(at);
        if left.is_zero() { Due::Now(why) } else { Due::In(left) }
    }

    /// What was due is done with: it was told, or there was a reason not to.
    pub fn settle(&mut self, at: Duration, told: bool) {
        self.pending = None;
        if told {
            self.told = Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    type Seen<'a> = &'a [(State, u64)];

    /// A herald that has seen these states at these moments.
    fn seen(states: Seen, long: Option<u64>) -> Herald {
        let mut herald = Herald::default();
        let long = long.map(at);
        for (state, millis) in states {
            herald.sees(*state, at(*millis), long);
        }
        herald
    }

    #[test]
    fn only_an_edge_that_lasts_is_told() {
        use State::{Attention, Idle, Shell, Thinking, Unknown};
        let now = Due::Now(Why::NeedsYou);
        let cases: &[(Seen, u64, Due)] = &[
            (&[(Thinking, 0), (Attention, 100)], 100, Due::In(at(1000))),
            (&[(Thinking, 0), (Attention, 100)], 1099, Due::In(at(1))),
            (&[(Thinking, 0), (Attention, 100)], 1100, now),
            (&[(Attention, 100), (Attention, 900)], 1100, now),
            (&[(Attention, 0), (Thinking, 500)], 5000, Due::Nothing),
            (&[(Attention, 0), (Thinking, 500), (Attention, 600)], 1500, Due::In(at(100))),
            (&[(Idle, 0)], 5000, Due::Nothing),
            (&[(Attention, 0), (Shell, 500)], 5000, Due::Nothing),
            (&[(Thinking, 0), (Unknown, 10), (Idle, 20)], 5000, Due::Nothing),
        ];
        for (states, millis, due) in cases {
            assert_eq!(seen(states, None).due(at(*millis)), *due, "{states:?} at {millis}");
        }
    }

    #[test]
    fn a_tab_that_was_told_of_rests_and_what_still_holds_then_is_told() {
        let mut herald = seen(&[(State::Attention, 0)], None);
        herald.settle(at(1000), true);
        assert_eq!(herald.due(at(100_000)), Due::Nothing, "the same edge is told once");
        herald.sees(State::Thinking, at(2000), None);
        herald.sees(State::Attention, at(5000), None);
        assert_eq!(herald.due(at(6000)), Due::In(at(25_000)));
        assert_eq!(herald.due(at(31_000)), Due::Now(Why::NeedsYou));
        let mut answered = herald.clone();
        answered.sees(State::Thinking, at(20_000), None);
        assert_eq!(answered.due(at(31_000)), Due::Nothing);
        // One that was not told, because somebody looked, costs no rest.
        herald.settle(at(31_000), false);
        herald.sees(State::Idle, at(32_000), None);
        herald.sees(State::Attention, at(33_000), None);
        assert_eq!(herald.due(at(34_000)), Due::Now(Why::NeedsYou));
    }

    #[test]
    fn the_end_of_long_work_is_told_to_those_who_want_it() {
        use State::{Attention, Done, Idle, Shell, Thinking};
        let finished = Due::Now(Why::Finished);
        let cases: &[(Seen, Option<u64>, Due)] = &[
            (&[(Thinking, 0), (Idle, 60_000)], Some(60_000), finished),
            (&[(Thinking, 0), (Idle, 59_999)], Some(60_000), Due::Nothing),
            (&[(Thinking, 0), (Idle, 60_000)], None, Due::Nothing),
            (
                &[(Thinking, 0), (Attention, 10), (Thinking, 50_000), (Done, 60_000)],
                Some(60_000),
                finished,
            ),
            (
                &[(Thinking, 0), (Shell, 10), (Thinking, 50_000), (Idle, 60_000)],
                Some(60_000),
                Due::Nothing,
            ),
        ];
        for (states, long, due) in cases {
            assert_eq!(seen(states, *long).due(at(90_000)), *due, "{states:?} {long:?}");
        }
    }

    #[test]
    fn the_words_are_plain_whatever_an_agent_says() {
        let notice = |state, reason: Option<&str>| {
            let (title, text, workspace) = (String::new(), String::new(), String::new());
            let id = TabId::from_parts(0, 1);
            let (reason, detail, since) = (reason.map(str::to_owned), None, DateTime::default());
            let tab = "api\u{1b}]0;x".to_owned();
            Notice { title, text, id, tab, state, reason, detail, since, workspace }.worded()
        };
        let asks = notice(State::Attention, Some("permission"));
        assert_eq!((&*asks.title, &*asks.text), ("api??0?x needs you", "it asks for a permission"));
        let said = notice(State::Attention, Some("which one?\u{1b}]0;x\u{7}\n<b>&\u{202e}"));
        assert_eq!(said.text, "which one??]0?x? ?b???");
        assert_eq!(notice(State::Idle, None).title, "api??0?x is ready");
        assert!(plain(&"x".repeat(9999)).len() <= MOST);
    }
}
