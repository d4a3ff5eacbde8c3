//! The `tabctl` binary: parse, run, report. The only place that ends the process.

use std::process::ExitCode;
use std::time::Duration;

use tabctl::cli::out::{Out, exit_code};
use tabctl::cli::{self, Cli, take_terminal};

fn main() -> ExitCode {
    if let Some(args) = take_terminal::Args::of_this_process() {
        take_terminal::run(&args);
        return ExitCode::SUCCESS;
    }
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

/// The longest that a hook may take, however slow its agent is with the payload, or a disk. What is
/// not done by then is lost, so it is far more than even a crowded machine takes.
const HOOK_LIMIT: Duration = Duration::from_secs(5);

/// Whatever goes wrong in a hook, the agent that called it does not hear of it, nor wait for it.
#[allow(clippy::disallowed_methods)] // this is main, and a panic can be left in no other way
fn never_fail() {
    std::panic::set_hook(Box::new(|_| std::process::exit(0)));
    // The clock has the second thread: work on it would begin with a heap of its own.
    let _ = std::thread::Builder::new().spawn(|| {
        std::thread::sleep(HOOK_LIMIT);
        std::process::exit(0);
    });
}
