//! How a resume is told: a table of all, a card for each that was named, a line for each that failed.
//! Must not judge: what became of a tab was decided before.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::cli::out::Out;
use crate::model::outcome::Outcome;
use crate::model::plan::Action;
use crate::ops::resume::Resumed;
use crate::ui::outcomes::{self, Fate, Line};
use crate::ui::{card, style, text};

/// What became of a tab, and why.
fn line(resumed: &Resumed) -> Line {
    let step = &resumed.step;
    let remarks = step.remarks.join("; ");
    let (fate, why) = match (&step.action, &resumed.result) {
        (Action::Shell { why, .. }, _) => (Fate::ShellOnly, why.clone()),
        (Action::Hold { why, .. }, _) => (Fate::HeldBack, why.clone()),
        (Action::Refuse { why, .. }, _) => (Fate::Refused, why.clone()),
        (_, Some(Outcome::Here)) => (Fate::StartsHere, remarks),
        (Action::Lives { .. }, None) => (Fate::IsOpen, remarks),
        (_, Some(Outcome::Recovered)) => (Fate::CameBack, remarks),
        (_, Some(Outcome::Unverifiable)) => {
            let why = "it does not tell which conversation it opened";
            (Fate::CameBack, [why, &remarks].join("; ").trim_end_matches("; ").to_owned())
        }
        (_, Some(Outcome::Unverified { why })) => (Fate::Unverified, why.clone()),
        (_, Some(Outcome::WrongConversation { seen })) => (Fate::WrongConversation, astray(seen)),
        (_, Some(Outcome::Ended { is_gone: true, .. })) => (Fate::ShellOnly, gone(&step.tab)),
        (_, Some(Outcome::Ended { how, screen, .. })) => {
            let last = screen.lines().rev().find(|line| !line.trim().is_empty());
            let last = last.map(|line| format!(": {}", line.trim())).unwrap_or_default();
            (Fate::Failed, format!("{how}{last}"))
        }
        (_, None) => (Fate::Unverified, "its start was not seen".to_owned()),
    };
    Line { tab: step.tab.clone(), agent: resumed.agent.clone(), fate, why }
}

fn astray(seen: &str) -> String {
    format!("it opened {seen} instead; the tab keeps its own conversation's id")
}

fn gone(tab: &str) -> String {
    format!(
        "its agent does not have the conversation any more; `tabctl resume {tab} --fresh` starts a \
         new one"
    )
}

/// One tab, where only what is wrong is said.
pub fn briefly(resumed: &Resumed, out: &mut Out) {
    let Line { tab, fate, why, .. } = line(resumed);
    out.talk(&format!("{tab}: {}: {}", fate.words(), text::clean(&why)));
}

/// All tabs with which something was done, and what to do about those that are not back.
pub fn table(done: &[Resumed], out: &mut Out) -> Result<()> {
    let news: Vec<&Resumed> = done.iter().filter(|resumed| !resumed.was_there()).collect();
    let lines: Vec<Line> = news.iter().map(|resumed| line(resumed)).collect();
    let were_open = done.len() - lines.len();
    out.lines(outcomes::draw(&lines, out.columns()))?;
    let mut hints: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for resumed in &news {
        if let Action::Refuse { hint: Some(hint), .. } | Action::Hold { hint: Some(hint), .. } =
            &resumed.step.action
        {
            hints.entry(hint).or_default().push(&resumed.step.tab);
        }
    }
    for (hint, tabs) in hints {
        let more = tabs.len().saturating_sub(3);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let tabs = tabs.iter().take(3).copied().collect::<Vec<_>>().join(", ");
        out.line(&style::paint(style::DIM, &format!("  {tabs}{more}: {}", text::clean(hint))))?;
    }
    let mut shown: Vec<&str> = Vec::new();
    for resumed in &news {
        if let Some(Outcome::Ended { screen, .. }) = &resumed.result
            && !shown.contains(&screen.as_str())
        {
            shown.push(screen);
            out.line(&format!("the last lines of {}:", resumed.step.tab))?;
            last_lines(screen, out)?;
        }
    }
    if lines.is_empty() {
        out.talk(&format!("nothing to bring back: all {were_open} tabs are open"));
    } else {
        out.talk(&outcomes::summary(&lines, were_open));
    }
    Ok(())
}

fn last_lines(screen: &str, out: &mut Out) -> Result<()> {
    let lines = text::clean_lines(screen);
    out.lines(lines.iter().filter(|line| !line.trim().is_empty()).map(|l| format!("    │ {l}")))
}

/// One tab in full, as it went.
pub fn card(resumed: &Resumed, out: &mut Out) -> Result<()> {
    let mut step = resumed.step.clone();
    match &resumed.result {
        Some(Outcome::Ended { how, screen, is_gone }) => {
            out.lines(card::step(&step))?;
            out.line(&style::paint(style::BAD, &format!("    {how}; its last lines:")))?;
            last_lines(screen, out)?;
            if *is_gone { out.line(&format!("    {}", gone(&step.tab))) } else { Ok(()) }
        }
        Some(Outcome::WrongConversation { seen }) => {
            out.lines(card::step(&step))?;
            let wrong = format!("    wrong conversation: {}", text::clean(&astray(seen)));
            out.line(&style::paint(style::BAD, &wrong))
        }
        other => {
            step.remarks.extend(match other {
                Some(Outcome::Unverified { why }) => {
                    Some(format!("unverified: {why}; `tabctl ls` tells"))
                }
                Some(Outcome::Unverifiable) => {
                    Some("unverified: it does not tell which conversation it opened".to_owned())
                }
                _ => None,
            });
            out.lines(card::step(&step))
        }
    }
}
