//! What panes show: titles and screens. Must keep them apart, whatever is written there.

use anyhow::Result;
use tmux_interface::{CapturePane, DisplayMessage};

use crate::model::pane::PaneId;

use super::super::{Extent, Screen};
use super::call::Client;
use super::listing::seal;
use super::words::target;

/// As many panes as fit into one call: tmux takes 16 KiB, and a pane needs about 130 bytes.
const BATCH: usize = 96;
/// Expanded once by tmux: what a title says is not expanded again.
const TITLE: &str = "#{cursor_y} #{pane_title}";

/// The title and the last lines of each screen; both empty for a pane that is gone.
pub fn capture(client: &Client, panes: &[PaneId], extent: Extent) -> Result<Vec<Screen>> {
    let (Extent::Screen(lines) | Extent::Painted(lines) | Extent::History(lines)) = extent;
    let mut screens = Vec::with_capacity(panes.len());
    while let Some(rest) = panes.get(screens.len()..).filter(|rest| !rest.is_empty()) {
        let seal = seal()?;
        let mut commands = Vec::new();
        for pane in &rest[..rest.len().min(BATCH)] {
            commands.push(DisplayMessage::new().print().message(seal.as_str()).build());
            let pane = target(pane)?;
            commands.push(DisplayMessage::new().print().target_pane(pane).message(TITLE).build());
            let visible = CapturePane::new().stdout().target_pane(pane);
            commands.push(match extent {
                Extent::Screen(_) => visible.build(),
                Extent::Painted(_) => visible.escape_sequences().build(),
                Extent::History(lines) => visible.join().start_line(format!("-{lines}")).build(),
            });
        }
        let answer = client.run(&commands)?;
        // The queue ends at a pane that is gone, after its seal: it counts as an empty screen, and
        // the next call goes on behind it.
        if answer.lacks_a_pane() {
            let seen = screens.len() + 1;
            screens.extend(split(&answer.printed, &seal, lines));
            screens.resize(screens.len().max(seen), Screen::default());
        } else {
            screens.extend(split(&answer.accepted()?, &seal, lines));
        }
    }
    Ok(screens)
}

/// The title and the end of each screen, between lines that hold nothing but the seal.
fn split(output: &str, seal: &str, lines: u16) -> Vec<Screen> {
    let mut screens: Vec<Vec<&str>> = Vec::new();
    for line in output.lines() {
        if line == seal {
            screens.push(Vec::new());
        } else if let Some(screen) = screens.last_mut() {
            screen.push(line);
        }
    }
    let shown = |screen: &Vec<&str>| {
        let (first, screen) = screen.split_first().unwrap_or((&"", &[]));
        let (cursor, title) = first.split_once(' ').unwrap_or((first, ""));
        let used = used(screen);
        let is_left = used > 0 && cursor.parse::<usize>().is_ok_and(|row| row >= used);
        let from = used.saturating_sub(usize::from(lines));
        Screen { title: title.to_owned(), text: screen[from..used].join("\n"), is_left }
    };
    screens.iter().map(shown).collect()
}

/// How many lines there are without the empty rest of the screen.
fn used(screen: &[&str]) -> usize {
    screen.iter().rposition(|line| !line.trim_end().is_empty()).map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(title: &str, text: &str, is_left: bool) -> Screen {
        Screen { title: title.to_owned(), text: text.to_owned(), is_left }
    }

    #[test]
    fn screens_are_kept_apart_and_cut_to_their_end() {
        let output =
            "5e41\n1 a title\none\ntwo é\n\n  \n\n5e41\n0 \n\n\n5e41\n2  5e41\n5e41x\nlast\n5e41\n";
        let whole = [
            shown("a title", "one\ntwo é", false),
            shown("", "", false),
            shown(" 5e41", "5e41x\nlast", true),
        ];
        assert_eq!(split(output, "5e41", 9), [&whole[..], &[Screen::default()]].concat());
        let texts: Vec<_> = split(output, "5e41", 1).into_iter().map(|it| it.text).collect();
        assert_eq!(texts, ["two é", "", "last", ""]);
        assert_eq!(split("", "5e41", 9), []);
    }
}
