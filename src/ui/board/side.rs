//! The look at the tab that is selected: why it is in its state, what it is for, its notes, its screen.
//! Must take foreign text only through `text`.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::{card, table, text};
use super::Board;
use super::draw::put;
use crate::model::glimpse::Glimpse;
use crate::model::row::Row;

/// Notes that are shown: the newest.
const NOTES: usize = 3;
/// With fewer lines, only the most needed is told above the screen.
const ROOMY: u16 = 16;

impl Board {
    /// Draws it, with a border above (`is_below`) or to the left.
    pub(super) fn draw_side(&mut self, buffer: &mut Buffer, area: Rect, is_below: bool) {
        let dim = self.theme.dim();
        let inner = if is_below {
            put(buffer, area, (0, 0), &"─".repeat(area.width.into()), dim);
            Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
        } else {
            for line in 0..area.height {
                put(buffer, area, (1, line), "│", dim);
            }
            Rect { x: area.x + 3, width: area.width.saturating_sub(3), ..area }
        };
        let Some(row) = self.selected() else { return };
        let glimpse = self.glimpse.as_ref().filter(|glimpse| glimpse.id == row.id);
        let told = self.told(row, glimpse, inner.height < ROOMY);
        let most = inner.height / 2;
        let mut line = 0;
        for (text, style) in told.iter().take(most.into()) {
            put(buffer, inner, (0, line), &text::cut(text, inner.width.into()), *style);
            line += 1;
        }
        put(buffer, inner, (0, line), &"╌".repeat(inner.width.into()), dim);
        let screen = Rect {
            y: inner.y + (line + 1).min(inner.height),
            height: inner.height.saturating_sub(line + 1),
            ..inner
        };
        self.draw_screen(buffer, screen, row, glimpse);
        self.drawn.glimpse = screen.height;
    }

    /// The lines above the screen.
    fn told(&self, row: &Row, glimpse: Option<&Glimpse>, is_tight: bool) -> Vec<(String, Style)> {
        let theme = self.theme;
        let claim = &row.status.claim;
        let plain = Style::new();
        let reason = claim.reason.as_deref().map(|reason| format!("  {}", text::clean(reason)));
        let by = claim.by.as_deref().map(|by| format!(", says {}", text::clean(by)));
        let since = text::age(row.since, self.now);
        let since = if since == "now" { "just now".to_owned() } else { format!("{since} ago") };
        let doing = format!("{} {}", claim.state.glyph(), claim.state.word());
        let state =
            format!("{doing}{} ({since}{})", reason.unwrap_or_default(), by.unwrap_or_default());
        let agent = row.agent.as_deref().map(|agent| format!("  {}", text::clean(agent)));
        let title = format!("{}{}", table::name(row), agent.unwrap_or_default());
        let mut told = vec![(title, theme.heading()), (state, theme.state(claim.state))];
        let detail = claim.detail.as_deref().map(text::clean).filter(|detail| !detail.is_empty());
        told.extend(detail.map(|detail| (detail, plain)));
        let wrong = row.problem.is_some() || !row.trusted;
        let task = table::task(row);
        told.extend((!task.is_empty()).then(|| (task, if wrong { theme.bad() } else { plain })));
        let notes = glimpse.map(|glimpse| glimpse.notes.as_slice()).unwrap_or_default();
        let most = if is_tight { 1 } else { NOTES };
        for note in notes.iter().rev().take(most) {
            let when = note.at.map(|at| text::age(at, self.now)).unwrap_or_default();
            let by = card::signature(note, &when);
            let by = if by.is_empty() { by } else { format!("  ({by})") };
            told.push((format!("✎ {}{by}", text::clean(&note.text)), theme.warn()));
        }
        if !is_tight {
            let tags = row.tags.iter().map(|tag| format!("  #{}", text::clean(tag)));
            let folder = table::folder(row, &self.home);
            told.push((format!("{folder}{}", tags.collect::<String>()), theme.dim()));
        }
        told
    }

    /// The end of what stands on the tab's screen.
    fn draw_screen(&self, buffer: &mut Buffer, area: Rect, row: &Row, glimpse: Option<&Glimpse>) {
        let Some(glimpse) = glimpse else { return };
        let Some(screen) = &glimpse.screen else {
            let state = row.status.claim.state.word();
            let key = if self.typing { "^R" } else { "r" };
            let told = format!("{state}: there is no screen; {key} resumes it");
            put(buffer, area, (0, 0), &text::cut(&told, area.width.into()), self.theme.dim());
            return;
        };
        let lines = text::clean_lines(screen);
        let from = lines.len().saturating_sub(area.height.into());
        for (line, shown) in (0..).zip(&lines[from..]) {
            put(buffer, area, (0, line), shown, Style::new());
        }
    }
}
