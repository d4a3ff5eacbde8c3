//! What holds for all evidence; `cases.rs` has the rules one by one.

mod cases;

use proptest::prelude::*;

use super::super::status::{Source::*, State::*, TURN_OPEN};
use super::*;

/// The second at which every case is decided.
const NOW: i64 = 1000;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap_or_default()
}

fn claim(state: State, source: Source, second: i64) -> Claim {
    Claim::new(state, source, at(second))
}

fn ask(source: Source, reason: &str, second: i64) -> Claim {
    claim(Attention, source, second).because(reason)
}

fn silent(second: i64) -> Claim {
    claim(Unknown, Silence, second).because("silent")
}

fn decide(claims: &[Claim]) -> Verdict {
    resolve(&Evidence { claims, now: at(NOW), alive_since: at(0) })
}

#[test]
fn what_nothing_confirms_is_stale() {
    let stale = |claims: &[Claim]| decide(claims).stale;
    assert!(stale(&[claim(Thinking, Hook, NOW - 700)]));
    assert!(!stale(&[claim(Thinking, Hook, NOW - 500)]));
    assert!(!stale(&[claim(Thinking, Hook, NOW - 700), claim(Thinking, Silence, NOW - 690)]));
    assert!(!stale(&[claim(Thinking, Hook, NOW - 700), claim(Thinking, Screen, NOW)]));
    assert!(stale(&[claim(Idle, Screen, NOW - 200)]));
    assert!(!stale(&[claim(Idle, Hook, 0)]), "an idle agent may be so for days");
    assert!(!stale(&[ask(Hook, "permission", 0)]), "and a question stand as long");
}

fn any_claim() -> impl Strategy<Value = Claim> {
    let sources =
        [Process, Said, Hook, StateFile, Program, Terminal, Silence, Transcript, Tree, Screen];
    let reasons = ["permission", "trust", "error", "silent", "quiet", TURN_OPEN];
    let state = prop::sample::select(vec![Attention, Thinking, Idle, Unknown]);
    let reason = prop::option::of(prop::sample::select(reasons.to_vec()));
    let by = prop::option::of(prop::sample::select(vec!["person", "claude"]));
    let source = prop::sample::select(sources.to_vec());
    (state, source, NOW - 12..NOW + 1, reason, by).prop_map(
        |(state, source, second, reason, by)| {
            let (reason, by) = (reason.map(str::to_owned), by.map(str::to_owned));
            Claim { reason, by, ..claim(state, source, second) }
        },
    )
}

proptest! {
    #[test]
    fn the_order_of_claims_does_not_matter(
        claims in prop::collection::vec(any_claim(), 0..9).prop_shuffle(),
        turn in 0_usize..9,
    ) {
        let mut turned = claims.clone();
        turned.rotate_left(turn.min(claims.len()));
        turned.reverse();
        prop_assert_eq!(decide(&claims), decide(&turned));
    }

    #[test]
    fn a_dead_process_always_wins(mut claims in prop::collection::vec(any_claim(), 0..9)) {
        claims.retain(|claim| claim.source != Process);
        claims.push(claim(Down, Process, 0));
        let verdict = decide(&claims);
        prop_assert_eq!((verdict.claim.state, verdict.rule.as_str()), (Down, "gone"));
    }

    #[test]
    fn an_older_claim_of_the_same_source_changes_nothing(
        claims in prop::collection::vec(any_claim(), 1..9),
        older in any_claim(),
    ) {
        let before = decide(&claims);
        let known = claims.iter().filter(|known| known.source == older.source);
        if let Some(newest) = known.map(|known| known.at).max() {
            let older = Claim { at: newest - TimeDelta::seconds(1), ..older };
            prop_assert_eq!(decide(&[claims, vec![older]].concat()), before);
        }
    }

    #[test]
    fn it_is_unknown_only_if_nothing_decides(claims in prop::collection::vec(any_claim(), 0..9)) {
        let verdict = decide(&claims);
        if verdict.claim.state != Unknown || verdict.rule == "gone" {
            return Ok(());
        }
        let of = |source| newest(claims.iter().filter(|claim| claim.source == source));
        for source in [Terminal, Transcript, Tree, Screen] {
            prop_assert!(of(source).is_none_or(|claim| claim.state == Unknown));
        }
        prop_assert!(of(Silence).is_none_or(|claim| claim.state != Thinking));
        let words = claims.iter().filter(|claim| claim.source.rank() == 2);
        prop_assert!(newest(words).is_none_or(|claim| claim.state == Unknown));
    }

    #[test]
    fn no_calm_sign_hides_a_question_that_stands_on_the_screen(
        mut claims in prop::collection::vec(any_claim(), 0..9),
    ) {
        claims.retain(|claim| !matches!(claim.source, Process | Screen));
        claims.retain(|claim| claim.state != Thinking && claim.state != Unknown);
        claims.push(ask(Screen, "permission", NOW));
        prop_assert_eq!(decide(&claims).claim.state, Attention);
    }
}

#[test]
fn what_a_rule_of_an_agent_says_keeps_its_evidence() {
    let said = super::super::status::Said {
        state: Idle,
        reason: None,
        detail: None,
        evidence: "hook Stop".to_owned(),
    };
    let verdict = decide(&[Claim::of(said, Hook, at(5))]);
    assert_eq!(verdict.claim.evidence.as_deref(), Some("hook Stop"));
}
