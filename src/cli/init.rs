//! `tabctl init`

use anyhow::Result;
use clap::ValueEnum;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::ops::{Ctx, evidence, exec};
use crate::shell::{Shell, Told};
use crate::sys::paths::Paths;

/// Print what a shell loads to show and remember its tab
///
/// Put the line of your shell last into its start-up file. The tab then stands before the prompt,
/// with what it is doing, and with how many others need you; no process is started for it. What you
/// start in a tab is remembered: `tabctl history` shows it, and `tabctl resume` brings back an agent
/// that you started by hand with the flags that you gave it.
///
/// `TABCTL_PROMPT=off` leaves the prompt as it is, `TABCTL_HISTORY=off` remembers agents alone, and
/// `TABCTL_MARKS=off` tells the terminal nothing. To place the tab yourself: `${TABCTL_PS1-}` in PS1
/// (bash), `%20v` in PROMPT (zsh), `tabctl_prompt` in `fish_prompt` (fish).
///
/// Examples:
///   eval "$(tabctl init bash)"        # ~/.bashrc
///   eval "$(tabctl init zsh)"         # ~/.zshrc
///   tabctl init fish | source         # ~/.config/fish/config.fish
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The shell
    shell: Name,
}

/// A shell's name.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Name {
    /// 4.4 or newer for all of it; the prompt in any
    Bash,
    /// 5.3 or newer
    Zsh,
    /// 3.4 or newer
    Fish,
}

/// Runs it.
pub fn run(args: &Args, ctx: &Ctx, out: &mut Out) -> Result<()> {
    let settings = ctx.settings.shell;
    let agents = if settings.history { Vec::new() } else { evidence::starters(ctx) };
    let paths: &Paths = &ctx.paths;
    let text = |path: std::path::PathBuf| {
        path.into_os_string().into_string().map_err(|path| {
            let message = format!("the folder {} is no UTF-8 text", path.display());
            Fault::new(Kind::Other, message).hint("set TABCTL_STATE_DIR and TABCTL_RUNTIME_DIR")
        })
    };
    let (run, shell) = (text(paths.runtime.clone())?, text(ctx.store.shell_folder())?);
    let told = Told {
        run: &run,
        shell: &shell,
        prompt: settings.prompt,
        marks: settings.marks,
        history: settings.history,
        agents: &agents,
    };
    let shell = match args.shell {
        Name::Bash => Shell::Bash,
        Name::Zsh => Shell::Zsh,
        Name::Fish => Shell::Fish,
    };
    exec::open(ctx);
    out.bytes(shell.script(&told).as_bytes())
}
