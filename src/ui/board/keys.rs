//! What keys do. Must mean the same in the picker and in the dashboard: there letters act by themselves,
//! while something is typed they do so with Ctrl.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::{Board, Use, Wish};
use crate::model::act::Act;
use crate::model::id::TabId;

impl Board {
    /// Obeys a key.
    pub fn key(&mut self, key: KeyEvent) -> Option<Wish> {
        if key.kind == KeyEventKind::Release {
            return None;
        }
        self.notice = None;
        let is_ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        if is_ctrl && matches!(key.code, KeyCode::Char('c' | 'd')) && self.asking.is_none() {
            return Some(Wish::Leave);
        }
        if is_ctrl && key.code == KeyCode::Char('c') {
            self.asking = None;
            return None;
        }
        if self.helping {
            self.helping = false;
            return None;
        }
        if self.asking.is_some() {
            return self.answer(key);
        }
        if self.moves(key) {
            return None;
        }
        match key.code {
            KeyCode::Enter if self.typing && self.used == Use::Watch => {
                self.typing = false;
                None
            }
            KeyCode::Enter => self.selected.map(Wish::Go),
            KeyCode::Esc => self.escape(),
            KeyCode::Char('?') => {
                self.helping = true;
                None
            }
            KeyCode::Char(letter) if is_ctrl && "rltsx".contains(letter) => self.letter(letter),
            KeyCode::Char(letter) if !self.typing && !is_ctrl => self.letter(letter),
            _ if self.typing => {
                let before = self.query.text().to_owned();
                self.query.key(key);
                if self.query.text() != before {
                    self.queried();
                }
                None
            }
            _ => None,
        }
    }

    /// Takes in what was pasted.
    pub fn paste(&mut self, pasted: &str) {
        if let Some(asking) = &mut self.asking {
            asking.line.insert(pasted);
        } else if self.typing {
            self.query.insert(pasted);
            self.queried();
        }
    }

    /// Keys that move the selection; whether it was one.
    fn moves(&mut self, key: KeyEvent) -> bool {
        let is_ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let page = isize::from(i16::try_from(self.drawn.list.height.max(2) - 1).unwrap_or(1));
        let far = isize::MAX;
        let lines = match key.code {
            KeyCode::Down | KeyCode::Tab => 1,
            KeyCode::Up | KeyCode::BackTab => -1,
            KeyCode::Char('j' | 'n') if is_ctrl => 1,
            KeyCode::Char('k' | 'p') if is_ctrl => -1,
            KeyCode::PageDown => page,
            KeyCode::PageUp => -page,
            KeyCode::Home | KeyCode::Char('g') if !self.typing => -far,
            KeyCode::End | KeyCode::Char('G') if !self.typing => far,
            KeyCode::Char('j') if !self.typing => 1,
            KeyCode::Char('k') if !self.typing => -1,
            _ => return false,
        };
        self.step(lines);
        true
    }

    fn escape(&mut self) -> Option<Wish> {
        if self.used == Use::Pick {
            return Some(Wish::Leave);
        }
        self.typing = false;
        if !self.query.is_empty() {
            self.query.clear();
            let selected = self.selected;
            self.queried();
            // Who looks at one of the found goes on looking at it.
            self.selected = selected.or(self.selected);
        }
        None
    }

    fn letter(&mut self, letter: char) -> Option<Wish> {
        let act = |id: Option<TabId>, act| id.map(|id| Wish::Act(id, act));
        match letter {
            'r' => return act(self.selected, Act::Resume),
            'l' => {
                let locked = self.selected().is_some_and(|row| row.locked);
                return act(self.selected, Act::Lock(!locked));
            }
            't' => self.ask_for_note(),
            's' => self.ask_what_to_send(),
            'x' => self.ask_to_close(),
            '/' => self.typing = true,
            'o' => {
                self.order = self.order.next();
                self.arrange(None);
                self.say(&format!("in the order of: {}", self.order.word()), false);
            }
            'p' => self.has_side = !self.has_side,
            'q' => return Some(Wish::Leave),
            ' ' => return Some(Wish::Refresh),
            _ => {}
        }
        None
    }
}
