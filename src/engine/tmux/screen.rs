//! What panes show: titles and screens. Must keep them apart, whatever is written there.

use anyhow::Result;
use tmux_interface::{CapturePane, DisplayMessage};

use crate::model::pane::PaneId;

use super::super::{Cursor, Extent, Screen};
use super::call::Client;
use super::listing::seal;
use super::words::target;

/// As many panes as fit into one call: tmux takes 16 KiB, and a pane needs about 130 bytes.
const BATCH: usize = 96;
/// Expanded once by tmux: what a title says is not expanded again.
const TITLE: &str = "#{cursor_y} #{cursor_x} #{pane_title}";

/// The title and the last lines of each screen; both empty for a pane that is gone.
pub fn capture(client: &Client, panes: &[PaneId], extent: Extent) -> Result<Vec<Screen>> {
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
            screens.extend(split(&answer.printed, &seal, extent));
            screens.resize(screens.len().max(seen), Screen::default());
        } else {
            screens.extend(split(&answer.accepted()?, &seal, extent));
        }
    }
    Ok(screens)
}

/// The title and the end of each screen, between lines that hold nothing but the seal.
fn split(output: &str, seal: &str, extent: Extent) -> Vec<Screen> {
    let (Extent::Screen(lines) | Extent::Painted(lines) | Extent::History(lines)) = extent;
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
        let mut words = first.splitn(3, ' ');
        let mut number = || words.next().and_then(|word| word.parse::<usize>().ok());
        let (row, column) = (number(), number());
        let title = words.next().unwrap_or_default();
        let used = used(screen);
        let is_left = used > 0 && row.is_some_and(|row| row >= used);
        let from = used.saturating_sub(usize::from(lines));
        let cursor = row.zip(column).and_then(|(row, column)| {
            // A line that is cut off above has none; those of the past are not counted.
            let is_screen = !matches!(extent, Extent::History(_));
            Some(Cursor { line: row.checked_sub(from)?, column }).filter(|_| is_screen)
        });
        let text = screen[from..used].join("\n");
        Screen { title: title.to_owned(), text, is_left, cursor }
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

    fn shown(title: &str, text: &str, is_left: bool, at: Option<(usize, usize)>) -> Screen {
        let cursor = at.map(|(line, column)| Cursor { line, column });
        Screen { title: title.to_owned(), text: text.to_owned(), is_left, cursor }
    }

    #[test]
    fn screens_are_kept_apart_and_cut_to_their_end() {
        let output = "5e41\n1 3 a title\none\ntwo é\n\n  \n\n5e41\n0 0 \n\n\n5e41\n2 4  5e41\n5e41x\nlast\n5e41\n";
        let whole = [
            shown("a title", "one\ntwo é", false, Some((1, 3))),
            shown("", "", false, Some((0, 0))),
            shown(" 5e41", "5e41x\nlast", true, Some((2, 4))),
        ];
        assert_eq!(
            split(output, "5e41", Extent::Screen(9)),
            [&whole[..], &[Screen::default()]].concat()
        );
        let texts: Vec<_> =
            split(output, "5e41", Extent::Painted(1)).into_iter().map(|it| it.text).collect();
        assert_eq!(texts, ["two é", "", "last", ""]);
        let cut = split("5e41\n0 1 t\none\ntwo\n", "5e41", Extent::Screen(1));
        assert_eq!(cut, [shown("t", "two", false, None)], "the cursor's line is cut off");
        assert_eq!(split("", "5e41", Extent::Screen(9)), []);
    }
}
