//! `tabctl take-terminal`: the step between the runner and an agent in a terminal of its own.
//! Hidden: tabctl calls it itself.

use std::ffi::OsString;

use crate::sys::{pty, run};

/// Take standard input for the terminal, then become a program
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The program and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

impl Args {
    /// What this process is to become, if it is this step. Every agent's start waits for it, so the
    /// command line is not gone through as a person's is.
    pub fn of_this_process() -> Option<Args> {
        let mut words = std::env::args_os().skip(1);
        let is_it = words.next()? == "take-terminal" && words.next()? == "--";
        is_it.then(|| Args { command: words.collect() })
    }
}

/// Runs it. Returns only if that failed; whoever called has read why.
pub fn run(args: &Args) {
    if let Some((program, arguments)) = args.command.split_first() {
        let mut program = run::command(program);
        program.args(arguments);
        pty::become_program(program);
    }
}
