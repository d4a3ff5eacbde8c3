//! One line that a person types. Must not hold what a terminal would obey.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::text;

/// A line, and where the cursor stands in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    /// A byte of the text, at the border of two characters.
    cursor: usize,
}

impl Line {
    /// A line with the cursor at its end.
    pub fn new(written: &str) -> Line {
        let mut line = Line::default();
        line.insert(written);
        line
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing was.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Takes a text in at the cursor; its line breaks become spaces.
    pub fn insert(&mut self, typed: &str) {
        let flat = |c: char| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
        let typed: String = typed.chars().map(flat).filter(|c| !c.is_control()).collect();
        self.text.insert_str(self.cursor, &typed);
        self.cursor += typed.len();
    }

    /// Takes everything away.
    pub fn clear(&mut self) {
        *self = Line::default();
    }

    /// Obeys a key that edits; whether it was one.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let is_ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let is_plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        match key.code {
            KeyCode::Char(c) if is_plain => self.insert(c.encode_utf8(&mut [0; 4])),
            KeyCode::Char('w') if is_ctrl => {
                let kept = self.text[..self.cursor].trim_end();
                let from = kept.rfind(' ').map_or(0, |space| space + 1);
                self.take_out(from);
            }
            KeyCode::Char('u') if is_ctrl => self.take_out(0),
            KeyCode::Char('a') if is_ctrl => self.cursor = 0,
            KeyCode::Char('e') if is_ctrl => self.cursor = self.text.len(),
            KeyCode::Char('h') if is_ctrl => self.take_out(self.before()),
            KeyCode::Backspace => self.take_out(self.before()),
            KeyCode::Delete => {
                let from = self.cursor;
                self.cursor = self.after();
                self.take_out(from);
            }
            KeyCode::Left => self.cursor = self.before(),
            KeyCode::Right => self.cursor = self.after(),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.text.len(),
            _ => return false,
        }
        true
    }

    /// Takes out what stands between `from` and the cursor.
    fn take_out(&mut self, from: usize) {
        self.text.replace_range(from..self.cursor, "");
        self.cursor = from;
    }

    fn before(&self) -> usize {
        self.text[..self.cursor].char_indices().next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        let next = self.text[self.cursor..].chars().next();
        self.cursor + next.map_or(0, char::len_utf8)
    }

    /// The part that fits into so many columns around the cursor, and the cursor's column in it.
    pub fn view(&self, columns: usize) -> (String, usize) {
        let shown = text::clean(&self.text[..self.cursor]);
        let before = text::width(&shown);
        let skip = (before + 1).saturating_sub(columns);
        let (_, mut left) = text::split_at(&shown, skip);
        while text::width(left) >= columns.max(1) {
            // A wide character on the border.
            left = left.char_indices().nth(1).map_or("", |(at, _)| &left[at..]);
        }
        let at = text::width(left);
        let whole = format!("{left}{}", text::clean(&self.text[self.cursor..]));
        (text::split_at(&whole, columns).0.to_owned(), at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(line: &mut Line, code: KeyCode, modifiers: KeyModifiers) {
        assert!(line.key(KeyEvent::new(code, modifiers)), "{code:?} edits");
    }

    #[test]
    fn keys_edit_a_line_of_any_script() {
        let mut line = Line::new("one été 日本");
        let none = KeyModifiers::NONE;
        press(&mut line, KeyCode::Backspace, none);
        press(&mut line, KeyCode::Left, none);
        press(&mut line, KeyCode::Char('x'), none);
        assert_eq!(line.text(), "one été x日");
        press(&mut line, KeyCode::Delete, none);
        press(&mut line, KeyCode::Char('w'), KeyModifiers::CONTROL);
        assert_eq!(line.text(), "one été ");
        press(&mut line, KeyCode::Char('w'), KeyModifiers::CONTROL);
        press(&mut line, KeyCode::Home, none);
        press(&mut line, KeyCode::Right, none);
        press(&mut line, KeyCode::Char('u'), KeyModifiers::CONTROL);
        assert_eq!(line.text(), "ne ");
        assert!(!line.key(KeyEvent::new(KeyCode::Enter, none)));
    }

    #[test]
    fn what_a_terminal_obeys_is_not_taken_in() {
        assert_eq!(Line::new("a\u{1b}[31m\nb\u{7}").text(), "a[31m b");
    }

    #[test]
    fn the_cursor_is_always_in_view() {
        let mut line = Line::new("a rather long line 日本語 here");
        for columns in 1..40 {
            for _ in 0..40 {
                line.key(KeyEvent::new(KeyCode::Left, KeyModifiers::NONE));
                let (shown, at) = line.view(columns);
                assert!(at < columns && text::width(&shown) <= columns, "{shown:?} {at} {columns}");
            }
            line.key(KeyEvent::new(KeyCode::End, KeyModifiers::NONE));
        }
    }
}
