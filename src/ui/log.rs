//! The journal as lines. Must take foreign text only through `text`.

use chrono::Local;
use serde_json::{Map, Value};

use super::{style, text};
use crate::model::log::{Told, Verified};

/// The lines, in this machine's own time; `with_tab` says of each which tab it is about. `columns` is
/// the terminal's width; without it nothing is cut.
pub fn lines(told: &[Told], with_tab: bool, columns: Option<usize>) -> Vec<String> {
    let tabs = told.iter().map(|told| text::width(&told.tab)).max().unwrap_or(0);
    let actors = told.iter().map(|told| text::width(&actor(told))).max().unwrap_or(0);
    let whats = told.iter().map(|told| text::width(&told.what)).max().unwrap_or(0);
    let draw = |told: &Told| {
        let at = told.at.with_timezone(&Local).format("%Y-%m-%d %H:%M:%S").to_string();
        let tab = if with_tab { text::padded(&told.tab, tabs) + "  " } else { String::new() };
        let front = format!("{at}  {tab}{}  ", text::padded(&actor(told), actors));
        let what = text::padded(&text::clean(&told.what), whats);
        let used = text::width(&front) + text::width(&what) + 2;
        let details = details(&told.with);
        let room = columns.map_or(usize::MAX, |columns| columns.saturating_sub(used));
        let details = style::paint(style::DIM, &text::cut(&details, room));
        let what = style::paint(style::HEADING, &what);
        if told.with.is_empty() {
            format!("{front}{what}")
        } else {
            format!("{front}{what}  {details}")
        }
    };
    told.iter().map(draw).collect()
}

/// What a look at one journal gave.
pub fn verified(verified: &Verified) -> Vec<String> {
    let Verified { tab, lines, breaches, .. } = verified;
    if breaches.is_empty() {
        return vec![format!("{} {tab}  {lines} lines", style::paint(style::GOOD, "✓"))];
    }
    let mark = style::paint(style::BAD, "✗");
    breaches.iter().map(|breach| format!("{mark} {tab}  {breach}")).collect()
}

fn actor(told: &Told) -> String {
    told.actor.as_ref().map_or_else(|| "-".to_owned(), |actor| text::clean(&actor.to_string()))
}

/// What fits on a line: not the lists and objects, which `--json` has.
fn details(with: &Map<String, Value>) -> String {
    let told = with.iter().filter_map(|(key, value)| {
        let value = match value {
            Value::String(value) => text::clean(value),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        Some(format!("{}={value}", text::clean(key)))
    });
    told.collect::<Vec<_>>().join("  ")
}
