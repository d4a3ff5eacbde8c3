//! What stands before people: the clients, and what tmux shows of tabs by user options. Must not set an
//! option that is somebody else's, nor a value that could mean anything to tmux.

use anyhow::Result;
use tmux_interface::{ListClients, SetOption, TmuxCommand};

use crate::engine::{Client as Viewer, Signs};
use crate::model::pane::PaneId;
use crate::model::tally;

use super::answer::Refusal;
use super::call::Client;
use super::listing::seal;
use super::words::{is_id, target};

/// The options of a tab's pane. A pane takes its own along wherever it is moved to, and they are gone
/// with it.
const GLYPH: &str = "@tabctl_glyph";
const STATE: &str = "@tabctl_state";
/// The option of the server, for its status lines.
const STATUS: &str = "@tabctl_status";

/// What is asked of each client. What its terminal is called comes from outside: it stands near the
/// end, and a line that does not fit is dropped.
const FIELDS: &str = "#{client_flags} #{pane_id} #{pane_pid} #{client_activity} #{client_tty} \
    #{client_termname}";

/// The clients, after the options were set: in one call, as a call is what costs.
pub fn clients(client: &Client, signs: Option<&Signs>) -> Result<Vec<Viewer>> {
    let seal = seal()?;
    let mut commands = vec![ListClients::new().format(format!("{seal} {FIELDS}")).build()];
    if let Some(signs) = signs {
        commands.extend(options(signs)?);
    }
    let answer = client.run(&commands)?;
    let printed = match signs {
        Some(signs) => answer.of_pane(signs.pane)?,
        None if answer.refusal == Some(Refusal::Nothing) => return Ok(Vec::new()),
        None => answer.accepted()?,
    };
    Ok(parse(&printed, &seal))
}

/// The pane that the person looks at who typed last: a popup stands before that one.
pub fn below_a_popup(client: &Client) -> Option<PaneId> {
    let clients = clients(client, None).ok()?;
    clients.into_iter().max_by_key(|client| client.active).map(|client| client.pane)
}

/// The server's option first: the queue ends at a pane that is gone.
fn options<'a>(signs: &'a Signs) -> Result<Vec<TmuxCommand<'a>>> {
    let pane = target(signs.pane)?;
    let status = SetOption::new().global().option(STATUS).value(signs.tally.line()).build();
    let of_pane = |name| SetOption::new().pane().target_pane(pane).option(name);
    let [glyph, state] = match tally::badge(signs.state) {
        Some(badge) => [of_pane(GLYPH).value(badge), of_pane(STATE).value(signs.state.word())],
        None => [of_pane(GLYPH).unset(), of_pane(STATE).unset()],
    };
    Ok(vec![status, glyph.build(), state.build()])
}

fn parse(output: &str, seal: &str) -> Vec<Viewer> {
    output.lines().filter_map(|line| row(line.strip_prefix(seal)?.strip_prefix(' ')?)).collect()
}

fn row(line: &str) -> Option<Viewer> {
    let mut fields = line.splitn(6, ' ');
    let flags: Vec<&str> = fields.next()?.split(',').collect();
    Some(Viewer {
        // tmux takes a terminal for focused until it says that it is not.
        focused: flags.contains(&"focused"),
        types: !flags.iter().any(|flag| matches!(*flag, "read-only" | "control-mode")),
        pane: PaneId(fields.next().filter(|id| is_id(id, '%'))?.to_owned()),
        pid: fields.next()?.parse().ok()?,
        active: fields.next()?.parse().ok()?,
        tty: fields.next()?.to_owned(),
        terminal: fields.next()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_clients_are_read_and_what_tmux_did_not_write_is_dropped() {
        let output = "5e41 attached,focused,UTF-8 %1 17738 1795280078 /dev/pts/33 xterm-kitty\n\
                      5e41 attached,control-mode %2 17739 1795280000  \n\
                      attached,focused %1 17738 1 /dev/pts/1 xterm\n\
                      5e41 attached,focused work 17738 1 /dev/pts/1 xterm\n5e41 x\n";
        let clients = parse(output, "5e41");
        let seen: Vec<_> =
            clients.iter().map(|it| (it.pane.0.as_str(), it.focused, it.types)).collect();
        assert_eq!(seen, [("%1", true, true), ("%2", false, false)]);
        assert_eq!(clients[0].tty, "/dev/pts/33");
        assert_eq!(
            (clients[0].terminal.as_str(), clients[0].active),
            ("xterm-kitty", 1_795_280_078)
        );
    }
}
