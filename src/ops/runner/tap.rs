//! The eye on what passes between an agent and its terminal.
//! Must not keep the copying waiting.

use std::sync::Arc;

use crate::model::program;
use crate::model::terminal::{Parser, Signal};
use crate::model::typing::{self, Typing};
use crate::sys::relay::{Gap, Tap};

use super::seen::Seen;
use super::waking::Waking;

/// Sees what passes, and answers what a terminal of today does not.
pub struct Eye {
    seen: Arc<Seen>,
    parser: Parser,
    typing: Typing,
    signals: Vec<Signal>,
    waking: Waking,
}

impl Eye {
    /// An eye on a terminal in which nothing was written yet.
    pub fn new(seen: Arc<Seen>) -> Eye {
        let (parser, typing) = (Parser::default(), Typing::default());
        Eye { seen, parser, typing, signals: Vec::new(), waking: Waking::default() }
    }
}

impl Tap for Eye {
    fn output(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.signals.clear();
        self.parser.feed(bytes, &mut self.signals);
        self.seen.leaves(self.parser.is_amid());
        self.seen.wrote(bytes.len());
        let mut answer = Vec::new();
        for signal in self.signals.drain(..) {
            if signal == Signal::ProgramQuery {
                answer.extend_from_slice(program::ANSWER);
            } else {
                self.seen.told(signal);
            }
        }
        answer
    }

    fn input(&mut self, bytes: &[u8]) -> Gap {
        self.seen.disturbed();
        self.waking.typed(bytes);
        match self.typing.feed(bytes) {
            typing::Gap::Here => Gap::Here,
            typing::Gap::Torn => Gap::Soon,
            typing::Gap::Pasting => Gap::Later,
        }
    }
}
