//! The list of tabs on a whole screen, as the picker and the dashboard show it: rows, filter, selection,
//! what is typed. Pure: rows and keys come in, wishes come out, and it draws itself.
//! Must not look at a clock, a file or a terminal.

mod ask;
mod draw;
mod find;
mod help;
mod keys;
mod line;
mod list;
mod mouse;
mod order;
mod side;
#[cfg(test)]
mod tests;
mod theme;

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use ratatui::layout::Rect;

use self::ask::Asking;
use self::find::{Finder, Hay};
use self::line::Line;
pub use self::order::Order;
pub use self::theme::Theme;
use super::text;
use crate::model::act::Act;
use crate::model::glimpse::Glimpse;
use crate::model::id::TabId;
use crate::model::row::Row;

/// What the list is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// To pick one tab: letters are looked for.
    Pick,
    /// To look on: letters are commands.
    Watch,
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// To leave.
    Leave,
    /// To go to this tab.
    Go(TabId),
    /// To have something done with it.
    Act(TabId, Act),
    /// To have everything looked at and drawn anew.
    Refresh,
}

/// What was said to the person last, and whether it is bad.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Notice {
    text: String,
    is_bad: bool,
}

/// Where things were drawn last, for the mouse.
#[derive(Debug, Clone, Copy, Default)]
struct Drawn {
    list: Rect,
    /// Lines of the screen beside the list.
    glimpse: u16,
}

/// The list.
pub struct Board {
    used: Use,
    theme: Theme,
    home: String,
    /// The time it is.
    now: DateTime<Utc>,
    rows: Vec<Row>,
    hays: Vec<Hay>,
    places: HashMap<TabId, usize>,
    /// Nothing was seen yet.
    is_new: bool,
    blind: Option<String>,
    finder: Finder,
    query: Line,
    /// Letters go into the query.
    typing: bool,
    order: Order,
    /// What is shown, in its order: places in `rows`.
    shown: Vec<usize>,
    selected: Option<TabId>,
    /// The place in `shown` of the first line.
    top: usize,
    asking: Option<Asking>,
    helping: bool,
    has_side: bool,
    glimpse: Option<Glimpse>,
    notice: Option<Notice>,
    clicked: Option<(TabId, DateTime<Utc>)>,
    drawn: Drawn,
}

impl Board {
    /// An empty one; `query` is looked for at once.
    pub fn new(used: Use, theme: Theme, home: &str, query: &str) -> Board {
        let mut finder = Finder::new();
        finder.look_for(query);
        Board {
            used,
            theme,
            home: home.to_owned(),
            now: DateTime::default(),
            rows: Vec::new(),
            hays: Vec::new(),
            places: HashMap::new(),
            is_new: true,
            blind: None,
            finder,
            query: Line::new(query),
            typing: used == Use::Pick,
            order: if used == Use::Pick { Order::Recent } else { Order::Needs },
            shown: Vec::new(),
            selected: None,
            top: 0,
            asking: None,
            helping: false,
            has_side: true,
            glimpse: None,
            notice: None,
            clicked: None,
            drawn: Drawn::default(),
        }
    }

    /// Takes in what time it is.
    pub fn at(&mut self, now: DateTime<Utc>) {
        self.now = now;
    }

    /// Takes in all tabs, and why the multiplexer could not be asked.
    pub fn take_all(&mut self, rows: Vec<Row>, blind: Option<String>) {
        let before = self.place();
        self.hays = rows.iter().map(|row| Hay::of(row, &self.home)).collect();
        self.places = rows.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
        self.rows = rows;
        self.blind = blind;
        let was_new = std::mem::replace(&mut self.is_new, false);
        self.arrange(before);
        if was_new {
            self.select_first();
        }
    }

    /// Takes in tabs that are other now.
    pub fn take(&mut self, rows: Vec<Row>) {
        for row in rows {
            let hay = Hay::of(&row, &self.home);
            if let Some(place) = self.places.get(&row.id) {
                self.hays[*place] = hay;
                self.rows[*place] = row;
            } else {
                self.places.insert(row.id, self.rows.len());
                self.rows.push(row);
                self.hays.push(hay);
            }
        }
        self.arrange(self.place());
    }

    /// Takes in a look at one tab.
    pub fn take_glimpse(&mut self, glimpse: Glimpse) {
        self.glimpse = Some(glimpse);
    }

    /// Says something to the person, until the next key.
    pub fn say(&mut self, text: &str, is_bad: bool) {
        self.notice = Some(Notice { text: text::clean(text), is_bad });
    }

    /// The row of the tab that is selected.
    pub fn selected(&self) -> Option<&Row> {
        self.selected.and_then(|id| self.row(id))
    }

    /// The row of a tab.
    pub fn row(&self, id: TabId) -> Option<&Row> {
        self.places.get(&id).map(|place| &self.rows[*place])
    }

    /// The tab whose screen is wanted beside the list, and how many lines of it.
    pub fn regard(&self) -> (Option<TabId>, u16) {
        let lines = self.drawn.glimpse;
        (self.selected.filter(|_| lines > 0), lines)
    }

    /// How long what is drawn stays true if nothing happens.
    pub fn lasts(&self) -> Option<Duration> {
        let height = usize::from(self.drawn.list.height);
        let visible = self.shown.iter().skip(self.top).take(height);
        visible.map(|place| text::age_lasts(self.rows[*place].since, self.now)).min()
    }

    /// Filters and sorts anew. The selected tab stays selected, wherever it stands then.
    /// If it is gone, what stands in its place (`before`) is the nearest.
    fn arrange(&mut self, before: Option<usize>) {
        let Board { rows, hays, finder, .. } = self;
        let scored = hays.iter().enumerate().filter_map(|(at, hay)| Some((at, finder.score(hay)?)));
        let mut scored: Vec<(usize, u32)> = scored.collect();
        let order = self.order;
        scored.sort_by(|(a, a_score), (b, b_score)| {
            b_score.cmp(a_score).then_with(|| order.compare(&rows[*a], &rows[*b]))
        });
        self.shown = scored.into_iter().map(|(at, _)| at).collect();
        if self.place().is_none() {
            let last = self.shown.len().checked_sub(1);
            self.selected = last.map(|last| self.id_at(before.unwrap_or(0).min(last)));
        }
    }

    /// Where in what is shown the selected tab stands.
    fn place(&self) -> Option<usize> {
        let wanted = self.selected.and_then(|id| self.places.get(&id))?;
        self.shown.iter().position(|place| place == wanted)
    }

    fn id_at(&self, place: usize) -> TabId {
        self.rows[self.shown[place]].id
    }

    fn select_first(&mut self) {
        self.selected = self.shown.first().map(|place| self.rows[*place].id);
        self.top = 0;
    }

    /// Selects what stands so many lines further.
    fn step(&mut self, lines: isize) {
        let Some(last) = self.shown.len().checked_sub(1) else { return };
        let place = self.place().unwrap_or(0).saturating_add_signed(lines).min(last);
        self.selected = Some(self.id_at(place));
    }

    /// The query was changed: the best is selected.
    fn queried(&mut self) {
        self.finder.look_for(self.query.text());
        self.arrange(None);
        self.select_first();
    }
}
