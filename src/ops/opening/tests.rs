//! What is opened for a tab, on a multiplexer in memory. Real ones: tests/place.rs.

#![allow(clippy::unwrap_used)] // a test says what it expects by failing

use tempfile::TempDir;

use super::*;
use crate::engine::Engine;
use crate::engine::fake::Fake;
use crate::model::session::Session;
use crate::ops::standing;
use crate::sys::paths::Paths;

/// A tab that stood between two shells, at index 3.
fn divided() -> (TempDir, Ctx, Fake, Session) {
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
    let mut session = Session::new(ctx.new_id().unwrap(), "api");
    let shell = || Part::Shell(".".to_owned());
    let split = Split {
        layout: "80x24,0,0{20x24,0,0,20x24,21,0,38x24,42,0}".to_owned(),
        panes: vec![shell(), Part::Tab(session.id), shell()],
    };
    session.place = Some(Place {
        engine: "fake".to_owned(),
        session: "work".to_owned(),
        window: "api".to_owned(),
        index: Some(3),
        split: Some(split),
    });
    (root, ctx, fake, session)
}

fn opened(ctx: &Ctx, session: &Session) -> PaneId {
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<String>>();
    let own = words(&["tabctl", "runner"]);
    let runners = Runners { own: &own, env: &[] };
    open(ctx, session.id, session.place.as_ref().unwrap(), &runners).unwrap()
}

/// What runs in each pane, in the order of the listing.
fn running(fake: &Fake) -> Vec<String> {
    let panes = fake.panes().unwrap();
    panes.iter().map(|pane| fake.started(&pane.id).unwrap().argv[1..].join(" ")).collect()
}

#[test]
fn the_shells_stand_on_their_sides_of_the_tab() {
    let (root, ctx, fake, session) = divided();
    let pane = opened(&ctx, &session);
    assert_eq!(running(&fake), ["runner --shell 0", "runner", "runner --shell 2"]);
    let layout = fake.layout(&pane, None).unwrap().to_string();
    assert_eq!(Some(layout), session.place.clone().unwrap().split.map(|split| split.layout));
    let panes = fake.panes().unwrap();
    assert!(panes.iter().all(|pane| pane.window_index == 3));
    assert!(panes.iter().all(|seen| (seen.tab == Some(session.id)) == (seen.id == pane)));
    let said = standing::remarks(&ctx, &session, root.path());
    assert_eq!(said, ["with 2 shells beside it"]);
}

#[test]
fn a_multiplexer_that_cannot_divide_opens_the_tab_alone_and_it_is_said() {
    let (root, ctx, fake, session) = divided();
    fake.cannot_divide();
    opened(&ctx, &session);
    assert_eq!(running(&fake), ["runner"]);
    let said = standing::remarks(&ctx, &session, root.path());
    assert_eq!(said, ["without 2 shells beside it: fake does not divide windows"]);
}

#[test]
fn a_layout_that_is_none_costs_only_the_panes_beside_the_tab() {
    let (root, ctx, fake, mut session) = divided();
    let split = session.place.as_mut().unwrap().split.as_mut().unwrap();
    split.layout = "80x24,0,0{20x24,0,0}".to_owned();
    opened(&ctx, &session);
    assert_eq!(running(&fake), ["runner"]);
    assert_eq!(standing::remarks(&ctx, &session, root.path()), [""; 0]);
}
