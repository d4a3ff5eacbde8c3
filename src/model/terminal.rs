//! What a program tells its terminal beside what is shown: title, state, progress, bell.
//! Must take any bytes in any pieces, and must not grow.

use super::program::Status;

/// The longest text that is kept of one sequence, in bytes; a longer one is passed over.
const MOST_TEXT: usize = 8 * 1024;

/// One thing that a program told its terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// The title of its window (OSC 0, 2).
    Title(String),
    /// Its own state (OSC 7501).
    Program(Status),
    /// It asks whether its state is wanted (OSC 7501 with `?`).
    ProgramQuery,
    /// How far it is (OSC 9;4): 0 none, 1 so many percent, 2 failed, 3 at work, 4 paused.
    Progress(u8),
    /// A text that a person should see (OSC 9, 99, 777).
    Notification(String),
    /// A bell.
    Bell,
    /// A mark of a shell (OSC 133): prompt, command, output, end.
    Mark(char),
}

/// Follows what a program writes. It keeps no more than one sequence.
#[derive(Debug, Default)]
pub struct Parser {
    at: At,
    /// Bytes of a character that are to come: they are no controls, whatever they look like.
    rest: u8,
    text: Vec<u8>,
    /// The text has grown too long.
    endless: bool,
    /// The parser of what is wrapped for the terminal outside of tmux; itself without one.
    wrapped: Option<Box<Parser>>,
    is_wrapped: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum At {
    #[default]
    Ground,
    Escape,
    Sequence,
    /// In an operating system command.
    Command,
    CommandEscape,
    /// In the head of a device control string, which may turn out to be tmux's wrapping.
    Device,
    /// In what is wrapped.
    Wrapped,
    WrappedEscape,
    /// In another string, of which nothing is wanted.
    Passed,
    PassedEscape,
}

/// What stands before that which is meant for the terminal outside.
const WRAPPING: &[u8] = b"tmux;";

impl Parser {
    /// Takes in what was written next, and adds what was told by it.
    pub fn feed(&mut self, mut bytes: &[u8], signals: &mut Vec<Signal>) {
        while !bytes.is_empty() {
            if self.at == At::Ground && self.rest == 0 {
                // Nearly everything is text: it is passed over at once.
                let plain = bytes.iter().position(|byte| matches!(byte, 0x07 | 0x1b | 0x80..));
                bytes = &bytes[plain.unwrap_or(bytes.len())..];
            }
            let Some((byte, rest)) = bytes.split_first() else { return };
            self.take(*byte, signals);
            bytes = rest;
        }
    }

    /// Whether the rest of a sequence or of a character is to come.
    pub fn is_amid(&self) -> bool {
        self.at != At::Ground || self.rest > 0
    }

    #[allow(clippy::match_same_arms)] // what stands first wins, so the order is the meaning
    fn take(&mut self, byte: u8, signals: &mut Vec<Signal>) {
        let continues = self.rest > 0 && (0x80..=0xbf).contains(&byte);
        self.rest = match byte {
            _ if continues => self.rest - 1,
            0xc2..=0xdf => 1,
            0xe0..=0xef => 2,
            0xf0..=0xf4 => 3,
            _ => 0,
        };
        self.at = match (self.at, byte) {
            (At::Wrapped, 0x1b) => At::WrappedEscape,
            (At::WrappedEscape, 0x1b) => self.wrapped(byte, signals),
            (At::Wrapped, _) => self.wrapped(byte, signals),
            (At::Command, 0x1b) => At::CommandEscape,
            (At::Passed | At::Device, 0x1b) => At::PassedEscape,
            (At::Command, 0x07) | (At::CommandEscape, b'\\') => self.told(signals),
            (At::Command, 0x9c) if !continues => self.told(signals),
            (At::WrappedEscape | At::PassedEscape, b'\\') => At::Ground,
            (_, 0x18 | 0x1a) => At::Ground,
            (At::Passed | At::Device, 0x9c) if !continues => At::Ground,
            (At::Command, 0x20..) => self.keep(byte),
            (At::Device, _) => self.device(byte),
            (At::Command | At::Passed, _) => self.at,
            (_, 0x1b) => At::Escape,
            (At::Ground, 0x07) => {
                if signals.last() != Some(&Signal::Bell) {
                    signals.push(Signal::Bell);
                }
                At::Ground
            }
            (At::Ground, 0x80..=0x9f) if !continues => self.opens(byte - 0x40),
            (At::Sequence, 0x20..=0x3f) => At::Sequence,
            // A sequence that follows upon one which was not ended.
            (
                At::Escape | At::CommandEscape | At::WrappedEscape | At::PassedEscape,
                0x30..=0x7e,
            ) => self.opens(byte),
            (At::Escape, 0x20..=0x2f) => At::Escape,
            // Controls within a sequence are carried out, and it goes on.
            (At::Sequence | At::Escape, 0x00..=0x1f) => self.at,
            _ => At::Ground,
        };
    }

    /// What the second byte of a sequence opens.
    fn opens(&mut self, byte: u8) -> At {
        self.text.clear();
        self.endless = false;
        match byte {
            b']' => At::Command,
            b'P' => At::Device,
            b'[' => At::Sequence,
            b'X' | b'^' | b'_' => At::Passed,
            _ => At::Ground,
        }
    }

    fn keep(&mut self, byte: u8) -> At {
        self.endless |= self.text.len() >= MOST_TEXT;
        if !self.endless {
            self.text.push(byte);
        }
        At::Command
    }

    fn device(&mut self, byte: u8) -> At {
        self.text.push(byte);
        if self.is_wrapped || !WRAPPING.starts_with(&self.text) {
            return At::Passed;
        }
        if self.text.len() < WRAPPING.len() {
            return At::Device;
        }
        let inner = Parser { is_wrapped: true, ..Parser::default() };
        self.wrapped = Some(Box::new(inner));
        At::Wrapped
    }

    fn wrapped(&mut self, byte: u8, signals: &mut Vec<Signal>) -> At {
        if let Some(inner) = &mut self.wrapped {
            inner.feed(&[byte], signals);
        }
        At::Wrapped
    }

    /// A command is complete.
    fn told(&mut self, signals: &mut Vec<Signal>) -> At {
        if !self.endless {
            signals.extend(meaning(&String::from_utf8_lossy(&self.text)));
        }
        self.text.clear();
        At::Ground
    }
}

/// What an operating system command tells, if it is one of those that are wanted.
fn meaning(command: &str) -> Option<Signal> {
    let (number, text) = command.split_once(';')?;
    match number {
        "0" | "2" => Some(Signal::Title(text.to_owned())),
        "7501" if text.starts_with('?') => Some(Signal::ProgramQuery),
        "7501" => Status::parse(text).map(Signal::Program),
        "9" => match text.strip_prefix("4;") {
            Some(progress) => progress.split(';').next()?.parse().ok().map(Signal::Progress),
            // Others of these numbers are no texts.
            None if text.split(';').next()?.parse::<u16>().is_ok() => None,
            None => Some(Signal::Notification(text.to_owned())),
        },
        "99" => {
            let (about, text) = text.split_once(';')?;
            let is_text = about
                .split(':')
                .all(|pair| !pair.starts_with("p=") || matches!(pair, "p=title" | "p=body"));
            (is_text && !text.is_empty()).then(|| Signal::Notification(text.to_owned()))
        }
        "777" => {
            let text = text.strip_prefix("notify;")?;
            Some(Signal::Notification(text.replace(';', ": ")))
        }
        "133" => text.chars().next().map(Signal::Mark),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signals(pieces: &[&[u8]]) -> Vec<Signal> {
        let (mut parser, mut signals) = (Parser::default(), Vec::new());
        for piece in pieces {
            parser.feed(piece, &mut signals);
        }
        signals
    }

    fn title(text: &str) -> Signal {
        Signal::Title(text.to_owned())
    }

    #[test]
    fn a_title_is_read_however_it_is_written() {
        let cases: &[(&[u8], &[&str])] = &[
            (b"\x1b]0;a title\x07", &["a title"]),
            (b"x\x1b]2;a title\x1b\\y", &["a title"]),
            (b"\x9d2;a title\x9c", &["a title"]),
            ("\x1b]0;✳ Œuvre ✜\x07".as_bytes(), &["✳ Œuvre ✜"]),
            ("✳ \u{9d}0;no title\x07".as_bytes(), &[]),
            (b"\x1b]0;one\x1b]0;two\x07", &["two"]),
            (b"\x1b]0;one\x18\x1b]0;two\x07", &["two"]),
            (b"\x1b]1;icon\x07\x1b]8;;http://x\x07\x1b]0;\x07", &[""]),
            (b"\x1bPtmux;\x1b\x1b]0;outside\x07\x1b\\\x1b]0;in\x07", &["outside", "in"]),
            (b"\x1bPtmux;\x1b\x1b]0;outside\x1b\x1b\\\x1b\\", &["outside"]),
            (b"\x1bP+q544e\x1b\\\x1b_G\x1b]0;x\x07", &["x"]),
            (b"\x1b[1;\x1b]0;x\x07", &["x"]),
        ];
        for (written, titles) in cases {
            let wanted: Vec<Signal> = titles.iter().map(|text| title(text)).collect();
            let mut told = signals(&[written]);
            told.retain(|signal| *signal != Signal::Bell);
            assert_eq!(told, wanted, "{}", written.escape_ascii());
        }
    }

    #[test]
    fn what_else_is_told_is_told_apart() {
        let cases: &[(&str, Signal)] = &[
            ("\x07", Signal::Bell),
            ("\x1b]7501;?\x1b\\", Signal::ProgramQuery),
            ("\x1b]9;4;3;0\x07", Signal::Progress(3)),
            ("\x1b]9;4;0\x07", Signal::Progress(0)),
            ("\x1b]9;look here\x07", Signal::Notification("look here".to_owned())),
            ("\x1b]777;notify;a;b\x07", Signal::Notification("a: b".to_owned())),
            ("\x1b]99;i=1:p=body;text\x1b\\", Signal::Notification("text".to_owned())),
            ("\x1b]133;A\x07", Signal::Mark('A')),
        ];
        for (written, told) in cases {
            assert_eq!(signals(&[written.as_bytes()]), std::slice::from_ref(told), "{written:?}");
        }
        for written in ["\x1b]99;i=1:p=?;\x1b\\", "\x1b]9;9;/folder\x07", "\x1b]52;c;YQ==\x07"] {
            assert_eq!(signals(&[written.as_bytes()]), [], "{written:?}");
        }
        let [Signal::Program(status)] = &signals(&[b"\x1b]7501;state=idle:app=x\x07"])[..] else {
            panic!("no state was told")
        };
        assert_eq!((status.state.as_str(), status.app.as_deref()), ("idle", Some("x")));
    }

    #[test]
    fn a_text_without_end_is_passed_over_and_not_kept() {
        let mut parser = Parser::default();
        let mut signals = Vec::new();
        parser.feed(b"\x1b]0;", &mut signals);
        for _ in 0..1000 {
            parser.feed(&[b'x'; 1000], &mut signals);
        }
        assert!(parser.text.capacity() <= 2 * MOST_TEXT);
        parser.feed(b"\x07\x1b]0;next\x07", &mut signals);
        assert_eq!(signals, [title("next")]);
    }

    /// Bytes that mean something, mixed with any others.
    fn written() -> impl Strategy<Value = Vec<u8>> {
        let pieces = prop_oneof![
            Just(b"\x1b]0;title\x07".to_vec()),
            Just("\x1b]2;✜ é\x1b\\".as_bytes().to_vec()),
            Just(b"\x1b]7501;state=blocked:kind=question:msg=YQ==\x1b\\".to_vec()),
            Just(b"\x1bPtmux;\x1b\x1b]0;out\x07\x1b\\".to_vec()),
            Just(b"\x1b]7501;?\x07".to_vec()),
            Just(b"\x1b".to_vec()),
            Just(b"\x1b]".to_vec()),
            Just(b"\x1bP".to_vec()),
            Just(b"\x07".to_vec()),
            Just(b"\x9c".to_vec()),
            prop::collection::vec(any::<u8>(), 0..20),
        ];
        prop::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn the_same_is_told_in_whatever_pieces_it_comes(
            written in written(),
            cuts in prop::collection::vec(1_usize..9, 1..40),
        ) {
            let mut pieces = Vec::new();
            let mut rest = written.as_slice();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break }
                let (piece, after) = rest.split_at((*cut).min(rest.len()));
                pieces.push(piece);
                rest = after;
            }
            let once = |mut all: Vec<Signal>| { all.dedup(); all };
            prop_assert_eq!(once(signals(&pieces)), once(signals(&[&written])));
        }
    }
}
