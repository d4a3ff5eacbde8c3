//! What stands in a tab: in its pane while that lives, else what was kept of it.
//! Must not type into it, nor take it for more than what is drawn there.

use std::time::Duration;

use anyhow::Result;

use crate::engine::Extent;
use crate::error::{Fault, Kind};
use crate::model::pane::PaneId;
use crate::model::row::Row;
use crate::model::scroll::Scroll;

use super::{Ctx, pane};

/// How often a pane is looked at: the multiplexer tells nobody of its changes.
const LOOK: Duration = Duration::from_millis(250);

/// The lines of a tab.
#[derive(Debug)]
pub struct Output {
    /// They are foreign text.
    pub lines: Vec<String>,
    /// Where they stand; nothing if the tab is down and this was kept of it.
    pub pane: Option<PaneId>,
    /// When it was kept.
    pub kept_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// The last lines of a tab, of which `row` was just seen.
///
/// # Errors
/// `NotFound` if it is down and nothing was kept.
pub fn of_tab(ctx: &Ctx, row: &Row, last: Option<usize>) -> Result<Output> {
    pane::must_be_here(row)?;
    if let Some(pane) = &row.pane {
        let lines = read(ctx, pane, last)?;
        return Ok(Output { lines, pane: Some(pane.clone()), kept_at: None });
    }
    let Some(kept) = ctx.store.snapshot(row.id) else {
        let message =
            format!("'{}' is {}, and nothing was kept", row.tab, row.status.claim.state.word());
        return Err(Fault::new(Kind::NotFound, message)
            .hint("the setting `scrollback` keeps the last lines of every tab")
            .into());
    };
    let lines: Vec<String> = kept.text.lines().map(str::to_owned).collect();
    let from = last.map_or(0, |last| lines.len().saturating_sub(last));
    Ok(Output { lines: lines[from..].to_vec(), pane: None, kept_at: Some(kept.at) })
}

fn read(ctx: &Ctx, pane: &PaneId, last: Option<usize>) -> Result<Vec<String>> {
    let last = last.and_then(|last| u16::try_from(last).ok()).unwrap_or(u16::MAX);
    let screens = ctx.engine().read(std::slice::from_ref(pane), Extent::History(last))?;
    let text = screens.into_iter().next().unwrap_or_default().text;
    Ok(text.lines().map(|line| line.trim_end().to_owned()).collect())
}

/// Gives `show` the lines that come after these, until the pane is gone. A line comes when it stands
/// still: what a program draws over again and again comes once it leaves it alone.
pub fn follow(
    ctx: &Ctx,
    output: Output,
    show: &mut dyn FnMut(Vec<String>) -> Result<()>,
) -> Result<()> {
    let Some(pane) = output.pane else { return Ok(()) };
    let known = read(ctx, &pane, None)?;
    // What came while the first lines were printed is news.
    let shown = known.windows(output.lines.len().max(1)).rposition(|part| part == output.lines);
    let given = shown.map_or(known.len(), |at| at + output.lines.len());
    let mut scroll = Scroll::after(known[..given].to_vec());
    loop {
        std::thread::sleep(LOOK);
        let lines = read(ctx, &pane, None)?;
        if lines.is_empty() && !ctx.engine().panes()?.iter().any(|it| it.id == pane) {
            return show(scroll.rest());
        }
        let news = scroll.look(lines);
        if !news.is_empty() {
            show(news)?;
        }
    }
}
