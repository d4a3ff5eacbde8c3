//! Where on the screen what stands: the line at the top, the list, the look at one tab, the line at the
//! bottom. Must draw something useful at any size, and nothing beyond it.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::super::text;
use super::{Board, Drawn, Use};
use crate::model::status::State;

/// From so many columns on, the look stands beside the list.
const SIDE_BY_SIDE: u16 = 110;
/// From so many lines on, it stands below it.
const BELOW: u16 = 18;
/// From so many lines on, the columns have headings.
const HEADINGS: u16 = 8;

/// Writes a text into one line of an area, from a column on; gives the column behind it.
pub fn put(buffer: &mut Buffer, area: Rect, at: (u16, u16), written: &str, style: Style) -> u16 {
    let (column, line) = at;
    if line >= area.height || column >= area.width {
        return column;
    }
    let left = usize::from(area.width - column);
    let (x, _) = buffer.set_stringn(area.x + column, area.y + line, written, left, style);
    x.saturating_sub(area.x)
}

impl Board {
    /// Draws all of it.
    pub fn draw(&mut self, frame: &mut Frame) {
        let area = frame.area();
        self.drawn = Drawn::default();
        if area.width == 0 || area.height == 0 {
            return;
        }
        let (top, middle, bottom) = cut(area);
        let (list, side) = self.divide(middle);
        let buffer = frame.buffer_mut();
        let mut cursor = self.draw_top(buffer, top);
        self.draw_list(buffer, list, area.height >= HEADINGS);
        if let Some(side) = side {
            self.draw_side(buffer, side, side.y > list.y);
        }
        cursor = self.draw_bottom(buffer, bottom).or(cursor);
        if self.helping {
            cursor = None;
            self.draw_help(buffer, area);
        }
        if let Some(cursor) = cursor {
            frame.set_cursor_position(cursor);
        }
    }

    /// The list, and the look at one tab if there is room.
    fn divide(&self, middle: Rect) -> (Rect, Option<Rect>) {
        if !self.has_side || self.rows.is_empty() {
            return (middle, None);
        }
        if middle.width >= SIDE_BY_SIDE {
            let list = middle.width * 11 / 20;
            let side = Rect { x: middle.x + list, width: middle.width - list, ..middle };
            return (Rect { width: list, ..middle }, Some(side));
        }
        if middle.height + 2 >= BELOW {
            let wanted = u16::try_from(self.rows.len()).unwrap_or(u16::MAX).saturating_add(1);
            let list = wanted.min(middle.height / 2);
            let side = Rect { y: middle.y + list, height: middle.height - list, ..middle };
            return (Rect { height: list, ..middle }, Some(side));
        }
        (middle, None)
    }

    /// The line at the top; where the cursor stands in it, if it does.
    fn draw_top(&self, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let theme = self.theme;
        let found = if self.query.is_empty() {
            self.rows.len().to_string()
        } else {
            format!("{}/{}", self.shown.len(), self.rows.len())
        };
        if self.used == Use::Watch && !self.typing && self.query.is_empty() {
            let tabs = if self.rows.len() == 1 { "tab" } else { "tabs" };
            let mut at = put(buffer, area, (0, 0), "tabctl", theme.heading());
            at = put(buffer, area, (at + 1, 0), &format!("{found} {tabs}"), theme.dim());
            self.draw_counts(buffer, area, at + 2);
            return None;
        }
        let sign = if self.used == Use::Pick { "> " } else { "/" };
        let start = put(buffer, area, (0, 0), sign, theme.heading());
        let counted = area.width.saturating_sub(self.counts_width() + 2);
        let width = usize::from(area.width.saturating_sub(start)).clamp(1, 40);
        let (typed, at) = self.query.view(width);
        let mut end = put(buffer, area, (start, 0), &typed, Style::new());
        let cursor = start + u16::try_from(at).unwrap_or(0);
        end = end.max(cursor + 1) + 1;
        end = put(buffer, area, (end, 0), &found, theme.dim());
        if end + 2 <= counted {
            self.draw_counts(buffer, area, counted);
        }
        self.typing.then(|| Position::new(area.x + cursor.min(area.width - 1), area.y))
    }

    fn counts(&self) -> Vec<(State, usize)> {
        let count = |state| self.rows.iter().filter(|row| row.status.claim.state == state).count();
        let all = State::ALL.into_iter().map(|state| (state, count(state)));
        all.filter(|(_, count)| *count > 0).collect()
    }

    fn counts_width(&self) -> u16 {
        let width = |(_, count): (State, usize)| 4 + count.to_string().len();
        u16::try_from(self.counts().into_iter().map(width).sum::<usize>()).unwrap_or(u16::MAX)
    }

    /// How many tabs have which state: in words where they fit.
    fn draw_counts(&self, buffer: &mut Buffer, area: Rect, mut at: u16) {
        let counts = self.counts();
        let words: usize = counts.iter().map(|(state, _)| state.word().len() + 6).sum();
        let in_words = usize::from(at) + words <= usize::from(area.width);
        for (state, count) in counts {
            let word = if in_words { format!(" {}", state.word()) } else { String::new() };
            let told = format!("{} {count}{word}", state.glyph());
            at = put(buffer, area, (at, 0), &told, self.theme.state(state)) + 2;
        }
    }

    /// The line at the bottom: what is asked, what was said last, or what keys do.
    fn draw_bottom(&self, buffer: &mut Buffer, area: Rect) -> Option<Position> {
        let theme = self.theme;
        if area.height == 0 {
            return None;
        }
        if let Some(asking) = &self.asking {
            let start = put(buffer, area, (0, 0), &asking.prompt(), theme.warn());
            let width = usize::from(area.width.saturating_sub(start)).max(1);
            let (typed, at) = asking.line.view(width);
            put(buffer, area, (start, 0), &typed, Style::new());
            let at = start + u16::try_from(at).unwrap_or(0);
            return Some(Position::new(area.x + at.min(area.width - 1), area.y));
        }
        if let Some(notice) = &self.notice {
            let style = if notice.is_bad { theme.bad() } else { theme.good() };
            let told = text::cut(&notice.text, area.width.into());
            put(buffer, area, (0, 0), &told, style);
        } else if let Some(why) = &self.blind {
            let told = format!("what lives cannot be seen: {}", text::clean(why));
            put(buffer, area, (0, 0), &text::cut(&told, area.width.into()), theme.bad());
        } else {
            put(buffer, area, (0, 0), &self.hints(area.width.into()), theme.dim());
        }
        None
    }

    /// As many of the keys as fit, the best known last to go.
    fn hints(&self, width: usize) -> String {
        let letter = |letter: &str| {
            if self.typing { format!("^{}", letter.to_uppercase()) } else { letter.to_owned() }
        };
        let go = if self.typing && self.used == Use::Watch { "keep" } else { "go" };
        let mut all = vec![("?".to_owned(), "help"), ("enter".to_owned(), go)];
        match (self.used, self.typing) {
            (Use::Pick, _) => all.push(("esc".to_owned(), "leave")),
            (Use::Watch, true) => all.push(("esc".to_owned(), "all")),
            (Use::Watch, false) => {
                all.extend([("/".to_owned(), "filter"), ("q".to_owned(), "leave")]);
            }
        }
        let acts = [("r", "resume"), ("s", "send"), ("t", "note"), ("l", "lock"), ("x", "close")];
        all.extend(acts.map(|(key, what)| (letter(key), what)));
        if !self.typing {
            all.push(("o".to_owned(), "order"));
        }
        let mut shown = String::new();
        for (key, what) in all {
            let next = format!("{}{key} {what}", if shown.is_empty() { "" } else { "  " });
            if text::width(&shown) + text::width(&next) > width {
                break;
            }
            shown.push_str(&next);
        }
        shown
    }
}

/// The top line, what is between, and the bottom line: with few lines the bottom is given up first.
fn cut(area: Rect) -> (Rect, Rect, Rect) {
    let top = Rect { height: 1, ..area };
    let bottom_height = u16::from(area.height >= 4);
    let bottom = Rect { y: area.y + area.height - bottom_height, height: bottom_height, ..area };
    let middle = Rect { y: area.y + 1, height: area.height - 1 - bottom_height, ..area };
    (top, middle, bottom)
}
