//! What stands on the screens of panes. Must keep their texts apart, whatever is written on them.

use anyhow::Result;
use tmux_interface::{CapturePane, DisplayMessage};

use crate::model::pane::PaneId;

use super::call::Client;
use super::listing::seal;
use super::words::target;

/// As many panes as fit into one call: tmux takes 16 KiB, and a pane needs about 85 bytes.
const BATCH: usize = 128;

/// The last `lines` lines of each screen; an empty text for a pane that is gone.
pub fn capture(client: &Client, panes: &[PaneId], lines: u16) -> Result<Vec<String>> {
    let mut screens = Vec::with_capacity(panes.len());
    while let Some(rest) = panes.get(screens.len()..).filter(|rest| !rest.is_empty()) {
        let seal = seal()?;
        let mut commands = Vec::new();
        for pane in &rest[..rest.len().min(BATCH)] {
            commands.push(DisplayMessage::new().print().message(seal.as_str()).build());
            commands.push(CapturePane::new().stdout().target_pane(target(pane)?).build());
        }
        let answer = client.run(&commands)?;
        // The queue ends at a pane that is gone, after its seal: it counts as an empty screen, and
        // the next call goes on behind it.
        if answer.lacks_a_pane() {
            let seen = screens.len() + 1;
            screens.extend(split(&answer.printed, &seal, lines));
            screens.resize(screens.len().max(seen), String::new());
        } else {
            screens.extend(split(&answer.accepted()?, &seal, lines));
        }
    }
    Ok(screens)
}

/// The end of each screen, between lines that hold nothing but the seal.
fn split(output: &str, seal: &str, lines: u16) -> Vec<String> {
    let mut screens: Vec<Vec<&str>> = Vec::new();
    for line in output.lines() {
        if line == seal {
            screens.push(Vec::new());
        } else if let Some(screen) = screens.last_mut() {
            screen.push(line);
        }
    }
    screens.iter().map(|screen| end_of(screen, lines)).collect()
}

/// The last lines, after the empty rest of the screen is taken off.
fn end_of(screen: &[&str], lines: u16) -> String {
    let used = screen.iter().rposition(|line| !line.trim_end().is_empty()).map_or(0, |at| at + 1);
    let from = used.saturating_sub(usize::from(lines));
    screen[from..used].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn screens_are_kept_apart_and_cut_to_their_end() {
        let output = "5e41\none\ntwo é\n\n  \n\n5e41\n\n\n5e41\n 5e41\n5e41x\nlast\n5e41\n";
        assert_eq!(split(output, "5e41", 9), ["one\ntwo é", "", " 5e41\n5e41x\nlast", ""]);
        assert_eq!(split(output, "5e41", 1), ["two é", "", "last", ""]);
        assert_eq!(split("", "5e41", 9), [""; 0]);
    }
}
