//! What came of each case with each agent, as a table to read and to keep.
//! Must not hide a failure: whatever is neither right nor impossible is one.

use std::collections::BTreeMap;

use crate::support::source::root;

const KEPT: &str = "tests/fixtures/reboot/table.md";

/// What came of one case with one agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// As promised.
    Right,
    /// As promised, under this condition.
    Only(&'static str),
    /// The agent has no such thing; why.
    Impossible(&'static str),
    /// Not as promised; what was seen.
    Wrong(String),
}

/// All that was tried.
#[derive(Debug, Default)]
pub struct Table {
    cells: BTreeMap<(&'static str, &'static str), Outcome>,
    /// The cases in the order in which they are shown.
    cases: Vec<&'static str>,
}

impl Table {
    /// Adds what came of a case; a wrong outcome stays, whatever is added later.
    pub fn add(&mut self, agent: &'static str, case: &'static str, outcome: Outcome) {
        if !self.cases.contains(&case) {
            self.cases.push(case);
        }
        let cell = self.cells.entry((agent, case)).or_insert(Outcome::Right);
        if !matches!(cell, Outcome::Wrong(_)) {
            *cell = outcome;
        }
    }

    /// Everything, with what was seen where something went wrong.
    pub fn print(&self) {
        for ((agent, case), outcome) in &self.cells {
            if let Outcome::Wrong(what) = outcome {
                eprintln!("\n## {agent}, {case}: {what}");
            }
        }
        eprintln!("\n{}", self.text());
    }

    /// Writes the table into the repository, if that was asked for.
    pub fn keep(&self) {
        if std::env::var_os("TABCTL_TEST_WRITE").is_some() {
            let file = root().join(KEPT);
            std::fs::create_dir_all(file.parent().expect("it has a folder")).expect("writable");
            std::fs::write(file, self.text()).expect("the repository is writable");
        }
    }

    /// Nothing went wrong, and something was tried.
    pub fn check(&self) {
        let wrong = self.cells.iter().filter(|(_, it)| matches!(it, Outcome::Wrong(_)));
        let wrong: Vec<_> = wrong.map(|(cell, _)| cell).collect();
        assert!(wrong.is_empty(), "did not come back as promised: {wrong:?}");
        assert!(!self.cells.is_empty(), "nothing was tried");
    }

    fn word(&self, agent: &'static str, case: &'static str) -> &'static str {
        let only = matches!(self.cells.get(&(agent, case)), Some(Outcome::Only(_)));
        if only { "ok" } else { "no" }
    }

    fn text(&self) -> String {
        let mut agents: Vec<&'static str> = self.cells.keys().map(|(agent, _)| *agent).collect();
        agents.dedup();
        let mut text = "What came back of the real agents after a reboot.\n\
            Written by `TABCTL_TEST_LONG=1 TABCTL_TEST_WRITE=1 sh tests/run.sh real_agents_come_back`.\n\n"
            .to_owned();
        text += &line("", &self.cases);
        text += &line("---", &vec!["---"; self.cases.len()]);
        let mut reasons: Vec<String> = Vec::new();
        for agent in agents {
            let cells = self.cases.iter().map(|case| match self.cells.get(&(agent, *case)) {
                Some(Outcome::Right) => "ok".to_owned(),
                Some(Outcome::Wrong(_)) => "WRONG".to_owned(),
                Some(Outcome::Only(why) | Outcome::Impossible(why)) => {
                    let word = self.word(agent, case);
                    let at = reasons.iter().position(|known| known == why);
                    let at = at.unwrap_or_else(|| {
                        reasons.push((*why).to_owned());
                        reasons.len() - 1
                    });
                    format!("{word} ({})", at + 1)
                }
                None => String::new(),
            });
            let cells: Vec<String> = cells.collect();
            text += &line(agent, &cells.iter().map(String::as_str).collect::<Vec<_>>());
        }
        let reasons = reasons.iter().enumerate().map(|(at, why)| format!("\n{}. {why}", at + 1));
        let reasons: String = reasons.collect();
        if reasons.is_empty() { text } else { format!("{text}{reasons}\n") }
    }
}

fn line(head: &str, cells: &[&str]) -> String {
    format!("| {head} | {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod cases {
    use super::*;

    #[test]
    fn a_failure_is_not_covered_by_what_comes_after_it() {
        let mut table = Table::default();
        table.add("a", "case", Outcome::Wrong("seen".to_owned()));
        table.add("a", "case", Outcome::Right);
        assert!(table.text().contains("| a | WRONG |"), "{}", table.text());
    }

    #[test]
    fn what_an_agent_cannot_do_is_explained_once() {
        let mut table = Table::default();
        for agent in ["a", "b"] {
            table.add(agent, "one", Outcome::Right);
            table.add(agent, "two", Outcome::Impossible("it has none"));
        }
        let text = table.text();
        assert!(text.contains("| a | ok | no (1) |\n| b | ok | no (1) |\n"), "{text}");
        assert!(text.ends_with("\n1. it has none\n"), "{text}");
    }
}
