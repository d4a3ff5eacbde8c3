//! One tab in full, a plan, a question, a list of checks: the answers that are not a table.

use chrono::{DateTime, Local, Utc};

use super::{style, text};
use crate::model::plan::{Action, Order, Step};
use crate::model::row::{HeldBy, Row};
use crate::model::session::{Note, Session};

/// Draws `label  value` lines, the labels in one column.
pub fn fields(fields: &[(&str, String)]) -> Vec<String> {
    let widest = fields.iter().map(|(label, _)| text::width(label)).max().unwrap_or(0);
    let mut lines = Vec::new();
    for (label, value) in fields {
        let mut label = format!("{label:widest$}");
        for line in value.lines() {
            lines.push(format!("{}  {line}", style::paint(style::DIM, &label)));
            label = " ".repeat(widest);
        }
    }
    lines
}

/// Everything about one tab.
pub fn tab(row: &Row, session: &Session, trust: &str, now: DateTime<Utc>) -> Vec<String> {
    let claim = &row.status.claim;
    let state = style::paint(
        style::of_state(claim.state),
        &format!("{} {}", claim.state.glyph(), claim.state.word()),
    );
    let reason = claim.reason.as_deref().map(text::clean).unwrap_or_default();
    let by = claim.by.as_deref().map(|by| format!(", said by {}", text::clean(by)));
    let since = format!("{} ago", text::age(row.since, now)).replace("now ago", "just now");
    let mut out = vec![
        ("tab", format!("{}{}", row.tab, if row.locked { "  ⚿ locked" } else { "" })),
        ("state", format!("{state}  {reason} ({since}{})", by.unwrap_or_default())),
    ];
    let mut add = |label, value: Option<String>| {
        out.extend(value.filter(|value| !value.is_empty()).map(|value| (label, value)));
    };
    add("task", row.task.as_deref().map(text::clean));
    add("problem", row.problem.as_deref().map(text::clean));
    let agent = session.agent.as_ref();
    add("agent", agent.map(|agent| text::clean(&agent.kind)));
    add("session id", row.session_id.as_deref().map(text::clean));
    let launch = agent.and_then(|agent| agent.launch.as_ref());
    add("started as", launch.map(|launch| text::clean(&launch.argv.display())));
    let resume = agent.and_then(|agent| agent.resume.as_ref());
    add("resumes as", resume.map(|argv| text::clean(&argv.display())));
    add(
        "place",
        row.place.as_ref().map(|place| {
            let index = place.index.map(|index| format!(":{index}")).unwrap_or_default();
            let (engine, session) = (text::clean(&place.engine), text::clean(&place.session));
            format!("{engine} {session}{index}")
        }),
    );
    add("taken by", row.held.as_ref().map(held_by));
    let queued = row.queued;
    let what_becomes =
        || format!("{queued}; `tabctl queue {}` shows what becomes of them", row.tab);
    add("queue", (queued > 0).then(what_becomes));
    add("pane", row.pane.as_ref().map(|pane| pane.0.clone()));
    add("folder", Some(text::clean(&row.workspace)));
    add("file", Some(text::clean(&row.file)));
    add("trust", Some(text::clean(trust)));
    add("tags", Some(text::clean(&row.tags.join(", "))));
    let earlier = agent.map(|agent| {
        let lines = agent.history.iter().map(|past| {
            let (id, reason) = (text::clean(&past.session_id), text::clean(&past.reason));
            format!("{id}  ({reason}, {})", day(past.at))
        });
        lines.collect::<Vec<_>>().join("\n")
    });
    add("earlier ids", earlier);
    let notes = session.notes.iter().map(|note| {
        let when = note.at.map(day).unwrap_or_default();
        let lines = text::clean_lines(&note.text).join("\n");
        format!("{lines}\n  {}", style::paint(style::DIM, &signature(note, &when)))
    });
    add("notes", Some(notes.collect::<Vec<_>>().join("\n")));
    fields(&out)
}

/// Who may type into a tab.
pub fn held_by(held: &HeldBy) -> String {
    format!("{} {}", held.kind.word(), text::clean(&held.who))
}

/// Who wrote a note and when; an agent's word is not to be taken for a person's.
pub fn signature(note: &Note, when: &str) -> String {
    let by = note.by.as_deref().map(text::clean).unwrap_or_default();
    let agent = match (by.as_str(), &note.session_id) {
        ("" | "person", _) => by,
        (_, None) => format!("{by} (agent)"),
        (_, Some(id)) => format!("{by} (agent, conversation {})", text::cut(&text::clean(id), 9)),
    };
    format!("{agent} {when}").trim().to_owned()
}

fn day(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string()
}

/// One step of a plan: what will be done with a tab, and what to know about it.
pub fn step(step: &Step) -> Vec<String> {
    let tab = &step.tab;
    let (mark, what, detail) = match &step.action {
        Action::Start { order, place } if order.argv.words().is_empty() => (
            style::paint(style::GOOD, "+"),
            format!("opens a shell in {}", text::clean(&place.session)),
            Some(order),
        ),
        Action::Start { order, place } => (
            style::paint(style::GOOD, "+"),
            format!("starts in {}", text::clean(&place.session)),
            Some(order),
        ),
        Action::Restart { order, pane } => (
            style::paint(style::GOOD, "+"),
            format!("starts again in pane {}", pane.0),
            Some(order),
        ),
        Action::Shell { why, .. } => {
            (style::paint(style::WARN, "!"), format!("only a shell: {}", text::clean(why)), None)
        }
        Action::Lives { pane } => {
            let pane = pane.as_ref().map(|pane| format!(" in pane {}", pane.0));
            (style::paint(style::DIM, "="), format!("is open{}", pane.unwrap_or_default()), None)
        }
        Action::Hold { why, .. } => {
            (style::paint(style::WARN, "-"), format!("held back: {}", text::clean(why)), None)
        }
        Action::Refuse { why, .. } => (style::paint(style::BAD, "✗"), text::clean(why), None),
    };
    let mut lines = vec![format!("{mark} {}  {what}", style::paint(style::HEADING, tab))];
    lines.extend(detail.into_iter().flat_map(order));
    lines.extend(step.remarks.iter().map(|remark| format!("    {}", text::clean(remark))));
    if let Action::Refuse { hint: Some(hint), .. } | Action::Hold { hint: Some(hint), .. } =
        &step.action
    {
        lines.push(format!("    {}", style::paint(style::DIM, &text::clean(hint))));
    }
    lines
}

/// The first prompt of a step in full, if it has one.
pub fn prompt(step: &Step) -> Vec<String> {
    let words = step.action.order().map(|order| order.prompt.as_slice()).unwrap_or_default();
    let lines = words.last().map(|text| text::clean_lines(text)).unwrap_or_default();
    lines.iter().map(|line| style::paint(style::DIM, &format!("    │ {line}"))).collect()
}

fn order(order: &Order) -> Vec<String> {
    let mut lines = Vec::new();
    if !order.argv.words().is_empty() {
        lines.push(format!("    {}", text::clean(&order.argv.display())));
    }
    lines.push(style::paint(style::DIM, &format!("    in {}", text::clean(&order.directory))));
    if !order.prompt.is_empty() {
        lines.push("    with its notes as the first prompt".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::model::id::TabId;
    use crate::model::pane::PaneId;
    use crate::model::plan::Evidence;
    use crate::model::session::Place;

    fn order(words: &[&str]) -> Order {
        Order {
            argv: words.iter().copied().collect(),
            prompt: Vec::new(),
            directory: "/home/me/work".to_owned(),
            set: std::collections::BTreeMap::new(),
            path: None,
            unset: Vec::new(),
            conversation: None,
            fork: None,
            resumes: false,
            evidence: Evidence::Nothing,
            greeting: Vec::new(),
            files: Vec::new(),
        }
    }

    fn drawn(action: Action, remark: Option<&str>) -> String {
        let remarks = remark.map(str::to_owned).into_iter().collect();
        let tab = "api".to_owned();
        let lines = step(&Step { id: TabId::from_parts(0, 0), tab, action, remarks });
        anstream::adapter::strip_str(&lines.join("\n")).to_string()
    }

    #[test]
    fn a_plan_looks_like_this() {
        let place = Place { session: "work".to_owned(), ..Place::default() };
        let resume = order(&["claude", "--resume", "an id\u{1b}[31m"]);
        let start = Action::Start { order: resume.clone(), place: place.clone() };
        let why = "the conversation is gone".to_owned();
        let shell = Action::Shell { order: order(&[]), place: place.clone(), why };
        let refuse = Action::Refuse {
            kind: Kind::NotTrusted,
            why: "not trusted".to_owned(),
            hint: Some("`tabctl trust ~/work` shows it and asks".to_owned()),
        };
        let pane = PaneId("%5".to_owned());
        let all = [
            drawn(start, Some("never prompted")),
            drawn(Action::Start { order: order(&[]), place }, None),
            drawn(Action::Restart { order: resume, pane: pane.clone() }, None),
            drawn(shell, None),
            drawn(Action::Lives { pane: Some(pane) }, None),
            drawn(refuse, None),
        ];
        insta::assert_snapshot!(all.join("\n"), @r"
        + api  starts in work
            claude --resume 'an id?[31m'
            in /home/me/work
            never prompted
        + api  opens a shell in work
            in /home/me/work
        + api  starts again in pane %5
            claude --resume 'an id?[31m'
            in /home/me/work
        ! api  only a shell: the conversation is gone
        = api  is open in pane %5
        ✗ api  not trusted
            `tabctl trust ~/work` shows it and asks
        ");
    }
}
