//! The board as keys come in and as it is drawn, at every size.

#![allow(clippy::unwrap_used)] // a test may stop at the first surprise

use chrono::{TimeDelta, TimeZone};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use super::*;
use crate::model::pane::PaneId;
use crate::model::row::{Known, Occupant, join};
use crate::model::session::{Note, Session};
use crate::model::status::State;

/// A tab that is down, and what is looked through of it.
pub fn row(tab: &str) -> (Row, Hay) {
    let number = tab.bytes().fold(7_u128, |sum, byte| sum * 31 + u128::from(byte));
    let known = Known {
        session: Session::new(TabId::from_parts(0, number), tab),
        workspace: format!("/home/me/work/{tab}"),
        file: String::new(),
        present: true,
        trusted: true,
        problem: None,
        live: None,
    };
    let row = join(known, None, &Occupant::Unseen, now());
    let hay = Hay::of(&row, "/home/me");
    (row, hay)
}

fn now() -> DateTime<Utc> {
    Utc.timestamp_opt(1_000_000, 0).unwrap()
}

fn tab(name: &str, state: State, seconds: i64) -> Row {
    let (mut row, _) = row(name);
    row.status.claim.state = state;
    row.since = now() - TimeDelta::seconds(seconds);
    if !matches!(state, State::Down | State::Missing) {
        row.pane = Some(PaneId("%1".to_owned()));
        row.agent = (state != State::Shell).then(|| "claude".to_owned());
    }
    row
}

fn some() -> Vec<Row> {
    let mut api = tab("api", State::Attention, 130);
    api.status.claim.reason = Some("permission".to_owned());
    api.status.claim.detail = Some("rm -rf build\u{1b}[31m".to_owned());
    api.task = Some("make the login page work again".to_owned());
    let mut web = tab("web", State::Thinking, 4);
    web.locked = true;
    vec![tab("docs", State::Idle, 4000), api, tab("spike", State::Down, 200_000), web]
}

fn board(used: Use, rows: Vec<Row>) -> Board {
    let mut board = Board::new(used, Theme::Mono, "/home/me", "");
    board.at(now());
    board.take_all(rows, None);
    board
}

fn drawn(board: &mut Board, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| board.draw(frame)).unwrap();
    let buffer = terminal.backend().buffer().clone();
    let line = |y| {
        let cells = (0..width).map(|x| buffer[(x, y)].symbol().to_owned());
        cells.collect::<String>().trim_end().to_owned()
    };
    (0..height).map(line).collect::<Vec<_>>().join("\n")
}

fn press(board: &mut Board, code: KeyCode) -> Option<Wish> {
    board.key(KeyEvent::new(code, KeyModifiers::NONE))
}

fn ctrl(board: &mut Board, letter: char) -> Option<Wish> {
    board.key(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL))
}

fn typed(board: &mut Board, text: &str) {
    for c in text.chars() {
        assert_eq!(press(board, KeyCode::Char(c)), None, "{text}");
    }
}

fn order(board: &Board) -> Vec<&str> {
    board.shown.iter().map(|place| board.rows[*place].tab.as_str()).collect()
}

fn name(board: &Board) -> &str {
    board.selected().map_or("", |row| row.tab.as_str())
}

#[test]
fn the_picker_has_attention_first_then_the_latest_and_with_a_query_the_best() {
    let mut board = board(Use::Pick, some());
    assert_eq!(order(&board), ["api", "web", "docs", "spike"]);
    assert_eq!(name(&board), "api");
    typed(&mut board, "sp");
    assert_eq!(name(&board), "spike");
    press(&mut board, KeyCode::Backspace);
    press(&mut board, KeyCode::Backspace);
    typed(&mut board, "login");
    assert_eq!(order(&board), ["api"], "a word of the task");
    let id = board.selected;
    assert_eq!(press(&mut board, KeyCode::Enter), id.map(Wish::Go));
    assert_eq!(press(&mut board, KeyCode::Esc), Some(Wish::Leave));
}

#[test]
fn the_selected_tab_stays_selected_when_others_change() {
    let mut board = board(Use::Watch, some());
    assert_eq!(order(&board), ["api", "docs", "spike", "web"]);
    press(&mut board, KeyCode::Char('j'));
    assert_eq!(name(&board), "docs");
    board.take(vec![tab("web", State::Attention, 1), tab("new", State::Idle, 1)]);
    assert_eq!(order(&board), ["api", "web", "docs", "new", "spike"]);
    assert_eq!(name(&board), "docs");
    let mut fewer = some();
    fewer.retain(|row| row.tab != "docs");
    board.take_all(fewer, None);
    assert_eq!(name(&board), "web", "what stands in its place");
    board.take_all(Vec::new(), None);
    assert_eq!(name(&board), "");
    assert_eq!(press(&mut board, KeyCode::Enter), None);
}

#[test]
fn letters_act_in_the_dashboard_and_with_ctrl_while_typing() {
    let mut board = board(Use::Watch, some());
    press(&mut board, KeyCode::Char('j'));
    let id = board.selected.unwrap();
    assert_eq!(press(&mut board, KeyCode::Char('r')), Some(Wish::Act(id, Act::Resume)));
    assert_eq!(press(&mut board, KeyCode::Char('l')), Some(Wish::Act(id, Act::Lock(true))));
    typed(&mut board, "t fix it\u{7f}");
    assert_eq!(press(&mut board, KeyCode::Enter), Some(Wish::Act(id, Act::Note("fix it".into()))));
    typed(&mut board, "/docs");
    assert_eq!(name(&board), "docs");
    assert_eq!(ctrl(&mut board, 'r'), Some(Wish::Act(id, Act::Resume)));
    assert_eq!(ctrl(&mut board, 's'), None);
    typed(&mut board, "go on");
    assert_eq!(press(&mut board, KeyCode::Enter), Some(Wish::Act(id, Act::Send("go on".into()))));
    assert_eq!(press(&mut board, KeyCode::Enter), None, "the filter is kept");
    assert_eq!(press(&mut board, KeyCode::Enter), Some(Wish::Go(id)));
    assert_eq!(press(&mut board, KeyCode::Esc), None);
    assert_eq!((order(&board).len(), name(&board)), (4, "docs"));
    assert_eq!(press(&mut board, KeyCode::Char('q')), Some(Wish::Leave));
}

#[test]
fn only_a_plain_yes_closes_and_a_locked_or_closed_tab_is_not_asked_about() {
    let mut board = board(Use::Watch, some());
    let id = board.selected.unwrap();
    for no in [KeyCode::Enter, KeyCode::Esc, KeyCode::Char('n'), KeyCode::Char('x')] {
        press(&mut board, KeyCode::Char('x'));
        assert!(drawn(&mut board, 80, 24).contains("api is attention. close it? (y/N)"));
        assert_eq!(press(&mut board, no), None);
    }
    press(&mut board, KeyCode::Char('x'));
    assert_eq!(press(&mut board, KeyCode::Char('y')), Some(Wish::Act(id, Act::Close)));
    for (tab, told) in [("web", "web is locked"), ("spike", "spike is not open")] {
        board.selected = board.rows.iter().find(|row| row.tab == tab).map(|row| row.id);
        press(&mut board, KeyCode::Char('x'));
        assert!(drawn(&mut board, 80, 24).contains(told), "{tab}");
        assert_eq!(press(&mut board, KeyCode::Char('y')), None);
    }
}

#[test]
fn nothing_can_be_sent_to_who_waits_for_an_answer() {
    let mut board = board(Use::Watch, some());
    press(&mut board, KeyCode::Char('s'));
    assert!(board.asking.is_none());
    assert!(drawn(&mut board, 80, 24).contains("api waits for an answer of yours"));
}

#[test]
fn a_click_selects_a_double_click_goes_there_and_the_wheel_scrolls() {
    let rows: Vec<Row> = (0..50).map(|it| tab(&format!("t{it:02}"), State::Idle, 9)).collect();
    let mut board = board(Use::Watch, rows);
    drawn(&mut board, 80, 12);
    let mouse = |kind, row| MouseEvent { kind, column: 5, row, modifiers: KeyModifiers::NONE };
    let click = |row| mouse(MouseEventKind::Down(MouseButton::Left), row);
    assert_eq!(board.mouse(click(4)), None);
    assert_eq!(name(&board), "t02");
    let id = board.selected.unwrap();
    assert_eq!(board.mouse(click(4)), Some(Wish::Go(id)));
    assert_eq!(board.mouse(click(4)), None, "a third click is a first one");
    board.at(now() + TimeDelta::seconds(2));
    assert_eq!(board.mouse(click(4)), None, "too late");
    assert_eq!(board.mouse(click(11)), None, "not in the list");
    board.mouse(mouse(MouseEventKind::ScrollDown, 4));
    board.mouse(mouse(MouseEventKind::ScrollDown, 4));
    let screen = drawn(&mut board, 80, 12);
    assert!(screen.contains("› t06") && !screen.contains("t05"), "{screen}");
    (0..99).for_each(|_| drop(board.mouse(mouse(MouseEventKind::ScrollDown, 4))));
    assert!(drawn(&mut board, 80, 12).contains("t49"));
    (0..99).for_each(|_| drop(board.mouse(mouse(MouseEventKind::ScrollUp, 4))));
    assert!(drawn(&mut board, 80, 12).contains("t00"));
}

#[test]
fn it_draws_at_every_size_with_any_number_of_tabs() {
    for count in [0, 1, 100, 1000] {
        let rows: Vec<Row> =
            (0..count).map(|it| tab(&format!("tab-{it}"), State::Idle, 9)).collect();
        for used in [Use::Pick, Use::Watch] {
            let mut board = board(used, rows.clone());
            for width in [0, 1, 2, 7, 20, 40, 80, 109, 110, 200] {
                for height in [0, 1, 2, 3, 4, 5, 10, 18, 24, 60] {
                    drawn(&mut board, width, height);
                    press(&mut board, KeyCode::Char('?'));
                    drawn(&mut board, width, height);
                    press(&mut board, KeyCode::Char('?'));
                }
            }
            press(&mut board, KeyCode::PageDown);
            press(&mut board, KeyCode::Up);
            drawn(&mut board, 80, 24);
        }
    }
}

#[test]
fn foreign_text_reaches_the_screen_filtered() {
    let mut board = board(Use::Watch, some());
    drawn(&mut board, 120, 40);
    let screen = Some("one\u{1b}[2Jtwo\n\u{9b}31m\u{202e}three\u{7}".to_owned());
    board.take_glimpse(Glimpse { id: board.selected.unwrap(), screen, notes: Vec::new() });
    let shown = drawn(&mut board, 120, 40);
    assert!(shown.contains("one?[2Jtwo") && shown.contains("?31m?three?"), "{shown}");
    assert!(shown.contains("rm -rf build?[31m"), "{shown}");
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
}

#[test]
fn every_key_is_told_of_at_the_smallest_size() {
    for (used, last) in [(Use::Watch, "leave"), (Use::Pick, "leave")] {
        let mut board = board(used, some());
        press(&mut board, KeyCode::Char('?'));
        let shown = drawn(&mut board, 40, 10);
        assert!(shown.contains(last) && shown.contains("resume"), "{shown}");
    }
}

#[test]
fn the_dashboard_looks_like_this() {
    let mut board = board(Use::Watch, some());
    drawn(&mut board, 80, 24);
    let note =
        Note { text: "run make check first".to_owned(), by: None, at: None, session_id: None };
    let screen = Some("$ make\nDo you want to proceed?\n".to_owned());
    board.take_glimpse(Glimpse { id: board.selected.unwrap(), screen, notes: vec![note] });
    insta::assert_snapshot!(drawn(&mut board, 80, 18), @r"
    tabctl 4 tabs  ! 1 attention  ● 1 thinking  ○ 1 idle  · 1 down
      TAB    STATE                   AGENT   AGE   TASK
    › api    ! attention permission  claude  2m    make the login page work again
      docs   ○ idle                  claude  1h
      spike  · down                  -       2d
      web ⚿  ● thinking              claude  4s
    ────────────────────────────────────────────────────────────────────────────────
    api  claude
    ! attention  permission (2m ago)
    rm -rf build?[31m
    make the login page work again
    ✎ run make check first
    ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌
    $ make
    Do you want to proceed?


    ? help  enter go  / filter  q leave  r resume  s send  t note  l lock  x close
    ");
}

#[test]
fn the_picker_looks_like_this_on_a_small_screen() {
    let mut board = board(Use::Pick, some());
    typed(&mut board, "login");
    insta::assert_snapshot!(drawn(&mut board, 40, 10), @r"
    > login  1/4      ! 1  ● 1  ○ 1  · 1
      TAB    STATE        AGE   TASK
    › api    ! attention  2m    make the lo…






    ? help  enter go  esc leave  ^R resume
    ");
}
