//! What became of each tab of a resume, one line each. Must take foreign text only through `text`.

use anstyle::Style;

use super::{style, text};

/// What is said of one tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its name.
    pub tab: String,
    /// The kind of its agent.
    pub agent: Option<String>,
    /// What became of it.
    pub fate: Fate,
    /// Why, or what else to know; empty where nothing is to be said.
    pub why: String,
}

/// What became of a tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is back, with its conversation.
    CameBack,
    /// It was open all the time.
    IsOpen,
    /// It starts in the place of this process.
    StartsHere,
    /// It lives, and it was not seen in time which conversation it opened.
    Unverified,
    /// It lives with another conversation.
    WrongConversation,
    /// Only a shell is there.
    ShellOnly,
    /// Its agent ended again.
    Failed,
    /// A limit or a brake kept it back.
    HeldBack,
    /// It could not be started.
    Refused,
}

impl Fate {
    /// The words for it.
    pub fn words(self) -> &'static str {
        match self {
            Fate::CameBack => "came back",
            Fate::IsOpen => "is open",
            Fate::StartsHere => "starts here",
            Fate::Unverified => "unverified",
            Fate::WrongConversation => "wrong conversation",
            Fate::ShellOnly => "shell only",
            Fate::Failed => "failed",
            Fate::HeldBack => "held back",
            Fate::Refused => "refused",
        }
    }

    fn look(self) -> (&'static str, Style) {
        match self {
            Fate::CameBack | Fate::StartsHere => ("+", style::GOOD),
            Fate::IsOpen => ("=", style::DIM),
            Fate::Unverified => ("?", style::WARN),
            Fate::ShellOnly => ("!", style::WARN),
            Fate::HeldBack => ("-", style::WARN),
            Fate::WrongConversation | Fate::Failed | Fate::Refused => ("✗", style::BAD),
        }
    }
}

/// Draws the lines as a table. `columns` is the terminal's width; without it nothing is cut.
pub fn draw(lines: &[Line], columns: Option<usize>) -> Vec<String> {
    if lines.is_empty() {
        return Vec::new();
    }
    let agent = |line: &Line| text::clean(line.agent.as_deref().unwrap_or("-"));
    let widest = |heading: &str, cell: &dyn Fn(&Line) -> usize| {
        lines.iter().map(cell).max().unwrap_or(0).max(heading.len())
    };
    let tabs = widest("TAB", &|line| text::width(&line.tab));
    let agents = widest("AGENT", &|line| text::width(&agent(line)));
    let fates = widest("RESULT", &|line| text::width(line.fate.words()));
    let heading = format!(
        "  {}  {}  {}  WHY",
        text::padded("TAB", tabs),
        text::padded("AGENT", agents),
        text::padded("RESULT", fates)
    );
    let mut drawn = vec![style::paint(style::HEADING, &heading)];
    let used = 2 + tabs + 2 + agents + 2 + fates + 2;
    drawn.extend(lines.iter().map(|line| {
        let (mark, look) = line.fate.look();
        let why = text::clean(&line.why);
        // What is left is too little to say anything: the terminal may break the line then.
        let room = columns.map(|columns| columns.saturating_sub(used)).filter(|room| *room >= 20);
        let why = room.map_or(why.clone(), |room| text::cut(&why, room));
        // No blanks at the end of a line.
        let fates = if why.is_empty() { 0 } else { fates };
        let fate = style::paint(look, &text::padded(line.fate.words(), fates));
        let why = if why.is_empty() { why } else { format!("  {why}") };
        format!(
            "{} {}  {}  {fate}{why}",
            style::paint(look, mark),
            text::padded(&line.tab, tabs),
            text::padded(&agent(line), agents),
        )
    }));
    drawn
}

/// `3 came back, 1 unverified, 12 were open`.
pub fn summary(lines: &[Line], were_open: usize) -> String {
    let mut fates: Vec<Fate> = lines.iter().map(|line| line.fate).collect();
    fates.sort_unstable();
    let mut told: Vec<String> = fates
        .chunk_by(|one, other| one == other)
        .map(|alike| format!("{} {}", alike.len(), alike[0].words()))
        .collect();
    if were_open > 0 {
        told.push(format!("{were_open} were open"));
    }
    told.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(tab: &str, agent: Option<&str>, fate: Fate, why: &str) -> Line {
        let agent = agent.map(str::to_owned);
        Line { tab: tab.to_owned(), agent, fate, why: why.to_owned() }
    }

    #[test]
    fn every_tab_has_its_line_and_its_reason() {
        let lines = [
            line("api", Some("claude"), Fate::CameBack, ""),
            line("a longer name", None, Fate::CameBack, ""),
            line("web", Some("codex"), Fate::Unverified, "it asks first: trust\u{1b}[31m"),
            line("old", Some("gemini"), Fate::HeldBack, "not used for 41 days"),
            line("x", Some("claude"), Fate::WrongConversation, "it opened b2; a1 is kept"),
        ];
        let plain =
            |columns| anstream::adapter::strip_str(&draw(&lines, columns).join("\n")).to_string();
        insta::assert_snapshot!(plain(None), @r"
          TAB            AGENT   RESULT              WHY
        + api            claude  came back
        + a longer name  -       came back
        ? web            codex   unverified          it asks first: trust?[31m
        - old            gemini  held back           not used for 41 days
        ✗ x              claude  wrong conversation  it opened b2; a1 is kept
        ");
        assert!(plain(Some(66)).contains("conversation  it opened b2; a1 is …"));
        assert!(plain(Some(50)).contains("not used for 41 days\n"), "too narrow to cut");
        assert_eq!(
            summary(&lines, 2),
            "2 came back, 1 unverified, 1 wrong conversation, 1 held back, 2 were open"
        );
        assert_eq!(summary(&[], 3), "3 were open");
        assert!(draw(&[], None).is_empty());
    }
}
