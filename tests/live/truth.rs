//! What was surely true, when, and how far what was seen agrees with it.
//! Must not look at anything itself: spans and samples come from outside.

use std::collections::BTreeMap;

use serde_json::Value;

/// Seconds around an edge that are not counted: nobody can be right within them.
pub const EDGE: f64 = 0.3;

/// A time in which one thing was true, in seconds since 1970.
#[derive(Debug, Clone)]
pub struct Span {
    /// The tab of which it was true.
    pub tab: String,
    /// What the script was at.
    pub act: &'static str,
    /// What is right; the first is the name in the table.
    pub right: &'static [&'static str],
    pub from: f64,
    pub to: f64,
}

/// What `ls` said of a tab, asked and answered at these moments.
#[derive(Debug, Clone)]
pub struct Sample {
    pub asked: f64,
    pub answered: f64,
    pub row: Value,
}

/// A sample that was judged.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub act: &'static str,
    pub expected: &'static str,
    pub seen: String,
    pub right: bool,
    /// Since the span began.
    pub after: f64,
    /// What the answer rested on.
    pub claims: Value,
}

/// The samples of one tab that lie within a span and clear of its edges.
pub fn judge(spans: &[Span], samples: &[Sample]) -> Vec<Verdict> {
    samples.iter().filter_map(|sample| judge_one(spans, sample)).collect()
}

fn judge_one(spans: &[Span], sample: &Sample) -> Option<Verdict> {
    let clear =
        |span: &&Span| sample.asked >= span.from + EDGE && sample.answered <= span.to - EDGE;
    let span = spans.iter().find(clear)?;
    let seen = seen(&sample.row);
    Some(Verdict {
        act: span.act,
        expected: span.right[0],
        right: span.right.contains(&seen.as_str()),
        seen,
        after: sample.asked - span.from,
        claims: sample.row["claims"].clone(),
    })
}

/// `thinking`, or `attention permission`: the reason is a part of the answer.
pub fn seen(row: &Value) -> String {
    let status = &row["status"];
    let state = status["state"].as_str().unwrap_or("nothing");
    match status["reason"].as_str() {
        Some(reason) if state == "attention" => format!("{state} {reason}"),
        _ => state.to_owned(),
    }
}

/// How often what was seen where something was expected.
#[derive(Debug, Default)]
pub struct Confusion {
    counts: BTreeMap<(String, String), usize>,
    right: usize,
    all: usize,
}

impl Confusion {
    pub fn of<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>) -> Confusion {
        let mut table = Confusion::default();
        for verdict in verdicts {
            *table.counts.entry((verdict.expected.into(), verdict.seen.clone())).or_default() += 1;
            table.right += usize::from(verdict.right);
            table.all += 1;
        }
        table
    }

    /// Right, of all.
    pub fn score(&self) -> (usize, usize) {
        (self.right, self.all)
    }

    /// How often `seen` was answered where `expected` was true.
    pub fn count(&self, expected: &str, seen: &str) -> usize {
        self.counts.get(&(expected.to_owned(), seen.to_owned())).copied().unwrap_or(0)
    }

    /// A table in Markdown: a row for what was true, a column for what was seen.
    pub fn table(&self) -> String {
        let column = |at: fn(&(String, String)) -> &String| {
            let mut names: Vec<&String> = self.counts.keys().map(at).collect();
            names.sort();
            names.dedup();
            names
        };
        let (rows, columns) = (column(|key| &key.0), column(|key| &key.1));
        let line = |head: &str, cells: Vec<String>| format!("| {head} | {} |\n", cells.join(" | "));
        let mut table = line("was", columns.iter().map(ToString::to_string).collect());
        table += &line("---", columns.iter().map(|_| "---:".to_owned()).collect());
        for was in rows {
            let cell = |seen: &&String| match self.count(was, seen) {
                0 => String::new(),
                count => count.to_string(),
            };
            table += &line(was, columns.iter().map(cell).collect());
        }
        table
    }
}

#[cfg(test)]
mod cases {
    use serde_json::json;

    use super::*;

    const PERMISSION: &[&str] = &["attention permission"];

    fn sample(asked: f64, answered: f64, state: &str, reason: Option<&str>) -> Sample {
        let row = json!({ "status": { "state": state, "reason": reason }, "claims": [] });
        Sample { asked, answered, row }
    }

    fn spans() -> Vec<Span> {
        vec![Span { tab: "api".into(), act: "permission", right: PERMISSION, from: 10.0, to: 12.0 }]
    }

    #[test]
    fn a_sample_near_an_edge_is_not_counted() {
        let near = [(9.0, 9.1), (10.2, 10.25), (11.5, 11.8), (9.9, 12.5)];
        for (asked, answered) in near {
            assert!(judge(&spans(), &[sample(asked, answered, "idle", None)]).is_empty());
        }
        assert_eq!(judge(&spans(), &[sample(10.4, 11.6, "idle", None)]).len(), 1);
    }

    #[test]
    fn the_reason_of_attention_is_a_part_of_the_answer() {
        let said = |reason| judge(&spans(), &[sample(10.5, 10.6, "attention", reason)])[0].right;
        assert!(said(Some("permission")));
        assert!(!said(Some("question")));
        assert!(!said(None));
    }

    #[test]
    fn the_table_counts_what_was_seen_where() {
        let samples = [
            sample(10.5, 10.6, "attention", Some("permission")),
            sample(10.7, 10.8, "idle", None),
            sample(10.9, 11.0, "idle", None),
        ];
        let table = Confusion::of(&judge(&spans(), &samples));
        assert_eq!(table.score(), (1, 3));
        assert_eq!(table.count("attention permission", "idle"), 2);
        assert_eq!(table.count("idle", "attention permission"), 0);
        assert!(table.table().contains("| attention permission | 1 | 2 |"), "{}", table.table());
    }
}
