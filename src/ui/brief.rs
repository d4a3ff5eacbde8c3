//! A brief as a screenful, as Markdown for an agent, and many of them in few lines. Must fit, and must
//! take foreign text only through `text`.

mod markdown;
mod words;

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

pub use self::markdown::markdown;
use self::words::{command, happening, prompt, since, when};
use super::{card, history, style, text};
use crate::model::brief::{Brief, Glance};

/// How much room there is.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    /// Columns; nothing where nothing is to be cut.
    pub columns: Option<usize>,
    /// Lines; nothing where nothing is to be left out.
    pub lines: Option<usize>,
}

/// Some lines under one label.
struct Block {
    label: &'static str,
    lines: Vec<String>,
    /// The command that shows what is left out.
    more: String,
    /// The newest stand last: what is left out is left out before them.
    newest_last: bool,
}

/// No label is longer.
const LABEL: usize = 6;

/// Everything about one tab.
pub fn draw(brief: &Brief, home: &str, screen: Screen) -> Vec<String> {
    let mut lines = head(brief, home);
    let blocks = fitted(blocks(brief), screen.lines.map(|most| most.saturating_sub(lines.len())));
    for block in blocks {
        let mut label = block.label;
        for line in block.lines {
            let front = style::paint(style::DIM, &text::padded(label, LABEL));
            lines.push(format!("{front}  {line}"));
            label = "";
        }
    }
    lines.iter().map(|line| cut(line, screen.columns)).collect()
}

/// Where one is.
fn head(brief: &Brief, home: &str) -> Vec<String> {
    let (here, now) = (&brief.here, brief.now);
    let doing = &here.doing;
    let mut first = format!(
        "{}  {}",
        style::paint(style::HEADING, &doing.tab),
        style::paint(
            style::of_state(doing.state),
            &format!("{} {}", doing.state.glyph(), doing.state.word())
        ),
    );
    for what in [&doing.reason, &doing.detail].into_iter().flatten() {
        let _ = write!(first, "  {}", text::clean(what));
    }
    let lock = if here.locked { "  ⚿ locked" } else { "" };
    let _ = write!(first, "  {}{lock}", since(doing.state_since, now));
    let mut lines = vec![first];
    let mut add = |label: &str, value: Option<String>| {
        if let Some(value) = value {
            let label = style::paint(style::DIM, &text::padded(label, LABEL));
            lines.push(format!("{label}  {value}"));
        }
    };
    add("task", doing.task.as_deref().map(text::clean));
    add("file", here.problem.as_deref().map(|why| text::clean(&history::short(why, home))));
    let branch = here.branch.as_deref().map(|it| format!("  on {}", text::clean(it)));
    let place = here.place.as_deref().map(|it| format!("  ({})", text::clean(it)));
    let folder = text::clean(&history::short(&here.folder, home));
    let (branch, place) = (branch.unwrap_or_default(), place.unwrap_or_default());
    add("where", Some(format!("{folder}{branch}{place}")));
    add(
        "agent",
        here.agent.as_deref().map(|kind| {
            let id = here.session_id.as_deref().map(|it| format!("  {}", text::clean(it)));
            let since = since(here.conversation_since, now);
            format!("{}{}  {since}", text::clean(kind), id.unwrap_or_default())
        }),
    );
    let told = format!("── {} ──", words::told(brief));
    lines.push(style::paint(style::HEADING, &told));
    lines
}

fn blocks(brief: &Brief) -> Vec<Block> {
    let tab = &brief.here.doing.tab;
    let block = |label, lines: Vec<String>, more: &str, newest_last| Block {
        label,
        lines,
        more: more.to_owned(),
        newest_last,
    };
    let (changes, now) = (&brief.changes, brief.now);
    let states = brief.states.iter().map(|span| happening(span, now)).collect();
    let sent = brief.prompts.iter().map(|it| prompt(it, now)).collect();
    let ran = brief.commands.iter().map(|ran| command(ran, now)).collect();
    let mut git: Vec<String> = changes.commits.iter().map(|it| text::clean(it)).collect();
    git.extend(changes.files.iter().map(|it| text::clean(it)));
    if changes.cut_short {
        git.push(style::paint(style::DIM, "git was too slow to tell all"));
    }
    let mut found: Vec<String> = brief.findings.iter().map(words::finding).collect();
    if !brief.findings_are_new && !found.is_empty() {
        found.insert(
            0,
            style::paint(style::DIM, "(somewhere in its last lines; since when is not known)"),
        );
    }
    let older = brief.notes.split_last().map(|(_, older)| older).unwrap_or_default();
    let mut open: Vec<String> = older
        .iter()
        .map(|note| {
            let when = note.at.map(|at| when(at, now)).unwrap_or_default();
            let by = style::paint(style::DIM, &card::signature(note, &when));
            format!("note: {}  {by}", text::clean(&note.text))
        })
        .collect();
    match brief.failing_tests() {
        0 => {}
        1 => open.push("a test fails".to_owned()),
        many => open.push(format!("{many} tests fail")),
    }
    match brief.queued {
        0 => {}
        1 => open.push("a prompt waits for its agent to be idle".to_owned()),
        many => open.push(format!("{many} prompts wait for its agent to be idle")),
    }
    let next = brief.next().into_iter().map(|next| {
        let text = text::clean(&next.text);
        match next.by.as_str() {
            "tabctl" => text,
            by => format!("{}: {text}", text::clean(by)),
        }
    });
    vec![
        block("did", states, &format!("tabctl log {tab}"), true),
        block("sent", sent, &format!("tabctl log {tab}"), true),
        block("ran", ran, &format!("tabctl history {tab}"), true),
        block("found", found, &format!("tabctl context {tab}"), false),
        block("git", git, "git log --stat; git status", false),
        block("open", open, &format!("tabctl note --tab {tab}"), true),
        block("next", next.collect(), &format!("tabctl show {tab}"), false),
    ]
}

/// Leaves out of the longest blocks what does not fit, and says so.
fn fitted(mut blocks: Vec<Block>, room: Option<usize>) -> Vec<Block> {
    blocks.retain(|block| !block.lines.is_empty());
    let Some(room) = room else { return blocks };
    let mut caps: Vec<usize> = blocks.iter().map(|block| block.lines.len()).collect();
    while caps.iter().sum::<usize>() > room {
        let Some(longest) = caps.iter_mut().filter(|cap| **cap > 1).max() else { break };
        *longest -= 1;
    }
    for (block, cap) in blocks.iter_mut().zip(caps) {
        let count = block.lines.len();
        if cap == count {
            continue;
        }
        let left = count - (cap - 1);
        let more = style::paint(style::DIM, &format!("… {left} more: `{}`", block.more));
        if block.newest_last {
            block.lines.drain(..left);
            block.lines.insert(0, more);
        } else {
            block.lines.truncate(cap - 1);
            block.lines.push(more);
        }
    }
    blocks
}

/// Several tabs, a line or two for each.
pub fn overview(glances: &[Glance], now: DateTime<Utc>, screen: Screen) -> Vec<String> {
    let widest = glances.iter().map(|it| text::width(&it.doing.tab)).max().unwrap_or(0).min(24);
    let told = glances.iter().map(|it| glance(it, widest, now));
    let mut lines: Vec<String> = Vec::new();
    for (at, told) in told.enumerate() {
        let left = glances.len() - at;
        let room = screen.lines.map_or(usize::MAX, |most| most.saturating_sub(lines.len()));
        // The last line is for what is left out, unless this is the last tab.
        if told.len() > room || (left > 1 && told.len() + 1 > room) {
            let more = format!("… {left} more: `tabctl brief --all --full`");
            lines.push(style::paint(style::DIM, &more));
            break;
        }
        lines.extend(told);
    }
    lines.iter().map(|line| cut(line, screen.columns)).collect()
}

fn glance(glance: &Glance, widest: usize, now: DateTime<Utc>) -> Vec<String> {
    let doing = &glance.doing;
    let state = format!("{} {:9}", doing.state.glyph(), doing.state.word());
    let mut first = format!(
        "{}  {}  {:>4}",
        style::paint(style::HEADING, &text::padded(&text::cut(&doing.tab, widest), widest)),
        style::paint(style::of_state(doing.state), &state),
        text::age(doing.state_since, now),
    );
    for what in [&doing.reason, &doing.detail, &doing.task].into_iter().flatten() {
        let _ = write!(first, "  {}", text::clean(what));
    }
    let second = words::in_short(glance);
    let indent = " ".repeat(widest + 2);
    let second =
        (!second.is_empty()).then(|| style::paint(style::DIM, &format!("{indent}{second}")));
    std::iter::once(first).chain(second).collect()
}

/// A painted line that is no wider than the screen.
fn cut(line: &str, columns: Option<usize>) -> String {
    let Some(columns) = columns else { return line.to_owned() };
    let mut shown = String::new();
    let mut room = columns;
    let plain = anstream::adapter::strip_str(line).to_string();
    if text::width(&plain) <= columns {
        return line.to_owned();
    }
    // Colours have no width: what stands between them is cut.
    let mut rest = line;
    while !rest.is_empty() {
        let escape = rest.find('\u{1b}').unwrap_or(rest.len());
        let (words, after) = rest.split_at(escape);
        let words =
            if text::width(words) < room { words.to_owned() } else { text::cut(words, room) };
        room = room.saturating_sub(text::width(&words));
        shown.push_str(&words);
        let end = after.find('m').map_or(after.len(), |end| end + 1);
        shown.push_str(&after[..end]);
        rest = &after[end..];
    }
    shown
}

#[cfg(test)]
mod tests;
