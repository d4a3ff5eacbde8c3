//! What is heard: how often it reaches the session file, and what the journal keeps of it.
#![allow(clippy::unwrap_used)] // a step of a test that fails has failed the test

use super::*;
use crate::config::Settings;
use crate::engine::fake::Fake;
use crate::model::session::Session;
use crate::model::status::Source;
use crate::ops::explain;
use crate::sys::paths::Paths;

/// A context on folders of its own, with one tab.
fn world(status_in_file: bool) -> (tempfile::TempDir, Ctx, TabId) {
    let root = tempfile::tempdir().unwrap();
    let folder = |name: &str| root.path().join(name);
    let paths = Paths {
        home: folder("home"),
        config: folder("config"),
        state: folder("state"),
        runtime: folder("run"),
    };
    let settings = Settings { status_in_file, ..crate::config::load(&paths).unwrap().0 };
    let ctx = Ctx::new(paths, settings).with_engine(Box::new(Fake::new()));
    let id = ctx.new_id().unwrap();
    let workspace = folder("work");
    std::fs::create_dir_all(&workspace).unwrap();
    ctx.store.create(&workspace.canonicalize().unwrap(), Session::new(id, "api")).unwrap();
    (root, ctx, id)
}

fn hook(ctx: &Ctx, state: State) -> Claim {
    Claim::new(state, Source::Hook, ctx.now())
}

fn told(ctx: &Ctx, id: TabId, what: &str) -> Vec<crate::store::Entry> {
    let all = ctx.store.read_journal(id).into_iter();
    all.filter(|entry| entry.what == what).collect()
}

fn in_file(ctx: &Ctx, id: TabId) -> Option<State> {
    ctx.store.load_id(id).unwrap().session.status.map(|status| status.state)
}

#[test]
fn a_storm_of_changes_reaches_the_file_once_a_second_and_the_last_is_not_lost() {
    let (_root, ctx, id) = world(true);
    let start = ctx.now();
    for turn in 0..40 {
        let state = if turn % 2 == 0 { State::Thinking } else { State::Idle };
        hear(&ctx, id, &[hook(&ctx, state)]).unwrap();
    }
    let seconds = usize::try_from((ctx.now() - start).num_seconds()).unwrap() + 1;
    let written = told(&ctx, id, "status").len();
    assert!((1..=seconds + 1).contains(&written), "{written} writes in {seconds} s");
    // Whoever lives as long as the agent writes down what was left behind.
    while in_file(&ctx, id) != Some(State::Idle) {
        catch_up(&ctx, id).unwrap();
        assert!((ctx.now() - start).num_seconds() < 30, "the last state never came");
        std::thread::yield_now();
    }
    let writes = told(&ctx, id, "status").len();
    catch_up(&ctx, id).unwrap();
    assert_eq!(told(&ctx, id, "status").len(), writes, "what is written is not written again");
}

#[test]
fn a_change_is_kept_with_what_it_takes_to_decide_it_again() {
    let (_root, ctx, id) = world(false);
    hear(&ctx, id, &[hook(&ctx, State::Thinking)]).unwrap();
    hear(&ctx, id, &[hook(&ctx, State::Thinking)]).unwrap();
    hear(&ctx, id, &[hook(&ctx, State::Attention).because("permission")]).unwrap();
    hear(&ctx, id, &[hook(&ctx, State::Attention).because("question")]).unwrap();
    let turns = told(&ctx, id, "transition");
    let to: Vec<_> = turns.iter().map(|turn| turn.with["to"].as_str().unwrap()).collect();
    assert_eq!(to, ["thinking", "attention", "attention"], "the same again is no change");
    assert_eq!(turns[1].with["from"], "thinking");
    let again = explain::replay(&serde_json::to_string(&turns[1]).unwrap()).unwrap();
    assert_eq!(again.status.claim.reason.as_deref(), Some("permission"));
    assert_eq!(again.status.rule, turns[1].with["rule"]);
    assert_eq!(in_file(&ctx, id), None, "the setting keeps it out of the file");
}

#[test]
fn what_time_alone_changes_is_noticed() {
    let (_root, ctx, id) = world(true);
    let ago = ctx.now() - TimeDelta::seconds(60);
    let silent = Claim::new(State::Unknown, Source::Silence, ago).because("silent");
    ctx.store
        .update_live(id, &mut |live| {
            live.hear(Claim::new(State::Thinking, Source::Hook, ago));
            live.hear(silent.clone());
            live.shown = Some(Shown { state: State::Thinking, reason: None, since: ctx.now() });
        })
        .unwrap();
    catch_up(&ctx, id).unwrap();
    assert_eq!(told(&ctx, id, "transition")[0].with["rule"], "stale-thinking");
    assert_eq!(in_file(&ctx, id), Some(State::Idle));
}

#[test]
fn the_last_state_before_an_end_is_written_at_once() {
    let (_root, ctx, id) = world(true);
    hear(&ctx, id, &[hook(&ctx, State::Thinking)]).unwrap();
    // Both within the second in which the file is left alone.
    hear(&ctx, id, &[hook(&ctx, State::Attention).because("permission")]).unwrap();
    at_end(&ctx, id).unwrap();
    assert_eq!(in_file(&ctx, id), Some(State::Attention));
    let writes = told(&ctx, id, "status").len();
    at_end(&ctx, id).unwrap();
    assert_eq!(told(&ctx, id, "status").len(), writes, "what is written is not written again");
}

#[test]
fn a_reminder_makes_no_state_younger() {
    let (_root, ctx, id) = world(false);
    let begun = ctx.now() - TimeDelta::minutes(3);
    hear(&ctx, id, &[Claim::new(State::Idle, Source::Hook, begun)]).unwrap();
    let live = hear(&ctx, id, &[hook(&ctx, State::Idle)]).unwrap();
    let verdict = live.verdict(ctx.now());
    assert!(verdict.claim.at > begun, "the newest word counts");
    assert_eq!(live.since(&verdict.claim), begun);
    let live = hear(&ctx, id, &[hook(&ctx, State::Thinking)]).unwrap();
    assert!(live.since(&live.verdict(ctx.now()).claim) > begun);
}

#[test]
fn a_clock_that_was_set_back_deafens_no_tab() {
    let (_root, ctx, id) = world(false);
    let hour = TimeDelta::hours(1);
    let ahead = Claim::new(State::Idle, Source::Hook, ctx.now() + hour);
    ctx.store.update_live(id, &mut |live| live.hear(ahead.clone())).unwrap();
    let live = hear(&ctx, id, &[hook(&ctx, State::Attention)]).unwrap();
    assert_eq!(live.verdict(ctx.now()).claim.state, State::Attention);
    assert_eq!(live.claims.len(), 1);
    // A little ahead is no other clock: the later word still counts.
    let soon = Claim::new(State::Thinking, Source::Hook, ctx.now() + TimeDelta::seconds(5));
    hear(&ctx, id, &[soon]).unwrap();
    let live = hear(&ctx, id, &[hook(&ctx, State::Idle)]).unwrap();
    assert_eq!(live.claims[0].state, State::Thinking);
}
