//! Copies between two terminals, every byte as it is, until somebody says that it is over.
//! Must not lose a byte, not wait for one side while the other can go on, and not grow.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read, write};

use super::outlet::Outlet;

/// What is on the way in one direction, at most. Whoever writes more waits, as on any terminal.
const ON_THE_WAY: usize = 64 * 1024;
/// What a program may have written before its end and is still to be shown: more than any kernel
/// keeps. What comes later is of others that hold the terminal.
const LAST_WORDS: usize = 256 * 1024;
/// How soon a terminal that no program has open is looked at again.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// How long the rest of a torn sequence may be waited for before an answer is given all the same.
const TORN: Duration = Duration::from_millis(100);

/// Sees what is copied, and may answer for the terminal.
pub trait Tap {
    /// What the program wrote, before the terminal sees it. Gives what it is to be answered.
    fn output(&mut self, bytes: &[u8]) -> Vec<u8>;
    /// What is typed, before the program sees it. Says what may come directly behind it.
    fn input(&mut self, bytes: &[u8]) -> Gap;
}

/// Whether something may be put between what was typed and what will be typed next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nothing is torn apart by it.
    Here,
    /// Within a character or a sequence, whose rest comes at once, or never.
    Soon,
    /// Within a pasted text.
    Later,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The program lives.
    Runs,
    /// It has ended: its last words are shown, and then it is over.
    Ended,
    /// Our own terminal is gone.
    HungUp,
}

/// Copies until the program has ended or `terminal` is gone. Whenever `signals` can be read, `heard`
/// is called and says how far it is.
pub fn relay(
    terminal: &OwnedFd,
    program: &OwnedFd,
    signals: BorrowedFd<'_>,
    heard: &mut dyn FnMut() -> Phase,
    tap: &mut dyn Tap,
) -> Result<Phase> {
    let mut relay = Relay {
        terminal,
        program,
        outlet: Outlet::new(terminal),
        shown: Buffer::new(),
        typed: Buffer::new(),
        answer: Vec::new(),
        gap: (Gap::Here, Instant::now()),
        unopened: None,
    };
    // What ended or came before anybody listened.
    let mut phase = heard();
    let mut last_words = LAST_WORDS;
    let over = loop {
        match phase {
            Phase::Runs => {}
            Phase::HungUp => break phase,
            Phase::Ended => {
                let more = if last_words > 0 { relay.take_output(tap)? } else { 0 };
                last_words = last_words.saturating_sub(more);
                if more == 0 && relay.shown.is_empty() {
                    break phase;
                }
            }
        }
        let ready = relay.wait(signals, phase)?;
        if ready.signals {
            phase = heard().max(phase);
        }
        if relay.pass(ready, phase, tap)? == Passed::TerminalGone {
            phase = Phase::HungUp;
        }
    };
    relay.outlet.finish();
    Ok(over)
}

/// Waits for a signal, at most so many seconds; says whether one may have come.
pub fn listen(signals: BorrowedFd<'_>, seconds: Option<i64>) -> Result<bool> {
    let limit = seconds.map(|tv_sec| Timespec { tv_sec, tv_nsec: 0 });
    match poll(&mut [PollFd::from_borrowed_fd(signals, PollFlags::IN)], limit.as_ref()) {
        Ok(ready) => Ok(ready > 0),
        Err(Errno::INTR) => Ok(true),
        Err(error) => Err(error).context("signals cannot be waited for"),
    }
}

struct Relay<'a> {
    terminal: &'a OwnedFd,
    program: &'a OwnedFd,
    outlet: Outlet<'a>,
    shown: Buffer,
    typed: Buffer,
    /// What the program is still to be answered.
    answer: Vec<u8>,
    /// Whether an answer fits behind what was typed last, and since when that is so.
    gap: (Gap, Instant),
    /// Since when no program has the terminal open.
    unopened: Option<Instant>,
}

/// Which descriptors are worth a try.
#[derive(Debug, Default, Clone, Copy)]
struct Ready {
    signals: bool,
    terminal: Side,
    program: Side,
}

/// What `poll` said of one side.
#[derive(Debug, Default, Clone, Copy)]
struct Side {
    read: bool,
    hung_up: bool,
}

#[derive(PartialEq, Eq)]
enum Passed {
    Well,
    TerminalGone,
}

impl Relay<'_> {
    fn wait(&mut self, signals: BorrowedFd<'_>, phase: Phase) -> Result<Ready> {
        let runs = phase == Phase::Runs;
        let wanted = |read: bool, write: bool| {
            let read = if read { PollFlags::IN } else { PollFlags::empty() };
            read | if write { PollFlags::OUT } else { PollFlags::empty() }
        };
        let terminal = wanted(runs && self.typed.has_room(), false);
        let program = wanted(runs && self.shown.has_room(), runs && !self.typed.is_empty());
        let mut polled = vec![
            PollFd::from_borrowed_fd(signals, PollFlags::IN),
            PollFd::new(self.terminal, terminal),
        ];
        // A terminal that nobody has open is always ready, to say just that.
        let looked_at = runs && self.unopened.is_none_or(|since| since.elapsed() >= LOOK_AGAIN);
        if looked_at {
            polled.push(PollFd::new(self.program, program));
        }
        if let Some(room) = self.outlet.room().filter(|_| !self.shown.is_empty()) {
            polled.push(PollFd::from_borrowed_fd(room, PollFlags::OUT));
        }
        let limit = match (runs && !looked_at, self.answer.is_empty()) {
            (true, _) => Some(LOOK_AGAIN),
            (false, false) if self.gap.0 == Gap::Soon => Some(TORN),
            _ => None,
        };
        let limit = limit.map(|limit| Timespec { tv_sec: 0, tv_nsec: limit.subsec_nanos().into() });
        match poll(&mut polled, limit.as_ref()) {
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(Ready::default()),
            Err(error) => return Err(error).context("the terminals cannot be waited for"),
        }
        let said = |at: usize| polled.get(at).map_or(PollFlags::empty(), PollFd::revents);
        let side = |at: usize| Side {
            read: said(at).intersects(PollFlags::IN),
            hung_up: said(at).intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL),
        };
        let program = if looked_at { side(2) } else { Side::default() };
        Ok(Ready { signals: !said(0).is_empty(), terminal: side(1), program })
    }

    fn pass(&mut self, ready: Ready, phase: Phase, tap: &mut dyn Tap) -> Result<Passed> {
        if ready.terminal.hung_up {
            return Ok(Passed::TerminalGone);
        }
        if phase == Phase::Runs {
            if ready.program.read || ready.program.hung_up {
                self.take_output(tap)?;
            }
            if ready.terminal.read && self.take_input(tap)? == Passed::TerminalGone {
                return Ok(Passed::TerminalGone);
            }
            self.put_answer();
            // It may have room again when it has none to say so: a try costs less than a wait.
            let program = self.program;
            self.typed.send(|bytes| write(program, bytes))?;
        }
        let gone = self.shown.send(|bytes| self.outlet.write(bytes))? == Sent::ToNobody;
        Ok(if gone { Passed::TerminalGone } else { Passed::Well })
    }

    /// Takes what the program has written, as far as there is room; gives how much that was.
    fn take_output(&mut self, tap: &mut dyn Tap) -> Result<usize> {
        let mut all = 0;
        while self.shown.has_room() {
            let taken = match self.shown.fill(self.program.as_fd()) {
                Taken::Bytes(bytes) => {
                    self.answer.extend(tap.output(bytes));
                    bytes.len()
                }
                Taken::Nothing => break,
                Taken::End => {
                    self.unopened = Some(Instant::now());
                    return Ok(all);
                }
                Taken::Broken(error) => return Err(error).context("the agent cannot be read"),
            };
            all += taken;
        }
        self.unopened = None;
        Ok(all)
    }

    fn take_input(&mut self, tap: &mut dyn Tap) -> Result<Passed> {
        match self.typed.fill(self.terminal.as_fd()) {
            Taken::Bytes(bytes) => {
                self.gap = (tap.input(bytes), Instant::now());
                Ok(Passed::Well)
            }
            Taken::Nothing => Ok(Passed::Well),
            Taken::End => Ok(Passed::TerminalGone),
            Taken::Broken(error) => Err(error).context("the terminal cannot be read"),
        }
    }

    /// Puts an answer behind what was typed, where it tears nothing apart.
    fn put_answer(&mut self) {
        let fits = match self.gap.0 {
            Gap::Here => true,
            Gap::Soon => self.gap.1.elapsed() >= TORN,
            Gap::Later => false,
        };
        if fits && !self.answer.is_empty() && self.typed.put(&self.answer) {
            self.answer.clear();
        }
        // A program that asks without end and never reads gets no more answers than it can hold.
        self.answer.truncate(ON_THE_WAY);
    }
}

/// What one attempt to read gave.
enum Taken<'a> {
    Bytes(&'a [u8]),
    Nothing,
    End,
    Broken(Errno),
}

/// Bytes on their way, first in, first out.
struct Buffer {
    bytes: Box<[u8]>,
    from: usize,
    to: usize,
}

impl Buffer {
    fn new() -> Buffer {
        Buffer { bytes: vec![0; ON_THE_WAY].into_boxed_slice(), from: 0, to: 0 }
    }

    fn is_empty(&self) -> bool {
        self.from == self.to
    }

    fn has_room(&self) -> bool {
        self.to - self.from < self.bytes.len()
    }

    /// Moves what is there to the front, if there is no room behind it.
    fn make_room(&mut self) {
        if self.is_empty() {
            (self.from, self.to) = (0, 0);
        } else if self.to == self.bytes.len() {
            self.bytes.copy_within(self.from.., 0);
            (self.from, self.to) = (0, self.to - self.from);
        }
    }

    fn fill(&mut self, from: BorrowedFd<'_>) -> Taken<'_> {
        self.make_room();
        let at = self.to;
        match read(from, &mut self.bytes[at..]) {
            // Linux says that the other side is closed by an error, others by an end.
            Ok(0) | Err(Errno::IO) => Taken::End,
            Ok(count) => {
                self.to += count;
                Taken::Bytes(&self.bytes[at..self.to])
            }
            Err(Errno::AGAIN | Errno::INTR) => Taken::Nothing,
            Err(error) => Taken::Broken(error),
        }
    }

    /// Adds all of it or nothing.
    fn put(&mut self, bytes: &[u8]) -> bool {
        if bytes.len() > self.bytes.len() - (self.to - self.from) {
            return false;
        }
        if bytes.len() > self.bytes.len() - self.to {
            self.bytes.copy_within(self.from..self.to, 0);
            (self.from, self.to) = (0, self.to - self.from);
        }
        self.bytes[self.to..self.to + bytes.len()].copy_from_slice(bytes);
        self.to += bytes.len();
        true
    }

    /// Gives what `to` takes now. What nobody is there for is dropped.
    fn send(&mut self, mut to: impl FnMut(&[u8]) -> Result<usize, Errno>) -> Result<Sent> {
        while !self.is_empty() {
            match to(&self.bytes[self.from..self.to]) {
                Ok(count) => self.from += count,
                Err(Errno::AGAIN) => break,
                Err(Errno::INTR) => {}
                Err(Errno::IO) => {
                    (self.from, self.to) = (0, 0);
                    return Ok(Sent::ToNobody);
                }
                Err(error) => return Err(error).context("a terminal cannot be written to"),
            }
        }
        Ok(Sent::AsFarAsItGoes)
    }
}

#[derive(PartialEq, Eq)]
enum Sent {
    AsFarAsItGoes,
    /// The other side is gone.
    ToNobody,
}
