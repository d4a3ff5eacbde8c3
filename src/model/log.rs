//! What a journal says, as it is shown. Must stay additive: `--json` emits it.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

use super::chain::Breach;
use super::doer::Doer;
use super::id::TabId;

/// One line.
#[derive(Debug, Clone, Serialize)]
pub struct Told {
    /// The tab.
    pub id: TabId,
    /// Its name, filtered; its id if it was removed.
    pub tab: String,
    /// The number of the line in the tab's journal.
    pub seq: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// In which boot.
    pub boot: String,
    /// Who did it.
    pub actor: Option<Doer>,
    /// What: `bound`, `locked`, `started`, …
    pub what: String,
    /// Details.
    pub with: Map<String, Value>,
}

/// What a look at one journal gave.
#[derive(Debug, Clone, Serialize)]
pub struct Verified {
    /// The tab.
    pub id: TabId,
    /// Its name, filtered; its id if it was removed.
    pub tab: String,
    /// How many lines are kept.
    pub lines: usize,
    /// What is wrong with them.
    pub breaches: Vec<Breach>,
}

/// What an agent wants to do is written down before it is done, and what became of it afterwards. Nothing
/// is under way for so long.
const UNDER_WAY: TimeDelta = TimeDelta::minutes(1);

/// Says of each intent that nothing tells the end of: its outcome is not known.
pub fn mark_unfinished(told: &mut [Told], now: DateTime<Utc>) {
    let name = |told: &Told| Some((told.id, told.with.get("intent")?.as_str()?.to_owned()));
    let ended: HashSet<_> =
        told.iter().filter(|told| told.what != "intent").filter_map(name).collect();
    for one in told.iter_mut().filter(|told| told.what == "intent") {
        if name(one).is_some_and(|name| !ended.contains(&name)) {
            let is_under_way = now - one.at < UNDER_WAY;
            let outcome = if is_under_way { "under way" } else { "unknown outcome" };
            one.with.insert("outcome".to_owned(), outcome.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intent_without_an_end_has_an_unknown_outcome() {
        let told = |what: &str, intent: &str, tab: u128| Told {
            id: TabId::from_parts(0, tab),
            tab: String::new(),
            seq: 1,
            at: DateTime::UNIX_EPOCH,
            boot: String::new(),
            actor: None,
            what: what.to_owned(),
            with: Map::from_iter([("intent".to_owned(), intent.into())]),
        };
        let mut all = [
            told("intent", "a", 1),
            told("intent", "b", 1),
            told("sent", "a", 1),
            told("sent", "b", 2),
        ];
        let outcomes = |all: &[Told]| -> Vec<Option<String>> {
            let outcome = |told: &Told| Some(told.with.get("outcome")?.as_str()?.to_owned());
            all.iter().map(outcome).collect()
        };
        mark_unfinished(&mut all, DateTime::UNIX_EPOCH + TimeDelta::seconds(5));
        assert_eq!(outcomes(&all), [None, Some("under way".to_owned()), None, None]);
        mark_unfinished(&mut all, DateTime::UNIX_EPOCH + TimeDelta::hours(1));
        assert_eq!(outcomes(&all), [None, Some("unknown outcome".to_owned()), None, None]);
    }
}
