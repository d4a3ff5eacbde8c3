//! Talks with a shell that was given a command: presses the key, passes the output on, and sees the
//! end, also where the shell cannot say it any more. Must not wait for a shell that does not answer.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::error::{Fault, Kind};
use crate::model::errand::{At, Marks};
use crate::ops::Ctx;
use crate::scan;
use crate::store::{Errand, Said};
use crate::sys::fifo::{self, Reader, Took, Writer};
use crate::sys::tty;

use super::pane::Shown;
use super::shell::Shell;
use super::{End, Ran, Stream, Wish};

/// The key that no keyboard has: the scripts for the shells know it.
const KEY: &str = "\x1b[7741~";
/// Ctrl-C.
const INTERRUPT: &str = "\x03";
/// How long a shell at its prompt may take to answer; and to begin, after it has.
const ANSWER: Duration = Duration::from_secs(5);
/// How long a command may take to end after Ctrl-C.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How soon Ctrl-C is pressed again for a loop of the shell.
const AGAIN: Duration = Duration::from_millis(100);
/// How often it is looked for what comes on no FIFO.
const LOOK: Duration = Duration::from_millis(20);
/// How long nothing must have come before the shell is looked at: it may be back without a word.
const QUIET: Duration = Duration::from_millis(500);
/// How long a shell must seem to be back.
const FOR_CERTAIN: Duration = Duration::from_millis(100);
/// The exit code of what was ended by Ctrl-C, in every shell.
const INTERRUPTED: i32 = 130;
/// As much as is taken at once.
const PART: usize = 64 * 1024;

/// Whoever takes the output.
type Hear<'h> = &'h mut dyn FnMut(Stream, &[u8]) -> Result<()>;

/// One command, on its way and under way.
pub struct Talk<'a> {
    ctx: &'a Ctx,
    shell: &'a Shell,
    errand: &'a Errand,
    output: Reader,
    error: Reader,
    ready: Writer,
    marks: Marks,
    shown: Shown,
    buffer: Box<[u8]>,
    /// What the command has said before anybody listened.
    early: Vec<u8>,
    /// The shell has closed the output.
    is_closed: bool,
}

impl<'a> Talk<'a> {
    /// Opens what the shell will find.
    pub fn new(
        ctx: &'a Ctx,
        shell: &'a Shell,
        errand: &'a Errand,
        token: &str,
    ) -> Result<Talk<'a>> {
        Ok(Talk {
            ctx,
            shell,
            errand,
            output: Reader::open(&errand.path("out"))?,
            error: Reader::open(&errand.path("err"))?,
            ready: Writer::open(&errand.path("ack"))?,
            marks: Marks::new(token),
            shown: Shown::on(shell.terminal.clone()),
            buffer: vec![0; PART].into_boxed_slice(),
            early: Vec::new(),
            is_closed: false,
        })
    }

    /// Presses the key, and waits until the command has begun.
    pub fn begin(&mut self, tab: &str) -> Result<()> {
        self.ctx.engine().press(&self.shell.pane, KEY)?;
        let mut end = Instant::now() + ANSWER;
        let mut is_taken = false;
        loop {
            fifo::wait(&[&self.output], LOOK)?;
            let part = self.take_output()?;
            self.early.extend(part);
            if self.marks.at() != At::Before {
                self.errand.forget();
                return Ok(());
            }
            if self.errand.said() == Said::Typed {
                let message = format!("something is typed on the command line of '{tab}'");
                let hint = format!("send it or take it back there: `tabctl go {tab}`");
                return Err(Fault::new(Kind::Busy, message).hint(hint).into());
            }
            if Instant::now() < end {
                continue;
            }
            if is_taken || self.errand.take_back()? {
                let message = format!("the shell of '{tab}' did not answer: nothing was run");
                let hint = format!("`tabctl go {tab}` shows what it waits for");
                return Err(Fault::new(Kind::Busy, message).hint(hint).into());
            }
            // In the last moment: it takes it.
            is_taken = true;
            end = Instant::now() + ANSWER;
        }
    }

    /// Passes on what the command says, until it has ended.
    pub fn follow(mut self, line: &str, wish: &Wish, hear: Hear) -> Result<Ran> {
        let begun = Instant::now();
        self.shown.command(line);
        self.ready.line();
        let end = self.until_the_end(begun, wish, hear);
        if end.is_err() {
            // Nobody takes what it says any more.
            let _ = self.interrupt();
        } else if matches!(self.marks.at(), At::Over(_)) {
            // The shell waits for that with its prompt.
            self.shown.end();
            self.ready.line();
        }
        Ok(Ran { end: end?, took: begun.elapsed() })
    }

    fn until_the_end(&mut self, begun: Instant, wish: &Wish, hear: Hear) -> Result<End> {
        let early = std::mem::take(&mut self.early);
        self.pass(Stream::Output, &early, hear)?;
        let mut stopping: Option<Stopping> = None;
        let (mut heard, mut back) = (Instant::now(), None);
        loop {
            let stopped = |code: i32| {
                let code = (code != INTERRUPTED).then_some(code);
                stopping.as_ref().map(|it| End::Stopped { late: it.late, runs: false, code })
            };
            if let At::Over(code) = self.marks.at() {
                self.take_errors(hear)?;
                return Ok(stopped(code).unwrap_or(End::Ended(code)));
            }
            fifo::wait(&[&self.output, &self.error], LOOK)?;
            if self.turn(hear)? {
                (heard, back) = (Instant::now(), None);
            } else if (self.is_closed || heard.elapsed() >= QUIET)
                && let Some(end) = self.without_a_word(&mut back)
            {
                let End::Ended(code) = end else { return Ok(end) };
                return Ok(stopped(code).unwrap_or(end));
            }
            let late = wish.limit.is_some_and(|limit| begun.elapsed() >= limit);
            match &mut stopping {
                None if late || wish.stop.load(Ordering::SeqCst) => {
                    self.interrupt()?;
                    let now = Instant::now();
                    stopping = Some(Stopping { late, since: now, last: now });
                }
                Some(it) if it.since.elapsed() >= 2 * LAST_WORDS => {
                    return Ok(End::Stopped { late: it.late, runs: true, code: None });
                }
                Some(it) if it.last.elapsed() >= self.patience() => {
                    self.interrupt()?;
                    it.last = Instant::now();
                }
                Some(_) | None => {}
            }
        }
    }

    /// One part of each stream, as far as there is one; whether there was.
    fn turn(&mut self, hear: Hear) -> Result<bool> {
        let output = self.take_output()?;
        self.pass(Stream::Output, &output, hear)?;
        let came = self.take_error(hear)?;
        Ok(!output.is_empty() || came || matches!(self.marks.at(), At::Over(_)))
    }

    fn take_output(&mut self) -> Result<Vec<u8>> {
        Ok(match self.output.take(&mut self.buffer)? {
            Took::Bytes(count) => self.marks.feed(&self.buffer[..count]),
            // The shell opens it before it begins.
            Took::Over if self.marks.at() == At::Before => Vec::new(),
            Took::Over => {
                self.is_closed = true;
                self.marks.last()
            }
            Took::Nothing => Vec::new(),
        })
    }

    fn take_error(&mut self, hear: Hear) -> Result<bool> {
        let Took::Bytes(count) = self.error.take(&mut self.buffer)? else { return Ok(false) };
        let part = self.buffer[..count].to_vec();
        self.pass(Stream::Error, &part, hear)?;
        Ok(true)
    }

    /// Whatever was said before the end has been written before it, too.
    fn take_errors(&mut self, hear: Hear) -> Result<()> {
        while self.take_error(hear)? {}
        Ok(())
    }

    fn pass(&mut self, from: Stream, bytes: &[u8], hear: Hear) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.shown.output(bytes);
        hear(from, bytes)
    }

    fn interrupt(&self) -> Result<()> {
        self.ctx.engine().press(&self.shell.pane, INTERRUPT)
    }

    /// How long after one Ctrl-C the next is pressed. A program may have to tidy up, and take the second
    /// for a wish to leave that; a loop of the shell itself has nothing to tidy up, and bash loses one
    /// that comes while it runs a DEBUG trap.
    fn patience(&self) -> Duration {
        let process = &self.shell.process;
        let shell = scan::process(process.pid, &process.boot);
        if shell.is_some_and(|shell| shell.foreground) { AGAIN } else { LAST_WORDS }
    }

    /// The end of a command of which the shell has said none: it has ended itself, or has come back to
    /// its prompt after Ctrl-C. `back` is since when it seems to be that.
    fn without_a_word(&self, back: &mut Option<Instant>) -> Option<End> {
        let process = &self.shell.process;
        let end = self.errand.end();
        if !scan::lives(process, &self.ctx.store.boot) || (end.is_some() && self.is_closed) {
            return Some(End::Shell(self.errand.end().or_else(|| self.errand.code())));
        }
        let is_back = || {
            self.shell.terminal.as_deref().and_then(tty::reads_keys) != Some(false)
                && (self.is_closed
                    || !scan::open_files(process.pid).contains(&self.errand.path("out")))
        };
        if end.is_some() || !is_back() {
            *back = None;
            return None;
        }
        // One that ends looks the same for a moment.
        let since = *back.get_or_insert_with(Instant::now);
        let code = self.errand.code().unwrap_or(INTERRUPTED);
        (since.elapsed() >= FOR_CERTAIN).then_some(End::Ended(code))
    }
}

/// Ctrl-C was pressed for the command.
struct Stopping {
    /// The time was over.
    late: bool,
    /// When it was pressed first, and last.
    since: Instant,
    last: Instant,
}
