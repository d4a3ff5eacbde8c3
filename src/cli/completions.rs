//! `tabctl completions`: what a shell loads so that Tab completes tabctl. Except for nushell's these
//! are files by hand, which ask `tabctl complete` for every candidate: none can go stale.

use anyhow::Result;
use clap::{CommandFactory, ValueEnum};

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
pub fn script(shell: Shell) -> String {
    match shell {
        Shell::Bash => include_str!("../../completions/tabctl.bash").to_owned(),
        Shell::Zsh => include_str!("../../completions/_tabctl").to_owned(),
        Shell::Fish => include_str!("../../completions/tabctl.fish").to_owned(),
        Shell::Powershell => include_str!("../../completions/tabctl.ps1").to_owned(),
        Shell::Elvish => include_str!("../../completions/tabctl.elv").to_owned(),
        Shell::Nushell => nushell(),
    }
}

/// Asks the program; an answer that cannot be read is none.
const NUSHELL: &str = r#"# Generated: `tabctl completions nushell` prints it. Loaded with `source`, or from an autoload folder.

def "nu-complete tabctl" [context: string, position?: int] {
    try { ^tabctl complete nushell --line $context | from json } catch { [] }
}
"#;

/// Nushell wants every command and option declared. What stands in their places is asked for.
fn nushell() -> String {
    let mut declared = Vec::new();
    let mut whole = super::Cli::command();
    clap_complete::generate(clap_complete_nushell::Nushell, &mut whole, "tabctl", &mut declared);
    let declared = String::from_utf8_lossy(&declared);
    let line = |line: &str| {
        // Every text can be asked for; where there is nothing to offer, nothing is offered.
        let (declaration, comment) = line.split_once('#').unwrap_or((line, ""));
        let asked = match declaration.trim_end().strip_suffix(": string") {
            Some(name) => format!("{name}: string@\"nu-complete tabctl\""),
            None => declaration.trim_end().to_owned(),
        };
        if comment.is_empty() { asked } else { format!("{asked} #{comment}") }
    };
    let body: Vec<String> = declared.lines().map(line).collect();
    format!("{NUSHELL}\n{}\n", body.join("\n"))
}
