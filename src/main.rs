//! The `tabctl` binary: parse, run, report. The only place that ends the process.

use std::process::ExitCode;

use tabctl::cli::out::{Out, exit_code};
use tabctl::cli::{self, Cli};

fn main() -> ExitCode {
    if cli::is_hook() {
        never_fail();
    }
    let cli = Cli::of_this_process();
    let mut out = Out::new(cli.color);
    match cli::run(cli, &mut out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = exit_code(&error);
            if code != 0 {
                out.error(&error);
            }
            ExitCode::from(code)
        }
    }
}

/// Whatever goes wrong in a hook, the agent that called it does not hear of it.
fn never_fail() {
    #[allow(clippy::disallowed_methods)] // this is main, and a panic can be left in no other way
    std::panic::set_hook(Box::new(|_| std::process::exit(0)));
}
