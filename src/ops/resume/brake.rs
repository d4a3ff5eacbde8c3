//! Notices that one start after the other fails for the same reason: an expired login, no network.
//! Must not take what is wrong with one conversation for what is wrong with all.

use std::collections::HashMap;

/// So many starts in a row that fail alike are enough.
const ENOUGH: usize = 3;
/// So many of an agent's last lines make its reason.
const LINES: usize = 3;

/// Counts failures, for each kind of agent apart: what keeps one from starting does not concern
/// another.
#[derive(Debug, Default)]
pub struct Brake {
    last: HashMap<String, (String, usize)>,
}

impl Brake {
    /// An agent of this kind has come back.
    pub fn came_back(&mut self, kind: &str) {
        self.last.remove(kind);
    }

    /// One of this kind has failed.
    pub fn failed(&mut self, kind: &str, reason: String) {
        let (last, count) = self.last.entry(kind.to_owned()).or_default();
        *count = if *last == reason { *count + 1 } else { 1 };
        *last = reason;
    }

    /// Why no more of this kind are to be started, if so.
    pub fn on(&self, kind: &str) -> Option<&str> {
        let (reason, count) = self.last.get(kind)?;
        (*count >= ENOUGH).then_some(reason.as_str())
    }
}

/// An agent's own part of a screen, and whether the runner's farewell stands below it, which comes when
/// all else has. In a narrow terminal it takes two lines.
pub fn until_farewell(screen: &str) -> (&str, bool) {
    let mut start = 0;
    for line in screen.split_inclusive('\n') {
        let rest = screen.get(start..).unwrap_or_default();
        let two: String = rest.lines().take(2).collect();
        if line.contains(" ended") && two.contains("; `tabctl resume") {
            return (screen.get(..start).unwrap_or_default(), true);
        }
        start += line.len();
    }
    (screen, false)
}

/// What an agent failed by: its end and its last words, without what differs from one start to the
/// next. Nothing if it speaks of its own conversation: that is no reason for others to fail.
pub fn reason(how: &str, screen: &str, session_id: Option<&str>) -> Option<String> {
    if session_id.is_some_and(|id| screen.contains(id)) {
        return None;
    }
    let lines = screen.lines().map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<String> = lines.map(common).collect();
    let last = lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default();
    Some(format!("{how}: {}", last.join(" / ")).trim_end_matches([':', ' ']).to_owned())
}

/// A line without numbers, ids and times.
fn common(line: &str) -> String {
    let word = |word: &str| {
        let varies = word.chars().any(|c| c.is_ascii_digit()) || word.starts_with(['/', '~']);
        if varies { "…".to_owned() } else { word.to_owned() }
    };
    line.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(screen: &str) -> String {
        reason("exit code 1", screen, Some("id-1")).unwrap_or_default()
    }

    #[test]
    fn three_that_fail_alike_in_a_row_hold_back_their_kind_and_no_other() {
        let mut brake = Brake::default();
        let login = || told("Please log in\n");
        for _ in 0..2 {
            brake.failed("a", login());
            assert_eq!(brake.on("a"), None);
        }
        brake.failed("a", told("No network"));
        assert_eq!(brake.on("a"), None, "another reason begins anew");
        for _ in 0..3 {
            brake.failed("a", login());
        }
        assert_eq!(brake.on("a"), Some("exit code 1: Please log in"));
        assert_eq!(brake.on("b"), None);
        brake.came_back("a");
        assert_eq!(brake.on("a"), None);
    }

    #[test]
    fn what_the_runner_says_below_an_agent_is_not_the_agents() {
        let told = until_farewell;
        let farewell = "x ended with exit code 1; `tabctl resume api` brings it back\n$ ";
        assert_eq!(told(&format!("no network\n{farewell}")), ("no network\n", true));
        let cut = "x ended with exit code 1; `tab\nctl resume api` brings it back\n$ ";
        assert_eq!(told(&format!("it ended\n{cut}")), ("it ended\n", true));
        assert_eq!(told("it ended\nbadly"), ("it ended\nbadly", false));
        assert_eq!(told(""), ("", false));
    }

    #[test]
    fn a_reason_is_the_same_for_tabs_that_fail_alike() {
        let one = "error at 10:41:07 in /home/me/api\nrequest 7f1c\nlogin expired\n\n";
        let two = "error at 10:41:09 in /home/me/web\nrequest a0b2\nlogin expired";
        assert_eq!(told(one), told(two));
        assert_ne!(told(one), told("error at 10:41:09 in /x\nrequest a0b2\nno network"));
        assert_eq!(told(""), "exit code 1");
        assert_eq!(reason("exit code 1", "no conversation id-1 found", Some("id-1")), None);
    }
}
