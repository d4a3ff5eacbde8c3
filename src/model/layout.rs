//! How a window is divided among its panes, in the notation of tmux without its checksum.
//! Must not let through what does not add up: it may come from a file, and goes to a multiplexer.

use std::fmt;

/// More panes than anybody reads at once.
const MOST_PANES: usize = 32;
/// Deeper than any window that can still be read.
const DEEPEST: usize = 16;
/// The widest and highest terminal, in characters.
const LARGEST: u32 = 1000;

/// The division of one window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout(Cell);

/// A part of the window: a pane, or several parts.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    width: u32,
    height: u32,
    x: u32,
    y: u32,
    inner: Inner,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Inner {
    /// A pane, with the number that the multiplexer gave it, where it says so.
    Pane(Option<u32>),
    /// From left to right.
    Beside(Vec<Cell>),
    /// From top to bottom.
    Below(Vec<Cell>),
}

impl Layout {
    /// Reads `120x50,0,0{60x50,0,0,1,59x50,61,0,2}`; the last number of a pane may be missing.
    pub fn parse(text: &str) -> Option<Layout> {
        let mut reader = Reader { rest: text, panes: 0 };
        let cell = reader.cell(0)?;
        (reader.rest.is_empty() && cell.adds_up()).then_some(Layout(cell))
    }

    /// How many panes it has.
    pub fn panes(&self) -> usize {
        self.numbers().len()
    }

    /// The multiplexer's numbers of its panes, in their order.
    pub fn numbers(&self) -> Vec<Option<u32>> {
        let mut numbers = Vec::new();
        self.0.number(&mut numbers);
        numbers
    }
}

/// Without the numbers of the panes: those are others after a reboot.
impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cell { width, height, x, y, inner } = self;
        write!(f, "{width}x{height},{x},{y}")?;
        let (open, cells, close) = match inner {
            Inner::Pane(_) => return Ok(()),
            Inner::Beside(cells) => ('{', cells, '}'),
            Inner::Below(cells) => ('[', cells, ']'),
        };
        for (at, cell) in cells.iter().enumerate() {
            write!(f, "{}{cell}", if at == 0 { open } else { ',' })?;
        }
        write!(f, "{close}")
    }
}

impl Cell {
    fn number(&self, numbers: &mut Vec<Option<u32>>) {
        match &self.inner {
            Inner::Pane(number) => numbers.push(*number),
            Inner::Beside(cells) | Inner::Below(cells) => {
                for cell in cells {
                    cell.number(numbers);
                }
            }
        }
    }

    /// Whether its parts fill it, with a line between each two.
    fn adds_up(&self) -> bool {
        let is_sound = |size: u32| (1..=LARGEST).contains(&size);
        let sizes = is_sound(self.width) && is_sound(self.height);
        let fill = |parts: &[Cell], along: fn(&Cell) -> u32, across: fn(&Cell) -> u32| {
            let lines = parts.len() as u64 - 1;
            let filled = parts.iter().map(|part| u64::from(along(part))).sum::<u64>() + lines;
            filled == u64::from(along(self))
                && parts.iter().all(|part| across(part) == across(self) && part.adds_up())
        };
        let filled = match &self.inner {
            Inner::Pane(_) => true,
            Inner::Beside(parts) => fill(parts, |it| it.width, |it| it.height),
            Inner::Below(parts) => fill(parts, |it| it.height, |it| it.width),
        };
        sizes && filled && self.x <= LARGEST && self.y <= LARGEST
    }
}

struct Reader<'a> {
    rest: &'a str,
    panes: usize,
}

impl Reader<'_> {
    fn cell(&mut self, depth: usize) -> Option<Cell> {
        let width = self.number()?;
        self.sign('x')?;
        let height = self.number()?;
        self.sign(',')?;
        let x = self.number()?;
        self.sign(',')?;
        let y = self.number()?;
        let inner = if self.sign('{').is_some() {
            Inner::Beside(self.cells('}', depth)?)
        } else if self.sign('[').is_some() {
            Inner::Below(self.cells(']', depth)?)
        } else {
            self.panes += 1;
            Inner::Pane(self.pane())
        };
        (self.panes <= MOST_PANES).then_some(Cell { width, height, x, y, inner })
    }

    fn cells(&mut self, end: char, depth: usize) -> Option<Vec<Cell>> {
        if depth == DEEPEST {
            return None;
        }
        let mut cells = vec![self.cell(depth + 1)?];
        while self.sign(',').is_some() {
            cells.push(self.cell(depth + 1)?);
        }
        self.sign(end)?;
        (cells.len() > 1).then_some(cells)
    }

    /// The number of a pane; what follows a comma may also be the next cell.
    fn pane(&mut self) -> Option<u32> {
        let before = self.rest;
        let number = self.sign(',').and_then(|()| self.number());
        if number.is_none() || self.rest.starts_with('x') {
            self.rest = before;
            return None;
        }
        number
    }

    fn number(&mut self) -> Option<u32> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        let number = (digits.len() <= 9).then(|| digits.parse().ok()).flatten()?;
        self.rest = rest;
        Some(number)
    }

    fn sign(&mut self, sign: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(sign)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: &str = "211x53,0,0{105x53,0,0,0,105x53,106,0[105x26,106,0,1,\
                            105x26,106,27{20x26,106,27,3,84x26,127,27,2}]}";
    const WRITTEN: &str = "211x53,0,0{105x53,0,0,105x53,106,0[105x26,106,0,\
                           105x26,106,27{20x26,106,27,84x26,127,27}]}";

    #[test]
    fn a_layout_is_the_same_whatever_numbers_its_panes_have() {
        let recorded = Layout::parse(RECORDED);
        let numbers = recorded.as_ref().map(Layout::numbers);
        assert_eq!(numbers, Some(vec![Some(0), Some(1), Some(3), Some(2)]));
        assert_eq!(recorded.map(|layout| layout.to_string()).as_deref(), Some(WRITTEN));
        let written = Layout::parse(WRITTEN);
        assert_eq!(written.as_ref().map(Layout::panes), Some(4));
        assert_eq!(written.map(|layout| layout.to_string()).as_deref(), Some(WRITTEN));
    }

    #[test]
    fn what_does_not_add_up_is_no_layout() {
        let deep = format!("{}9x9,0,0{}", "9x9,0,0{".repeat(40), "}".repeat(40));
        let many = format!("65x9,0,0{{1x9,0,0{}}}", ",1x9,0,0".repeat(32));
        for bad in [
            "",
            "80x24",
            "80x24,0,0,",
            "80x24,0,0{",
            "80x24,0,0{80x24,0,0}",
            "80x24,0,0{40x24,0,0,40x24,41,0}",
            "80x24,0,0{40x24,0,0,39x23,41,0}",
            "80x24,0,0[80x12,0,0,80x12,0,13]",
            "80x24,0,0{40x24,0,0,39x24,41,0]",
            "0x24,0,0",
            "80x99999,0,0",
            "4294967296x24,0,0",
            "9x24,0,0{999999999x24,0,0,999999999x24,0,0,999999999x24,0,0,999999999x24,0,0,999999999x24,0,0}",
            "80x24,0,0;kill-server",
            "80x24,0,0 ",
            &deep,
            &many,
        ] {
            assert_eq!(Layout::parse(bad), None, "{bad}");
        }
    }
}
