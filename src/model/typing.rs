//! Where in what is typed something may be put between: keys and replies of a terminal are sequences,
//! and half of one is another key. Must not keep what is typed, only where it stands.

/// Follows what is typed.
#[derive(Debug, Default)]
pub struct Typing {
    at: At,
    pasting: bool,
}

/// Where it stands.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Between two keys.
    #[default]
    Ground,
    /// This many bytes of a character or of an old mouse report are to come.
    Bytes(u8),
    Escape,
    /// After `ESC [`: the first parameter so far, and whether there is more than digits.
    Sequence(u16, bool),
    /// After `ESC O`: one byte is to come.
    Single,
    /// A reply with a text in it.
    Text,
    TextEscape,
}

/// Whether something may come behind what was typed so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nothing is torn apart by it.
    Here,
    /// In a character or a sequence, or after a lone Escape.
    Torn,
    /// In a pasted text.
    Pasting,
}

impl Typing {
    /// Takes in what is typed next; says whether something may come behind it.
    pub fn feed(&mut self, bytes: &[u8]) -> Gap {
        for byte in bytes {
            self.at = self.after(*byte);
        }
        match (self.pasting, self.at) {
            (true, _) => Gap::Pasting,
            (false, At::Ground) => Gap::Here,
            (false, _) => Gap::Torn,
        }
    }

    #[allow(clippy::match_same_arms)] // what stands first wins, so the order is the meaning
    fn after(&mut self, byte: u8) -> At {
        match (self.at, byte) {
            (At::Text, 0x1b) => At::TextEscape,
            (At::Text, 0x07 | 0x18 | 0x1a) | (At::TextEscape, b'\\') => At::Ground,
            (At::Text, _) => At::Text,
            (At::Bytes(left), 0x80..) if left > 1 => At::Bytes(left - 1),
            (At::Bytes(_), 0x80..) | (At::Single, 0x20..=0x7e) => At::Ground,
            (_, 0x1b) => At::Escape,
            (At::Escape | At::TextEscape, b'[') => At::Sequence(0, false),
            (At::Escape | At::TextEscape, b'O') => At::Single,
            (At::Escape | At::TextEscape, b']' | b'P' | b'_' | b'^' | b'X') => At::Text,
            (At::Sequence(number, false), b'0'..=b'9') => {
                let digit = u16::from(byte - b'0');
                At::Sequence(number.saturating_mul(10).saturating_add(digit), false)
            }
            (At::Sequence(..), 0x20..=0x3f) => At::Sequence(0, true),
            (At::Sequence(number, false), b'~') => {
                self.pasting = (self.pasting || number == 200) && number != 201;
                At::Ground
            }
            (_, 0xc2..=0xdf) => At::Bytes(1),
            (_, 0xe0..=0xef) => At::Bytes(2),
            (_, 0xf0..=0xf4) => At::Bytes(3),
            _ => At::Ground,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_fits_only_between_two_keys() {
        let cases: &[(&[u8], Gap)] = &[
            (b"", Gap::Here),
            (b"abc\r", Gap::Here),
            ("é".as_bytes(), Gap::Here),
            (&"é".as_bytes()[..1], Gap::Torn),
            (&"🚀".as_bytes()[..3], Gap::Torn),
            ("🚀".as_bytes(), Gap::Here),
            (b"\x1b", Gap::Torn),
            (b"\x1ba", Gap::Here),
            (b"\x1b[", Gap::Torn),
            (b"\x1b[1;5", Gap::Torn),
            (b"\x1b[1;5A", Gap::Here),
            (b"\x1bO", Gap::Torn),
            (b"\x1bOP", Gap::Here),
            (b"\x1b[97;5u", Gap::Here),
            (b"\x1b[<0;10;20M", Gap::Here),
            (b"\x1b[<0;10;20", Gap::Torn),
            (b"\x1b[?1;2c", Gap::Here),
            (b"\x1b]11;rgb:00", Gap::Torn),
            (b"\x1b]11;rgb:00/00/00\x07", Gap::Here),
            (b"\x1b]11;rgb:00/00/00\x1b", Gap::Torn),
            (b"\x1b]11;rgb:00/00/00\x1b\\", Gap::Here),
            (b"\x1bP>|tmux 3.3a", Gap::Torn),
            (b"\x1bP>|tmux 3.3a\x1b\\", Gap::Here),
            (b"\x1b[200~", Gap::Pasting),
            (b"\x1b[200~text", Gap::Pasting),
            (b"\x1b[200~te\x1b[1;2Axt\x1b[20", Gap::Pasting),
            (b"\x1b[200~text\x1b[201~", Gap::Here),
            (b"\x1b[201~", Gap::Here),
            (b"\xff\xfe", Gap::Here),
        ];
        for (typed, gap) in cases {
            let mut whole = Typing::default();
            assert_eq!(whole.feed(typed), *gap, "{}", typed.escape_ascii());
            let mut torn = Typing::default();
            let last = typed.iter().map(|byte| torn.feed(&[*byte])).last();
            assert_eq!(last.unwrap_or(Gap::Here), *gap, "{}", typed.escape_ascii());
        }
    }
}
