//! The table of `ls`. Must fit any width, and take foreign text only through `text`.

use chrono::{DateTime, Utc};
use comfy_table::{Cell, ContentArrangement, Table, presets};

use super::{style, text};
use crate::model::doer::DoerKind;
use crate::model::row::Row;
use crate::model::status::State;

/// How to draw.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Columns of the terminal; nothing when the output is no terminal: then nothing is cut.
    pub columns: Option<usize>,
    /// Every column, and nothing cut.
    pub wide: bool,
    /// The time it is.
    pub now: DateTime<Utc>,
    /// The home folder, shown as `~`.
    pub home: &'a str,
}

/// Columns between two cells.
const GAP: u16 = 2;

/// One column: its heading, how narrow it may get, and its text.
struct Column {
    heading: &'static str,
    /// The narrowest that still says something; the column is left out before it gets narrower.
    least: usize,
    cells: Vec<String>,
    /// The columns of the terminal that it takes, without the gap after it.
    width: usize,
}

/// Why an agent needs attention.
const REASONS: [&str; 7] = ["permission", "question", "trust", "login", "update", "limit", "error"];

/// The heading whose cells are painted in the state's colour.
const STATE: &str = "STATE";

/// Draws rows as a table, one line each. Empty without rows.
pub fn draw(rows: &[Row], look: &Look) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let columns = fitted(columns(rows, look), look);
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(columns.iter().map(|column| Cell::new(column.heading)));
    for line in 0..rows.len() {
        table.add_row(columns.iter().map(|column| Cell::new(&column.cells[line])));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, GAP));
    }
    let mut lines = table.lines();
    let mut out = vec![style::paint(style::HEADING, lines.next().unwrap_or_default().trim_end())];
    // The state is painted afterwards: the table counts columns, and colour has none.
    let start = columns.iter().take_while(|c| c.heading != STATE).map(Column::takes).sum::<usize>();
    let length = columns.iter().find(|c| c.heading == STATE).map_or(0, Column::takes);
    out.extend(lines.zip(rows).map(|(line, row)| {
        let (before, rest) = text::split_at(line.trim_end(), start);
        let (state, after) = text::split_at(rest, length);
        format!("{before}{}{after}", style::paint(style::of_state(row.status.claim.state), state))
    }));
    out.join("\n")
}

impl Column {
    fn new(heading: &'static str, least: usize, cells: Vec<String>) -> Column {
        let width = cells.iter().map(|cell| text::width(cell)).max().unwrap_or(0);
        Column { heading, least, cells, width: width.max(heading.len()) }
    }

    /// Cuts every cell that is wider.
    fn narrow(&mut self, width: usize) {
        self.cells.iter_mut().for_each(|cell| *cell = text::cut(cell, width));
        self.width = width.max(self.heading.len());
    }

    /// With the gap after it.
    fn takes(&self) -> usize {
        self.width + usize::from(GAP)
    }
}

/// What is given up first on a narrow terminal, until the rest fits.
const EXPENDABLE: [&str; 5] = ["FOLDER", "PLACE", "AGENT", "AGE", "TASK"];

/// Cuts and leaves out columns until the table fits: the widest text gives way first, and a column
/// that says nothing any more goes.
fn fitted(mut columns: Vec<Column>, look: &Look) -> Vec<Column> {
    let Some(limit) = look.columns.filter(|_| !look.wide) else { return columns };
    loop {
        let total: usize = columns.iter().map(Column::takes).sum();
        // The gap after the last column is cut off.
        let over = total.saturating_sub(limit + usize::from(GAP));
        if over == 0 {
            return columns;
        }
        let widest = columns
            .iter_mut()
            .filter(|column| column.heading != STATE)
            .filter(|column| column.width > column.least.max(column.heading.len()))
            .max_by_key(|column| column.width);
        if let Some(column) = widest {
            // A step at a time, so that two wide columns share the loss.
            column.narrow(column.width.saturating_sub(over.min(4)).max(column.least));
            continue;
        }
        let expendable = EXPENDABLE
            .iter()
            .find_map(|heading| columns.iter().position(|column| column.heading == *heading));
        match expendable {
            Some(index) => drop(columns.remove(index)),
            None => return columns,
        }
    }
}

fn columns(rows: &[Row], look: &Look) -> Vec<Column> {
    let column = |heading, least, cell: &dyn Fn(&Row) -> String| {
        Column::new(heading, least, rows.iter().map(cell).collect())
    };
    let mut columns = vec![
        column("TAB", 8, &name),
        column(STATE, 11, &state),
        column("AGENT", 6, &|row| text::clean(row.agent.as_deref().unwrap_or("-"))),
        column("AGE", 3, &|row| text::age(row.since, look.now)),
        column("TASK", 10, &task),
        column("PLACE", 6, &place),
        column("FOLDER", 8, &|row| folder(row, look.home)),
    ];
    if look.wide {
        columns.push(column("SESSION ID", 8, &|row| {
            text::clean(row.session_id.as_deref().unwrap_or("-"))
        }));
        columns.push(column("TAGS", 4, &|row| text::clean(&row.tags.join(","))));
    }
    columns
}

/// Its name, and whether it is locked.
pub fn name(row: &Row) -> String {
    format!("{}{}", row.tab, if row.locked { " ⚿" } else { "" })
}

/// What it is doing, in a glyph and a word or two.
pub fn state(row: &Row) -> String {
    let claim = &row.status.claim;
    let state = format!("{} {}", claim.state.glyph(), claim.state.word());
    // Only the words that are known to be short: what somebody said in his own words is for `show`.
    let reason = claim.reason.as_deref().filter(|reason| REASONS.contains(reason));
    let reason = reason.filter(|_| claim.state == State::Attention);
    let reason = reason.map(|reason| format!(" {reason}")).unwrap_or_default();
    // Nothing confirms it any more.
    let doubt = if row.status.stale { "?" } else { "" };
    let held = row.held.as_ref().and_then(|held| match held.kind {
        DoerKind::Person => Some(" (taken)".to_owned()),
        DoerKind::Agent => Some(format!(" ({})", text::clean(&held.who))),
        DoerKind::Hook | DoerKind::System => None,
    });
    format!("{state}{doubt}{reason}{}", held.unwrap_or_default())
}

/// What the tab is for; what is wrong with it comes first.
pub fn task(row: &Row) -> String {
    let problem = row.problem.as_deref().map(|problem| in_short(problem, &row.file));
    // Nothing of a folder that is gone could be run: whether it may be is not what is wrong.
    let distrusted = !row.trusted && row.status.claim.state != State::Missing;
    match problem.or(distrusted.then(|| "not trusted".to_owned())) {
        Some(problem) => format!("⚠ {}", text::clean(&problem)),
        None => row.task.as_deref().map(text::clean).unwrap_or_default(),
    }
}

/// What is wrong, without what other columns and `show` tell: the file, the details, the remedy.
fn in_short(problem: &str, file: &str) -> String {
    if let Some((_, what)) = problem.split_once(" is not usable: ") {
        let place = what.split(": ").next().unwrap_or(what);
        return format!("broken: {}", place.replace(',', ""));
    }
    let what = problem.strip_prefix(file).unwrap_or(problem);
    what.split(';').next().unwrap_or(what).trim().to_owned()
}

/// Where it stands in the multiplexer.
pub fn place(row: &Row) -> String {
    let Some(place) = &row.place else { return "-".to_owned() };
    let index = place.index.map(|index| format!(":{index}")).unwrap_or_default();
    format!("{}{index}", text::clean(&place.session))
}

/// Its folder, with `~` for the home.
pub fn folder(row: &Row, home: &str) -> String {
    let folder = text::clean(&row.workspace);
    match folder.strip_prefix(home) {
        Some("") => "~".to_owned(),
        Some(rest) if rest.starts_with('/') => format!("~{rest}"),
        _ => folder,
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::width;
    use super::*;
    use crate::model::id::TabId;
    use crate::model::row::{Known, Occupant, join};
    use crate::model::session::Session;

    fn row(tab: &str, task: &str) -> Row {
        let mut session = Session::new(TabId::from_parts(0, 0), tab);
        session.task = Some(task.to_owned());
        let known = Known {
            session,
            workspace: "/home/me/work/a-rather-long-folder-name".to_owned(),
            file: String::new(),
            present: true,
            trusted: true,
            problem: None,
            live: None,
        };
        join(known, None, &Occupant::Unseen, DateTime::default())
    }

    fn look(columns: Option<usize>) -> Look<'static> {
        Look { columns, wide: false, now: DateTime::default(), home: "/home/me" }
    }

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn a_table_looks_like_this() {
        let rows = [row("api", "make the login page work again"), row("文書", "")];
        insta::assert_snapshot!(plain(&draw(&rows, &look(Some(80)))), @r"
        TAB   STATE   AGENT  AGE  TASK                    PLACE  FOLDER
        api   · down  -      now  make the login page w…  -      ~/work/a-rather-long-f…
        文書  · down  -      now                          -      ~/work/a-rather-long-f…
        ");
        insta::assert_snapshot!(plain(&draw(&rows, &look(Some(40)))), @r"
        TAB   STATE   AGENT  AGE  TASK
        api   · down  -      now  make the …
        文書  · down  -      now
        ");
    }

    #[test]
    fn every_line_fits_the_terminal() {
        let rows = [
            row("api", "make the login page work again, with tests and a migration"),
            row("日本語のとても長いタブの名前です", "绝对 wide 👍🏽 text that goes on and on and on"),
            row("a-name-of-some-length-that-goes-on-for-long", "x\u{1b}[31m\u{7}y"),
        ];
        for columns in [24, 30, 40, 60, 80, 120, 200] {
            for line in plain(&draw(&rows, &look(Some(columns)))).lines() {
                assert!(width(line) <= columns, "{columns}: {line:?} is {}", width(line));
            }
        }
    }

    #[test]
    fn without_a_terminal_nothing_is_cut() {
        let drawn = plain(&draw(&[row("api", &"word ".repeat(60))], &look(None)));
        assert!(drawn.contains(&"word ".repeat(59)));
        assert!(drawn.contains("~/work/a-rather-long-folder-name"));
        assert_eq!(drawn.lines().count(), 2);
    }

    #[test]
    fn what_is_wrong_is_told_in_short() {
        let told = |problem: Option<&str>, trusted, state| {
            let mut row = row("api", "login");
            row.file = "/w/.session.yaml".to_owned();
            row.problem = problem.map(str::to_owned);
            row.trusted = trusted;
            row.status.claim.state = state;
            task(&row)
        };
        let broken = "/w/.session.yaml is not usable: line 3, column 5: invalid type: string: x";
        assert_eq!(told(Some(broken), false, State::Down), "⚠ broken: line 3 column 5");
        let gone = "the session file is gone; `tabctl doctor` can put it back";
        assert_eq!(told(Some(gone), false, State::Down), "⚠ the session file is gone");
        let link = "/w/.session.yaml is a symbolic link";
        assert_eq!(told(Some(link), false, State::Down), "⚠ is a symbolic link");
        assert_eq!(told(None, false, State::Down), "⚠ not trusted");
        assert_eq!(told(None, false, State::Missing), "login");
    }

    #[test]
    fn no_rows_draw_nothing() {
        assert_eq!(draw(&[], &look(Some(80))), "");
    }
}
