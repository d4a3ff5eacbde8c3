//! `tabctl keep-job`: runs a job's command and keeps what it writes. Hidden: `tabctl run` starts it itself.

use anyhow::Result;

use crate::model::job::JobId;
use crate::ops::Ctx;
use crate::ops::jobs::keeper;

/// Keep a job: its output, and how it ends
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The job's id
    id: JobId,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx) -> Result<()> {
    keeper::keep(ctx, args.id)
}
