//! The files in which an agent says what it is doing: watched, and read when they change.
//! Must not poll them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::agents::Spec;
use crate::model::id::TabId;
use crate::model::status::Claim;
use crate::ops::{Ctx, follow};
use crate::sys::watch::{self, Watch};

use super::seen::Seen;

/// An agent that is not to be seen below its launcher by then has no such files.
const AWAITED: Duration = Duration::from_secs(30);
/// How often it is looked for until then.
const PAUSE: Duration = Duration::from_secs(1);

/// The state files of one agent.
pub struct StateFiles {
    pid: u32,
    /// The agent has such files, as far as is known.
    exist: bool,
    begun: Instant,
    looked: Option<Instant>,
    watch: Option<Watch>,
    last: Option<Claim>,
}

impl StateFiles {
    /// Those of the agent that was started as this process, or by it.
    pub fn new(pid: u32, spec: Option<&Spec>) -> StateFiles {
        let exist = spec.is_none_or(Spec::has_state_files);
        StateFiles { pid, exist, begun: Instant::now(), looked: None, watch: None, last: None }
    }

    /// Whether the files are still to be found.
    pub fn is_awaited(&self) -> bool {
        self.exist && self.watch.is_none() && self.begun.elapsed() < AWAITED
    }

    /// Finds the files if they are not watched yet, and reads them if they have changed; gives what
    /// is new.
    pub fn look(&mut self, ctx: &Ctx, id: TabId, seen: &Arc<Seen>, changed: bool) -> Vec<Claim> {
        let rested = self.looked.is_none_or(|last| last.elapsed() >= PAUSE);
        let finds = self.is_awaited() && rested;
        if !finds && !changed {
            return Vec::new();
        }
        self.looked = Some(Instant::now());
        let told = ctx.store.load_id(id).and_then(|tab| {
            follow::of_process(
                ctx,
                &tab.session,
                &tab.workspace,
                self.pid,
                |spec, process, around| {
                    let files = spec.state_files(process, around);
                    if self.watch.is_none() && !files.is_empty() {
                        let seen = Arc::clone(seen);
                        self.watch = watch::files(&files, move || seen.files_changed());
                    }
                    spec.state_file_says(process, around)
                },
            )
        });
        let Ok(Some(claim)) = told else { return Vec::new() };
        if self.last.as_ref() == Some(&claim) {
            return Vec::new();
        }
        self.last = Some(claim.clone());
        vec![claim]
    }
}
