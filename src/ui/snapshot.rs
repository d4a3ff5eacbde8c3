//! Snapshots: a line for each, and one as a person reads it. Must take foreign text only through
//! `text`.

use chrono::{DateTime, Local, Utc};

use super::{card, style, text};
use crate::model::snapshot::{Checkout, Kept, PutAway, Snapshot};

/// So many files are named; the rest is counted.
const FILES: usize = 20;

/// One line for each. `columns` is the terminal's width; without it nothing is cut.
pub fn list(all: &[Kept], with_tab: bool, columns: Option<usize>) -> Vec<String> {
    let tabs = all.iter().map(|kept| text::width(&kept.snapshot.tab)).max().unwrap_or(0);
    let line = |kept: &Kept| {
        let Snapshot { tab, at, why, git, lines, state, put_away, .. } = &kept.snapshot;
        let tab =
            if with_tab { text::padded(&text::clean(tab), tabs) + "  " } else { String::new() };
        let mut what = vec![state.map_or("-", |state| state.word()).to_owned()];
        what.extend(git.as_ref().map(in_short));
        what.extend(lines.as_ref().map(|lines| format!("{} lines", lines.text.lines().count())));
        what.extend(put_away.iter().flat_map(put_away_words));
        let front = format!("{:>4}  {tab}{}  {:6}", kept.number, day(*at), why.word());
        let size = format!("{:>7}", size(kept.size));
        let room = columns.map_or(usize::MAX, |it| it.saturating_sub(text::width(&front) + 11));
        let what = text::cut(&what.join(", "), room);
        format!("{front}  {size}  {}", style::paint(style::DIM, &what))
    };
    all.iter().map(line).collect()
}

/// All of one.
pub fn one(kept: &Kept, now: DateTime<Utc>) -> Vec<String> {
    let it = &kept.snapshot;
    let age = format!("{} ago", text::age(it.at, now)).replace("now ago", "just now");
    let clean = |value: &Option<String>| value.as_deref().map(text::clean);
    let mut out = vec![
        ("snapshot", format!("{} of {}", kept.number, text::clean(&it.tab))),
        (
            "taken",
            format!(
                "{} ({age}), {}, by {}",
                day(it.at),
                reason(it),
                text::clean(&it.by.to_string())
            ),
        ),
    ];
    let mut add = |label, value: Option<String>| {
        out.extend(value.filter(|value| !value.is_empty()).map(|value| (label, value)));
    };
    add("state", it.state.map(|state| format!("{} {}", state.glyph(), state.word())));
    add("agent", clean(&it.agent));
    add("session id", clean(&it.session_id));
    add("folder", Some(text::clean(&it.folder)));
    add(
        "place",
        it.place.as_ref().map(|place| {
            let index = place.index.map(|index| format!(":{index}")).unwrap_or_default();
            let beside =
                place.split.as_ref().map_or(0, |split| split.panes.len().saturating_sub(1));
            let beside =
                if beside > 0 { format!(", {beside} panes beside it") } else { String::new() };
            format!("{} {}{index}{beside}", text::clean(&place.engine), text::clean(&place.session))
        }),
    );
    add("git", it.git.as_ref().map(git));
    add("put away", it.put_away.as_ref().map(put_away));
    add("variables", Some(text::clean(&it.environment.join(" "))));
    let mut lines = card::fields(&out);
    let mut part = |title: String, text: &str| {
        lines.push(String::new());
        lines.push(style::paint(style::HEADING, &format!("── {title} ──")));
        lines.extend(text::clean_lines(text));
    };
    if let Some(file) = &it.file {
        part("session file".to_owned(), file);
    }
    if let Some(diff) =
        it.git.as_ref().and_then(|git| git.diff.as_ref()).filter(|it| !it.is_empty())
    {
        part("what differed from the commit".to_owned(), diff);
    }
    if let Some(shown) = &it.lines {
        part(format!("its pane, {}", day(shown.at)), &shown.text);
    } else {
        lines.push(String::new());
        let why = "no lines of its pane: there were none, or `scrollback` is 0";
        lines.push(style::paint(style::DIM, why));
    }
    lines
}

fn reason(snapshot: &Snapshot) -> &'static str {
    use crate::model::snapshot::Why;
    match snapshot.why {
        Why::Asked => "asked for",
        Why::Resume => "before it was resumed",
        Why::Close => "before it was closed",
        Why::Remove => "before it was removed",
        Why::Reset => "before it was reset",
        Why::Turn => "after a turn",
    }
}

/// `main 1a2b3c4, 3 files changed`.
fn in_short(git: &Checkout) -> String {
    let branch = git.branch.as_deref().map(text::clean);
    let head = git.head.as_deref().map(|head| text::clean(head.get(..7).unwrap_or(head)));
    let at = [branch, head].into_iter().flatten().collect::<Vec<_>>().join(" ");
    match git.dirty.len() + git.more {
        0 => at,
        1 => format!("{at}, 1 file changed"),
        many => format!("{at}, {many} files changed"),
    }
}

fn git(git: &Checkout) -> String {
    let mut lines = vec![in_short(git)];
    let named = git.dirty.iter().take(FILES);
    lines
        .extend(named.map(|it| format!("{:2} {}", text::clean(&it.status), text::clean(&it.path))));
    let more = (git.dirty.len() + git.more).saturating_sub(FILES);
    if more > 0 {
        lines.push(format!("… {more} more: `--json` has the names"));
    }
    lines
        .extend(git.hash.as_deref().map(|hash| format!("hash of the files {}", text::clean(hash))));
    lines.extend(git.without_diff.as_deref().map(|why| format!("no diff: {}", text::clean(why))));
    if git.cut_short {
        lines.push("git was too slow to tell all".to_owned());
    }
    lines.join("\n")
}

/// `task`, `2 notes`, `1 tag`: what there is of it.
pub fn put_away_words(away: &PutAway) -> Vec<String> {
    let count = |number: usize, what: &str| match number {
        0 => None,
        1 => Some(format!("1 {what}")),
        many => Some(format!("{many} {what}s")),
    };
    let task = away.task.is_some().then(|| "task".to_owned());
    let parts = [task, count(away.notes.len(), "note"), count(away.tags.len(), "tag")];
    parts.into_iter().flatten().collect()
}

fn put_away(away: &PutAway) -> String {
    let task = away.task.as_deref().map(|task| format!("task: {}", text::clean(task)));
    let notes = away.notes.iter().map(|note| {
        let when = note.at.map(day).unwrap_or_default();
        let text = text::clean_lines(&note.text).join("\n  ");
        format!("note: {text}  ({})", card::signature(note, &when))
    });
    let tags =
        (!away.tags.is_empty()).then(|| format!("tags: {}", text::clean(&away.tags.join(", "))));
    task.into_iter().chain(notes).chain(tags).collect::<Vec<_>>().join("\n")
}

fn day(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string()
}

fn size(bytes: u64) -> String {
    match bytes {
        0..=9999 => format!("{bytes} B"),
        _ => format!("{} KB", bytes / 1000),
    }
}
