//! `tabctl clear`

use anyhow::Result;
use serde_json::json;

use super::ask;
use super::out::Out;
use crate::model::name;
use crate::ops::Ctx;
use crate::ops::jobs::clear;

/// Remove the jobs that have ended, with their output
///
/// Jobs that run stay, and those that left something behind that does. An agent removes only what
/// agents have started.
///
/// Examples:
///   tabctl clear
///   tabctl clear --yes
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Print JSON: the names of the jobs that were removed
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let found = clear::clearable(ctx);
    let count = found.jobs.len();
    if found.held > 0 {
        let jobs = counted(found.held, "job has", "jobs have");
        out.talk(&format!(
            "{jobs} left something behind that still runs; `tabctl ls --jobs` says what"
        ));
    }
    if found.not_ones_own > 0 {
        let jobs = counted(found.not_ones_own, "job", "jobs");
        out.talk(&format!("{jobs} of a person: a person removes them"));
    }
    if count > 0 {
        let jobs = counted(count, "job that has", "jobs that have");
        ask::confirm(&format!("Remove {jobs} ended, with the output?"), args.yes)?;
        clear::clear(ctx, &found.jobs)?;
    }
    if args.json {
        let names: Vec<String> = found.jobs.iter().map(|job| name::shown(&job.name)).collect();
        return out.json(&json!({ "cleared": names }));
    }
    out.talk(&match count {
        0 => "there is no ended job to remove".to_owned(),
        _ => format!("{} removed", counted(count, "job", "jobs")),
    });
    Ok(())
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
