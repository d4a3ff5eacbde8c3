//! The rules, case by case: every known failing of an agent, and what must not be taken for one.

use super::*;

/// Name, claims, and the expected state, reason and rule.
type Case = (&'static str, Vec<Claim>, State, &'static str, &'static str);

fn check(cases: Vec<Case>) {
    for (name, claims, state, reason, rule) in cases {
        let Verdict { claim, rule: chosen, .. } = decide(&claims);
        let told = (claim.state, claim.reason.unwrap_or_default(), chosen);
        assert_eq!(told, (state, reason.to_owned(), rule.to_owned()), "{name}");
    }
}

#[test]
fn the_newest_word_counts_and_a_dead_process_more() {
    let by_person =
        |state, second| Claim { by: Some("person".into()), ..claim(state, Said, second) };
    check(vec![
        ("no claim", vec![], Unknown, "nothing has reported yet", "undecided"),
        ("one claim", vec![claim(Thinking, Hook, 1)], Thinking, "", "word"),
        (
            "a killed agent leaves its spinner and its state file",
            vec![
                claim(Thinking, StateFile, 9),
                claim(Thinking, Terminal, 9),
                claim(Down, Process, 1).because("no live pane"),
            ],
            Down,
            "no live pane",
            "gone",
        ),
        (
            "the newest word of the agent wins, whichever way it came",
            vec![claim(Thinking, Hook, 1), claim(Idle, Said, 2), claim(Attention, StateFile, 0)],
            Idle,
            "",
            "word",
        ),
        (
            "a calm title alone does not overrule a word",
            vec![claim(Idle, Terminal, 9), claim(Thinking, Hook, 1)],
            Thinking,
            "",
            "word",
        ),
        (
            "a word that is taken back leaves the title",
            vec![claim(Unknown, Program, 9), claim(Thinking, Hook, 1), claim(Idle, Terminal, 3)],
            Idle,
            "",
            "title",
        ),
        (
            "work in the background is told with the idle turn",
            vec![claim(Idle, Hook, 9).because("background"), claim(Thinking, Silence, 9)],
            Idle,
            "background",
            "word",
        ),
        (
            "a usage limit stays, however calm the pane is",
            vec![ask(Hook, "limit", 9), silent(10), claim(Idle, Screen, 20)],
            Attention,
            "limit",
            "word",
        ),
        (
            "a person's word holds over silence and an older title",
            vec![by_person(Thinking, 9), silent(10), claim(Idle, Terminal, 5)],
            Thinking,
            "",
            "by-hand",
        ),
        (
            "a person's word ends with the agent's next one",
            vec![by_person(Thinking, 9), claim(Idle, Hook, 10)],
            Idle,
            "",
            "word",
        ),
    ]);
}

#[test]
fn dialogs_that_no_event_announces_are_seen() {
    check(vec![
        (
            "gemini's title says ready above its trust dialog",
            vec![claim(Idle, Terminal, 9), ask(Screen, "trust", 5), silent(6)],
            Attention,
            "trust",
            "start-dialog",
        ),
        (
            "an update is offered after the start was reported",
            vec![claim(Idle, Hook, 9), ask(Screen, "update", 5)],
            Attention,
            "update",
            "start-dialog",
        ),
        (
            "a warning about the settings at the start",
            vec![
                claim(Idle, Hook, 9),
                Claim { evidence: Some("screen settings".into()), ..ask(Screen, "error", 5) },
            ],
            Attention,
            "error",
            "start-dialog",
        ),
        (
            "the dialog was answered: the agent works",
            vec![claim(Thinking, Hook, 9), ask(Screen, "trust", 5)],
            Thinking,
            "",
            "word",
        ),
        (
            "the permission event never came",
            vec![claim(Thinking, Hook, 5), ask(Screen, "permission", 9)],
            Attention,
            "permission",
            "missed-prompt",
        ),
        (
            "a permission is asked for over an idle word",
            vec![claim(Idle, Hook, 5), ask(Screen, "question", 9), silent(9)],
            Attention,
            "question",
            "missed-prompt",
        ),
        (
            "codex asks in its title, and its notify has only ended the turn before",
            vec![claim(Idle, Hook, 5), ask(Terminal, "permission", 9)],
            Attention,
            "permission",
            "missed-prompt",
        ),
        (
            "a prompt on an older screen was answered since",
            vec![claim(Thinking, Hook, 9), ask(Screen, "permission", 5)],
            Thinking,
            "",
            "word",
        ),
    ]);
}

#[test]
fn a_state_file_that_only_knows_an_open_turn_hides_no_question() {
    let open = |second| claim(Thinking, StateFile, second).because(TURN_OPEN);
    check(vec![
        (
            "copilot's file says working at its permission prompt",
            vec![open(9), ask(Hook, "permission", 5)],
            Attention,
            "permission",
            "word",
        ),
        (
            "and so where only the screen shows the prompt",
            vec![open(9), ask(Screen, "permission", 5)],
            Attention,
            "permission",
            "missed-prompt",
        ),
        (
            "an open turn is not idle",
            vec![open(9), claim(Idle, Hook, 5)],
            Thinking,
            TURN_OPEN,
            "word",
        ),
        ("until it is closed", vec![open(5), claim(Idle, Hook, 9)], Idle, "", "word"),
    ]);
}

#[test]
fn an_answer_that_is_not_reported_is_seen() {
    check(vec![
        (
            "output at working rate long after the prompt",
            vec![ask(Hook, "permission", 5), claim(Thinking, Silence, 9)],
            Thinking,
            "",
            "answered",
        ),
        (
            "output that draws the prompt",
            vec![ask(Hook, "permission", 5), claim(Thinking, Silence, 6)],
            Attention,
            "permission",
            "word",
        ),
        (
            "output while the prompt stands: somebody types or chooses",
            vec![
                ask(Hook, "permission", 5),
                claim(Thinking, Silence, 20),
                ask(Screen, "permission", 6),
            ],
            Attention,
            "permission",
            "word",
        ),
        (
            "the screen works again",
            vec![ask(Hook, "permission", 5), claim(Thinking, Screen, 9)],
            Thinking,
            "",
            "answered",
        ),
        (
            "it was refused with Esc",
            vec![ask(Hook, "permission", 5), claim(Idle, Screen, 9), silent(9)],
            Idle,
            "",
            "answered",
        ),
        (
            "the title is calm again",
            vec![ask(Hook, "permission", 5), claim(Idle, Terminal, 9)],
            Idle,
            "",
            "answered",
        ),
        (
            "the screen of the moment before",
            vec![ask(Hook, "permission", 5), claim(Idle, Screen, 5)],
            Attention,
            "permission",
            "word",
        ),
        (
            "silence alone never turns it to idle",
            vec![ask(Hook, "permission", 5), silent(6), claim(Unknown, Screen, 9)],
            Attention,
            "permission",
            "word",
        ),
        (
            "a question in the agent's own words stands over its idle screen",
            vec![ask(Said, "which of the two?", 5), claim(Idle, Screen, 9), silent(7)],
            Attention,
            "which of the two?",
            "word",
        ),
    ]);
}

#[test]
fn thinking_over_a_silent_pane_is_stale() {
    check(vec![
        (
            "claude sends no event after Esc",
            vec![claim(Thinking, Hook, 5), silent(9)],
            Idle,
            "silent",
            "stale-thinking",
        ),
        (
            "a spinner that stands still",
            vec![claim(Thinking, Terminal, 5), silent(9)],
            Idle,
            "silent",
            "stale-thinking",
        ),
        (
            "the screen since then decides",
            vec![claim(Thinking, Hook, 5), silent(9), claim(Idle, Screen, 9)],
            Idle,
            "",
            "stale-thinking",
        ),
        (
            "a prompt on it all the more",
            vec![claim(Thinking, Hook, 5), silent(9), ask(Screen, "permission", 9)],
            Attention,
            "permission",
            "missed-prompt",
        ),
        (
            "a picture of work is no work",
            vec![claim(Thinking, Screen, 10), silent(9)],
            Idle,
            "silent",
            "stale-thinking",
        ),
        (
            "silent for a moment only",
            vec![claim(Thinking, Hook, 5), silent(NOW - 2)],
            Thinking,
            "",
            "word",
        ),
        (
            "the prompt was sent a moment ago, after a long silence",
            vec![claim(Thinking, Hook, NOW - 1), silent(9)],
            Thinking,
            "",
            "word",
        ),
        (
            "claude waits to try again after an API error",
            vec![claim(Thinking, StateFile, 5), claim(Unknown, Silence, 9).because("quiet")],
            Thinking,
            "",
            "word",
        ),
        (
            "codex after an API error writes as little, and no state file vouches for it",
            vec![claim(Thinking, Hook, 5), claim(Unknown, Silence, 9).because("quiet")],
            Idle,
            "silent",
            "stale-thinking",
        ),
    ]);
}

#[test]
fn a_turn_whose_beginning_is_not_reported_is_seen() {
    check(vec![
        (
            "codex's notify tells only ends",
            vec![claim(Idle, Hook, 5), claim(Thinking, Terminal, 9)],
            Thinking,
            "",
            "unannounced",
        ),
        (
            "aider's too, and it has no title",
            vec![claim(Idle, Hook, 5), claim(Thinking, Screen, 9), claim(Thinking, Silence, 8)],
            Thinking,
            "",
            "unannounced",
        ),
        (
            "the spinner of the moment in which the turn ended",
            vec![claim(Idle, Hook, 5), claim(Thinking, Terminal, 5)],
            Idle,
            "",
            "word",
        ),
        (
            "steady output that nobody's typing explains",
            vec![claim(Idle, Hook, 5), claim(Thinking, Silence, 9)],
            Thinking,
            "",
            "unannounced",
        ),
    ]);
}

#[test]
fn an_interrupt_without_an_event_is_seen_in_title_and_screen() {
    let back = |title, screen| {
        vec![claim(Thinking, Hook, 5), claim(Idle, Terminal, title), claim(Idle, Screen, screen)]
    };
    let open = || claim(Thinking, StateFile, 5).because(TURN_OPEN);
    check(vec![
        ("title and screen are calm again", back(9, 9), Idle, "", "interrupted"),
        ("a title of before", back(5, 9), Thinking, "", "word"),
        ("a screen of before", back(9, 5), Thinking, "", "word"),
        ("an open turn at a prompt", vec![open(), claim(Idle, Screen, 9)], Idle, "", "interrupted"),
        (
            "an open turn at the prompt of before",
            vec![open(), claim(Idle, Screen, 4)],
            Thinking,
            TURN_OPEN,
            "word",
        ),
    ]);
}

#[test]
fn an_agent_that_says_nothing_is_read_from_its_pane() {
    check(vec![
        ("output", vec![claim(Thinking, Silence, 9)], Thinking, "", "output"),
        ("silence alone decides nothing", vec![silent(9)], Unknown, "silent", "undecided"),
        ("the screen", vec![silent(9), claim(Idle, Screen, 9)], Idle, "", "screen"),
        (
            "a prompt in which somebody types",
            vec![claim(Thinking, Silence, 9), ask(Screen, "permission", 5)],
            Attention,
            "permission",
            "screen",
        ),
        ("the transcript", vec![claim(Thinking, Transcript, 9)], Thinking, "", "transcript"),
        ("the process tree", vec![claim(Thinking, Tree, 9)], Thinking, "", "tree"),
    ]);
}
