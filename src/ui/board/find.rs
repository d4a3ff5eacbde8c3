//! Which tabs a typed text means, and in which order. Must not match letters that stand in different
//! fields: what is scattered over a whole row means nothing.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32String};

use super::super::table;
use crate::model::row::Row;

/// A name that matches is meant rather than a task that does.
const NAME_WEIGHT: u32 = 2;

/// What is looked through of one tab, made once.
pub struct Hay {
    name: Utf32String,
    others: Vec<Utf32String>,
}

impl Hay {
    /// The fields of a row.
    /// The home is left out of its folder: every tab would have it.
    pub fn of(row: &Row, home: &str) -> Hay {
        let text = |text: &str| Utf32String::from(text);
        let others = row.task.iter().chain(&row.agent).chain(&row.tags).map(|it| text(it));
        let own = [text(&table::folder(row, home)), text(row.status.claim.state.word())];
        Hay { name: text(&row.tab), others: others.chain(own).collect() }
    }
}

/// Finds, and keeps its memory for the next time.
pub struct Finder {
    matcher: Matcher,
    pattern: Pattern,
}

impl Finder {
    /// Looks for nothing yet: everything is found.
    pub fn new() -> Finder {
        Finder { matcher: Matcher::new(Config::DEFAULT), pattern: Pattern::default() }
    }

    /// Looks for this from now on: words that must all be found, as fzf reads them.
    pub fn look_for(&mut self, typed: &str) {
        self.pattern.reparse(typed, CaseMatching::Smart, Normalization::Smart);
    }

    /// How well a tab fits; nothing if it does not.
    pub fn score(&mut self, hay: &Hay) -> Option<u32> {
        let Finder { matcher, pattern } = self;
        let mut sum = 0;
        for atom in &pattern.atoms {
            let mut score = |field: &Utf32String| atom.score(field.slice(..), matcher);
            let name = score(&hay.name).map(|score| u32::from(score) * NAME_WEIGHT);
            let mut others = hay.others.iter().map(|field| score(field).map(u32::from));
            sum += if atom.negative {
                // It must stand nowhere.
                name.filter(|_| others.all(|score| score.is_some()))?
            } else {
                others.chain([name]).flatten().max()?
            };
        }
        Some(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::board::tests::row;

    fn found(typed: &str) -> Vec<String> {
        let mut rows = [row("api"), row("alpha-pine"), row("web"), row("docs")]
            .map(|(row, hay)| (row.tab, hay));
        rows[2].1.others.push(Utf32String::from("repair the api"));
        let mut finder = Finder::new();
        finder.look_for(typed);
        let mut scored: Vec<_> =
            rows.iter().filter_map(|(tab, hay)| Some((finder.score(hay)?, tab.clone()))).collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.into_iter().map(|(_, tab)| tab).collect()
    }

    #[test]
    fn a_name_comes_before_a_scattered_one_and_before_a_task() {
        assert_eq!(found("api").first().map(String::as_str), Some("api"));
        assert_eq!(found("api").len(), 3, "{:?}", found("api"));
        assert_eq!(found("web repair"), ["web"], "each word in any field");
        assert!(found("bd").is_empty(), "not over the border of two fields");
        assert_eq!(found("!a"), ["docs"]);
        assert_eq!(found("").len(), 4);
    }
}
