//! The lines of the list, only those that can be seen. Must stay useful at 40 columns, and as quick with
//! a thousand tabs as with ten.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::{table, text};
use super::draw::put;
use super::{Board, Use};
use crate::model::row::Row;

/// Columns of the mark before the line that is selected.
const MARK: u16 = 2;
/// Columns between two cells.
const GAP: usize = 2;
/// The widest name that is not cut.
const NAME: usize = 24;
/// A state's glyph and longest word.
const STATE: usize = 11;
/// With the reason of attention beside it.
const REASON: usize = 22;
/// The narrowest task that still says something.
const TASK: usize = 10;

/// One column: its heading and how wide it is.
type Column = (&'static str, usize);

impl Board {
    /// Draws the headings and the lines.
    pub(super) fn draw_list(&mut self, buffer: &mut Buffer, area: Rect, with_headings: bool) {
        let headings = u16::from(with_headings && area.height > 1);
        let columns = self.columns(usize::from(area.width).saturating_sub(usize::from(MARK)));
        let lines =
            Rect { y: area.y + headings, height: area.height.saturating_sub(headings), ..area };
        self.drawn.list = lines;
        self.keep_in_view(usize::from(lines.height));
        if self.shown.is_empty() {
            self.draw_nothing(buffer, lines);
            return;
        }
        if headings == 1 {
            let mut at = MARK;
            for (heading, width) in &columns {
                put(buffer, area, (at, 0), heading, self.theme.heading());
                at += u16::try_from(width + GAP).unwrap_or(0);
            }
        }
        let visible = self.shown.iter().skip(self.top).take(lines.height.into());
        for (line, place) in (0..).zip(visible) {
            self.draw_line(buffer, lines, line, &self.rows[*place], &columns);
        }
    }

    /// Moves the first line as little as needed for the selected one to be seen.
    fn keep_in_view(&mut self, height: usize) {
        let place = self.place().unwrap_or(0);
        self.top = self.top.min(place).min(self.shown.len().saturating_sub(height));
        if height > 0 && place >= self.top + height {
            self.top = place + 1 - height;
        }
    }

    fn draw_nothing(&self, buffer: &mut Buffer, area: Rect) {
        let told = match (self.is_new, self.rows.is_empty()) {
            (true, _) => "looking…",
            (false, true) => "no tabs yet: `tabctl new NAME`",
            (false, false) => "no tab matches",
        };
        let width = usize::from(area.width.saturating_sub(MARK));
        put(buffer, area, (MARK, 0), &text::cut(told, width), self.theme.dim());
    }

    fn draw_line(&self, buffer: &mut Buffer, area: Rect, line: u16, row: &Row, columns: &[Column]) {
        let is_selected = self.selected == Some(row.id);
        let state = self.theme.state(row.status.claim.state);
        let mut at = MARK;
        for (heading, width) in columns {
            let (cell, style) = match *heading {
                "TAB" => (name(row, *width), Style::new()),
                "STATE" => (doing(row, *width), state),
                "AGENT" => (text::clean(row.agent.as_deref().unwrap_or("-")), Style::new()),
                "AGE" => (text::age(row.since, self.now), self.theme.dim()),
                "TASK" => (table::task(row), Style::new()),
                "PLACE" => (table::place(row), self.theme.dim()),
                _ => (table::folder(row, &self.home), self.theme.dim()),
            };
            put(buffer, area, (at, line), &text::cut(&cell, *width), style);
            at += u16::try_from(width + GAP).unwrap_or(0);
        }
        if is_selected {
            let whole = Rect { y: area.y + line, height: 1, ..area };
            buffer.set_style(whole, self.theme.selected());
            put(buffer, area, (0, line), "›", self.theme.selected());
        }
    }

    /// The columns that fit, as wide as they are useful.
    fn columns(&self, width: usize) -> Vec<Column> {
        let widest =
            self.rows.iter().map(|row| text::width(&row.tab) + 2 * usize::from(row.locked));
        let widest = widest.max();
        let name = widest.unwrap_or(0).clamp(4, NAME.min((width / 3).max(8)));
        // The dashboard says why somebody is wanted; the picker's list has the look beside it.
        let reason = if width >= 56 && self.used == Use::Watch { REASON } else { STATE };
        let state = self.rows.iter().map(|row| text::width(&table::state(row))).max();
        let state = state.unwrap_or(STATE).clamp(STATE, reason.max(STATE));
        let mut columns = vec![("TAB", name), ("STATE", state), ("AGE", 4)];
        let used = |columns: &[Column]| columns.iter().map(|(_, width)| width + GAP).sum::<usize>();
        let left = |columns: &[Column]| width.saturating_sub(used(columns));
        if left(&columns) >= 8 + GAP + TASK {
            let agents = self.rows.iter().filter_map(|row| row.agent.as_deref()).map(text::width);
            columns.insert(2, ("AGENT", agents.max().unwrap_or(1).clamp(5, 12)));
        }
        let rest = left(&columns);
        if rest >= TASK {
            let (place, folder) = (10, 24);
            let with_place = rest >= 30 + GAP + place;
            let with_folder = rest >= 40 + GAP + place + GAP + folder;
            let beside = [(with_place, place), (with_folder, folder)];
            let beside: usize = beside.iter().filter(|(on, _)| *on).map(|(_, it)| it + GAP).sum();
            columns.push(("TASK", rest - beside));
            columns.extend(with_place.then_some(("PLACE", place)));
            columns.extend(with_folder.then_some(("FOLDER", folder)));
        } else if let Some((_, width)) = columns.first_mut() {
            // Names have what nothing else can use.
            *width += rest.min(widest.unwrap_or(0).saturating_sub(*width));
        }
        columns
    }
}

/// A state without room for its reason is the state alone.
fn doing(row: &Row, width: usize) -> String {
    let told = table::state(row);
    if text::width(&told) <= width {
        return told;
    }
    let state = row.status.claim.state;
    format!("{} {}", state.glyph(), state.word())
}

/// A name that is cut keeps its lock.
fn name(row: &Row, width: usize) -> String {
    if !row.locked {
        return row.tab.clone();
    }
    format!("{} ⚿", text::cut(&row.tab, width.saturating_sub(2)))
}
