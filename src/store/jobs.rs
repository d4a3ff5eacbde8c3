//! Jobs in the state folder: a small record for each, and beside it a folder with its output.
//! Must not tell whether one still runs.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::places::PATIENCE;
use super::{Store, record};
use crate::error::{Fault, Kind};
use crate::model::job::{Job, JobId};
use crate::sys::file::{self, Durability, Folder, Lock};

/// Beside the output of a job: what makes room for the record of its end.
const ROOM: &str = "room";
/// So much more than the record before may one need that has an end and a trouble, in bytes, with what a
/// disk gives out at least.
const MORE: usize = 8 * 1024;

/// Takes room on the disk, if there is none yet. What cannot be had now is tried for again with the next
/// change.
fn keep_room(room: &Path, job: &Job) {
    if file::stamp(room).is_none() {
        let size = serde_json::to_vec(job).map_or(0, |record| record.len()) + MORE;
        let _ = file::write(room, &vec![b'.'; size], Durability::Quick);
    }
}

impl Store {
    /// The folder of records, one file for each job: it changes whenever one of them does.
    pub fn jobs_folder(&self) -> PathBuf {
        self.paths.state.join("jobs")
    }

    fn job_file(&self, id: JobId) -> PathBuf {
        self.jobs_folder().join(format!("{id}.json"))
    }

    /// The folder of a job's output.
    pub fn job_output(&self, id: JobId) -> PathBuf {
        self.jobs_folder().join(id.to_string())
    }

    /// Excludes everybody else who gives a name to a job: look with [`Store::jobs`] and write while it is
    /// held, and a name stays unique.
    pub fn jobs_lock(&self) -> Result<Lock> {
        self.lock_named("jobs")
    }

    /// All jobs that are kept, the oldest first. One that cannot be read is left out.
    pub fn jobs(&self) -> Vec<Job> {
        let Some(folder) = Folder::open(&self.jobs_folder()) else { return Vec::new() };
        let is_record = |name: &std::ffi::OsString| {
            name.to_str().and_then(|name| name.strip_suffix(".json")?.parse::<JobId>().ok())
        };
        let mut names: Vec<_> =
            folder.names().into_iter().filter(|name| is_record(name).is_some()).collect();
        names.sort_unstable();
        names.iter().filter_map(|name| record::load_in::<Job>(&folder, name).ok()?).collect()
    }

    /// One job, as it is now.
    ///
    /// # Errors
    /// `NotFound` if it is not kept any more.
    pub fn job(&self, id: JobId) -> Result<Job> {
        record::load(&self.job_file(id))?.ok_or_else(|| {
            Fault::new(Kind::NotFound, format!("the job {id} is not kept any more"))
                .hint("`tabctl ls --jobs` shows those that are")
                .into()
        })
    }

    /// Writes down a job that is about to be started, and makes the folder of its output.
    pub fn create_job(&self, job: &Job) -> Result<()> {
        file::private_dir(&self.job_output(job.id))?;
        record::save(&self.job_file(job.id), job, Durability::Ordered)
    }

    /// Changes a job's record under its lock. On a disk that is full the room that is kept for it gives
    /// way, and is taken again as soon as it can be.
    pub fn update_job(&self, id: JobId, change: &mut dyn FnMut(&mut Job)) -> Result<Job> {
        let _lock = file::lock(&self.job_output(id).join("lock"), PATIENCE)?;
        let mut job = self.job(id)?;
        let before = job.clone();
        change(&mut job);
        if job != before {
            let save = || record::save(&self.job_file(id), &job, Durability::Ordered);
            let room = self.job_output(id).join(ROOM);
            save().or_else(|error| {
                file::remove_quickly(&room)?;
                save().map_err(|_| error)
            })?;
            if job.ended.is_some() {
                // Nothing of weight is written any more. Else it goes with the output.
                let _ = file::remove_quickly(&room);
            } else {
                keep_room(&room, &job);
            }
        }
        Ok(job)
    }

    /// Takes a job away with its output.
    pub fn remove_job(&self, id: JobId) -> Result<()> {
        // The record last: what is left of a job that has one is found again.
        file::remove_folder(&self.job_output(id))?;
        file::remove(&self.job_file(id))
    }
}
