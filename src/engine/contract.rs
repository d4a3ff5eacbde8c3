//! What every engine must do, as tests that run against each of them.
//! Must ask through the trait alone.

#![allow(clippy::unwrap_used)] // a test says what it expects by failing

mod opening;
mod typing;
use std::time::{Duration, Instant};

use super::fake::Fake;
use super::tmux::private::Private;
use super::{Attach, Engine, Extent, Screen, Side, Signs, Slot};
use crate::error::{Kind, kind_of};
use crate::model::id::TabId;
use crate::model::layout::Layout;
use crate::model::pane::{Pane, PaneId};
use crate::model::status::State;
use crate::model::tally::Tally;
use opening::{
    many_can_open_in_a_new_session_at_once,
    several_are_opened_in_their_order_and_one_that_cannot_be_holds_up_no_other,
};
use typing::a_paste_arrives_as_it_is_and_enter_comes_apart;

/// Runs each promise against each engine, on a server that does not run yet.
macro_rules! promises {
    ($($promise:ident)*) => {
        mod fake {
            $(#[test] fn $promise() { super::$promise(&super::fake()); })*
        }
        mod tmux {
            $(#[test] fn $promise() { super::$promise(&*super::Private::new()); })*
        }
    };
}

promises! {
    a_server_that_does_not_run_has_no_panes
    open_starts_the_server_and_marks_the_pane
    windows_of_one_session_stand_behind_each_other
    the_wished_index_is_given_and_else_the_next_one
    the_first_spare_index_that_is_free_is_given
    a_session_is_meant_by_its_whole_name
    many_can_open_in_a_new_session_at_once
    several_are_opened_in_their_order_and_one_that_cannot_be_holds_up_no_other
    a_program_gets_its_words_as_they_are
    the_environment_is_for_one_pane_alone
    a_program_is_never_started_through_a_shell
    a_name_that_means_something_to_somebody_is_refused
    a_mark_can_be_set_and_taken_away
    respawn_keeps_the_pane_and_its_mark
    a_paste_arrives_as_it_is_and_enter_comes_apart
    a_closed_pane_is_gone_for_every_verb
    an_id_that_no_engine_made_is_refused
    screens_come_in_the_order_asked_and_cut_to_their_end
    what_was_scrolled_out_of_sight_can_be_read
    a_pane_opens_beside_another_on_the_wished_side
    a_window_is_divided_as_it_was_before
    a_window_is_not_divided_for_other_panes_than_it_has
    from_outside_attach_says_what_to_run
    a_server_says_what_it_is
    nobody_looks_at_a_server_that_nobody_is_attached_to
}

/// Shows its arguments and `TABCTL_TEST`, a line each, and stays.
const SHOWING: [&str; 4] =
    ["sh", "-c", "printf '%s\\n' \"$@\" \"env:$TABCTL_TEST\"; exec sleep 60", "sh"];

fn fake() -> Fake {
    Fake::new().playing(|argv, env| {
        let mut lines = argv.get(SHOWING.len()..).unwrap_or_default().to_vec();
        let value = env.iter().find(|(name, _)| name == "TABCTL_TEST");
        lines.push(format!("env:{}", value.map_or("", |(_, value)| value)));
        lines.join("\n")
    })
}

fn tab(number: u128) -> TabId {
    TabId::from_parts(1_700_000_000_000, number)
}

fn slot(session: &str, index: Option<u32>) -> Slot {
    Slot { index, ..Slot::new(session, "a tab", tab(1)) }
}

fn showing(words: &[&str]) -> Vec<String> {
    SHOWING.iter().chain(words).map(ToString::to_string).collect()
}

fn open(engine: &dyn Engine, session: &str, index: Option<u32>) -> PaneId {
    engine.open(&slot(session, index), &showing(&[]), &[]).unwrap()
}

fn pane(engine: &dyn Engine, id: &PaneId) -> Pane {
    engine.panes().unwrap().into_iter().find(|pane| pane.id == *id).unwrap()
}

fn texts(engine: &dyn Engine, panes: &[PaneId], lines: u16) -> Vec<String> {
    engine.capture(panes, lines).unwrap().into_iter().map(|screen| screen.text).collect()
}

/// The screen of a pane once its program has written its last line.
fn screen(engine: &dyn Engine, id: &PaneId, last: &str) -> String {
    let begun = Instant::now();
    loop {
        let screen = texts(engine, std::slice::from_ref(id), 40).pop().unwrap();
        if screen.lines().last() == Some(last) {
            return screen;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "still {screen:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn a_server_that_does_not_run_has_no_panes(engine: &dyn Engine) {
    assert_eq!(engine.panes().unwrap(), []);
    assert_eq!(engine.here(), None);
    assert_eq!(engine.capture(&[], 5).unwrap(), []);
}

fn open_starts_the_server_and_marks_the_pane(engine: &dyn Engine) {
    let id = open(engine, "work", None);
    let panes = engine.panes().unwrap();
    let [pane] = panes.as_slice() else { panic!("{panes:?}") };
    assert_eq!((&pane.id, pane.tab, pane.dead), (&id, Some(tab(1)), false));
    assert_eq!(pane.session, "work");
    assert!(pane.pid > 1);
}

fn windows_of_one_session_stand_behind_each_other(engine: &dyn Engine) {
    let places: Vec<Pane> = (0..3).map(|_| pane(engine, &open(engine, "work", None))).collect();
    assert!(places.is_sorted_by(|a, b| a.window_index < b.window_index), "{places:?}");
    assert!(places.iter().all(|pane| pane.session == places[0].session));
}

fn the_wished_index_is_given_and_else_the_next_one(engine: &dyn Engine) {
    let index = |wished| pane(engine, &open(engine, "work", wished)).window_index;
    assert_eq!(index(Some(7)), 7, "in a new session");
    assert_eq!(index(Some(3)), 3, "in a session that is there");
    assert_eq!(index(Some(3)), 8, "where a window stands already");
    assert_eq!(index(None), 9);
}

fn the_first_spare_index_that_is_free_is_given(engine: &dyn Engine) {
    for index in [1, 4] {
        open(engine, "work", Some(index));
    }
    let index = |spare: &[u32]| {
        let slot = Slot { spare: spare.to_vec(), ..slot("work", Some(1)) };
        pane(engine, &engine.open(&slot, &showing(&[]), &[]).unwrap()).window_index
    };
    assert_eq!([index(&[4, 6, 7]), index(&[6, 9, 10]), index(&[6, 9])], [6, 9, 10]);
}

fn a_session_is_meant_by_its_whole_name(engine: &dyn Engine) {
    let first = pane(engine, &open(engine, "work", None));
    let second = pane(engine, &open(engine, "wor", None));
    assert_ne!(first.session, second.session);
    for name in ["@home", "3", "a/b", "tty1", "été +1", "work"] {
        let opened = pane(engine, &open(engine, name, None));
        let again = pane(engine, &open(engine, name, Some(40)));
        assert_eq!((opened.session.as_str(), again.window_index), (name, 40));
        assert_eq!(opened.session, again.session);
    }
}

fn a_program_gets_its_words_as_they_are(engine: &dyn Engine) {
    let words = [
        "",
        "a b",
        ";",
        "a;",
        "a\\;",
        "\\",
        "$HOME",
        "`id`",
        "$(id)",
        "#(id)",
        "#{pane_id}",
        "##",
        "%5",
        "%H",
        "-t",
        "--",
        "'",
        "\"",
        "{",
        "}",
        "~",
        "*",
        "é🚀",
    ];
    let id = engine.open(&slot("work", None), &showing(&words), &[]).unwrap();
    assert_eq!(screen(engine, &id, "env:"), format!("{}\nenv:", words.join("\n")));
}

fn the_environment_is_for_one_pane_alone(engine: &dyn Engine) {
    let value = "a b;#(id) $HOME=;";
    let env = [("TABCTL_TEST".to_owned(), value.to_owned())];
    let last = format!("env:{value}");
    let first = engine.open(&slot("work", None), &showing(&[]), &env).unwrap();
    screen(engine, &first, &last);
    let second = open(engine, "work", None);
    assert_eq!(screen(engine, &second, "env:"), "env:");
    engine.respawn(&second, &showing(&[]), &env).unwrap();
    screen(engine, &second, &last);
    engine.respawn(&second, &showing(&[]), &[]).unwrap();
    screen(engine, &second, "env:");
}

fn a_program_is_never_started_through_a_shell(engine: &dyn Engine) {
    for argv in [vec![], vec!["sleep 60".to_owned()]] {
        let error = engine.open(&slot("work", None), &argv, &[]).unwrap_err();
        assert_eq!(kind_of(&error), Kind::Usage);
    }
    assert_eq!(engine.panes().unwrap(), []);
    let id = open(engine, "work", None);
    assert!(engine.respawn(&id, &["sleep 60".to_owned()], &[]).is_err());
}

fn a_name_that_means_something_to_somebody_is_refused(engine: &dyn Engine) {
    let id = open(engine, "work", None);
    for name in ["", "a#(id)", "$(id)", "a;", "a\nb", "-t%0", "#[fg=red]"] {
        let slot = Slot { window: name.to_owned(), ..slot("work", None) };
        let error = engine.open(&slot, &showing(&[]), &[]).unwrap_err();
        assert_eq!(kind_of(&error), Kind::Usage, "{name:?}");
        assert_eq!(kind_of(&engine.rename(&id, name).unwrap_err()), Kind::Usage, "{name:?}");
    }
    assert_eq!(engine.panes().unwrap().len(), 1);
    engine.rename(&id, "fix/login: é 🚀 v1.2").unwrap();
}

fn a_mark_can_be_set_and_taken_away(engine: &dyn Engine) {
    let id = open(engine, "work", None);
    for mark in [None, Some(tab(2)), Some(tab(3)), None] {
        engine.mark(&id, mark).unwrap();
        assert_eq!(pane(engine, &id).tab, mark);
    }
}

fn respawn_keeps_the_pane_and_its_mark(engine: &dyn Engine) {
    let id = open(engine, "work", Some(4));
    let before = pane(engine, &id);
    engine.respawn(&id, &showing(&["again"]), &[]).unwrap();
    assert_eq!(screen(engine, &id, "env:"), "again\nenv:");
    let after = pane(engine, &id);
    assert_ne!(after.pid, before.pid);
    assert_eq!(after, Pane { pid: after.pid, ..before });
}

fn a_closed_pane_is_gone_for_every_verb(engine: &dyn Engine) {
    let stays = open(engine, "work", None);
    let id = open(engine, "work", None);
    engine.close(&id).unwrap();
    assert_eq!(engine.panes().unwrap().len(), 1);
    let is_gone = |result: anyhow::Result<()>| {
        assert_eq!(kind_of(&result.unwrap_err()), Kind::NotFound);
    };
    let verbs = || {
        is_gone(engine.close(&id));
        is_gone(engine.mark(&id, None));
        is_gone(engine.rename(&id, "name"));
        is_gone(engine.respawn(&id, &showing(&[]), &[]));
        is_gone(engine.attach(&id).map(|_| ()));
        [engine.paste(&id, "text"), engine.enter(&id)].into_iter().for_each(is_gone);
        assert_eq!(engine.capture(std::slice::from_ref(&id), 5).unwrap(), [Screen::default()]);
    };
    verbs();
    engine.close(&stays).unwrap();
    assert_eq!(engine.panes().unwrap(), []);
    verbs();
}

fn an_id_that_no_engine_made_is_refused(engine: &dyn Engine) {
    let stays = open(engine, "work", None);
    for id in ["", "%", "%0;kill-server", "work", "{last}", "-t%0", "@0", "%99999999999999999999"] {
        let id = PaneId(id.to_owned());
        assert!(engine.close(&id).is_err(), "{id:?}");
        assert!(engine.mark(&id, None).is_err(), "{id:?}");
        assert!(engine.respawn(&id, &showing(&[]), &[]).is_err(), "{id:?}");
    }
    assert_eq!(pane(engine, &stays).tab, Some(tab(1)));
}

fn screens_come_in_the_order_asked_and_cut_to_their_end(engine: &dyn Engine) {
    let opened = ["one", "two", "three"].map(|word| {
        let id = engine.open(&slot("work", None), &showing(&["above", word]), &[]).unwrap();
        screen(engine, &id, "env:");
        id
    });
    let [one, two, three] = &opened;
    engine.close(two).unwrap();
    let asked = [three, two, one, two].map(Clone::clone);
    assert_eq!(texts(engine, &asked, 2), ["three\nenv:", "", "one\nenv:", ""]);
    let many = vec![one.clone(); 300];
    assert_eq!(texts(engine, &many, 1), vec!["env:"; 300]);
}

fn from_outside_attach_says_what_to_run(engine: &dyn Engine) {
    let id = open(engine, "work", None);
    open(engine, "work", None);
    let Attach::Run(argv) = engine.attach(&id).unwrap() else { panic!("nobody is inside") };
    assert!(argv.len() > 1 && argv.iter().all(|word| !word.is_empty()), "{argv:?}");
}

fn a_server_says_what_it_is(engine: &dyn Engine) {
    let version = engine.version().unwrap();
    assert!(version.starts_with(&format!("{} ", engine.name())), "{version}");
    assert!(engine.server().starts_with('/'));
    assert!(engine.caps().marks && engine.caps().respawn && engine.caps().panes);
}

fn what_was_scrolled_out_of_sight_can_be_read(engine: &dyn Engine) {
    let words: Vec<String> = (1..=80).map(|number| format!("line {number}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let id = engine.open(&slot("work", None), &showing(&words), &[]).unwrap();
    screen(engine, &id, "env:");
    let read = |extent| engine.read(std::slice::from_ref(&id), extent).unwrap().remove(0).text;
    let all = read(Extent::History(500));
    assert_eq!(all, format!("{}\nenv:", words.join("\n")));
    assert_eq!(read(Extent::History(3)), "line 79\nline 80\nenv:");
    assert_eq!(
        engine.read(&[PaneId("%99".into())], Extent::History(3)).unwrap(),
        [Screen::default()]
    );
}

/// A window of three panes in the order of their numbers here, and the panes.
fn divided(engine: &dyn Engine) -> [PaneId; 3] {
    let beside = |pane: &PaneId, side, tab| {
        let env = [("TABCTL_TEST".to_owned(), "a b;#(id)".to_owned())];
        engine.split(pane, side, tab, &showing(&["a b", ";"]), &env).unwrap()
    };
    let second = open(engine, "work", Some(3));
    let first = beside(&second, Side::Before, None);
    let third = beside(&second, Side::After, Some(tab(5)));
    [first, second, third]
}

fn a_pane_opens_beside_another_on_the_wished_side(engine: &dyn Engine) {
    open(engine, "work", None);
    let wanted = divided(engine);
    let window: Vec<Pane> =
        engine.panes().unwrap().into_iter().filter(|pane| pane.window_index == 3).collect();
    assert_eq!(window.iter().map(|pane| &pane.id).collect::<Vec<_>>(), wanted.each_ref());
    let tabs: Vec<_> = window.iter().map(|pane| pane.tab).collect();
    assert_eq!(tabs, [None, Some(tab(1)), Some(tab(5))]);
    assert_eq!(screen(engine, &wanted[2], "env:a b;#(id)"), "a b\n;\nenv:a b;#(id)");
    let argv = ["sleep 60".to_owned()];
    assert!(engine.split(&wanted[0], Side::After, None, &argv, &[]).is_err());
    engine.close(&wanted[2]).unwrap();
    let error = engine.split(&wanted[2], Side::After, None, &showing(&[]), &[]).unwrap_err();
    assert_eq!(kind_of(&error), Kind::NotFound);
    assert_eq!(kind_of(&engine.layout(&wanted[2], None).unwrap_err()), Kind::NotFound);
    assert_eq!(engine.panes().unwrap().len(), 3);
}

fn a_window_is_divided_as_it_was_before(engine: &dyn Engine) {
    let panes = divided(engine);
    assert_eq!(engine.layout(&panes[0], None).unwrap().panes(), 3);
    let wish = "121x41,0,0{90x41,0,0,30x41,91,0[30x10,91,0,30x30,91,11]}";
    let layout = engine.layout(&panes[0], Layout::parse(wish).as_ref()).unwrap();
    assert_eq!(layout.to_string(), wish);
    let seen = engine.layout(&panes[1], None).unwrap();
    assert_eq!(seen, layout);
    engine.close(&panes[1]).unwrap();
    assert_eq!(engine.layout(&panes[0], None).unwrap().panes(), 2);
}

fn a_window_is_not_divided_for_other_panes_than_it_has(engine: &dyn Engine) {
    let panes = divided(engine);
    let before = engine.layout(&panes[0], None).unwrap();
    for wish in ["80x24,0,0", "9x9,0,0{1x9,0,0,1x9,2,0,1x9,4,0,3x9,6,0}"] {
        assert!(engine.layout(&panes[0], Layout::parse(wish).as_ref()).is_err(), "{wish}");
    }
    assert_eq!(engine.layout(&panes[0], None).unwrap(), before);
}

fn nobody_looks_at_a_server_that_nobody_is_attached_to(engine: &dyn Engine) {
    assert_eq!(engine.clients(None).unwrap(), []);
    let tally = Tally::of([State::Attention]);
    let show = |pane: &PaneId, state| engine.clients(Some(&Signs { pane, state, tally: &tally }));
    let id = open(engine, "work", None);
    for state in State::ALL {
        assert_eq!(show(&id, state).unwrap(), []);
    }
    assert!(show(&PaneId("%0;kill-server".to_owned()), State::Idle).is_err());
    engine.close(&id).unwrap();
    assert_eq!(kind_of(&show(&id, State::Idle).unwrap_err()), Kind::NotFound);
}
