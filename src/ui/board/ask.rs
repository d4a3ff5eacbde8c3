//! What a person is asked before something is done: a yes, or a line of text.
//! Must take everything but a plain yes for a no.

use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::line::Line;
use super::{Board, Wish};
use crate::model::act::Act;
use crate::model::id::TabId;
use crate::model::row::Row;
use crate::model::status::State;

/// What is asked, and of which tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    id: TabId,
    tab: String,
    what: What,
    /// What was typed so far.
    pub line: Line,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// Whether to close it, in this state.
    Close(State),
    Note,
    Send,
}

impl Asking {
    fn of(row: &Row, what: What) -> Asking {
        Asking { id: row.id, tab: row.tab.clone(), what, line: Line::default() }
    }

    /// What stands before the cursor.
    pub fn prompt(&self) -> String {
        let tab = &self.tab;
        match self.what {
            What::Close(State::Shell | State::Unknown) => format!("close {tab}? (y/N) "),
            What::Close(state) => format!("{tab} is {}. close it? (y/N) ", state.word()),
            What::Note => format!("note for {tab}: "),
            What::Send => format!("send to {tab}: "),
        }
    }

    /// Whether a text is asked for, and no yes.
    fn wants_text(&self) -> bool {
        matches!(self.what, What::Note | What::Send)
    }
}

impl Board {
    /// Asks whether the selected tab is to be closed. What is not open, or protected, is not asked about.
    pub(super) fn ask_to_close(&mut self) {
        let Some(row) = self.selected() else { return };
        if row.pane.is_none() {
            self.refuse("is not open anywhere");
        } else if row.locked {
            self.refuse("is locked: it cannot be closed");
        } else {
            self.asking = Some(Asking::of(row, What::Close(row.status.claim.state)));
        }
    }

    /// Asks for a note.
    pub(super) fn ask_for_note(&mut self) {
        self.asking = self.selected().map(|row| Asking::of(row, What::Note));
    }

    /// Asks for a text to send, if it could be sent now.
    pub(super) fn ask_what_to_send(&mut self) {
        let Some(row) = self.selected() else { return };
        let state = row.status.claim.state;
        if row.locked {
            self.refuse("is locked: it cannot be typed into");
        } else if row.agent.is_none() || matches!(state, State::Shell | State::Running) {
            self.refuse("has no agent that could be typed into");
        } else if row.pane.is_none() {
            self.refuse(&format!("is {}: nothing can be sent", state.word()));
        } else if state == State::Attention {
            self.refuse("waits for an answer of yours: Enter brings you there");
        } else {
            self.asking = Some(Asking::of(row, What::Send));
        }
    }

    fn refuse(&mut self, why: &str) {
        let tab = self.selected().map(|row| row.tab.clone()).unwrap_or_default();
        self.say(&format!("{tab} {why}"), true);
    }

    /// A key while something is asked.
    pub(super) fn answer(&mut self, key: KeyEvent) -> Option<Wish> {
        let mut asking = self.asking.take()?;
        if !asking.wants_text() {
            let is_yes = matches!(key.code, KeyCode::Char('y' | 'Y'));
            if !is_yes {
                self.say("not closed", false);
            }
            return is_yes.then_some(Wish::Act(asking.id, Act::Close));
        }
        match key.code {
            KeyCode::Esc => None,
            KeyCode::Enter => {
                let text = asking.line.text().trim().to_owned();
                let act = if asking.what == What::Note { Act::Note(text) } else { Act::Send(text) };
                (!asking.line.text().trim().is_empty()).then_some(Wish::Act(asking.id, act))
            }
            _ => {
                asking.line.key(key);
                self.asking = Some(asking);
                None
            }
        }
    }
}
