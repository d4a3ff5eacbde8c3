//! What the mouse does: a click selects, a double click goes there, the wheel scrolls.
//! Must not do anything that cannot be undone.

use chrono::TimeDelta;
use ratatui::crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::{Board, Wish};

/// Two clicks within this time are one double click.
const DOUBLE: TimeDelta = TimeDelta::milliseconds(500);
/// Lines that one notch of the wheel moves.
const NOTCH: isize = 3;

impl Board {
    /// Obeys the mouse.
    pub fn mouse(&mut self, mouse: MouseEvent) -> Option<Wish> {
        match mouse.kind {
            MouseEventKind::Down(_) if self.helping => self.helping = false,
            _ if self.helping || self.asking.is_some() => {}
            MouseEventKind::ScrollDown => self.scroll(NOTCH),
            MouseEventKind::ScrollUp => self.scroll(-NOTCH),
            MouseEventKind::Down(MouseButton::Left) => return self.click(mouse),
            _ => {}
        }
        None
    }

    fn click(&mut self, mouse: MouseEvent) -> Option<Wish> {
        let list = self.drawn.list;
        if !list.contains(Position::new(mouse.column, mouse.row)) {
            return None;
        }
        let place = self.top + usize::from(mouse.row - list.y);
        if place >= self.shown.len() {
            return None;
        }
        let id = self.id_at(place);
        self.notice = None;
        self.selected = Some(id);
        let before = self.clicked.replace((id, self.now));
        let is_double = before.is_some_and(|(same, at)| same == id && self.now - at < DOUBLE);
        is_double.then(|| {
            self.clicked = None;
            Wish::Go(id)
        })
    }

    /// Moves the lines, and the selection only as far as it must be seen.
    fn scroll(&mut self, lines: isize) {
        let height = usize::from(self.drawn.list.height);
        let most = self.shown.len().saturating_sub(height);
        self.top = self.top.saturating_add_signed(lines).min(most);
        let (Some(place), true) = (self.place(), height > 0) else { return };
        let seen = place.clamp(self.top, self.top + height - 1).min(self.shown.len() - 1);
        self.selected = Some(self.id_at(seen));
    }
}
