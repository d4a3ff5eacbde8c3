//! `tabctl completions`

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use super::out::Out;

/// Print the completions of a shell
///
/// Examples:
///   tabctl completions bash > ~/.local/share/bash-completion/completions/tabctl
///   tabctl completions fish > ~/.config/fish/completions/tabctl.fish
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Runs it.
pub fn run(args: &Args, out: &mut Out) -> Result<()> {
    out.bytes(&script(args.shell))
}

/// The completions of one shell.
pub fn script(shell: Shell) -> Vec<u8> {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut super::Cli::command(), "tabctl", &mut bytes);
    bytes
}
