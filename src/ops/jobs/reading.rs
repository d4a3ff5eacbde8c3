//! The output of a job as lines, while it comes or afterwards. Must not keep more than a block of it.

use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use anyhow::Result;

use crate::model::job::plain::Plain;
use crate::model::job::{Job, JobState};
use crate::ops::Ctx;
use crate::store::output::{Reader, Took};
use crate::sys::watch;

/// What is read at once.
const BLOCK: usize = 64 * 1024;
/// How long a change may go unnoticed where its event is lost; and where there are none.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
const OFTEN: Duration = Duration::from_millis(250);

/// A part of what is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A line, without its end.
    Line(String),
    /// So many bytes stood here, and are not kept.
    Gap(u64),
}

/// The lines of an output, from some place on.
pub struct Lines {
    reader: Reader,
    plain: Plain,
    block: Vec<u8>,
}

impl Lines {
    /// All that is kept, or the last so many; with colours or without.
    pub fn of(ctx: &Ctx, job: &Job, last: Option<usize>, colours: bool) -> Result<Lines> {
        let mut reader = Reader::new(ctx.store.job_output(job.id));
        if let Some(last) = last {
            reader.go_to_last(last)?;
        }
        Ok(Lines { reader, plain: Plain::new(colours), block: vec![0; BLOCK] })
    }

    /// Takes what comes next; says whether there was something.
    pub fn take(&mut self, shown: &mut Vec<Shown>) -> Result<bool> {
        match self.reader.take(&mut self.block)? {
            Took::Nothing => return Ok(false),
            Took::Bytes(count) => {
                let mut lines = Vec::new();
                self.plain.feed(&self.block[..count], &mut lines);
                shown.extend(lines.into_iter().map(Shown::Line));
            }
            Took::Gap(0) => {}
            Took::Gap(size) => {
                shown.extend(self.finish());
                shown.push(Shown::Gap(size));
            }
        }
        Ok(true)
    }

    /// A last line that was not ended.
    pub fn finish(&mut self) -> Option<Shown> {
        self.plain.finish().map(Shown::Line)
    }
}

/// Gives `show` all that comes, until the job has ended.
pub fn follow(
    ctx: &Ctx,
    job: &Job,
    lines: &mut Lines,
    show: &mut dyn FnMut(Vec<Shown>) -> Result<()>,
) -> Result<()> {
    // One event that waits says as much as a thousand.
    let (send, changes) = sync_channel(1);
    let folders = [ctx.store.job_output(job.id), ctx.store.jobs_folder()];
    let watch = watch::folders(&folders, move |_| {
        let _ = send.try_send(());
    });
    let pause = if watch.is_some() { LOOK_AGAIN } else { OFTEN };
    loop {
        // Looked at before: what it wrote until its end is read afterwards.
        let is_over = super::state(ctx, &ctx.store.job(job.id)?) != JobState::Running;
        loop {
            let mut shown = Vec::new();
            let is_more = lines.take(&mut shown)?;
            if !shown.is_empty() {
                show(shown)?;
            }
            if !is_more {
                break;
            }
        }
        if is_over {
            return show(lines.finish().into_iter().collect());
        }
        if changes.recv_timeout(pause) == Err(RecvTimeoutError::Disconnected) {
            std::thread::sleep(pause);
        }
    }
}
