//! The limits of `resume`. Must not hold anything back itself.

use std::time::Duration;

use anyhow::Result;

use super::{Layer, number};

/// What `resume` may do without asking, and how fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resume {
    /// How many agents may be starting at the same time; 0 for two per processor, and four at least.
    pub jobs: usize,
    /// The longest that is waited for an agent to show which conversation it opened.
    pub patience: Duration,
    /// A tab that was last used before that many days is asked about first; 0 for never.
    pub max_age: u32,
    /// More agents than that at once are asked about first; 0 for never.
    pub max_agents: usize,
}

/// Layers the limits, of which the file says these.
pub(super) fn layered(written: [Option<u64>; 4], text: &mut Layer) -> Result<Resume> {
    let [jobs, patience, age, agents] = written.map(|said| said.map(|said| said.to_string()));
    let about = "agents that may be starting at once; 0: two per processor, four at least";
    let jobs = text("resume_jobs", "TABCTL_RESUME_JOBS", about, jobs, "0");
    let about = "seconds until an agent must have shown its conversation";
    let patience = text("resume_patience", "TABCTL_RESUME_PATIENCE", about, patience, "30");
    let about = "ask before tabs come back that were not used for so many days; 0: never";
    let age = text("resume_max_age", "TABCTL_RESUME_MAX_AGE", about, age, "30");
    let about = "ask before more agents than that are started at once; 0: never";
    let agents = text("resume_max_agents", "TABCTL_RESUME_MAX_AGENTS", about, agents, "50");
    Ok(Resume {
        jobs: number("TABCTL_RESUME_JOBS", &jobs)?,
        patience: Duration::from_secs(number("TABCTL_RESUME_PATIENCE", &patience)?),
        max_age: number("TABCTL_RESUME_MAX_AGE", &age)?,
        max_agents: number("TABCTL_RESUME_MAX_AGENTS", &agents)?,
    })
}
