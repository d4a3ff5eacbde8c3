//! What can happen to a tab, and the one place where it changes the record.
//! Must not decide whether it may happen: locks, trust and names are checked by `ops`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::argv::Argv;
use super::queued::Queued;
use super::session::{Agent, Environment, LastStatus, Launch, Note, PastId, Place, Session};
use super::status::State;

/// Something that happened to a tab.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A person bound an agent to it. An earlier conversation id goes into the history.
    Bound(Agent),
    /// The agent's conversation id changed under a living process, or a fresh one was started.
    Rebound {
        /// The new id; `None` where the agent chooses one and has not said it yet.
        session_id: Option<String>,
        /// The command that resumes it.
        resume: Option<Argv>,
        /// Why: `clear`, `fork`, `resume`, `fresh`.
        reason: String,
    },
    /// It was started, or seen started, like this.
    Launched(Launch),
    /// It has another name.
    Renamed(String),
    /// It was locked or unlocked.
    Locked(bool),
    /// Its purpose was written or taken away.
    Task(Option<String>),
    /// A restart note was added.
    Noted(Note),
    /// A restart note has served its purpose.
    NoteDone(Note),
    /// Its restart notes were taken away.
    NotesCleared,
    /// Tags were added and removed.
    Tagged {
        /// New tags.
        add: Vec<String>,
        /// Tags to take off.
        remove: Vec<String>,
    },
    /// Its state changed.
    Status {
        /// The new state.
        state: State,
        /// Who said so.
        by: String,
        /// Why.
        reason: Option<String>,
    },
    /// A prompt waits for its agent.
    Queued(Queued),
    /// A prompt waits no longer.
    Unqueued(Queued),
    /// A prompt that waits has another text.
    QueueEdited {
        /// As it was.
        old: Queued,
        /// As it is.
        new: Queued,
    },
    /// A prompt waits at another place, counted from 0.
    QueueMoved {
        /// The prompt.
        prompt: Queued,
        /// Its place.
        to: usize,
    },
    /// It stands here now.
    Placed(Place),
    /// It belongs to this machine now.
    Settled(Environment),
}

impl Session {
    /// Applies one event that happened `at`. Applying the same event twice changes nothing more.
    pub fn apply(&mut self, event: &Event, at: DateTime<Utc>) {
        match event {
            Event::Bound(agent) => {
                let mut agent = agent.clone();
                if let Some(old) = self.agent.take() {
                    agent.history = old.history;
                    let kept = old.session_id.filter(|id| Some(id) != agent.session_id.as_ref());
                    remember(&mut agent, kept, "bind", at);
                }
                self.agent = Some(agent);
            }
            Event::Rebound { session_id, resume, reason } => {
                if let Some(agent) = self.agent.as_mut()
                    && agent.session_id != *session_id
                {
                    let old = std::mem::replace(&mut agent.session_id, session_id.clone());
                    agent.resume.clone_from(resume);
                    remember(agent, old, reason, at);
                }
            }
            Event::Launched(launch) => {
                if let Some(agent) = self.agent.as_mut() {
                    agent.launch = Some(launch.clone());
                }
            }
            Event::Renamed(name) => {
                self.tab.clone_from(name);
                if let Some(place) = self.place.as_mut() {
                    place.window.clone_from(name);
                }
            }
            Event::Locked(locked) => self.locked = *locked,
            Event::Task(task) => self.task.clone_from(task),
            Event::Noted(note) => {
                if self.notes.last() != Some(note) {
                    self.notes.push(note.clone());
                }
            }
            // As it was seen, and not by its place: others may have been written meanwhile.
            Event::NoteDone(done) => self.notes.retain(|note| note != done),
            Event::NotesCleared => self.notes.clear(),
            Event::Tagged { add, remove } => {
                let tags: BTreeSet<_> = self.tags.drain(..).chain(add.iter().cloned()).collect();
                self.tags = tags.into_iter().filter(|tag| !remove.contains(tag)).collect();
            }
            Event::Status { state, by, reason } => {
                self.note_status(*state, by, reason.as_ref(), at);
            }
            Event::Queued(prompt) => {
                if !self.queue.contains(prompt) {
                    self.queue.push(prompt.clone());
                }
            }
            // As they were seen, and not by their places: see the notes.
            Event::Unqueued(done) => self.queue.retain(|prompt| prompt != done),
            Event::QueueEdited { old, new } => {
                if let Some(found) = self.queue.iter_mut().find(|prompt| *prompt == old) {
                    found.clone_from(new);
                }
            }
            Event::QueueMoved { prompt, to } => {
                if let Some(from) = self.queue.iter().position(|known| known == prompt) {
                    let moved = self.queue.remove(from);
                    self.queue.insert((*to).min(self.queue.len()), moved);
                }
            }
            Event::Placed(place) => self.place = Some(place.clone()),
            Event::Settled(environment) => self.environment = Some(environment.clone()),
        }
    }

    /// Only a change of *state* is worth a write: who repeats it, or why, is not.
    fn note_status(&mut self, state: State, by: &str, reason: Option<&String>, at: DateTime<Utc>) {
        if self.status.as_ref().is_none_or(|known| known.state != state) {
            let (by, reason) = (by.to_owned(), reason.cloned());
            self.status = Some(LastStatus { state, since: at, by, reason });
        }
    }
}

fn remember(agent: &mut Agent, old: Option<String>, reason: &str, at: DateTime<Utc>) {
    if let Some(session_id) = old {
        agent.history.push(PastId { session_id, at, reason: reason.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::super::id::TabId;
    use super::*;

    fn bound(id: &str) -> Event {
        let session_id = Some(id.to_owned());
        Event::Bound(Agent { kind: "claude".to_owned(), session_id, ..Agent::default() })
    }

    #[test]
    fn no_conversation_id_is_ever_lost() {
        let at = DateTime::default();
        let mut session = Session::new(TabId::from_parts(0, 0), "api");
        let rebound = |id: &str, reason: &str| Event::Rebound {
            session_id: Some(id.to_owned()),
            resume: None,
            reason: reason.to_owned(),
        };
        let events =
            [bound("a"), rebound("b", "clear"), rebound("b", "clear"), bound("b"), bound("c")];
        for event in &events {
            session.apply(event, at);
        }
        let agent = session.agent.unwrap_or_default();
        let history: Vec<_> =
            agent.history.iter().map(|p| (p.session_id.as_str(), p.reason.as_str())).collect();
        assert_eq!(agent.session_id.as_deref(), Some("c"));
        assert_eq!(history, [("a", "clear"), ("b", "bind")]);
    }

    #[test]
    fn every_event_applied_twice_is_applied_once() {
        let at = DateTime::default();
        let note = Note { text: "n".to_owned(), by: None, at: None, session_id: None };
        let place = Place { engine: "tmux".to_owned(), ..Place::default() };
        let here = Environment { os: "linux".to_owned(), host: "h".to_owned() };
        let events = [
            bound("a"),
            Event::Launched(Launch::default()),
            Event::Renamed("b".to_owned()),
            Event::Locked(true),
            Event::Task(Some("t".to_owned())),
            Event::Noted(note.clone()),
            Event::NoteDone(Note { text: "other".to_owned(), ..note }),
            Event::Tagged {
                add: vec!["y".to_owned(), "x".to_owned()],
                remove: vec!["y".to_owned()],
            },
            Event::Status { state: State::Idle, by: "p".to_owned(), reason: None },
            Event::Placed(place),
            Event::Settled(here),
            Event::NotesCleared,
            Event::Queued("one".into()),
            Event::Queued("two".into()),
            Event::QueueEdited { old: "two".into(), new: "three".into() },
            Event::QueueMoved { prompt: "three".into(), to: 0 },
            Event::Unqueued("one".into()),
        ];
        let mut session = Session::new(TabId::from_parts(0, 0), "api");
        for event in &events {
            session.apply(event, at);
            let once = session.clone();
            session.apply(event, at);
            assert_eq!(session, once, "{event:?}");
        }
        assert_eq!(session.tags, ["x"]);
        assert_eq!(session.queue, ["three".into()]);
    }
}
