//! The lines of a terminal's output as they stand there in the end: without escapes, and without what
//! was written over. Must not be taken for a terminal: it knows lines, not screens.
//!
//! Of what moves the cursor it follows what tools use for progress: back to the first column, within
//! the line, up to lines that stand there already, and what is erased from there. A program that has
//! the whole screen begins below. Every character has one column, a tab too.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

/// No further does the cursor go up: no terminal has more lines.
const HIGHEST: usize = 500;
/// No further does it go beyond the end of its line.
const WIDEST: usize = 1000;

/// The text with nothing in it but lines: the very same one, if it is so already.
pub fn plain(text: &str) -> Cow<'_, str> {
    if is_quiet(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let mut page = Page { text: String::with_capacity(text.len()), ..Page::default() };
    let mut from = 0;
    for end in memchr_iter(b'\n', text.as_bytes()) {
        page.line(&text[from..end]);
        from = end + 1;
    }
    page.line(&text[from..]);
    Cow::Owned(page.text())
}

/// Whether nothing in it moves a cursor: no control characters but line ends and tabs.
fn is_quiet(text: &[u8]) -> bool {
    // Whole blocks without a branch: that is what a processor has wide registers for.
    let loud = |byte: u8| matches!(byte, 0..=8 | 11..=31 | 127);
    text.chunks(64).all(|block| !block.iter().fold(false, |any, byte| any | loud(*byte)))
}

#[derive(Default)]
struct Page {
    /// The lines that were just written through, one behind the other, each with its end.
    text: String,
    lines: Vec<Line>,
    /// There are other ones than these, or fewer.
    is_edited: bool,
    /// The line that the cursor is in; it may be one more than there are.
    row: usize,
    /// What stands in that line, where it was not just written through.
    cells: Vec<char>,
    column: usize,
}

/// A line, as it stands there.
enum Line {
    /// It was just written through: from here to there in the text.
    Written(usize, usize),
    /// The cursor was in it.
    Edited(String),
}

/// Adds a line without its colours, titles and links to a text; not if something in it moves the cursor.
fn undress(line: &str, left: &mut String) -> bool {
    let begin = left.len();
    let is_done = undressed(line, left).is_some() && is_quiet(&left.as_bytes()[begin..]);
    if !is_done {
        left.truncate(begin);
    }
    is_done
}

fn undressed(line: &str, left: &mut String) -> Option<()> {
    let mut rest = line;
    while let Some(at) = memchr(0x1b, rest.as_bytes()) {
        left.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let length = match rest.as_bytes() {
            [b'[', numbers @ ..] => {
                let is_number = |byte: &&u8| matches!(byte, b'0'..=b'9' | b';' | b':');
                let digits = numbers.iter().take_while(is_number).count();
                // What is behind the end of a line can be erased without a trace.
                match (numbers.get(digits)?, &numbers[..digits]) {
                    (b'm', _) | (b'K', [] | [b'0']) => digits + 2,
                    _ => return None,
                }
            }
            [b']', ..] => rest.len() - behind_words(rest)?.len(),
            [b'(', _, ..] => 2,
            _ => return None,
        };
        rest = rest.get(length..)?;
    }
    left.push_str(rest);
    Some(())
}

/// What stands behind words that are for the terminal alone: they end with the bell, or with an escape
/// and a backslash.
fn behind_words(rest: &str) -> Option<&str> {
    let behind = &rest[rest.find(['\x07', '\x1b'])?..];
    Some(behind.strip_prefix("\x1b\\").or(behind.strip_prefix('\x07')).unwrap_or(behind))
}

impl Page {
    /// Takes in what stands between two line ends.
    fn line(&mut self, written: &str) {
        let is_fresh = self.row == self.lines.len() && self.cells.is_empty() && self.column == 0;
        let begin = self.text.len();
        if is_fresh && undress(written.trim_end_matches('\r'), &mut self.text) {
            self.lines.push(Line::Written(begin, self.text.len()));
            self.text.push('\n');
            self.row += 1;
            return;
        }
        self.write(written);
        self.put_down();
        self.row += 1;
        self.column = 0;
        self.take_up();
    }

    /// All lines, without the empty ones at the end.
    fn text(mut self) -> String {
        let end = self.lines.iter().rposition(|line| !line.of(&self.text).is_empty());
        self.lines.truncate(end.map_or(0, |end| end + 1));
        match self.lines.last() {
            None => String::new(),
            Some(Line::Written(_, end)) if !self.is_edited => {
                self.text.truncate(*end);
                self.text
            }
            _ => {
                let lines: Vec<&str> = self.lines.iter().map(|line| line.of(&self.text)).collect();
                lines.join("\n")
            }
        }
    }

    /// Follows everything that is written, up to the line's end.
    fn write(&mut self, mut rest: &str) {
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                '\x1b' => rest = self.escape(rest),
                '\r' => self.column = 0,
                '\x08' => self.column = self.column.saturating_sub(1),
                c if c.is_control() && c != '\t' => {}
                c => self.put(c),
            }
        }
    }

    fn put(&mut self, c: char) {
        if self.column > self.cells.len() {
            self.cells.resize(self.column, ' ');
        }
        match self.cells.get_mut(self.column) {
            Some(cell) => *cell = c,
            None => self.cells.push(c),
        }
        self.column += 1;
    }

    /// What follows an escape; gives what stands behind it. One without an end takes the line.
    fn escape<'t>(&mut self, rest: &'t str) -> &'t str {
        let mut chars = rest.chars();
        match chars.next() {
            Some('[') => {
                let is_end = |c: char| matches!(c, '@'..='~');
                let Some(end) = rest[1..].find(is_end) else { return "" };
                let (numbers, last) = (&rest[1..=end], rest.as_bytes()[end + 1]);
                self.control(numbers, last);
                &rest[end + 2..]
            }
            // Titles, links and whatever else a terminal is told.
            Some(']' | 'P' | 'X' | '^' | '_') => behind_words(rest).unwrap_or(""),
            // Character sets and the like: one more character belongs to it.
            Some('(' | ')' | '*' | '+' | '-' | '.' | '/' | '%' | '#' | ' ') => {
                chars.next();
                chars.as_str()
            }
            Some('c') => {
                self.begin_below();
                chars.as_str()
            }
            Some(c) if c.is_ascii_graphic() => chars.as_str(),
            _ => rest,
        }
    }

    /// A control sequence, by its last byte.
    fn control(&mut self, numbers: &str, last: u8) {
        let first = numbers.split(';').next().unwrap_or_default();
        let mode = first.parse::<usize>().unwrap_or(0);
        let count = mode.max(1);
        let furthest = self.cells.len().max(WIDEST);
        match last {
            b'A' => self.go_up(count),
            b'F' => {
                self.go_up(count);
                self.column = 0;
            }
            b'B' => self.go_down(count),
            b'E' => {
                self.go_down(count);
                self.column = 0;
            }
            b'C' => self.column = self.column.saturating_add(count).min(furthest),
            b'D' => self.column = self.column.saturating_sub(count),
            b'G' | b'`' => self.column = (count - 1).min(furthest),
            b'K' => self.erase_line(mode),
            b'J' if mode == 0 => {
                self.cells.truncate(self.column);
                self.lines.truncate(self.row);
                self.is_edited = true;
            }
            b'X' => {
                let end = self.column.saturating_add(count).min(self.cells.len());
                let from = self.column.min(end);
                self.cells[from..end].fill(' ');
            }
            b'P' => {
                let end = self.column.saturating_add(count).min(self.cells.len());
                self.cells.drain(self.column.min(end)..end);
            }
            b'J' | b'H' | b'f' => self.begin_below(),
            b'h' | b'l' if matches!(numbers, "?1049" | "?1047" | "?47") => self.begin_below(),
            _ => {}
        }
    }

    fn erase_line(&mut self, mode: usize) {
        match mode {
            0 => self.cells.truncate(self.column),
            1 => {
                let end = self.cells.len().min(self.column + 1);
                self.cells[..end].fill(' ');
            }
            _ => self.cells.clear(),
        }
    }

    fn go_up(&mut self, count: usize) {
        self.put_down();
        self.row = self.row.saturating_sub(count.min(HIGHEST));
        self.take_up();
    }

    fn go_down(&mut self, count: usize) {
        self.put_down();
        self.row = self.row.saturating_add(count).min(self.lines.len());
        self.take_up();
    }

    /// Goes on in a line of its own, below all others.
    fn begin_below(&mut self) {
        if !self.cells.is_empty() {
            self.put_down();
        }
        self.row = self.lines.len();
        self.cells.clear();
        self.column = 0;
    }

    /// Puts the line under the cursor where it belongs.
    fn put_down(&mut self) {
        self.is_edited = true;
        let line = Line::Edited(self.cells.drain(..).collect());
        match self.lines.get_mut(self.row) {
            Some(there) => *there = line,
            None => self.lines.push(line),
        }
    }

    /// Takes the line under the cursor in hand, if there is one.
    fn take_up(&mut self) {
        self.cells.clear();
        if let Some(there) = self.lines.get(self.row) {
            self.cells.extend(there.of(&self.text).chars());
        }
    }
}

impl Line {
    fn of<'t>(&'t self, text: &'t str) -> &'t str {
        match self {
            Line::Written(begin, end) => &text[*begin..*end],
            Line::Edited(line) => line,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_what_stands_there_in_the_end() {
        for (written, left) in [
            ("one\ntwo\n", "one\ntwo\n"),
            ("one\r\ntwo\r\n", "one\ntwo"),
            ("\x1b[1m\x1b[38;5;9merror[E1]\x1b[0m: x", "error[E1]: x"),
            ("\x1b[01m\x1b[Ka\x1b[m\x1b[0K b\r\n\x1b[1Kc\n", "a b\nc"),
            ("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "alink"),
            ("\x1b(Ba\x1b)0b\x1b=c\x1bM", "abc"),
            ("\x1bPdevice\x1b\\a\x1b_app\x1b\\b", "ab"),
            ("10%\r20%\r100%", "100%"),
            ("long line\rshort", "shortline"),
            ("long line\rshort\x1b[K", "short"),
            ("long line\r\x1b[2Kx", "x"),
            ("abc\x08\x08X", "aXc"),
            ("abc\x1b[2DX", "aXc"),
            ("ab\x1b[5Gx", "ab  x"),
            ("ab\x1b[3Cx", "ab   x"),
            ("abcdef\r\x1b[2P", "cdef"),
            ("abcdef\r\x1b[2X", "  cdef"),
            // Blocks that are drawn again, as docker and npm do.
            ("a 1\nb 1\n\x1b[2Aa 2\nb 2\n", "a 2\nb 2"),
            ("a 1\nb 1\n\x1b[2A\x1b[Ja 2\nend", "a 2\nend"),
            ("a 1\nb 1\n\x1b[1A\x1b[2K\x1b[1A\x1b[2Kdone\n", "done"),
            ("a\nb\n\x1b[9Fx\x1b[1Bz\n", "x\nbz"),
            // What has the whole screen begins below.
            ("before\x1b[2J\x1b[Hpage\x1b[?1049lafter", "before\npage\nafter"),
            ("\x1b[", ""),
            ("a\x1b]0;no end\nb", "a\nb"),
            ("a\x07\x00b\x7fc", "abc"),
            ("\x1b[99999999999999999999Cx", " x"),
        ] {
            assert_eq!(plain(written), left, "{written:?}");
        }
    }

    #[test]
    fn a_text_without_escapes_is_not_copied() {
        assert!(matches!(plain("a\n\tb\né\n"), Cow::Borrowed(_)));
        assert!(matches!(plain(""), Cow::Borrowed("")));
    }

    #[test]
    fn no_cursor_goes_where_no_terminal_is() {
        let far =
            "\x1b[9999999Cx\x1b[9999999Ay\x1b[9999999B\x1b[9999999D\x1b[9999999X\x1b[9999999P";
        let left = plain(far).into_owned();
        assert!(left.len() <= WIDEST + 8, "{}", left.len());
        assert!(plain(&"\x1b[A\x1b[Jx\n".repeat(1000)).len() < 10);
    }
}
