//! `tabctl completions`: what a shell loads so that Tab completes tabctl. Must hold no candidates: the
//! scripts ask `tabctl complete` for every one, so that none can go stale.

use anyhow::Result;
use clap::ValueEnum;

use super::out::Out;
use crate::ui::offered::Form;

/// Print the completions of a shell
///
/// They offer commands, options, and what there is at that moment: tabs, agents, conversations, tags,
/// settings. `shell/install.sh` puts them where the shells look.
///
/// Examples:
///   tabctl completions bash > ~/.local/share/bash-completion/completions/tabctl
///   tabctl completions zsh > ~/.zsh/completions/_tabctl
///   tabctl completions fish > ~/.config/fish/completions/tabctl.fish
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// The shells that tabctl can be completed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// bash, from 3.2 on
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
    /// `PowerShell`
    Powershell,
    /// Elvish
    Elvish,
    /// Nushell
    Nushell,
}

impl From<Shell> for Form {
    fn from(shell: Shell) -> Form {
        match shell {
            Shell::Bash => Form::Bash,
            Shell::Zsh => Form::Zsh,
            Shell::Fish | Shell::Elvish => Form::Tabbed,
            Shell::Powershell => Form::Powershell,
            Shell::Nushell => Form::Nushell,
        }
    }
}

/// Runs it.
pub fn run(args: &Args, out: &mut Out) -> Result<()> {
    out.bytes(script(args.shell).as_bytes())
}

/// What one shell loads.
pub fn script(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("../../completions/tabctl.bash"),
        Shell::Zsh => include_str!("../../completions/_tabctl"),
        Shell::Fish => include_str!("../../completions/tabctl.fish"),
        Shell::Powershell => include_str!("../../completions/tabctl.ps1"),
        Shell::Elvish => include_str!("../../completions/tabctl.elv"),
        Shell::Nushell => include_str!("../../completions/tabctl.nu"),
    }
}
