//! What a tab did, folded: turns into one span, questions into a number. Must tell nothing that the
//! journal does not say.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::status::State;

/// One line of a journal, as far as it says what a tab did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// Its state is another one.
    Turned {
        /// Which.
        to: State,
        /// See [`crate::model::status::Claim::reason`].
        reason: Option<String>,
        /// See [`crate::model::status::Claim::detail`].
        detail: Option<String>,
    },
    /// Its agent was started.
    Started,
    /// Its agent ended.
    Ended {
        /// Exit code, if it exited by itself.
        code: Option<i64>,
        /// Signal number, if it was killed.
        signal: Option<i64>,
    },
    /// It was brought back: what came of it.
    Resumed(String),
    /// Its pane was closed.
    Closed,
    /// It has another conversation: why.
    Rebound(String),
    /// Its task, notes, tags and conversation were put away.
    Reset,
}

/// A stretch of time, and what a tab did in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// From.
    pub at: DateTime<Utc>,
    /// To; the same where it took no time.
    pub until: DateTime<Utc>,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What a tab did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum What {
    /// Its agent worked.
    Worked(Work),
    /// It asks a person and still waits.
    Asks {
        /// `permission`, `question`, …
        reason: Option<String>,
        /// What exactly.
        detail: Option<String>,
    },
    /// A job or its agent's start ended like this.
    Came {
        /// `done` or `failed`.
        to: State,
        /// Why.
        reason: Option<String>,
    },
    /// Its agent was started.
    Started,
    /// Its agent ended.
    Ended {
        /// Exit code, if it exited by itself.
        code: Option<i64>,
        /// Signal number, if it was killed.
        signal: Option<i64>,
    },
    /// It was brought back.
    Resumed {
        /// What came of it.
        outcome: String,
    },
    /// Its pane was closed.
    Closed,
    /// It has another conversation.
    NewConversation {
        /// Why.
        reason: String,
    },
    /// Its task, notes, tags and conversation were put away.
    Reset,
}

/// What an agent did in a stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Work {
    /// How many turns were begun.
    pub turns: usize,
    /// Seconds at work.
    pub busy: i64,
    /// How often a person was asked, and answered.
    pub asked: usize,
    /// Seconds until the answers.
    pub waited: i64,
}

impl Happened {
    /// Reads the words of a journal. What says nothing of what the tab did is nothing.
    pub fn read(what: &str, with: &Map<String, Value>) -> Option<Happened> {
        let text = |key: &str| with.get(key).and_then(Value::as_str).map(str::to_owned);
        let number = |key: &str| with.get(key).and_then(Value::as_i64);
        Some(match what {
            "transition" => {
                let to = serde_json::from_value(with.get("to")?.clone()).ok()?;
                Happened::Turned { to, reason: text("reason"), detail: detail(to, with) }
            }
            "started" => Happened::Started,
            "ended" => Happened::Ended { code: number("code"), signal: number("signal") },
            "resumed" => Happened::Resumed(text("outcome")?),
            "closed" => Happened::Closed,
            "rebound" => Happened::Rebound(text("reason")?),
            "reset" => Happened::Reset,
            _ => return None,
        })
    }
}

/// What the claim that was believed says exactly.
fn detail(to: State, with: &Map<String, Value>) -> Option<String> {
    let claims = with.get("claims")?.as_array()?;
    let says = |claim: &&Value| claim.get("state").and_then(Value::as_str) == Some(to.word());
    let detail = |claim: &Value| claim.get("detail")?.as_str().map(str::to_owned);
    claims.iter().filter(says).find_map(detail)
}

/// What is done in one go is no further apart.
const ONE_ACT: TimeDelta = TimeDelta::minutes(1);

/// What is under way while a journal is gone through.
#[derive(Default)]
struct Folding {
    spans: Vec<Span>,
    /// Since when it works.
    busy_since: Option<DateTime<Utc>>,
    /// What it asks, and since when.
    asks: Option<(DateTime<Utc>, Option<String>, Option<String>)>,
}

/// Folds what happened, oldest first. What lasts, lasts until `now`.
pub fn fold(happened: &[(DateTime<Utc>, Happened)], now: DateTime<Utc>) -> Vec<Span> {
    let mut folding = Folding::default();
    for (at, happened) in happened {
        folding.take(*at, happened);
    }
    folding.rest(now);
    if let Some((at, reason, detail)) = folding.asks.take() {
        folding.spans.push(Span { at, until: now.max(at), what: What::Asks { reason, detail } });
    }
    folding.spans
}

impl Folding {
    fn take(&mut self, at: DateTime<Utc>, happened: &Happened) {
        match happened {
            Happened::Turned { to: State::Thinking, .. } => self.works(at),
            Happened::Turned { to: State::Attention, reason, detail } => {
                self.rest(at);
                let since = self.asks.as_ref().map_or(at, |(since, ..)| *since);
                self.asks = Some((since, reason.clone(), detail.clone()));
            }
            Happened::Turned { to: State::Idle, .. } => {
                self.rest(at);
                self.answered(at);
            }
            Happened::Turned { to: to @ (State::Done | State::Failed), reason, .. } => {
                self.rest(at);
                self.once(at, What::Came { to: *to, reason: reason.clone() });
            }
            Happened::Turned { .. } => self.rest(at),
            Happened::Started => self.once(at, What::Started),
            Happened::Ended { code, signal } => {
                self.once(at, What::Ended { code: *code, signal: *signal });
            }
            Happened::Resumed(outcome) => {
                self.gathered(at);
                self.once(at, What::Resumed { outcome: outcome.clone() });
            }
            Happened::Closed => self.once(at, What::Closed),
            Happened::Rebound(reason) => {
                self.once(at, What::NewConversation { reason: reason.clone() });
            }
            Happened::Reset => self.once(at, What::Reset),
        }
    }

    /// What belongs to a resume: the start, and where the tab was reset or went back, the end of the
    /// agent before.
    fn gathered(&mut self, at: DateTime<Utc>) {
        let is_part = |span: &&Span| at - span.at <= ONE_ACT;
        let recent = self.spans.iter().rev().take_while(is_part).count();
        let parts = self.spans.split_off(self.spans.len() - recent);
        let is_reset = parts.iter().any(|span| span.what == What::Reset);
        let is_other = |span: &Span| matches!(span.what, What::NewConversation { .. });
        let has_other = parts.iter().any(is_other);
        self.spans.extend(parts.into_iter().filter(|span| match span.what {
            What::Started => false,
            What::Ended { .. } => !has_other,
            What::NewConversation { .. } => !is_reset,
            _ => true,
        }));
    }

    /// It begins to work, or goes on after an answer.
    fn works(&mut self, at: DateTime<Utc>) {
        let goes_on = self.asks.is_some();
        self.answered(at);
        if self.busy_since.is_none() {
            self.busy_since = Some(at);
            self.worked(at, |work| work.turns += usize::from(!goes_on));
        }
    }

    /// It works no more.
    fn rest(&mut self, at: DateTime<Utc>) {
        if let Some(since) = self.busy_since.take() {
            let seconds = (at - since).max(TimeDelta::zero()).num_seconds();
            self.worked(at, |work| work.busy += seconds);
        }
    }

    /// What it asked was answered, or is not asked any more.
    fn answered(&mut self, at: DateTime<Utc>) {
        if let Some((since, ..)) = self.asks.take() {
            let seconds = (at - since).max(TimeDelta::zero()).num_seconds();
            self.worked(at, |work| {
                work.asked += 1;
                work.waited += seconds;
            });
        }
    }

    /// Adds to the last span of work, or begins one.
    fn worked(&mut self, at: DateTime<Utc>, add: impl FnOnce(&mut Work)) {
        let is_work = self.spans.last().is_some_and(|it| matches!(it.what, What::Worked(_)));
        if !is_work {
            self.spans.push(Span { at, until: at, what: What::Worked(Work::default()) });
        }
        if let Some(Span { until, what: What::Worked(work), .. }) = self.spans.last_mut() {
            add(work);
            *until = at.max(*until);
        }
    }

    /// Something that takes no time, and ends what was under way.
    fn once(&mut self, at: DateTime<Utc>, what: What) {
        let is_end = matches!(what, What::Ended { .. } | What::Closed | What::Reset);
        if is_end {
            self.rest(at);
            // Nobody answers it any more.
            self.asks = None;
        }
        // A pane that is closed ends its agent.
        let is_told = matches!(what, What::Ended { .. })
            && self.spans.last().is_some_and(|it| it.what == What::Closed);
        if !is_told {
            self.spans.push(Span { at, until: at, what });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap_or_default()
    }

    fn turned(seconds: i64, to: State) -> (DateTime<Utc>, Happened) {
        (at(seconds), Happened::Turned { to, reason: None, detail: None })
    }

    fn worked(turns: usize, busy: i64, asked: usize, waited: i64) -> What {
        What::Worked(Work { turns, busy, asked, waited })
    }

    #[test]
    fn turns_and_answered_questions_are_one_span() {
        use State::{Attention, Idle, Thinking};
        let all = [
            turned(0, Thinking),
            turned(10, Attention),
            turned(30, Thinking),
            turned(40, Idle),
            turned(100, Thinking),
            turned(160, Idle),
        ];
        let spans = fold(&all, at(1000));
        assert_eq!(spans, [Span { at: at(0), until: at(160), what: worked(2, 80, 1, 20) }]);
        let spans = fold(&all[..2], at(1000));
        let asks = What::Asks { reason: None, detail: None };
        assert_eq!(spans[0].what, worked(1, 10, 0, 0));
        assert_eq!(spans[1], Span { at: at(10), until: at(1000), what: asks });
        // What it does now is counted until now.
        assert_eq!(fold(&all[..1], at(7))[0].what, worked(1, 7, 0, 0));
    }

    #[test]
    fn what_begins_and_ends_a_life_stands_between() {
        use State::{Attention, Idle, Thinking};
        let ended = Happened::Ended { code: Some(0), signal: None };
        let all = [
            turned(0, Thinking),
            turned(5, Attention),
            (at(9), ended),
            (at(20), Happened::Started),
            turned(21, Idle),
            (at(22), Happened::Resumed("recovered".to_owned())),
            turned(30, Thinking),
            turned(34, Idle),
        ];
        let spans: Vec<What> = fold(&all, at(99)).into_iter().map(|span| span.what).collect();
        let outcome = "recovered".to_owned();
        assert_eq!(
            spans,
            [
                worked(1, 5, 0, 0),
                What::Ended { code: Some(0), signal: None },
                What::Resumed { outcome },
                worked(1, 4, 0, 0),
            ]
        );
    }

    #[test]
    fn what_one_act_does_is_told_once() {
        let ended = Happened::Ended { code: None, signal: Some(15) };
        let resumed = Happened::Resumed("recovered".to_owned());
        let rebound = |why: &str| Happened::Rebound(why.to_owned());
        let whats = |all: &[Happened]| -> Vec<What> {
            let all: Vec<_> = all.iter().cloned().map(|it| (at(5), it)).collect();
            fold(&all, at(9)).into_iter().map(|span| span.what).collect()
        };
        let back = What::Resumed { outcome: "recovered".to_owned() };
        let reset =
            [ended.clone(), Happened::Reset, rebound("fresh"), Happened::Started, resumed.clone()];
        assert_eq!(whats(&reset), [What::Reset, back.clone()]);
        let other = What::NewConversation { reason: "resume".to_owned() };
        let again = [ended.clone(), rebound("resume"), Happened::Started, resumed.clone()];
        assert_eq!(whats(&again), [other, back.clone()]);
        let quit = What::Ended { code: None, signal: Some(15) };
        let by_hand = [ended.clone(), Happened::Started, resumed];
        assert_eq!(whats(&by_hand), [quit, back]);
        assert_eq!(whats(&[Happened::Closed, ended]), [What::Closed]);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_time_negative() {
        let spans = fold(&[turned(50, State::Thinking), turned(10, State::Idle)], at(0));
        assert_eq!(spans[0].what, worked(1, 0, 0, 0));
        assert!(spans[0].until >= spans[0].at);
    }

    #[test]
    fn the_words_of_a_journal_are_read_and_nothing_else_is() {
        let with = serde_json::json!({
            "to": "attention", "reason": "permission",
            "claims": [{"state": "thinking", "detail": "x"}, {"state": "attention", "detail": "rm"}],
        });
        let with = with.as_object().cloned().unwrap_or_default();
        let reason = Some("permission".to_owned());
        let detail = Some("rm".to_owned());
        let turned = Happened::Turned { to: State::Attention, reason, detail };
        assert_eq!(Happened::read("transition", &with), Some(turned));
        let empty = Map::new();
        assert_eq!(Happened::read("closed", &empty), Some(Happened::Closed));
        for what in ["transition", "resumed", "rebound", "noted", "", "hook-dropped"] {
            assert_eq!(Happened::read(what, &empty), None, "{what}");
        }
    }
}
