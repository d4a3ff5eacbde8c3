//! The words of a brief. Must take foreign text only through `text`.

use chrono::{DateTime, Local, Utc};

use crate::model::brief::timeline::{Span, What, Work};
use crate::model::brief::{Because, Brief, Glance, Prompt};
use crate::model::digest::Found;
use crate::model::digest::finding::Level;
use crate::model::evidence::Ran;
use crate::ui::{history, style, text};

/// A moment as a person needs it: the time, and the day where it is another one.
pub fn when(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let (at, today) = (at.with_timezone(&Local), now.with_timezone(&Local).date_naive());
    let format = if at.date_naive() == today { "%H:%M" } else { "%m-%d %H:%M" };
    at.format(format).to_string()
}

/// `since 14:02 (3h)`.
pub fn since(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    format!("since {} ({})", when(at, now), text::age(at, now))
}

/// From when on it is told.
pub fn told(brief: &Brief) -> String {
    let quiet = if brief.is_quiet() { ": nothing" } else { "" };
    match (brief.because, brief.since) {
        (Because::Looked, Some(at)) => {
            let age = text::age(at, brief.now);
            format!("since you last looked, {} ({age} ago){quiet}", when(at, brief.now))
        }
        (_, Some(at)) => format!("since {}{quiet}", when(at, brief.now)),
        (_, None) => format!("what happened so far{quiet}"),
    }
}

/// `6 turns, 48m at work; asked you 3 times, 12m until an answer`.
fn worked(work: Work) -> String {
    let Work { turns, busy, asked, waited } = work;
    let mut told = Vec::new();
    if turns > 0 || asked == 0 {
        told.push(format!("{}, {} at work", count(turns.max(1), "turn"), seconds(busy)));
    }
    if asked > 0 {
        told.push(format!("asked you {}, {} until an answer", times(asked), seconds(waited)));
    }
    told.join("; ")
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn times(number: usize) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{number} times"),
    }
}

fn seconds(number: i64) -> String {
    match number {
        ..60 => format!("{}s", number.max(0)),
        60..3600 => format!("{}m", number / 60),
        _ => format!("{}h{:02}m", number / 3600, number / 60 % 60),
    }
}

/// What a tab did, without the time.
pub fn deed(what: &What) -> String {
    let because = |text: &Option<String>| {
        text.as_deref().map(|text| format!(": {}", text::clean(text))).unwrap_or_default()
    };
    match what {
        What::Worked(work) => worked(*work),
        What::Asks { reason, detail } => {
            let detail = detail.as_deref().map(|text| format!("  {}", text::clean(text)));
            format!("waits for you{}{}", because(reason), detail.unwrap_or_default())
        }
        What::Came { to, reason } => format!("{}{}", to.word(), because(reason)),
        What::Started => "its agent was started".to_owned(),
        What::Ended { code: Some(code), .. } => format!("its agent ended with exit code {code}"),
        What::Ended { signal: Some(signal), .. } => {
            format!("its agent was ended by signal {signal}")
        }
        What::Ended { .. } => "its agent ended".to_owned(),
        What::Resumed { outcome } => format!("it was brought back: {}", text::clean(outcome)),
        What::Closed => "its pane was closed".to_owned(),
        What::NewConversation { reason } => {
            format!("another conversation ({})", text::clean(reason))
        }
        What::Reset => "it was reset: a fresh conversation".to_owned(),
    }
}

/// A stretch of time and what a tab did in it.
pub fn happening(span: &Span, now: DateTime<Utc>) -> String {
    let until = if when(span.at, now) == when(span.until, now) {
        String::new()
    } else {
        format!("–{}", span.until.with_timezone(&Local).format("%H:%M"))
    };
    let at = style::paint(style::DIM, &format!("{}{until}", when(span.at, now)));
    format!("{at}  {}", deed(&span.what))
}

/// What was typed to the agent.
pub fn prompt(prompt: &Prompt, now: DateTime<Utc>) -> String {
    let by = prompt.by.as_deref().map_or_else(|| "somebody".to_owned(), text::clean);
    let words = match &prompt.first_line {
        Some(line) => text::clean(line),
        None => style::paint(style::DIM, &format!("({} bytes)", prompt.bytes)),
    };
    let at = style::paint(style::DIM, &when(prompt.at, now));
    format!("{at}  {by}: {words}")
}

/// A command, with its end.
pub fn command(ran: &Ran, now: DateTime<Utc>) -> String {
    let at = ran.at.map_or_else(|| "-".to_owned(), |at| when(at, now));
    let end = match ran.code {
        Some(0) => style::paint(style::GOOD, "ok"),
        Some(code) => style::paint(style::BAD, &format!("exit {code}")),
        None => style::paint(style::DIM, "runs, or was cut off"),
    };
    let took = ran.took().filter(|took| took.as_secs() > 0).map(history::took);
    let took = took.map(|took| format!(" {took}")).unwrap_or_default();
    let at = style::paint(style::DIM, &at);
    format!("{at}  {}  {end}{}", text::clean(&ran.command), style::paint(style::DIM, &took))
}

/// What a tool has found.
pub fn finding(found: &Found) -> String {
    let text = text::clean(&found.text());
    match found.finding.level {
        Level::Error => style::paint(style::BAD, &text),
        Level::Warning => style::paint(style::WARN, &text),
        Level::Note => text,
    }
}

/// What a tab did, in one line: the last thing first.
pub fn in_short(glance: &Glance) -> String {
    let mut parts: Vec<String> = Vec::new();
    // What it waits for stands in the line above.
    let deeds = glance.states.iter().rev().map(|span| &span.what);
    let deeds = deeds.filter(|what| !matches!(what, What::Asks { .. }));
    parts.extend(deeds.take(3).map(deed));
    match (glance.commands, glance.failed) {
        (0, _) => {}
        (all, 0) => parts.push(count(all, "command")),
        (all, failed) => parts.push(format!("{}, {failed} failed", count(all, "command"))),
    }
    if glance.prompts > 0 {
        parts.push(format!("{} sent", count(glance.prompts, "prompt")));
    }
    if glance.noted > 0 {
        parts.push(count(glance.noted, "new note"));
    }
    parts.join("; ")
}
