//! All panes in one call. Must believe only rows that tmux wrote, from ids, numbers and our mark.

use std::collections::HashSet;

use anyhow::Result;
use tmux_interface::ListPanes;

use crate::model::pane::{Pane, PaneId};
use crate::sys::clock;

use super::answer::Refusal;
use super::call::Client;
use super::words::is_id;

/// What is asked of each pane; the session's name comes last, as it may hold spaces. Every field
/// costs the server time, so there are no more than a [`Pane`] needs.
const FIELDS: &str =
    "#{pane_id} #{pane_pid} #{pane_dead} #{window_index} #{@tabctl_id} #{session_name}";

/// Every pane of the server; none if it does not run or has no session.
pub fn panes(client: &Client, meanwhile: &mut dyn FnMut()) -> Result<Vec<Pane>> {
    let seal = seal()?;
    let list = ListPanes::new().all().format(format!("{seal} {FIELDS}")).build();
    let answer = client.run_while(&[list], meanwhile)?;
    if answer.refusal == Some(Refusal::Nothing) {
        return Ok(Vec::new());
    }
    Ok(parse(&answer.accepted()?, &seal))
}

/// A word that nobody could know when the call was made: what begins with it was printed for it,
/// not smuggled in with a newline in some name.
pub fn seal() -> Result<String> {
    Ok(format!("{:032x}", clock::random_u128()?))
}

/// The rows that are whole, each pane once: a window can be linked into several sessions.
fn parse(output: &str, seal: &str) -> Vec<Pane> {
    let mut known = HashSet::new();
    output
        .lines()
        .filter_map(|line| row(line.strip_prefix(seal)?.strip_prefix(' ')?))
        .filter(|pane| known.insert(pane.id.clone()))
        .collect()
}

fn row(line: &str) -> Option<Pane> {
    let mut fields = line.splitn(6, ' ');
    Some(Pane {
        id: PaneId(id(fields.next()?, '%')?),
        // A pane without a process (-1) holds nothing that could be a tab.
        pid: fields.next()?.parse().ok()?,
        dead: match fields.next()? {
            "0" => false,
            "1" => true,
            _ => return None,
        },
        window_index: fields.next()?.parse().ok()?,
        tab: match fields.next()? {
            "" => None,
            mark => Some(mark.parse().ok()?),
        },
        session: fields.next()?.to_owned(),
    })
}

fn id(field: &str, sign: char) -> Option<String> {
    is_id(field, sign).then(|| field.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::TabId;

    const SEAL: &str = "5e41";

    #[test]
    fn recorded_rows_become_panes() {
        let output = "5e41 %0 17738 0 0 01HF7YAT000000000000000011 S\n\
                      5e41 %12 17743 1 5  my work é 🚀\n";
        let first = Pane {
            id: PaneId("%0".into()),
            pid: 17738,
            dead: false,
            session: "S".into(),
            window_index: 0,
            tab: "01HF7YAT000000000000000011".parse::<TabId>().ok(),
        };
        let panes = parse(output, SEAL);
        assert_eq!(panes.first(), Some(&first));
        assert!(first.tab.is_some());
        let [_, second] = panes.as_slice() else { panic!("{panes:?}") };
        assert_eq!(
            (second.session.as_str(), second.dead, second.tab),
            ("my work é 🚀", true, None)
        );
    }

    #[test]
    fn a_window_in_two_sessions_is_one_pane() {
        let output = "5e41 %0 17738 0 0  one\n5e41 %0 17738 0 4  two\n";
        let panes = parse(output, SEAL);
        assert_eq!(panes.iter().map(|pane| pane.session.as_str()).collect::<Vec<_>>(), ["one"]);
    }

    #[test]
    fn what_tmux_did_not_write_is_dropped() {
        for forged in [
            "%9 1 0 9 01HF7YAT000000000000000011 S",
            "0000 %9 1 0 9  S",
            "5e41%9 1 0 9  S",
            "5e41 %9 1 0 9 not-a-tab S",
            "5e41 %9 1 0 9 01hf7yat000000000000000011 S",
            "5e41 %9 1 0 9",
            "5e41 %9 -1 0 9  S",
            "5e41 %9 1 2 9  S",
            "5e41 %x 1 0 9  S",
            "5e41 %99999999999 1 0 9  S",
            "5e41 @9 1 0 9  S",
            "5e41 %9 1 0 -9  S",
            "",
        ] {
            assert_eq!(parse(forged, SEAL), [], "{forged}");
        }
    }
}
