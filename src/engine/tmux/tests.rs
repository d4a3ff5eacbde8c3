//! What is promised of tmux beyond the contract: users' hooks, attached clients, odd servers.

#![allow(clippy::unwrap_used)] // a test says what it expects by failing

use std::time::{Duration, Instant};

use super::private::Private;
use super::*;
use crate::model::status::State;
use crate::model::tally::Tally;

/// Writes a word and stays.
fn saying(word: &str) -> Vec<String> {
    ["sh", "-c", "printf \"$1\"; exec sleep 60", "sh", word].map(str::to_owned).to_vec()
}

fn tab(number: u128) -> TabId {
    TabId::from_parts(1_700_000_000_000, number)
}

fn open(tmux: &Tmux, session: &str, number: u128, argv: &[String]) -> PaneId {
    let slot = Slot::new(session, "a tab", tab(number));
    tmux.open(&slot, argv, &[]).unwrap()
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "never: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// A terminal for a server: a pane of a second one, in which a client of the first is attached.
fn watching(argv: &[String]) -> (Private, PaneId) {
    let outer = Private::new();
    let pane = open(&outer, "screen", 9, argv);
    (outer, pane)
}

fn screen(tmux: &Tmux, pane: &PaneId) -> String {
    tmux.capture(std::slice::from_ref(pane), 60).unwrap().remove(0).text
}

#[test]
fn a_window_keeps_its_name_whatever_its_program_wants() {
    let tmux = Private::new();
    open(&tmux, "work", 1, &saying("x"));
    tmux.by_hand(&["set-option", "-g", "allow-rename", "on"]);
    let pane = open(&tmux, "work", 2, &saying("\\033kEVIL\\033\\\\done"));
    until("done", || screen(&tmux, &pane).contains("done"));
    let name = || tmux.by_hand(&["display-message", "-p", "-t", &pane.0, "#{window_name}"]);
    assert_eq!(name(), "a tab\n");
    tmux.rename(&pane, "another").unwrap();
    tmux.respawn(&pane, &saying("\\033kEVIL\\033\\\\again"), &[]).unwrap();
    until("again", || screen(&tmux, &pane).contains("again"));
    assert_eq!(name(), "another\n");
    let automatic = ["display-message", "-p", "-t", &pane.0, "#{automatic-rename}"];
    assert_eq!(tmux.by_hand(&automatic), "0\n");
}

#[test]
fn a_title_is_only_text_whatever_it_says() {
    let tmux = Private::new();
    let canary = tempfile::tempdir().unwrap();
    let file = canary.path().join("canary");
    let titles = [
        format!("#(touch {})", file.display()),
        "#{pane_id} ##{pane_id} %H %% \u{2733} ü".to_owned(),
        "; kill-server".to_owned(),
    ];
    let panes: Vec<PaneId> = (0_u128..)
        .zip(&titles)
        .map(|(number, title)| {
            let script = "printf '\\033]2;%s\\033\\\\' \"$1\"; echo shown; exec sleep 60";
            let argv = ["sh", "-c", script, "sh", title].map(str::to_owned);
            open(&tmux, "work", number, &argv)
        })
        .collect();
    for (pane, title) in panes.iter().zip(&titles) {
        until("shown", || screen(&tmux, pane) == "shown");
        let seen = tmux.capture(std::slice::from_ref(pane), 60).unwrap().remove(0);
        assert_eq!((&seen.title, seen.text.as_str()), (title, "shown"));
    }
    // By command, a title can have several lines: they stay with their own pane.
    tmux.by_hand(&["select-pane", "-t", &panes[0].0, "-T", "one\ntwo"]);
    let all = tmux.capture(&panes, 60).unwrap();
    assert_eq!((all.len(), &all[1].title, all[2].text.as_str()), (3, &titles[1], "shown"));
    assert!(!file.exists(), "a title was executed");
}

#[test]
fn a_hook_that_moves_windows_about_does_not_move_marks() {
    let tmux = Private::new();
    let first = open(&tmux, "work", 1, &saying("x"));
    let newest_first = "swap-window -d -s '{end}' -t '{start}'";
    tmux.by_hand(&["set-hook", "-g", "after-new-window", newest_first]);
    let marks = || {
        let panes = tmux.panes().unwrap();
        panes.into_iter().map(|pane| (pane.id, pane.tab)).collect::<Vec<_>>()
    };
    let second = open(&tmux, "work", 2, &saying("x"));
    let wanted = [(second.clone(), Some(tab(2))), (first.clone(), Some(tab(1)))];
    assert_eq!(marks(), wanted);

    tmux.mark(&first, None).unwrap();
    let third = open(&tmux, "work", 3, &saying("x"));
    let wanted = [(third, Some(tab(3))), (first, None), (second, Some(tab(2)))];
    assert_eq!(marks(), wanted);
}

#[test]
fn a_window_in_two_sessions_is_listed_once() {
    let tmux = Private::new();
    open(&tmux, "work", 1, &saying("x"));
    tmux.by_hand(&["new-session", "-d", "-t", "work"]);
    assert_eq!(tmux.panes().unwrap().len(), 1);
}

#[test]
fn a_server_that_stays_without_a_session_has_no_panes() {
    let tmux = Private::new();
    let pane = open(&tmux, "work", 1, &saying("x"));
    tmux.by_hand(&["set-option", "-s", "exit-empty", "off"]);
    tmux.close(&pane).unwrap();
    assert_eq!(tmux.by_hand(&["display-message", "-p", "still there"]), "still there\n");
    assert_eq!(tmux.panes().unwrap(), []);
    assert_eq!(screen(&tmux, &pane), "");
    assert!(tmux.mark(&pane, None).unwrap_err().to_string().contains("is gone"));
    open(&tmux, "work", 2, &saying("x"));
    assert_eq!(tmux.panes().unwrap().len(), 1);
}

#[test]
fn a_dead_pane_is_listed_as_dead_and_can_be_respawned() {
    let tmux = Private::new();
    open(&tmux, "work", 1, &saying("x"));
    tmux.by_hand(&["set-option", "-g", "remain-on-exit", "on"]);
    let pane = open(&tmux, "work", 2, &["sh", "-c", "exit 3"].map(str::to_owned));
    let dead = || tmux.panes().unwrap().iter().any(|seen| seen.id == pane && seen.dead);
    until("dead", dead);
    tmux.respawn(&pane, &saying("back"), &[]).unwrap();
    until("alive", || !dead() && screen(&tmux, &pane).contains("back"));
}

#[test]
fn the_users_first_index_is_kept_and_a_wish_comes_before_it() {
    let tmux = Private::new();
    open(&tmux, "any", 1, &saying("x"));
    tmux.by_hand(&["set-option", "-g", "base-index", "1"]);
    for (session, wished, given) in [("one", None, 1), ("two", Some(1), 1), ("three", Some(0), 0)] {
        let slot = Slot { index: wished, ..Slot::new(session, "a tab", tab(2)) };
        let pane = tmux.open(&slot, &saying("x"), &[]).unwrap();
        let panes = tmux.panes().unwrap();
        let seen = panes.iter().find(|seen| seen.id == pane).unwrap();
        assert_eq!((seen.window_index, &*seen.session), (given, session));
        let windows = panes.iter().filter(|pane| pane.session == session);
        assert_eq!(windows.count(), 1, "{session}");
    }
}

#[test]
fn a_server_does_not_keep_what_is_withheld_from_it() {
    let private = Private::new();
    let around = Around::default();
    let server = Server::Socket(private.client.address.path().to_owned());
    let tmux = Tmux::within(server, private.client.conf.clone(), &around);
    let tmux = tmux.withholding(["HOME".to_owned()]);
    open(&tmux, "work", 1, &saying("x"));
    let global = |name| private.by_hand(&["show-environment", "-g", name]);
    assert_eq!(global("HOME"), "unknown variable: HOME\n");
    assert!(global("PATH").starts_with("PATH=/"));
}

#[test]
fn attach_from_outside_shows_the_pane() {
    let tmux = Private::new();
    let pane = open(&tmux, "work", 1, &saying("HERE"));
    open(&tmux, "work", 2, &saying("ELSEWHERE"));
    tmux.by_hand(&["select-window", "-t", "=work:{end}"]);
    let Attach::Run(argv) = tmux.attach(&pane).unwrap() else { panic!("nobody is inside") };
    let (outer, terminal) = watching(&argv);
    until("on the screen", || screen(&outer, &terminal).contains("HERE"));
    assert!(!screen(&outer, &terminal).contains("ELSEWHERE"));
}

#[test]
fn attach_from_inside_switches_the_client() {
    let tmux = Private::new();
    let from = open(&tmux, "work", 1, &saying("BEFORE"));
    let to = open(&tmux, "other", 2, &saying("AFTER"));
    open(&tmux, "other", 3, &saying("ELSEWHERE"));
    let Attach::Run(argv) = tmux.attach(&from).unwrap() else { panic!("nobody is inside") };
    let socket = tmux.client.address.path().to_owned();
    let around = Around { socket: Some(socket.clone()), pane: Some(from.clone()), folder: None };
    let inside = Tmux::within(Server::Default, None, &around);
    assert_eq!(inside.here(), Some(from));
    assert_eq!(inside.server(), socket.display().to_string());
    assert_eq!(inside.attach(&to).unwrap(), Attach::Switched, "nobody looks: it waits in front");

    let (outer, terminal) = watching(&argv);
    until("attached", || screen(&outer, &terminal).contains("BEFORE"));
    assert_eq!(inside.attach(&to).unwrap(), Attach::Switched);
    until("switched", || screen(&outer, &terminal).contains("AFTER"));
}

#[test]
fn a_session_that_is_named_like_a_terminal_is_a_session() {
    let tmux = Private::new();
    let pane = open(&tmux, "work", 1, &saying("HERE"));
    let Attach::Run(argv) = tmux.attach(&pane).unwrap() else { panic!("nobody is inside") };
    let (outer, terminal) = watching(&argv);
    until("attached", || screen(&outer, &terminal).contains("HERE"));
    let client = tmux.by_hand(&["list-clients", "-F", "#{client_name}"]);
    for name in [client.trim(), client.trim().trim_start_matches("/dev/")] {
        let opened = open(&tmux, name, 2, &saying("x"));
        let again = open(&tmux, name, 3, &saying("x"));
        let panes = tmux.panes().unwrap();
        let session = |id| &panes.iter().find(|pane| pane.id == id).unwrap().session;
        assert_eq!((&**session(opened), &**session(again)), (name, name));
    }
}

#[test]
fn the_signs_of_a_tab_are_options_of_its_pane_and_of_nothing_else() {
    let tmux = Private::new();
    let pane = open(&tmux, "work", 1, &saying("x"));
    let other = open(&tmux, "work", 2, &saying("x"));
    let tally = Tally::of([State::Attention, State::Thinking, State::Thinking]);
    let show = |state| tmux.clients(Some(&Signs { pane: &pane, state, tally: &tally })).unwrap();
    let options = |pane: &PaneId| tmux.by_hand(&["show-options", "-p", "-t", &pane.0]);
    let before = (options(&pane), options(&other), tmux.by_hand(&["show-options", "-w"]));
    assert_eq!(show(State::Attention), []);
    let shown = tmux.by_hand(&[
        "display-message",
        "-p",
        "-t",
        &pane.0,
        "#{@tabctl_glyph}|#{@tabctl_state}|#{@tabctl_status}",
    ]);
    assert_eq!(shown, "!|attention|1! 2●\n");
    show(State::Shell);
    assert_eq!((options(&pane), options(&other), tmux.by_hand(&["show-options", "-w"])), before);
}

#[test]
fn a_popup_stands_before_the_pane_that_the_person_looks_at() {
    let tmux = Private::new();
    let pane = open(&tmux, "work", 1, &saying("HERE"));
    open(&tmux, "work", 2, &saying("ELSEWHERE"));
    let Attach::Run(argv) = tmux.attach(&pane).unwrap() else { panic!("nobody is inside") };
    let socket = tmux.client.address.path().to_owned();
    let around = Around { socket: Some(socket), pane: None, folder: None };
    let popup = || Tmux::within(Server::Default, None, &around);
    assert_eq!(popup().here(), None, "nobody looks");
    let (outer, terminal) = watching(&argv);
    until("attached", || screen(&outer, &terminal).contains("HERE"));
    assert_eq!(popup().here(), Some(pane.clone()));
    let clients = tmux.clients(None).unwrap();
    let [client] = clients.as_slice() else { panic!("{clients:?}") };
    assert!(client.focused && client.tty.starts_with("/dev/") && client.pid > 1, "{client:?}");
}
