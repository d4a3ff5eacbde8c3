//! The keeper of a job: starts its command, writes down what that says, and sees its end.
//! Must not grow with the output, nor end while anything of the job runs.

use std::ffi::OsString;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{WaitOptions, wait};
use serde_json::Map;
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;

use crate::error::{Fault, Kind, fault_of, kind_of};
use crate::model::doer::{Doer, DoerKind};
use crate::model::job::{End, Job, JobId};
use crate::model::name;
use crate::ops::ending::{Ending, GRACE, PAUSE};
use crate::ops::record::journal;
use crate::ops::{Ctx, actor};
use crate::scan;
use crate::store::output::Writer;
use crate::sys::background::{self, Reply};
use crate::sys::printer::Printer;
use crate::sys::{file, run};

/// The hidden verb of the keeper.
pub const ENTRY: &str = "keep-job";
/// What is taken in at once.
const BLOCK: usize = 64 * 1024;
/// So many blocks are taken before it is looked what else has happened.
const BLOCKS: usize = 64;
/// What a command may have written before its end and is still to be read: more than any kernel keeps.
/// What comes later is of others that hold the terminal.
const LAST_WORDS: usize = 256 * 1024;
/// What could not be written down is tried again after that long.
const AGAIN: Duration = Duration::from_secs(1);
/// An end that could not be written down so often is worth more than the newest of the output; and so
/// much of that.
const MOST_TRIES: u32 = 3;
const GIVEN_UP: u64 = 64 * 1024;

/// What the keeper tells whoever started it.
#[derive(Debug)]
pub enum Answer {
    /// The command runs.
    Runs,
    /// It could not be started.
    Refused(Fault),
}

impl Answer {
    /// As it goes through the pipe: a word, and for a refusal what and how to mend it, a line each.
    fn write(&self) -> String {
        match self {
            Answer::Runs => "runs".to_owned(),
            Answer::Refused(fault) => {
                let missing = if fault.kind == Kind::NotFound { "missing" } else { "refused" };
                let hint = fault.hint.as_deref().unwrap_or_default();
                format!("{missing}\n{}\n{hint}", fault.message.replace('\n', " "))
            }
        }
    }

    /// Reads what a keeper has said; nothing if that is no answer.
    pub fn read(said: &str) -> Option<Answer> {
        let mut lines = said.lines();
        let kind = match lines.next()? {
            "runs" => return Some(Answer::Runs),
            "missing" => Kind::NotFound,
            "refused" => Kind::Other,
            _ => return None,
        };
        let fault = Fault::new(kind, lines.next()?);
        let hint = lines.next().filter(|hint| !hint.is_empty());
        Some(Answer::Refused(match hint {
            Some(hint) => fault.hint(hint),
            None => fault,
        }))
    }
}

/// Keeps a job until nothing of it runs any more.
pub fn keep(ctx: &Ctx, id: JobId) -> Result<()> {
    run::detach();
    background::adopt_orphans();
    actor::act_as(Doer::known(DoerKind::System, "job keeper"));
    let (told, reply) = background::told()?;
    let argv = told.split(|byte| *byte == 0).map(|word| OsString::from_vec(word.to_vec()));
    match Keeper::begin(ctx, id, &argv.collect::<Vec<_>>()) {
        Ok(mut keeper) => {
            answer(reply, &Answer::Runs);
            // The folder can be taken away, and its disk be unmounted, as far as we are concerned.
            let _ = std::env::set_current_dir("/");
            keeper.attend()
        }
        Err(error) => {
            let fault = fault_of(&error).cloned();
            let fault = fault.unwrap_or_else(|| Fault::new(kind_of(&error), format!("{error:#}")));
            answer(reply, &Answer::Refused(fault));
            Err(error)
        }
    }
}

fn answer(reply: Reply, answer: &Answer) {
    reply.say(&answer.write());
}

struct Keeper<'a> {
    ctx: &'a Ctx,
    id: JobId,
    printer: Printer,
    signals: SignalDelivery<UnixStream, SignalOnly>,
    /// The command's own process.
    child: u32,
    output: Writer,
    block: Vec<u8>,
    /// How the command ended, once it did.
    end: Option<End>,
    /// When the record is to be written next, if it does not say what it should.
    due: Option<Instant>,
    /// How often it could not be.
    failed: u32,
    /// Until then nothing but the end is worth another write of it.
    written_until: Instant,
    /// The bytes of which the record says that they were lost.
    told_lost: u64,
    /// Somebody ends the keeper: the machine goes down.
    ending: Option<Ending<'a>>,
}

impl<'a> Keeper<'a> {
    fn begin(ctx: &'a Ctx, id: JobId, argv: &[OsString]) -> Result<Keeper<'a>> {
        let job = ctx.store.job(id)?;
        if job.process.is_some() || job.ended.is_some() {
            let message = format!("the job '{}' was started already", name::shown(&job.name));
            return Err(Fault::new(Kind::Busy, message).hint("`tabctl run` starts another").into());
        }
        // Before the command is started: its end must not be missed.
        let (read, write) = UnixStream::pair()?;
        let wanted = [SIGCHLD, SIGTERM, SIGINT, SIGHUP];
        let signals = SignalDelivery::with_pipe(read, write, SignalOnly, wanted)?;
        let printer = Printer::new()?;
        let (program, arguments) = argv.split_first().context("there is no command to run")?;
        let boot = &ctx.store.boot;
        let own =
            scan::identity(std::process::id(), boot).context("this process is not visible")?;
        // Also before: the command may ask after its own job at once, and is below this process.
        ctx.store.update_job(id, &mut |job| job.keeper = own.clone())?;
        let mut command = run::command(program);
        command.args(arguments).process_group(0);
        printer.attach(&mut command)?;
        let child = background::start(command)?.id();
        let process = scan::identity(child, boot);
        let written = ctx.store.update_job(id, &mut |job| job.process.clone_from(&process));
        if let Err(error) = written {
            // Nobody would ever find it again.
            Ending::new(ctx, &[child], &[], Duration::ZERO).see_through();
            return Err(error);
        }
        Ok(Keeper {
            ctx,
            id,
            printer,
            signals,
            child,
            output: Writer::new(ctx.store.job_output(id)),
            block: vec![0; BLOCK],
            end: None,
            due: None,
            failed: 0,
            written_until: Instant::now(),
            told_lost: 0,
            ending: None,
        })
    }

    fn attend(&mut self) -> Result<()> {
        loop {
            let came = self.signals.pending().any(|signal| signal == SIGTERM);
            if came && self.ending.is_none() {
                let own = std::process::id();
                self.ending = Some(Ending::new(self.ctx, &[own], &[own], GRACE));
            }
            if let Some(ending) = &mut self.ending {
                ending.step();
            }
            self.copy(BLOCKS * BLOCK)?;
            let has_children = self.reap()?;
            self.write_down();
            if !has_children && self.due.is_none() {
                return Ok(());
            }
            self.listen()?;
        }
    }

    /// Waits until there is something to do.
    fn listen(&self) -> Result<()> {
        let limit = match (&self.ending, self.due) {
            (Some(_), _) => Some(PAUSE),
            (None, due) => due.map(|due| due.saturating_duration_since(Instant::now())),
        };
        let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
        let signals = self.signals.get_read();
        let mut polled = [
            PollFd::from_borrowed_fd(signals.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(self.printer.descriptor(), PollFlags::IN),
        ];
        match poll(&mut polled, limit.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error).context("the output cannot be waited for"),
        }
    }

    /// Writes down what was said, at most so much.
    fn copy(&mut self, most: usize) -> Result<()> {
        let mut all = 0;
        while all < most {
            // A terminal gives little at once: a block is filled up before it is written.
            let mut filled = 0;
            while filled < BLOCK {
                match self.printer.take(&mut self.block[filled..])? {
                    0 => break,
                    count => filled += count,
                }
            }
            if filled == 0 {
                break;
            }
            self.output.add(&self.block[..filled]);
            all += filled;
        }
        if self.output.lost > self.told_lost && self.due.is_none() {
            self.due = Some(self.written_until);
        }
        Ok(())
    }

    /// Takes note of every process below that has ended; says whether there is another one.
    fn reap(&mut self) -> Result<bool> {
        loop {
            match wait(WaitOptions::NOHANG) {
                Ok(Some((pid, status))) => {
                    if u32::try_from(pid.as_raw_nonzero().get()) == Ok(self.child)
                        && self.end.is_none()
                    {
                        self.copy(LAST_WORDS)?;
                        self.end = Some(End {
                            when: super::moment(self.ctx),
                            code: status.exit_status(),
                            signal: status.terminating_signal(),
                            cut_off: self.ending.is_some(),
                        });
                        self.due = Some(Instant::now());
                    }
                }
                Ok(None) => return Ok(true),
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => return Ok(false),
            }
        }
    }

    /// Brings the record up to what is known. What cannot be written, on a disk that is full, is tried
    /// again, and not more than once in a while.
    fn write_down(&mut self) {
        let now = Instant::now();
        if self.due.is_none_or(|due| due > now) {
            return;
        }
        let had_ended = self.ctx.store.job(self.id).is_ok_and(|job| job.ended.is_some());
        let written = self.ctx.store.update_job(self.id, &mut |job: &mut Job| {
            job.ended.clone_from(&self.end);
            job.lost = self.output.lost;
            job.trouble.clone_from(&self.output.trouble);
        });
        match written {
            Ok(job) => {
                self.told_lost = job.lost;
                self.due = None;
                self.failed = 0;
                self.written_until = now + AGAIN;
                if job.ended.is_some() && !had_ended {
                    self.journal_end(&job);
                }
            }
            // Somebody has taken the whole record away: there is nobody to tell.
            Err(_) if self.is_gone() => self.due = None,
            Err(error) => {
                self.failed += 1;
                self.due = Some(now + AGAIN);
                let is_worth_it = self.end.is_some() && self.failed >= MOST_TRIES;
                let is_full = file::is_of_a_full_disk(&error);
                if is_worth_it && is_full && self.output.give_way(GIVEN_UP) {
                    self.due = Some(now);
                }
            }
        }
    }

    fn is_gone(&self) -> bool {
        self.ctx.store.job(self.id).is_err_and(|error| kind_of(&error) == Kind::NotFound)
    }

    fn journal_end(&self, job: &Job) {
        let (Some(tab), Some(end)) = (job.tab, &job.ended) else { return };
        let mut with = Map::new();
        with.insert("job".to_owned(), job.name.clone().into());
        with.insert("code".to_owned(), end.code.into());
        with.insert("signal".to_owned(), end.signal.into());
        journal(self.ctx, tab, "job-ended", with);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_reads_back() {
        assert!(matches!(Answer::read(&Answer::Runs.write()), Some(Answer::Runs)));
        for fault in [
            Fault::new(Kind::NotFound, "the program x is not installed").hint("install it"),
            Fault::new(Kind::Other, "cannot start x: Permission denied"),
        ] {
            let read = Answer::read(&Answer::Refused(fault.clone()).write());
            let Some(Answer::Refused(read)) = read else { panic!("{read:?}") };
            assert_eq!(
                (read.kind, read.message, read.hint),
                (fault.kind, fault.message, fault.hint)
            );
        }
        assert!(Answer::read("").is_none() && Answer::read("killed").is_none());
    }
}
