//! What a self-test found: one line a tab, and what differs below it.

use super::{style, text};
use crate::model::compared::{Compared, Fact};

/// Columns between two cells.
const GAP: usize = 2;
/// A conversation's id is told by its beginning.
const WIDEST: usize = 20;

/// Draws them: tabs of the same facts make one table.
pub fn draw(tabs: &[Compared]) -> Vec<String> {
    let mut lines = Vec::new();
    let names = |tab: &Compared| tab.facts.iter().map(|fact| fact.what).collect::<Vec<_>>();
    for group in tabs.chunk_by(|one, two| names(one) == names(two)) {
        lines.extend(table(group));
    }
    let differs = |tab: &Compared| -> Vec<String> {
        let wrong = tab.facts.iter().filter(|fact| !fact.same);
        let told = wrong.map(|fact| {
            let (before, after) = (shown(&fact.before), shown(&fact.after));
            let told = format!("{} {}: was {before}, is {after}", text::clean(&tab.tab), fact.what);
            style::paint(style::BAD, &told)
        });
        told.collect()
    };
    lines.extend(tabs.iter().flat_map(differs));
    lines
}

fn shown(value: &str) -> String {
    if value.is_empty() { "nothing".to_owned() } else { format!("'{}'", text::clean(value)) }
}

fn table(tabs: &[Compared]) -> Vec<String> {
    let Some(first) = tabs.first() else { return Vec::new() };
    let headings = std::iter::once("TAB".to_owned())
        .chain(first.facts.iter().map(|fact| fact.what.to_uppercase()));
    let mut rows = vec![headings.collect::<Vec<_>>()];
    rows.extend(tabs.iter().map(|tab| {
        std::iter::once(text::clean(&tab.tab)).chain(tab.facts.iter().map(cell)).collect()
    }));
    let width = |column: usize| rows.iter().map(|row| text::width(&row[column])).max();
    let widths: Vec<usize> = (0..rows[0].len()).map(|at| width(at).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width + GAP - text::width(cell))));
        cells.collect::<String>().trim_end().to_owned()
    };
    let drawn = rows.iter().map(line).enumerate();
    drawn
        .map(
            |(at, line)| {
                if at == 0 { style::paint(style::HEADING, &line) } else { coloured(&line) }
            },
        )
        .collect()
}

/// A mark, and what it was both times; nothing where there was nothing.
fn cell(fact: &Fact) -> String {
    let mark = if fact.same { "✓" } else { "✗" };
    match (fact.same, fact.after.is_empty()) {
        (true, true) => "-".to_owned(),
        _ => {
            format!("{mark} {}", text::cut(&text::clean(&fact.after), WIDEST)).trim_end().to_owned()
        }
    }
}

/// The marks in colour: columns are counted before.
fn coloured(line: &str) -> String {
    line.replace("✓", &style::paint(style::GOOD, "✓")).replace("✗", &style::paint(style::BAD, "✗"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_and_what_is_not_looks_like_this() {
        let facts = |id: &str, flags| {
            vec![
                Fact::new("conversation", "5e1d6f0a-8c3b-4d77-9a51", id),
                Fact::new("flags", "--model large", flags),
                Fact::new("lock", "", ""),
            ]
        };
        let tab = |tab: &str, facts| Compared { tab: tab.to_owned(), facts };
        let all = [
            tab("api", facts("5e1d6f0a-8c3b-4d77-9a51", "--model large")),
            tab("review", facts("5e1d6f0a-8c3b-4d77-9a51", "")),
            tab("(all)", vec![Fact::new("processes", "5", "6")]),
        ];
        let drawn = draw(&all).join("\n");
        insta::assert_snapshot!(anstream::adapter::strip_str(&drawn).to_string(), @r#"
        TAB     CONVERSATION            FLAGS            LOCK
        api     ✓ 5e1d6f0a-8c3b-4d77-…  ✓ --model large  -
        review  ✓ 5e1d6f0a-8c3b-4d77-…  ✗                -
        TAB    PROCESSES
        (all)  ✗ 6
        review flags: was '--model large', is nothing
        (all) processes: was '5', is '6'
        "#);
    }
}
