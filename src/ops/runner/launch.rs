//! The agent's command as ordered: its program, its arguments, its environment.
//! Must not start it.

use std::process::Command;

use anyhow::{Context, Result};

use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::plan::Order;
use crate::sys::run;

use super::{TAB_VARIABLE, TOKEN_VARIABLE};

/// What is to be started.
pub fn program(order: &Order, id: TabId, token: &str) -> Result<Command> {
    let (program, arguments) =
        order.argv.words().split_first().context("the order names no program")?;
    let mut command = run::command(program);
    command.args(arguments).args(&order.prompt);
    if is_inside_an_agent(order) {
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| order.unset.iter().any(|mark| matches(mark, name)))
            {
                command.env_remove(&name);
            }
        }
    }
    if let Some(path) = &order.path {
        command.env("PATH", path);
    }
    command.envs(&order.set).env(TAB_VARIABLE, id.to_string()).env(TOKEN_VARIABLE, token);
    Ok(command)
}

/// The program could not be started.
pub fn refused(program: &Command, error: &dyn std::fmt::Display) -> Fault {
    let program = program.get_program().display();
    Fault::new(Kind::AgentMissing, format!("cannot start {program}: {error}"))
        .hint("`tabctl doctor` shows which agents are installed")
}

/// An agent's marks in the environment are scrubbed whole; without one, a variable such as
/// `CLAUDE_CODE_USE_BEDROCK` is the user's own setting and stays.
fn is_inside_an_agent(order: &Order) -> bool {
    order.unset.iter().any(|mark| !mark.ends_with('*') && std::env::var_os(mark).is_some())
}

fn matches(mark: &str, name: &str) -> bool {
    mark.strip_suffix('*').map_or(mark == name, |prefix| name.starts_with(prefix))
}
