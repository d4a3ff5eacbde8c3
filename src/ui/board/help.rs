//! What every key does, over everything else. Must fit 40 columns and 10 lines.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::text;
use super::draw::put;
use super::{Board, Use};

/// Keys and what they do, the most needed first.
const WATCH: [(&str, &str); 16] = [
    ("enter", "go there"),
    ("r", "resume"),
    ("s", "send"),
    ("t", "note"),
    ("l", "(un)lock"),
    ("x", "close"),
    ("/", "filter"),
    ("esc", "show all"),
    ("o", "order"),
    ("p", "preview"),
    ("j k ↓ ↑", "move"),
    ("g G", "ends"),
    ("space", "look"),
    ("2× click", "go there"),
    ("ctrl-r…", "in /"),
    ("q", "leave"),
];

const PICK: [(&str, &str); 11] = [
    ("enter", "go there"),
    ("letters", "filter"),
    ("^R", "resume"),
    ("^S", "send"),
    ("^T", "note"),
    ("^L", "(un)lock"),
    ("^X", "close"),
    ("↓ ↑ ^N^P", "move"),
    ("^U", "show all"),
    ("2× click", "go there"),
    ("esc", "leave"),
];

impl Board {
    /// Draws it in the middle.
    pub(super) fn draw_help(&self, buffer: &mut Buffer, area: Rect) {
        let keys: &[(&str, &str)] = if self.used == Use::Pick { &PICK } else { &WATCH };
        let key = keys.iter().map(|(key, _)| text::width(key)).max().unwrap_or(0);
        let what = keys.iter().map(|(_, what)| text::width(what)).max().unwrap_or(0);
        let cell = u16::try_from(key + 1 + what + 2).unwrap_or(20);
        let lines = u16::try_from(keys.len()).unwrap_or(1);
        // In two columns where one would be too high.
        let most = area.height.saturating_sub(2).max(1);
        let columns = lines.div_ceil(most).min((area.width / cell).max(1));
        let lines = lines.div_ceil(columns);
        let (width, height) = ((cell * columns + 2).min(area.width), (lines + 2).min(area.height));
        let frame = Rect {
            x: area.x + (area.width - width) / 2,
            y: area.y + (area.height - height) / 2,
            width,
            height,
        };
        self.draw_frame(buffer, frame);
        let inside = Rect {
            x: frame.x + 1,
            y: frame.y + 1,
            width: width.saturating_sub(2),
            height: height.saturating_sub(2),
        };
        for (number, (pressed, does)) in (0_u16..).zip(keys) {
            let at = (1 + cell * (number / lines), number % lines);
            let end = put(buffer, inside, at, pressed, self.theme.heading());
            let then = at.0 + u16::try_from(key).unwrap_or(0) + 1;
            if end > at.0 {
                put(buffer, inside, (then, at.1), does, Style::new());
            }
        }
    }

    fn draw_frame(&self, buffer: &mut Buffer, area: Rect) {
        let dim = self.theme.dim();
        let inner = usize::from(area.width.saturating_sub(2));
        let line =
            |left: &str, fill: &str, right: &str| format!("{left}{}{right}", fill.repeat(inner));
        // What stood there is drawn over, colours and all.
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                buffer[(x, y)].reset();
            }
        }
        for number in 0..area.height {
            let drawn = match number {
                0 => line("╭", "─", "╮"),
                last if last + 1 == area.height => line("╰", "─", "╯"),
                _ => line("│", " ", "│"),
            };
            put(buffer, area, (0, number), &drawn, dim);
        }
        put(buffer, area, (2, 0), " keys ", self.theme.heading());
    }
}
