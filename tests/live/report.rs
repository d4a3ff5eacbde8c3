//! What the performances showed: per agent and act for whoever looks for a fault, and one table to keep.
//! Must not hide a surprise: a script that broke off is a failure.

use std::collections::{BTreeMap, BTreeSet};

use super::stage::Watched;
use super::truth::{Confusion, Span, Verdict};
use crate::support::source::root;

/// Of a hundred answers, so many must be right.
const GOAL: usize = 99;
const KEPT: &str = "tests/fixtures/live/confusion.md";

/// One agent's performance.
pub struct Part {
    pub kind: &'static str,
    pub hooks: bool,
    pub tab: String,
    pub spans: Vec<Span>,
    pub verdicts: Vec<Verdict>,
    /// What was not as it should be, and did not stop it.
    pub remarks: Vec<String>,
    /// Why it broke off.
    pub surprise: Option<String>,
}

/// Some performances side by side, and who watched them.
pub struct Night {
    pub parts: Vec<Part>,
    pub watched: Watched,
}

/// All of it.
#[derive(Default)]
pub struct Report {
    nights: Vec<Night>,
}

impl Report {
    pub fn add(&mut self, night: Night) {
        self.nights.push(night);
    }

    /// Per agent and act: how many were right, and of the wrong ones what was seen and why.
    pub fn print(&self) {
        for part in self.parts() {
            let (right, all) = Confusion::of(&part.verdicts).score();
            let hooks = if part.hooks { "with" } else { "without" };
            eprintln!("\n## {} {hooks} hooks: {right} of {all} right", part.kind);
            let mut acts: Vec<&str> = part.spans.iter().map(|span| span.act).collect();
            // The same act can come more than once.
            let mut known = BTreeSet::new();
            acts.retain(|act| known.insert(*act));
            for act in acts {
                let of_act: Vec<_> = part.verdicts.iter().filter(|one| one.act == act).collect();
                eprintln!("{}", line(act, &of_act));
            }
            part.remarks.iter().for_each(|remark| eprintln!("REMARK: {remark}"));
            if let Some(surprise) = &part.surprise {
                eprintln!("BROKE OFF: {surprise}");
            }
        }
        for night in &self.nights {
            let Watched { looks, failed, spent, lasted, .. } = &night.watched;
            let each = *spent / (*looks).max(1);
            eprintln!("\n{looks} looks in {lasted:.0?}, {each:.0?} each; {} failed", failed.len());
            failed.iter().take(2).for_each(|run| eprintln!("{run}"));
        }
        eprintln!("\n{}", self.table());
    }

    /// Writes the table into the repository, if that was asked for.
    pub fn keep(&self) {
        if std::env::var_os("TABCTL_TEST_WRITE").is_some() {
            let file = root().join(KEPT);
            std::fs::create_dir_all(file.parent().expect("it has a folder")).expect("writable");
            std::fs::write(file, self.table()).expect("the repository is writable");
        }
    }

    /// Every script ran to its end and was watched. The goal itself counts where
    /// `TABCTL_TEST_GOAL=1` asks for it.
    pub fn check(&self) {
        let broken: Vec<&str> = self.parts().filter(|it| it.surprise.is_some()).map(name).collect();
        assert!(broken.is_empty(), "broke off: {broken:?}");
        let unseen: Vec<&str> =
            self.parts().filter(|it| it.verdicts.is_empty()).map(name).collect();
        assert!(unseen.is_empty(), "never seen: {unseen:?}");
        if std::env::var_os("TABCTL_TEST_GOAL").is_some_and(|value| value == "1") {
            let confusion = self.confusion();
            let (right, all) = confusion.score();
            assert!(right * 100 >= all * GOAL, "only {right} of {all} are right");
            let missed = confusion.count("attention permission", "idle");
            assert_eq!(missed, 0, "idle, while a permission prompt stood");
        }
    }

    fn table(&self) -> String {
        let confusion = self.confusion();
        let (right, all) = confusion.score();
        let head = "What `tabctl ls` said of the real agents, five times a second.\n\
            Written by `TABCTL_TEST_WRITE=1 sh tests/run.sh what_ls_says`.\n";
        let mut per_agent: BTreeMap<&str, Vec<&Verdict>> = BTreeMap::new();
        for part in self.parts() {
            per_agent.entry(part.kind).or_default().extend(&part.verdicts);
        }
        let scores = per_agent.into_iter().map(|(kind, all)| {
            let (right, all) = Confusion::of(all).score();
            format!("| {kind} | {right} | {all} |\n")
        });
        let scores: String = scores.collect();
        let table = confusion.table();
        format!(
            "{head}\n{right} of {all} right.\n\n{table}\n| agent | right | all |\n| --- | ---: | ---: |\n{scores}"
        )
    }

    fn confusion(&self) -> Confusion {
        Confusion::of(self.parts().flat_map(|part| &part.verdicts))
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.nights.iter().flat_map(|night| &night.parts)
    }
}

fn name(part: &Part) -> &str {
    &part.tab
}

fn line(act: &str, verdicts: &[&Verdict]) -> String {
    let right = verdicts.iter().filter(|one| one.right).count();
    let line = format!("{:>3} of {:<3} {:<22}", right, verdicts.len(), act);
    if let Some(wrong) = verdicts.iter().find(|one| !one.right) {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for one in verdicts.iter().filter(|one| !one.right) {
            *seen.entry(&one.seen).or_default() += 1;
        }
        let Verdict { expected, after, claims, .. } = wrong;
        return format!("{line} {expected}, but {seen:?}; after {after:.1} s: {claims}");
    }
    line
}

/// The words of a panic.
pub fn words(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("without a word").to_owned()
}
