//! What a program wrote to its terminal, as lines that can be read: escapes are taken out, and of a line
//! that was written over itself the last state stays. Must not grow with what comes in.

/// A line that is longer is cut there into two.
const LONGEST: usize = 64 * 1024;

/// Takes bytes as they come, and gives lines when they are whole.
#[derive(Debug, Default)]
pub struct Plain {
    /// Colours stay; they are the only escapes that do.
    colours: bool,
    line: Vec<u8>,
    /// The cursor went back to the beginning: what comes next stands in the place of the line.
    returned: bool,
    state: State,
    /// The sequence that is being read, as far as it may be a colour.
    sequence: Vec<u8>,
}

/// Where in a sequence the last byte was.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Text,
    /// After ESC.
    Escape,
    /// After ESC and an intermediate byte: one more follows.
    Short,
    /// In a control sequence, until its final byte.
    Control,
    /// In a title or the like, until BEL or ST.
    Long,
    /// The same after its ESC.
    LongEscape,
}

/// The longest sequence of colours: what is longer is none.
const MOST_COLOURS: usize = 64;

impl Plain {
    /// With the colours, or without.
    pub fn new(colours: bool) -> Plain {
        Plain { colours, ..Plain::default() }
    }

    /// Takes bytes in; gives the lines that are whole now, without their ends.
    pub fn feed(&mut self, bytes: &[u8], lines: &mut Vec<String>) {
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            if self.state == State::Text {
                let plain = rest.iter().position(|byte| matches!(byte, 0..=0x1f | 0x7f));
                let plain = plain.unwrap_or(rest.len());
                if plain > 0 {
                    self.put(&rest[..plain], lines);
                    rest = &rest[plain..];
                    continue;
                }
            }
            self.step(byte, lines);
            rest = after;
        }
    }

    /// What stands in a last line that nobody ended.
    pub fn finish(&mut self) -> Option<String> {
        (!self.line.is_empty()).then(|| self.take())
    }

    fn put(&mut self, text: &[u8], lines: &mut Vec<String>) {
        if std::mem::take(&mut self.returned) {
            self.line.clear();
        }
        for part in text.chunks(LONGEST) {
            if self.line.len() + part.len() > LONGEST {
                lines.push(self.take());
            }
            self.line.extend_from_slice(part);
        }
    }

    fn take(&mut self) -> String {
        self.returned = false;
        let line = String::from_utf8_lossy(&self.line).into_owned();
        self.line.clear();
        line
    }

    fn step(&mut self, byte: u8, lines: &mut Vec<String>) {
        self.state = match (self.state, byte) {
            // Also in a title that nobody ended: it would swallow all that follows.
            (_, b'\n') => {
                lines.push(self.take());
                State::Text
            }
            (State::Text, b'\r') => {
                self.returned = true;
                State::Text
            }
            (State::Text, b'\t') => {
                self.put(b"\t", lines);
                State::Text
            }
            (State::Text, 0x8) if !self.colours => {
                // The whole letter before it, however many bytes it has; a colour would be torn.
                while self.line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {}
                State::Text
            }
            // A new sequence ends one that was never ended.
            (_, 0x1b) if self.state != State::Long => {
                self.sequence.clear();
                State::Escape
            }
            (State::Long, 0x1b) => State::LongEscape,
            (State::Long, 0x7) | (State::LongEscape, b'\\') => State::Text,
            (State::Long | State::LongEscape, _)
            | (State::Escape, b']' | b'P' | b'X' | b'^' | b'_') => State::Long,
            (State::Escape, b'[') => State::Control,
            (State::Escape, 0x20..=0x2f) => State::Short,
            (State::Control, 0x20..=0x3f) => {
                if self.sequence.len() < MOST_COLOURS {
                    self.sequence.push(byte);
                }
                State::Control
            }
            (State::Control, b'm') => {
                self.colour(lines);
                State::Text
            }
            // `ESC [ K` wipes what is behind the cursor; at the beginning of a line that is all of it.
            (State::Control, b'K') => {
                if std::mem::take(&mut self.returned) {
                    self.line.clear();
                }
                State::Text
            }
            // Any other byte ends the sequence, or stands for nothing that can be read.
            _ => State::Text,
        };
    }

    fn colour(&mut self, lines: &mut Vec<String>) {
        let is_one = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b';' | b':');
        if self.colours && self.sequence.len() < MOST_COLOURS && self.sequence.iter().all(is_one) {
            let sequence = [b"\x1b[", self.sequence.as_slice(), b"m"].concat();
            self.put(&sequence, lines);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8], colours: bool, at_once: usize) -> Vec<String> {
        let (mut plain, mut lines) = (Plain::new(colours), Vec::new());
        text.chunks(at_once).for_each(|part| plain.feed(part, &mut lines));
        lines.extend(plain.finish());
        lines
    }

    #[test]
    fn a_line_is_what_a_person_saw_last() {
        let cases: [(&str, &[&str]); 15] = [
            ("one\ntwo", &["one", "two"]),
            ("a\r\nb\r\n", &["a", "b"]),
            ("10%\r50%\r100%\ndone\n", &["100%", "done"]),
            ("working\r\u{1b}[Kdone\n", &["done"]),
            ("working\r\u{1b}[K\nnext\n", &["", "next"]),
            ("\u{1b}[1;31mred\u{1b}[0m text\n", &["red text"]),
            ("\u{1b}]0;a title\u{7}text\n", &["text"]),
            ("\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{1b}\\\n", &["link"]),
            ("\u{1b}P+q544e\u{1b}\\x\u{1b}(By\u{1b}7z\n", &["xyz"]),
            ("a\tb\u{7}\u{0}c\n", &["a\tbc"]),
            ("é\u{8}e日\u{8}\u{8}x\n", &["x"]),
            ("never ended \u{1b}[12", &["never ended "]),
            ("a \u{1b}]0;title\nb\n", &["a ", "b"]),
            ("\u{1b}[31\u{1b}[32mgreen\n", &["green"]),
            ("", &[]),
        ];
        for (text, wanted) in cases {
            for at_once in [1, 2, 3, 1000] {
                assert_eq!(lines(text.as_bytes(), false, at_once), wanted, "{text:?} by {at_once}");
            }
        }
    }

    #[test]
    fn colours_stay_if_they_are_wanted_and_nothing_else() {
        let text = b"\x1b[1;31mred\x1b[0m\x1b[2J\x1b]0;t\x07\x1b[?25l\x1b[>4;1m\n";
        assert_eq!(lines(text, true, 1), ["\u{1b}[1;31mred\u{1b}[0m"]);
    }

    #[test]
    fn a_line_without_end_does_not_grow() {
        let (mut plain, mut all) = (Plain::new(true), 0);
        for _ in 0..64 {
            let mut lines = Vec::new();
            plain.feed(&[b'x'; 10_000], &mut lines);
            all += lines.iter().map(String::len).sum::<usize>();
            assert!(plain.line.len() <= LONGEST);
        }
        all += plain.finish().map_or(0, |rest| rest.len());
        assert_eq!(all, 640_000);
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_such() {
        assert_eq!(lines(b"a\xff\xfeb\n", false, 1), ["a\u{fffd}\u{fffd}b"]);
    }
}
