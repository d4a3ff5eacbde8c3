//! Where a tab stands and what it did meanwhile, for a person who comes back to it, or for an agent
//! that takes it over. Must not find any of it out, and must invent no advice.

pub mod timeline;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::briefing::Changes;
use super::digest::Found;
use super::digest::finding::{Finding, Level};
use super::evidence::Ran;
use super::id::TabId;
use super::row::Row;
use super::session::Note;
use super::status::State;
use timeline::{Span, What};

/// Everything that is told of one tab. What agents, programs and repositories say of themselves in it
/// is foreign text.
#[derive(Debug, Clone, Serialize)]
pub struct Brief {
    /// Where it stands.
    #[serde(flatten)]
    pub here: Here,
    /// From when on it is told; nothing if from the beginning.
    pub since: Option<DateTime<Utc>>,
    /// Why from then on.
    pub because: Because,
    /// What it did.
    pub states: Vec<Span>,
    /// What was typed to its agent through tabctl, oldest first.
    pub prompts: Vec<Prompt>,
    /// The commands that its shells ran, oldest first.
    pub commands: Vec<Ran>,
    /// What went wrong in its terminal, and how it went, by the words of the tools that ran there.
    pub findings: Vec<Found>,
    /// Whether these came since then; else nobody knows when they came.
    pub findings_are_new: bool,
    /// What git says of its folder.
    pub changes: Changes,
    /// Its restart notes, oldest first.
    pub notes: Vec<Note>,
    /// Prompts that wait for its agent to be idle.
    pub queued: usize,
    /// The time at which it is told.
    pub now: DateTime<Utc>,
}

/// A tab, and what it is doing.
#[derive(Debug, Clone, Serialize)]
pub struct Doing {
    /// Identity.
    pub id: TabId,
    /// Name, already filtered.
    pub tab: String,
    /// What it is doing.
    pub state: State,
    /// Why.
    pub reason: Option<String>,
    /// What exactly.
    pub detail: Option<String>,
    /// Since when.
    pub state_since: DateTime<Utc>,
    /// Why it exists.
    pub task: Option<String>,
}

/// Where a tab stands.
#[derive(Debug, Clone, Serialize)]
pub struct Here {
    /// What it is doing.
    #[serde(flatten)]
    pub doing: Doing,
    /// The folder it runs in.
    pub folder: String,
    /// The branch of that folder, or the commit where it is on none.
    pub branch: Option<String>,
    /// Where it stands, or stood, in the multiplexer: `tmux work:2`.
    pub place: Option<String>,
    /// Its agent's kind.
    pub agent: Option<String>,
    /// Its conversation.
    pub session_id: Option<String>,
    /// Since when it has that.
    pub conversation_since: DateTime<Utc>,
    /// Protected.
    pub locked: bool,
    /// Why its file could not be used.
    pub problem: Option<String>,
}

/// Why it is told from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Because {
    /// The person looked at the tab then.
    Looked,
    /// That was asked for.
    Asked,
    /// Nobody is known to have looked at it.
    Unseen,
}

/// A text that was typed to an agent through tabctl.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prompt {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom: `person`, an agent's kind.
    pub by: Option<String>,
    /// How long it was.
    pub bytes: u64,
    /// Its first line, where the agent's own record has it.
    pub first_line: Option<String>,
}

/// What to do, and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Next {
    /// `note`, `tabctl`, or the tool's name.
    pub by: String,
    /// What.
    pub text: String,
}

impl Brief {
    /// What to do now, as far as somebody has said it: the newest note, what a tool that failed says to
    /// do, and how to get on with a tab that waits.
    pub fn next(&self) -> Vec<Next> {
        let says = |by: &str, text: String| Next { by: by.to_owned(), text };
        let note = self.notes.last().map(|note| says("note", note.text.clone()));
        let mut next: Vec<Next> = note.into_iter().collect();
        for Finding { tool, advice, .. } in self.findings.iter().map(|found| &found.finding) {
            let advice = advice.as_ref().map(|advice| says(tool, advice.clone()));
            next.extend(advice.filter(|advice| !next.contains(advice)));
        }
        next.extend(self.here.way_on().map(|text| says("tabctl", text)));
        next
    }

    /// How many tests failed.
    pub fn failing_tests(&self) -> usize {
        let findings = self.findings.iter().map(|found| &found.finding);
        findings.filter(|it| it.level == Level::Error && it.test.is_some()).count()
    }

    /// Whether anything happened in the time that is told of.
    pub fn is_quiet(&self) -> bool {
        let Changes { commits, files, .. } = &self.changes;
        let is_news = |span: &Span| !matches!(span.what, What::Asks { .. });
        let has_told = self.prompts.len() + self.commands.len() + commits.len() + files.len() > 0;
        let has_found = self.findings_are_new && !self.findings.is_empty();
        !has_told && !has_found && !self.states.iter().any(is_news)
    }
}

impl From<&Row> for Doing {
    fn from(row: &Row) -> Doing {
        let claim = row.status.claim.clone();
        Doing {
            id: row.id,
            tab: row.tab.clone(),
            state: claim.state,
            reason: claim.reason,
            detail: claim.detail,
            state_since: row.since,
            task: row.task.clone(),
        }
    }
}

impl Here {
    /// The command that gets a tab on which waits for a person.
    fn way_on(&self) -> Option<String> {
        let Doing { tab, state, .. } = &self.doing;
        Some(match state {
            State::Attention => format!("`tabctl go {tab}`: it waits for your answer"),
            State::Down => format!("`tabctl resume {tab}` brings it back"),
            State::Missing => "its folder is gone: `tabctl doctor --scan DIR` finds it".to_owned(),
            _ => return None,
        })
    }
}

/// One tab among all that have changed, in few words.
#[derive(Debug, Clone, Serialize)]
pub struct Glance {
    /// What it is doing.
    #[serde(flatten)]
    pub doing: Doing,
    /// From when on it is told.
    pub since: Option<DateTime<Utc>>,
    /// What it did.
    pub states: Vec<Span>,
    /// How many commands its shells ran.
    pub commands: usize,
    /// How many of them ended badly.
    pub failed: usize,
    /// How many prompts it was sent through tabctl.
    pub prompts: usize,
    /// How many notes were written.
    pub noted: usize,
}

impl Glance {
    /// Whether anything is new.
    pub fn has_changed(&self) -> bool {
        !self.states.is_empty() || self.commands + self.prompts + self.noted > 0
    }
}

/// The most urgent first: who waits for a person, longest first; then what ended; then what goes on by
/// itself.
pub fn by_urgency(glances: &mut [Glance]) {
    let rank = |state: State| match state {
        State::Attention => 0,
        State::Failed => 1,
        State::Missing => 2,
        State::Done => 3,
        State::Idle => 4,
        State::Unknown => 5,
        State::Down => 6,
        State::Thinking | State::Running => 7,
        State::Shell => 8,
    };
    glances.sort_by(|one, other| {
        let key = |it: &Glance| (rank(it.doing.state), it.doing.state_since);
        key(one).cmp(&key(other)).then_with(|| one.doing.tab.cmp(&other.doing.tab))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glance(tab: &str, state: State, since: i64) -> Glance {
        let doing = Doing {
            id: TabId::from_parts(0, 0),
            tab: tab.to_owned(),
            state,
            reason: None,
            detail: None,
            state_since: DateTime::from_timestamp(since, 0).unwrap_or_default(),
            task: None,
        };
        Glance {
            doing,
            since: None,
            states: Vec::new(),
            commands: 0,
            failed: 0,
            prompts: 0,
            noted: 0,
        }
    }

    #[test]
    fn who_has_waited_longest_for_a_person_comes_first() {
        let mut all = [
            glance("shell", State::Shell, 1),
            glance("works", State::Thinking, 2),
            glance("asks", State::Attention, 9),
            glance("ready", State::Idle, 3),
            glance("failed", State::Failed, 8),
            glance("asks longer", State::Attention, 4),
        ];
        by_urgency(&mut all);
        let order: Vec<&str> = all.iter().map(|it| it.doing.tab.as_str()).collect();
        assert_eq!(order, ["asks longer", "asks", "failed", "ready", "works", "shell"]);
        assert!(!all[0].has_changed() && Glance { noted: 1, ..all[0].clone() }.has_changed());
    }
}
