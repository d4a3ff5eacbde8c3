//! What every engine must do with windows that are opened at the same time. Must ask through the trait
//! alone.

#![allow(clippy::unwrap_used)] // a test says what it expects by failing

use super::{Engine, Slot, pane, showing, slot, tab};
use crate::engine::Opening;
use crate::error::{Kind, kind_of};

pub fn many_can_open_in_a_new_session_at_once(engine: &dyn Engine) {
    std::thread::scope(|scope| {
        for number in 0..6 {
            scope.spawn(move || {
                let slot = Slot { tab: tab(number), ..slot("work", None) };
                engine.open(&slot, &showing(&[]), &[]).unwrap();
            });
        }
    });
    let panes = engine.panes().unwrap();
    assert!(panes.iter().all(|pane| pane.session == panes[0].session));
    let mut tabs: Vec<_> = panes.iter().filter_map(|pane| pane.tab).collect();
    tabs.sort();
    assert_eq!(tabs, (0..6).map(tab).collect::<Vec<_>>());
}

pub fn several_are_opened_in_their_order_and_one_that_cannot_be_holds_up_no_other(
    engine: &dyn Engine,
) {
    // In a server that does not run yet; the third wants the place of the second, the fifth a name
    // that means something.
    let wishes = [
        ("work", Some(4), "a tab"),
        ("work", Some(6), "a tab"),
        ("work", Some(6), "a tab"),
        ("else", Some(2), "a tab"),
        ("work", None, "#(id)"),
        ("tty1", None, "a tab"),
        ("else", Some(9), "a tab"),
        ("else", None, "a tab"),
    ];
    let long = "x".repeat(2000);
    let argv: Vec<Vec<String>> =
        (0..wishes.len()).map(|at| showing(&[&long, &at.to_string()])).collect();
    let slots: Vec<Slot> = wishes
        .iter()
        .zip(0..)
        .map(|((session, index, window), number)| {
            let window = (*window).to_owned();
            Slot { tab: tab(number), window, ..slot(session, *index) }
        })
        .collect();
    let openings: Vec<Opening> =
        slots.iter().zip(&argv).map(|(slot, argv)| Opening { slot, argv, env: &[] }).collect();
    let opened = engine.open_all(&openings);
    assert_eq!(opened.len(), wishes.len());
    assert_eq!(kind_of(opened[4].as_ref().unwrap_err()), Kind::Usage);
    let places: Vec<_> = opened
        .iter()
        .zip(0..)
        .filter_map(|(opened, number)| Some((opened.as_ref().ok()?, number)))
        .map(|(id, number)| {
            let pane = pane(engine, id);
            assert_eq!(pane.tab, Some(tab(number)));
            super::screen(engine, id, "env:");
            (number, pane.session, pane.window_index)
        })
        .collect();
    let place = |number: usize| {
        let (_, session, index) = &places[number];
        (session.as_str(), *index)
    };
    assert_eq!(places.len(), 7);
    assert_eq!([place(0), place(1), place(2)], [("work", 4), ("work", 6), ("work", 7)]);
    assert_eq!((place(3), place(4).0), (("else", 2), "tty1"));
    assert_eq!([place(5), place(6)], [("else", 9), ("else", 10)]);
}
