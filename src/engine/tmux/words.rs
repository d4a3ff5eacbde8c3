//! What may stand in a tmux command: ids, filtered names, programs with their arguments.
//! Must not let a word end a command, name a target of its own or reach a shell.

use std::borrow::Cow;

use anyhow::Result;
use tmux_interface::TmuxCommand;

use crate::error::{Fault, Kind};
use crate::model::name;
use crate::model::pane::PaneId;

/// The id as a target, if it is one: `%` and a number.
pub fn target(pane: &PaneId) -> Result<&str> {
    if is_id(&pane.0, '%') {
        return Ok(&pane.0);
    }
    let shown = name::shown(&pane.0);
    Err(Fault::new(Kind::Usage, format!("'{shown}' is not the id of a tmux pane"))
        .hint("an id looks like %5: `tmux display-message -p '#{pane_id}'`")
        .into())
}

/// Whether this is an id that tmux makes: a sign and a number.
pub fn is_id(text: &str, sign: char) -> bool {
    text.strip_prefix(sign).is_some_and(|number| {
        (1..=10).contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit())
    })
}

/// A name that tmux may see: it expands `#(...)` in the names that it is given.
pub fn window_name(wished: &str) -> Result<&str> {
    name::check(wished).map_err(|why| {
        let shown = name::shown(wished);
        Fault::new(Kind::Usage, format!("a window cannot be named '{shown}': {why}")).into()
    })
}

/// Completes a command that starts a program. Two words or more, because tmux hands a single one to
/// a shell; the words then go to the program as they are.
pub fn running<'a>(
    mut command: TmuxCommand<'a>,
    argv: &'a [String],
    env: &[(String, String)],
) -> Result<TmuxCommand<'a>> {
    if argv.len() < 2 {
        let message =
            "a pane's command needs a program and an argument; tmux gives less to a shell";
        return Err(Fault::new(Kind::Usage, message).into());
    }
    for (name, value) in env {
        command.push_option("-e", format!("{name}={value}"));
    }
    command.push_param("--");
    for word in argv {
        command.push_param(word.as_str());
    }
    Ok(command)
}

/// The arguments of a client: commands separated by `;`.
pub fn words<'a>(commands: &'a [TmuxCommand<'_>]) -> Vec<Cow<'a, str>> {
    let mut words = Vec::new();
    for command in commands {
        if !words.is_empty() {
            words.push(Cow::Borrowed(";"));
        }
        words.extend(command.to_vec().into_iter().map(|word| kept_whole(word)));
    }
    words
}

/// A semicolon at the end of an argument would end the command; a backslash before it keeps it.
fn kept_whole(word: Cow<'_, str>) -> Cow<'_, str> {
    match word.strip_suffix(';') {
        Some(start) => Cow::Owned(format!("{start}\\;")),
        None => word,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test says what it expects by failing

    use tmux_interface::{ListPanes, NewWindow};

    use super::*;

    #[test]
    fn commands_have_their_full_names_and_no_argument_ends_one() {
        let env = [("A".to_owned(), "b;".to_owned())];
        let argv = ["sh", ";", "-t", "\\;", "a;b"].map(str::to_owned);
        let commands = [
            running(NewWindow::new().detached().build(), &argv, &env).unwrap(),
            ListPanes::new().all().build(),
        ];
        let wanted = [
            "new-window",
            "-d",
            "-e",
            "A=b\\;",
            "--",
            "sh",
            "\\;",
            "-t",
            "\\\\;",
            "a;b",
            ";",
            "list-panes",
            "-a",
        ];
        assert_eq!(words(&commands), wanted);
    }

    #[test]
    fn an_id_is_a_sign_and_a_number() {
        assert!(is_id("%0", '%') && is_id("@12", '@') && is_id("$4294967295", '$'));
        for bad in ["", "%", "%x", "%-1", "%1 ", "%1;", "@1", "1", "%99999999999", "%١"] {
            assert!(!is_id(bad, '%'), "{bad}");
        }
    }
}
