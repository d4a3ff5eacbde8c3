//! What follows from reports, as sequences of them.
#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

use super::*;

/// A report as `SECOND WHAT`, with ` by SUBAGENT`, ` on CALL` and ` in CONVERSATION` behind it.
fn report(line: &str) -> Report {
    let words: Vec<&str> = line.split(' ').collect();
    let after = |mark: &str| {
        let at = words.iter().position(|word| *word == mark)?;
        Some(words[at + 1].to_owned())
    };
    let what = match words[1] {
        "start" => What::Conversation { source: "clear".to_owned(), state: Some(State::Idle) },
        "compact" => What::Conversation { source: "compact".to_owned(), state: None },
        "work" => What::Thinking,
        "stop" => What::Idle { background: None, reminder: false },
        "stop+2" => What::Idle { background: Some(2), reminder: false },
        "remind" => What::Idle { background: None, reminder: true },
        "permission" | "question" | "error" => {
            What::Attention { reason: words[1].to_owned(), detail: None }
        }
        "reply" => What::Answered,
        "sub+" => What::SubagentStarted,
        "sub-" => What::SubagentEnded,
        "end" => What::Ended,
        other => panic!("{other}"),
    };
    Report {
        prompt: None,
        at: DateTime::from_timestamp(words[0].parse().unwrap(), 0).unwrap(),
        event: words[1].to_owned(),
        session_id: Some(after("in").unwrap_or_else(|| "a".to_owned())),
        subagent: after("by"),
        call: after("on"),
        what,
    }
}

fn bound(id: &str) -> Heard {
    let mut heard = Heard::default();
    heard.bind(&binding(id));
    heard
}

fn binding(id: &str) -> Binding {
    Binding { kind: "claude".to_owned(), session_id: Some(id.to_owned()), agent: None }
}

/// The state after all reports, as the tab's claims have it: `STATE REASON`.
fn after(lines: &[&str]) -> String {
    let mut heard = bound("a");
    let mut live = super::super::live::Live::default();
    for line in lines {
        if let Ok(Some(claim)) = heard.take(&report(line)) {
            live.hear(claim);
        }
    }
    let Some(claim) = live.claims.first() else { return "nothing".to_owned() };
    let reason = claim.reason.as_ref().map(|reason| format!(" {reason}"));
    format!("{}{}", claim.state.word(), reason.unwrap_or_default())
}

#[test]
fn the_turn_and_what_is_asked_make_the_state() {
    let cases: &[(&str, &[&str], &str)] = &[
        ("nothing was heard", &[], "nothing"),
        ("a turn", &["1 start", "2 work"], "thinking"),
        ("a turn that ended", &["1 start", "2 work", "3 stop"], "idle"),
        ("a compaction in a turn", &["1 work", "2 compact"], "thinking"),
        ("asked", &["1 work", "2 permission on x"], "attention permission"),
        ("approved", &["2 permission on x", "3 work on x"], "thinking"),
        ("another tool ended", &["2 permission on x", "3 work on y"], "attention permission"),
        ("a new prompt", &["2 permission on x", "3 work"], "thinking"),
        ("answered", &["2 question on x", "3 reply on x"], "thinking"),
        (
            "one of two is answered",
            &["2 permission on x", "3 question on y", "4 reply on y"],
            "attention permission",
        ),
        ("refused", &["2 permission on x", "3 stop"], "idle"),
        ("a notice repeats it", &["2 question on x", "3 permission"], "attention question"),
        ("and is over with it", &["2 permission on x", "3 permission", "4 work on x"], "thinking"),
        ("a notice alone", &["2 permission", "3 work on x"], "thinking"),
        ("a reminder is no answer", &["2 question on x", "60 remind"], "attention question"),
        ("a reminder alone", &["2 work", "60 remind"], "idle"),
        ("an error", &["1 work", "2 permission on x", "3 error"], "attention error"),
        ("a reminder after an error", &["2 error", "60 remind"], "attention error"),
        ("a prompt after an error", &["2 error", "3 work"], "thinking"),
        ("work goes on behind it", &["1 work", "2 stop+2"], "idle background"),
        ("and a reminder keeps that", &["2 stop+2", "60 remind"], "idle background"),
        ("it leaves", &["1 work", "2 stop", "3 end"], "idle"),
    ];
    for (name, lines, state) in cases {
        assert_eq!(after(lines), *state, "{name}");
    }
}

#[test]
fn a_subagent_neither_ends_nor_begins_the_turn_but_may_ask() {
    let cases: &[(&str, &[&str], &str)] = &[
        ("it ends", &["1 work", "2 sub+ by s", "3 sub- by s"], "thinking"),
        ("its turn ends", &["1 work", "2 sub+ by s", "3 stop by s"], "thinking"),
        ("it works on", &["1 stop", "2 work by s"], "idle"),
        ("it asks", &["1 work", "2 permission by s on x"], "attention permission"),
        ("it was answered", &["1 work", "2 permission by s on x", "3 work by s on x"], "thinking"),
        ("it ended", &["1 stop", "2 permission by s on x", "3 sub- by s"], "idle"),
        (
            "the turn works beside it",
            &["1 work", "2 permission by s on x", "3 work on y"],
            "attention permission",
        ),
        (
            "the turn ends before it",
            &["1 work", "2 permission by s on x", "3 stop"],
            "attention permission",
        ),
        ("it goes on behind", &["1 work", "2 sub+ by s", "3 stop"], "idle background"),
        (
            "a conversation of its own asks",
            &["1 work", "2 sub+ by b", "3 question on x in b"],
            "attention question",
        ),
        ("its conversation begins", &["1 work", "2 sub+ by b", "3 start in b"], "thinking"),
        (
            "and stops asking",
            &["1 work", "2 sub+ by b", "3 question on x in b", "4 stop in b"],
            "thinking",
        ),
    ];
    for (name, lines, state) in cases {
        assert_eq!(after(lines), *state, "{name}");
    }
}

#[test]
fn late_and_repeated_reports_change_nothing() {
    assert_eq!(after(&["3 stop", "2 work"]), "idle");
    assert_eq!(after(&["2 work", "3 stop", "2 work", "3 stop"]), "idle");
    assert_eq!(after(&["5 start", "4 permission on x"]), "idle");
    let mut heard = bound("a");
    heard.take(&report("3 stop")).unwrap();
    assert_eq!(heard.take(&report("2 work")), Err(Why::Late));
}

#[test]
fn a_conversation_that_nothing_announced_is_nobodys() {
    let mut heard = bound("a");
    heard.take(&report("1 work")).unwrap();
    assert_eq!(heard.take(&report("2 stop in title")), Err(Why::UnknownConversation));
    assert!(!heard.knows(&report("2 stop in title")) && heard.knows(&report("2 stop")));
}

#[test]
fn an_event_that_overtakes_its_conversation_waits_for_it() {
    let mut heard = bound("a");
    heard.take(&report("1 work")).unwrap();
    assert_eq!(heard.take(&report("6 work in b")), Err(Why::UnknownConversation));
    assert!(!heard.is_late(&report("5 start in b")) && heard.is_late(&report("0 start in b")));
    heard.bind(&binding("b"));
    let claim = heard.take(&report("5 start in b")).unwrap().unwrap();
    assert_eq!((claim.state, claim.session_id.as_deref()), (State::Thinking, Some("b")));
    // The old one has nothing to say any more.
    assert_eq!(heard.take(&report("7 stop")), Err(Why::UnknownConversation));
}

#[test]
fn another_process_starts_from_nothing() {
    let mut heard = bound("a");
    heard.take(&report("9 permission on x")).unwrap();
    let agent = ProcId { pid: 7, start: 1, boot: "b".to_owned() };
    heard.bind(&Binding { agent: Some(agent), ..binding("a") });
    let claim = heard.take(&report("1 start")).unwrap().unwrap();
    assert_eq!(claim.state, State::Idle, "an earlier process's times say nothing of this one");
}

#[test]
fn what_is_kept_is_bounded() {
    let mut heard = bound("a");
    for number in 0..500 {
        for what in ["sub+", "permission", "work"] {
            let _ = heard.take(&report(&format!("{number} {what} by s{number} on c{number}")));
        }
        let _ = heard.take(&report(&format!("{number} permission on c{number}")));
    }
    let bytes = serde_json::to_vec(&heard).unwrap().len();
    assert!(bytes < 16 * 1024, "{bytes}");
}

proptest::proptest! {
    #[test]
    fn with_times_the_order_of_arrival_does_not_matter(
        kinds in proptest::collection::vec(0_usize..3, 1..12),
        seed in proptest::collection::vec(0_usize..1000, 24),
    ) {
        let lines: Vec<String> = kinds
            .iter()
            .enumerate()
            .map(|(second, kind)| format!("{second} {}", ["work", "stop", "permission"][*kind]))
            .collect();
        let in_order: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut shuffled: Vec<&str> = in_order.iter().chain(&in_order).copied().collect();
        for at in (1..shuffled.len()).rev() {
            shuffled.swap(at, seed[at % seed.len()] % (at + 1));
        }
        proptest::prop_assert_eq!(after(&shuffled), after(&in_order));
    }
}
