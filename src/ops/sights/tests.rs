//! Adopted tabs: what their screens and processes say where nobody observes them.
#![allow(clippy::unwrap_used)] // a step of a test that fails has failed the test

use std::time::Duration;

use super::*;
use crate::engine::fake::Fake;
use crate::engine::{Engine, Slot};
use crate::model::id::TabId;
use crate::model::live::Holder;
use crate::model::row::Row;
use crate::model::session::{Agent, Session};
use crate::model::status::State;
use crate::ops::{list, pane};
use crate::scan;
use crate::store::Sample;
use crate::sys::paths::Paths;

const ASKING: &str =
    include_str!("../../../tests/fixtures/agents/codex/screens/permission-prompt.txt");

struct Adopted {
    _root: tempfile::TempDir,
    ctx: Ctx,
    fake: Fake,
    pane: PaneId,
    id: TabId,
}

/// A tab whose pane a person has opened, and whose agent is this very process.
fn adopted() -> Adopted {
    let root = tempfile::tempdir().unwrap();
    let folder = |name: &str| root.path().join(name);
    let paths = Paths {
        home: folder("home"),
        config: folder("config"),
        state: folder("state"),
        runtime: folder("run"),
    };
    let settings = crate::config::load(&paths).unwrap().0;
    let fake = Fake::new();
    let ctx = Ctx::new(paths, settings).with_engine(Box::new(fake.clone()));
    let id = ctx.new_id().unwrap();
    let workspace = folder("work");
    std::fs::create_dir_all(&workspace).unwrap();
    let mut session = Session::new(id, "api");
    session.agent = Some(Agent { kind: "codex".to_owned(), ..Agent::default() });
    ctx.store.create(&workspace.canonicalize().unwrap(), session).unwrap();
    let slot = Slot::new("mine", "api", id);
    let argv = ["sh".to_owned(), "-i".to_owned()];
    let pane = fake.open(&slot, &argv, &[]).unwrap();
    fake.run_as(&pane, std::process::id());
    let own = scan::identity(std::process::id(), &ctx.store.boot).unwrap();
    let holder = Holder {
        runner: own.clone(),
        engine: "fake".to_owned(),
        server: fake.server(),
        pane: Some(pane.clone()),
        adopted: true,
    };
    ctx.store
        .update_live(id, &mut |live| {
            live.holder = Some(holder.clone());
            live.agent = Some(own.clone());
        })
        .unwrap();
    Adopted { _root: root, ctx, fake, pane, id }
}

impl Adopted {
    fn row(&self) -> Row {
        list::row(&self.ctx, self.id).unwrap().unwrap()
    }

    fn hear(&self, state: State, seconds_ago: i64) {
        let at = self.ctx.now() - TimeDelta::seconds(seconds_ago);
        let claim = Claim::new(state, Source::Hook, at);
        self.ctx.store.update_live(self.id, &mut |live| live.hear(claim.clone())).unwrap();
    }
}

#[test]
fn the_screen_of_an_adopted_tab_decides_where_nobody_spoke() {
    let tab = adopted();
    tab.fake.show(&tab.pane, ASKING);
    let row = tab.row();
    assert_eq!(row.status.claim.state, State::Attention);
    assert_eq!(row.status.claim.reason.as_deref(), Some("permission"));
    assert_eq!(row.status.claim.source, Source::Screen);
    // It is looked at anew each time, and kept nowhere.
    tab.fake.show(&tab.pane, "");
    assert_eq!(tab.row().status.claim.state, State::Unknown);
    assert!(tab.ctx.store.live(tab.id).unwrap().claims.is_empty(), "reading does not write");
}

#[test]
fn a_prompt_on_the_screen_overrules_an_older_word_and_not_a_fresh_one() {
    let tab = adopted();
    tab.fake.show(&tab.pane, ASKING);
    tab.hear(State::Thinking, 5);
    let row = tab.row();
    assert_eq!(
        (row.status.claim.state, row.status.rule.as_str()),
        (State::Attention, "missed-prompt")
    );
    tab.hear(State::Thinking, 0);
    let row = tab.row();
    assert_eq!((row.status.claim.state, row.status.rule.as_str()), (State::Thinking, "word"));
    assert!(row.claims.iter().all(|claim| claim.source != Source::Screen), "it was not looked at");
}

#[test]
fn a_multiplexer_that_does_not_answer_leaves_the_word() {
    let tab = adopted();
    tab.hear(State::Idle, 60);
    let mut known = tab.ctx.store.known(tab.id).unwrap();
    let panes = tab.fake.panes().unwrap();
    tab.fake.refuse(Some("gone"));
    let now = tab.ctx.now();
    assert!(is_in_doubt(&known, now));
    add(&tab.ctx, &mut [(&mut known, &panes[0])], now);
    assert_eq!(known.live.unwrap().verdict(now).claim.state, State::Idle);
}

#[test]
fn a_tab_that_says_nothing_at_all_is_at_work_when_its_processes_are() {
    let tab = adopted();
    let row = tab.row();
    assert_eq!(row.status.claim.state, State::Unknown);
    let of_tree = |row: &Row| {
        let claim = row.claims.iter().find(|claim| claim.source == Source::Tree);
        claim.map(|claim| claim.state)
    };
    assert_eq!(of_tree(&row), Some(State::Unknown), "the first look has nothing to compare with");
    let kept = |ctx: &Ctx| ctx.store.samples().remove(&tab.id).unwrap();
    let first = kept(&tab.ctx);
    // As if the last look were two seconds ago, and this process had done nothing until then.
    let then = Sample { at: first.at - TimeDelta::seconds(2), cpu: Duration::ZERO, ..first };
    let busy = || {
        let end = std::time::Instant::now() + Duration::from_millis(400);
        while std::time::Instant::now() < end {
            std::hint::black_box(0_u64.wrapping_add(1));
        }
    };
    while scan::cpu(&scan::trees(&[std::process::id()], &tab.ctx.store.boot)[0])
        < Duration::from_millis(600)
    {
        busy();
    }
    tab.ctx.store.keep_samples(&[(tab.id, then)].into()).unwrap();
    let row = tab.row();
    assert_eq!((row.status.claim.state, row.status.rule.as_str()), (State::Thinking, "tree"));
    assert!(
        kept(&tab.ctx).at > row.status.claim.at - TimeDelta::seconds(1),
        "it is kept for the next"
    );
    // A word that is not stale needs no look at the processes.
    tab.hear(State::Idle, 60);
    let row = tab.row();
    assert_eq!((row.status.claim.state, of_tree(&row)), (State::Idle, None));
}

#[test]
fn the_pane_of_a_living_runner_is_known_without_asking_and_that_of_an_adopted_shell_is_not() {
    let Adopted { ctx, fake, pane, id, .. } = &adopted();
    let pane_of = || pane::of_tab(ctx, &ctx.store.load_id(*id).unwrap()).unwrap_or_default();
    assert_eq!(pane_of().as_ref(), Some(pane));
    fake.refuse(Some("not now"));
    assert_eq!(pane_of(), None);
    let hold = |change: &mut dyn FnMut(&mut Holder)| {
        ctx.store.update_live(*id, &mut |live| live.holder.iter_mut().for_each(&mut *change))
    };
    hold(&mut |holder| holder.adopted = false).unwrap();
    assert_eq!(pane_of().as_ref(), Some(pane));
    // Another server's pane may have the same number, and a dead runner's pane is another one's.
    hold(&mut |holder| holder.server.push('2')).unwrap();
    assert_eq!(pane_of(), None);
    hold(&mut |holder| (holder.server, holder.runner.start) = (fake.server(), 0)).unwrap();
    assert_eq!(pane_of(), None);
}
