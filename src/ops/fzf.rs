//! fzf in the place of tabctl's own picker, for those who prefer it.
//! Must not let a name, a task or a folder reach the shell in which fzf runs its preview.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::row::Row;
use crate::model::status::State;
use crate::sys::run;

use super::{Ctx, list};

/// Chosen by the user: nothing matched, or he left.
const NOTHING: [i32; 2] = [1, 130];

/// Where fzf is, if it is installed.
pub fn find() -> Option<PathBuf> {
    run::find_program("fzf", std::env::var_os("PATH").as_deref())
}

/// Lets a person pick; each tab is one line, made by `line`. Nothing if nothing was picked.
pub fn pick(
    ctx: &Ctx,
    fzf: &Path,
    query: &str,
    line: &dyn Fn(&Row) -> String,
) -> Result<Option<Row>> {
    let mut rows = list::look(ctx)?.rows;
    rows.sort_by_key(|row| {
        let needs = row.status.claim.state == State::Attention;
        (!needs, std::cmp::Reverse(row.since))
    });
    // The id comes first, and is not shown: it alone is what the preview and we read.
    let lines = rows.iter().map(|row| format!("{}\t{}\n", row.id, line(row).replace('\t', " ")));
    let mut command = run::command(fzf);
    command.args(["--delimiter", "\t", "--with-nth", "2..", "--tiebreak", "index", "--no-multi"]);
    command.args([
        "--preview",
        &preview()?,
        "--preview-window",
        "right,50%,wrap,<100(down,50%,wrap)",
    ]);
    command.args(["--query", query]);
    let output = run::choose(command, lines.collect::<String>().as_bytes())?;
    if output.status.code().is_some_and(|code| NOTHING.contains(&code)) {
        return Ok(None);
    }
    if !output.status.success() {
        let message = format!("fzf ended with {}", output.status);
        let fault = Fault::new(Kind::Other, message);
        return Err(fault.hint("`picker: own` in config.yaml does without it").into());
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    let id: Option<TabId> = printed.split('\t').next().and_then(|id| id.trim().parse().ok());
    Ok(rows.into_iter().find(|row| Some(row.id) == id))
}

/// The command of the preview: this program, and fzf's own quoted first field, which is an id.
fn preview() -> Result<String> {
    let exe = std::env::current_exe().context("cannot tell where tabctl itself is")?;
    let exe = exe.into_os_string().into_string();
    let exe = exe.map_err(|_| Fault::new(Kind::Other, "the path of tabctl is not UTF-8"))?;
    Ok(format!("{} show {{1}} --color always", shell_words::quote(&exe)))
}
