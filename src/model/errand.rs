//! A command that a tab's own shell is to run: the line that it gets, and its output between two marks.
//! Must give every byte of the output as it was, and none of the marks.

/// Stands before each mark: rare in what programs say, so that little of it is looked at twice.
const BELL: u8 = 0x1e;
/// The longest that a mark can be behind its token: ` E -2147483648` and the end of the line.
const MOST_TAIL: usize = 16;

/// The command as a line for a shell: one word is a line already, several are quoted for this shell.
pub fn line(words: &[String], shell: &str) -> String {
    match words {
        [line] => line.clone(),
        words => words.iter().map(|word| quoted(word, shell)).collect::<Vec<_>>().join(" "),
    }
}

/// One word, whatever is in it.
fn quoted(word: &str, shell: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./,:@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    match shell {
        "fish" => format!("'{}'", word.replace('\\', "\\\\").replace('\'', "\\'")),
        _ => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// How far the output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// The command has not begun.
    Before,
    /// It runs.
    Within,
    /// It has ended, with this exit code.
    Over(i32),
}

/// Takes the marks out of what a shell writes.
#[derive(Debug)]
pub struct Marks {
    /// A mark up to its kind.
    start: Vec<u8>,
    at: At,
    /// What may be the beginning of a mark.
    held: Vec<u8>,
}

impl Marks {
    /// For a token that nobody else knows.
    pub fn new(token: &str) -> Marks {
        let start = [&[BELL], token.as_bytes(), b" "].concat();
        Marks { start, at: At::Before, held: Vec::new() }
    }

    /// How far it is.
    pub fn at(&self) -> At {
        self.at
    }

    /// Takes in what came next, and gives what of it is the command's, in its order.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<u8> {
        let joined;
        let mut rest = if self.held.is_empty() {
            bytes
        } else {
            joined = [&std::mem::take(&mut self.held), bytes].concat();
            &joined
        };
        let mut output = Vec::with_capacity(rest.len());
        while !rest.is_empty() {
            let bell = rest.iter().position(|byte| *byte == BELL).unwrap_or(rest.len());
            self.give(&rest[..bell], &mut output);
            rest = &rest[bell..];
            match self.mark(rest) {
                Found::Mark(at, length) => {
                    self.at = at;
                    rest = &rest[length..];
                }
                Found::Maybe => {
                    self.held = rest.to_vec();
                    break;
                }
                Found::None => {
                    let first = rest.len().min(1);
                    self.give(&rest[..first], &mut output);
                    rest = &rest[first..];
                }
            }
        }
        output
    }

    /// What was held back, when nothing more can come: it was no mark.
    pub fn last(&mut self) -> Vec<u8> {
        let held = std::mem::take(&mut self.held);
        if self.at == At::Within { held } else { Vec::new() }
    }

    /// What stands outside the marks is not the command's: others write to it as well.
    fn give(&self, bytes: &[u8], output: &mut Vec<u8>) {
        if self.at == At::Within {
            output.extend_from_slice(bytes);
        }
    }

    fn mark(&self, rest: &[u8]) -> Found {
        let Some(tail) = rest.strip_prefix(self.start.as_slice()) else {
            let begins = !rest.is_empty() && self.start.starts_with(rest);
            return if begins { Found::Maybe } else { Found::None };
        };
        let Some(end) = tail.iter().take(MOST_TAIL).position(|byte| *byte == b'\n') else {
            return if tail.len() < MOST_TAIL { Found::Maybe } else { Found::None };
        };
        let length = self.start.len() + end + 1;
        let text = str::from_utf8(&tail[..end]).unwrap_or_default();
        match text.split_once(' ').unwrap_or((text, "")) {
            ("S", "") => Found::Mark(At::Within, length),
            ("E", code) => {
                code.parse().map_or(Found::None, |code| Found::Mark(At::Over(code), length))
            }
            _ => Found::None,
        }
    }
}

/// What stands at the beginning of some bytes.
enum Found {
    Mark(At, usize),
    /// That is only to be seen when more has come.
    Maybe,
    None,
}

/// Bytes as a terminal may show them: lines, and nothing that acts on it.
pub fn harmless(bytes: &[u8]) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' | '\r' => c,
        c if c.is_control() || c == char::REPLACEMENT_CHARACTER => '?',
        c => c,
    };
    String::from_utf8_lossy(bytes).chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn whole(output: &[u8], code: i32) -> Vec<u8> {
        let start = format!("noise\u{1e}{TOKEN} S\n").into_bytes();
        let end = format!("\u{1e}{TOKEN} E {code}\nlate").into_bytes();
        [start, output.to_vec(), end].concat()
    }

    #[test]
    fn the_output_comes_through_whole_however_it_is_cut() {
        let near = format!("a\u{1e}b\u{1e}{TOKEN}\n\u{1e}{TOKEN} X\n\u{1e}{TOKEN} E x\n\u{1e}");
        let outputs: [&[u8]; 6] =
            [b"", b"no newline", b"\0\x1e\xff\x1e\x1e\n", near.as_bytes(), b"\n\n", &[0x1e; 70]];
        for output in outputs {
            for code in [0, 3, 255, -1] {
                let bytes = whole(output, code);
                for size in [1, 2, 7, 33, 40, bytes.len()] {
                    let mut marks = Marks::new(TOKEN);
                    let parts = bytes.chunks(size).map(|part| marks.feed(part));
                    let seen = parts.collect::<Vec<_>>().concat();
                    assert_eq!(seen, output, "in parts of {size}");
                    assert_eq!(marks.at(), At::Over(code));
                }
            }
        }
    }

    #[test]
    fn what_was_held_back_is_given_when_nothing_follows() {
        let mut marks = Marks::new(TOKEN);
        assert_eq!(marks.feed(format!("\u{1e}{TOKEN} S\nab\u{1e}0123").as_bytes()), b"ab");
        assert_eq!((marks.at(), marks.last()), (At::Within, b"\x1e0123".to_vec()));
        assert_eq!(Marks::new(TOKEN).last(), b"");
    }

    #[test]
    fn one_word_is_a_line_and_several_are_quoted_for_their_shell() {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(line(&words(&["cd src && ls"]), "zsh"), "cd src && ls");
        let several = words(&["echo", "a b", "it's", r"a\'b\\", "", "$x", "-n=1"]);
        assert_eq!(line(&several, "bash"), r"echo 'a b' 'it'\''s' 'a\'\''b\\' '' '$x' '-n=1'");
        assert_eq!(line(&several, "fish"), r"echo 'a b' 'it\'s' 'a\\\'b\\\\' '' '$x' '-n=1'");
    }

    #[test]
    fn nothing_that_is_shown_acts_on_a_terminal() {
        assert_eq!(harmless(b"a\x1b[2Jb\r\n\t\x9b\xc2\x9bc\x07\0"), "a?[2Jb\r\n\t??c??");
    }
}
