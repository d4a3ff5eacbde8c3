//! The `tabctl` binary: parse, run, report. The only place that ends the process.

use std::process::ExitCode;

use tabctl::cli::out::{Out, exit_code};
use tabctl::cli::{self, Cli};

fn main() -> ExitCode {
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
