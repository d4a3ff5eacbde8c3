//! Several panes in one window: opening one beside another, and how they share the window.
//! Must not pass on a layout that does not add up.

use anyhow::Result;
use tmux_interface::{DisplayMessage, SelectLayout, SplitWindow, TmuxCommand};

use crate::engine::{Side, gone};
use crate::error::{Fault, Kind};
use crate::model::id::TabId;
use crate::model::layout::Layout;
use crate::model::pane::PaneId;

use super::call::Client;
use super::marking;
use super::words::{is_id, running, target};

/// Opens a pane beside another one and marks it.
pub fn split(
    client: &Client,
    beside: &PaneId,
    side: Side,
    tab: Option<TabId>,
    argv: &[String],
    env: &[(String, String)],
) -> Result<PaneId> {
    let at = target(beside)?;
    let split = SplitWindow::new().detached().print().format("#{pane_id}").target_pane(at);
    let split = if side == Side::Before { split.before() } else { split };
    // A pane that was halved again and again would have no room for one more.
    let even = SelectLayout::new().target_pane(at).layout_name("tiled").build();
    let printed = client.run(&[running(split.build(), argv, env)?, even])?.of_pane(beside)?;
    let opened = printed
        .lines()
        .next()
        .filter(|id| is_id(id, '%'))
        .ok_or_else(|| Fault::new(Kind::Engine, "tmux does not say which pane it opened"))?;
    let opened = PaneId(opened.to_owned());
    if tab.is_some() {
        client.run(&[marking(&opened.0, tab)])?.of_pane(&opened)?;
    }
    Ok(opened)
}

/// How a window is divided, after it was divided as wished.
pub fn layout(client: &Client, pane: &PaneId, wish: Option<&Layout>) -> Result<Layout> {
    let at = target(pane)?;
    let seen = |commands: &[TmuxCommand<'_>]| -> Result<Layout> {
        let printed = client.run(commands)?.of_pane(pane)?;
        if printed.trim_end().is_empty() {
            // What is asked about a pane that is gone is answered with nothing.
            return Err(gone(pane).into());
        }
        let cells = printed.trim_end().split_once(',').map(|(_, cells)| cells);
        cells.and_then(Layout::parse).ok_or_else(|| {
            let message = format!("the layout of the window of pane {at} is not understood");
            Fault::new(Kind::Engine, message).into()
        })
    };
    let ask = DisplayMessage::new().print().target_pane(at).message("#{window_layout}").build();
    let Some(wish) = wish else { return seen(&[ask]) };
    // tmux takes a layout for more panes too, and leaves some of them out.
    if seen(std::slice::from_ref(&ask))?.panes() != wish.panes() {
        return Err(Fault::new(Kind::Engine, "the layout is for another number of panes").into());
    }
    let cells = wish.to_string();
    let words = format!("{:04x},{cells}", checksum(&cells));
    seen(&[SelectLayout::new().target_pane(at).layout_name(words).build(), ask])
}

/// What tmux puts before a layout, to tell that all of it is there.
fn checksum(cells: &str) -> u16 {
    cells.bytes().fold(0_u16, |sum, byte| sum.rotate_right(1).wrapping_add(byte.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_has_the_checksum_that_tmux_gives_it() {
        for (sum, cells) in [
            (
                0x8d82,
                "211x53,0,0{105x53,0,0,0,105x53,106,0[105x26,106,0,1,105x26,106,27{20x26,106,27,3,84x26,127,27,2}]}",
            ),
            (
                0x557b,
                "211x53,0,0{105x53,0,0,105x53,106,0[105x26,106,0,105x26,106,27{20x26,106,27,84x26,127,27}]}",
            ),
        ] {
            assert_eq!(checksum(cells), sum, "{cells}");
        }
    }
}
