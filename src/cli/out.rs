//! What reaches the terminal: answers on standard output, talk on standard error.
//! Must be the only place that writes there; `tests/tidy.rs` holds everybody to it.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;

use crate::error::{Passed, fault_of, kind_of};
use crate::ui::{style, text};

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The two streams, and whether each gets colours.
pub struct Out {
    answer_in_colour: bool,
    talk_in_colour: bool,
    /// The line that stands at the cursor and is taken back before anything else is said.
    meter: String,
}

impl Out {
    /// Decides about colour once: as asked, else as terminals and `NO_COLOR` say.
    pub fn new(color: Color) -> Out {
        let choice = |auto: ColorChoice| match color {
            Color::Auto => auto != ColorChoice::Never,
            Color::Always => true,
            Color::Never => false,
        };
        Out {
            answer_in_colour: choice(AutoStream::choice(&std::io::stdout())),
            talk_in_colour: choice(AutoStream::choice(&std::io::stderr())),
            meter: String::new(),
        }
    }

    /// One line of the answer, or several in one text: written in one go.
    pub fn line(&mut self, line: &str) -> Result<()> {
        self.bytes(dressed(line, self.answer_in_colour).as_bytes())
    }

    /// Several lines of the answer, written in one go.
    pub fn lines<T: AsRef<str>>(&mut self, lines: impl IntoIterator<Item = T>) -> Result<()> {
        self.at_once(lines, self.answer_in_colour)
    }

    /// The same with the colours that were asked for in so many words, wherever the answer goes.
    pub fn coloured(&mut self, lines: &[String]) -> Result<()> {
        self.at_once(lines, true)
    }

    fn at_once<T: AsRef<str>>(
        &mut self,
        lines: impl IntoIterator<Item = T>,
        in_colour: bool,
    ) -> Result<()> {
        let text: String =
            lines.into_iter().map(|line| dressed(line.as_ref(), in_colour)).collect();
        if text.is_empty() { Ok(()) } else { self.bytes(text.as_bytes()) }
    }

    /// Bytes as they are: completions and man pages.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.meter("");
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(bytes)?;
        Ok(stdout.flush()?)
    }

    /// The answer as JSON; control characters are encoded.
    pub fn json(&mut self, answer: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string_pretty(answer)?;
        self.line(&encode_c1(&text))
    }

    /// Standard output itself, for a conversation.
    pub fn raw(&mut self) -> impl Write {
        std::io::stdout()
    }

    /// One line of talk.
    pub fn talk(&mut self, line: &str) {
        self.meter("");
        // Talk that nobody can hear stops no verb.
        let _ = std::io::stderr().write_all(dressed(line, self.talk_in_colour).as_bytes());
    }

    /// Talk of another program, as it is.
    pub fn talk_bytes(&mut self, bytes: &[u8]) {
        self.meter("");
        let _ = std::io::stderr().write_all(bytes);
    }

    /// A line that tells how far something got, in the place of the one before; an empty one takes it
    /// back. For a terminal whose width is known: see [`Out::talk_columns`].
    pub fn meter(&mut self, line: &str) {
        if line != self.meter {
            line.clone_into(&mut self.meter);
            let _ = std::io::stderr().write_all(format!("\r\x1b[K{line}").as_bytes());
        }
    }

    /// The columns of the terminal that the talk goes to, if it is one that can take a line back.
    pub fn talk_columns(&self) -> Option<usize> {
        let is_dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
        let size = rustix::termios::tcgetwinsize(std::io::stderr()).ok()?;
        let columns = usize::from(size.ws_col);
        (columns > 0 && !is_dumb).then_some(columns)
    }

    /// One line of talk that is of use only while it happens: nothing where nobody looks on.
    pub fn progress(&mut self, line: &str) {
        if std::io::stderr().is_terminal() {
            self.talk(line);
        }
    }

    /// Whether a person sees colours, on either stream.
    pub fn is_in_colour(&self) -> bool {
        self.answer_in_colour || self.talk_in_colour
    }

    /// An error: what and why on one line, the remedy on the next. One that says nothing is told by its
    /// exit code alone.
    pub fn error(&mut self, error: &anyhow::Error) {
        if error.to_string().is_empty() {
            return;
        }
        let mut lines = text::clean_lines(&format!("{error:#}")).into_iter();
        let first = lines.next().unwrap_or_default();
        self.talk(&format!("{} {first}", style::paint(style::BAD, "tabctl:")));
        lines.for_each(|line| self.talk(&line));
        if let Some(hint) = fault_of(error).and_then(|fault| fault.hint.as_deref()) {
            self.talk(&style::paint(style::DIM, &format!("  {}", text::clean(hint))));
        }
    }

    /// Whether a person reads the answer.
    pub fn is_terminal(&self) -> bool {
        std::io::stdout().is_terminal()
    }

    /// The terminal's lines, if the answer goes to one.
    pub fn rows(&self) -> Option<usize> {
        let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
        let rows = usize::from(size.ws_row);
        (rows > 0).then_some(rows)
    }

    /// The terminal's columns, if the answer goes to one.
    pub fn columns(&self) -> Option<usize> {
        let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
        let columns = usize::from(size.ws_col);
        (columns > 0).then_some(columns)
    }
}

/// A line with its end, and with its colours or without.
fn dressed(line: &str, in_colour: bool) -> String {
    if in_colour { format!("{line}\n") } else { format!("{}\n", strip_str(line)) }
}

/// JSON allows C1 controls, bidi marks and what is invisible as they are; terminals obey them.
fn encode_c1(json: &str) -> String {
    let mut encoded = String::with_capacity(json.len());
    for c in json.chars() {
        let obeyed = matches!(u32::from(c),
            0x7f..=0x9f | 0x61c | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff
            | 0xe0000..=0xe0fff);
        if obeyed {
            // Beyond the first plane JSON takes two of them.
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a text cannot fail.
                let _ = write!(encoded, "\\u{unit:04x}");
            }
        } else {
            encoded.push(c);
        }
    }
    encoded
}

/// The exit code of an error. A reader that went away is no error.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    let broken_pipe = error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    });
    let passed = error.chain().find_map(|cause| cause.downcast_ref::<Passed>());
    match (broken_pipe, passed) {
        (true, _) => 0,
        (false, Some(Passed(code))) => *code,
        (false, None) => kind_of(error).exit_code(),
    }
}
