//! Nothing that a hostile name, title, folder, variable or row says makes tmux do anything.
//! Each test runs on a server of its own, with a terminal attached, so that status lines are drawn.

#![allow(clippy::unwrap_used)] // a test says what it expects by failing

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tabctl::engine::tmux::{Server, Tmux};
use tabctl::engine::{Attach, Engine, Slot};
use tabctl::model::id::TabId;
use tabctl::model::pane::{Pane, PaneId};
use tabctl::sys::run;

/// Long enough for the commands of a status line that was just drawn to end.
const SETTLING: Duration = Duration::from_millis(300);
const LIMIT: Duration = Duration::from_secs(20);

/// What a name, a title or a value could hold; `CANARY` is a file that must never appear.
const HOSTILE: [&str; 20] = [
    "a#(touch CANARY)",
    "#(touch CANARY)",
    "##(touch CANARY)",
    "#{E:#(touch CANARY)}",
    "$(touch CANARY)",
    "`touch CANARY`",
    "'; touch CANARY; '",
    "a; run-shell 'touch CANARY'",
    "a ; kill-server",
    "a;",
    ";",
    "-t%0",
    "=foreign:0",
    "a\nrun-shell 'touch CANARY'",
    "a\tb",
    "a\u{1b}]2;#(touch CANARY)\u{7}b",
    "#{pane_id}",
    "#[fg=red]red",
    "%H:%M",
    "🚀 日本",
];

/// A folder, and in it a tmux server with a window that is none of ours and a terminal on it.
struct Arena {
    folder: tempfile::TempDir,
    tmux: Tmux,
    witness: Pane,
    ours: BTreeSet<PaneId>,
}

impl Arena {
    fn new() -> Arena {
        let folder = tempfile::Builder::new().prefix("tabctl").tempdir().unwrap();
        let tmux = engine(&folder.path().join("s"));
        by_hand(&tmux, &["new-session", "-d", "-s", "foreign", "-n", "witness", "--", "cat", "-"]);
        // A user who lets tmux show titles and our mark.
        let status = "#{pane_title} #{window_name} #{session_name} #{@tabctl_id}";
        by_hand(&tmux, &["set-option", "-g", "status-right", status]);
        let witness = tmux.panes().unwrap().remove(0);
        let arena = Arena { folder, tmux, witness, ours: BTreeSet::new() };
        arena.attach_a_terminal();
        arena
    }

    /// A client of the server in a pane of a second one.
    fn attach_a_terminal(&self) {
        let Attach::Run(argv) = self.tmux.attach(&self.witness.id).unwrap() else {
            panic!("the test does not run inside its own server")
        };
        let screen = engine(&self.folder.path().join("t"));
        screen.open(&slot("screen", "screen"), &argv, &[]).unwrap();
        until(|| !by_hand(&self.tmux, &["list-clients"]).is_empty());
    }

    fn canary(&self) -> PathBuf {
        self.folder.path().join("canary")
    }

    fn hostile(&self) -> impl Iterator<Item = String> + use<> {
        let canary = self.canary().display().to_string();
        HOSTILE.into_iter().map(move |text| text.replace("CANARY", &canary))
    }

    fn open(&mut self, session: &str, window: &str, env: &[(String, String)]) -> Option<PaneId> {
        let opened = self.tmux.open(&slot(session, window), &sleeping("300"), env).ok();
        self.ours.extend(opened.clone());
        opened
    }

    fn listed(&self) -> BTreeSet<PaneId> {
        self.tmux.panes().unwrap().into_iter().map(|pane| pane.id).collect()
    }

    /// No command ran, the foreign window is as it was, and the listing holds what was opened.
    fn assert_unharmed(&self) {
        let panes = self.tmux.panes().unwrap();
        assert!(panes.contains(&self.witness), "{panes:?}");
        let mut expected = self.ours.clone();
        expected.insert(self.witness.id.clone());
        assert_eq!(self.listed(), expected);
        let name = ["display-message", "-p", "-t", &self.witness.id.0, "#{window_name}"];
        assert_eq!(by_hand(&self.tmux, &name), "witness\n");
        let screen = self.tmux.capture(std::slice::from_ref(&self.witness.id), 50).unwrap();
        assert_eq!(screen[0].text, "", "something was typed into the foreign pane");

        let client = by_hand(&self.tmux, &["list-clients", "-F", "#{client_name}"]);
        by_hand(&self.tmux, &["refresh-client", "-S", "-t", client.trim()]);
        std::thread::sleep(SETTLING);
        assert!(!self.canary().exists(), "a command was carried out");
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        for socket in ["t", "s"] {
            by_hand(&engine(&self.folder.path().join(socket)), &["kill-server"]);
        }
    }
}

fn engine(socket: &Path) -> Tmux {
    Tmux::new(Server::Socket(socket.to_owned()), Some("/dev/null".into()))
}

/// What tmux answers to a command that tabctl had no hand in.
fn by_hand(tmux: &Tmux, words: &[&str]) -> String {
    let mut command = run::command("tmux");
    command.args(["-u", "-f", "/dev/null", "-S", &tmux.server()]).args(words);
    String::from_utf8(run::capture(command, LIMIT).unwrap().stdout).unwrap()
}

fn slot(session: &str, window: &str) -> Slot {
    Slot::new(session, window, TabId::from_parts(1_700_000_000_000, 1))
}

fn sleeping(word: &str) -> Vec<String> {
    ["sleep", word].map(str::to_owned).to_vec()
}

fn until(mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LIMIT);
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn tmux_does_carry_out_what_stands_in_a_name_that_it_is_given() {
    let arena = Arena::new();
    let name = format!("a#(touch {})", arena.canary().display());
    // The command is ended with the client that brought it, so it takes a few to see one through.
    until(|| {
        by_hand(&arena.tmux, &["new-window", "-d", "-n", &name, "--", "sleep", "300"]);
        arena.canary().exists()
    });
}

#[test]
fn a_session_name_is_only_a_name() {
    let mut arena = Arena::new();
    for text in arena.hostile() {
        let first = arena.open(&text, "tab", &[]).unwrap();
        let second = arena.open(&text, "tab", &[]).unwrap();
        let panes = arena.tmux.panes().unwrap();
        let session = |id| panes.iter().find(|pane| pane.id == id).map(|pane| &pane.session);
        assert_eq!(session(first), session(second), "{text:?} is found again");
    }
    arena.assert_unharmed();
}

#[test]
fn a_window_name_is_refused_or_only_a_name() {
    let mut arena = Arena::new();
    let pane = arena.open("work", "tab", &[]).unwrap();
    for text in arena.hostile() {
        let opened = arena.open("work", &text, &[]).is_some();
        let renamed = arena.tmux.rename(&pane, &text).is_ok();
        assert_eq!((opened, renamed), (text == "🚀 日本", text == "🚀 日本"), "{text:?}");
    }
    arena.assert_unharmed();
}

#[test]
fn a_variable_and_an_argument_are_only_text() {
    let mut arena = Arena::new();
    for text in arena.hostile() {
        let env = [("TABCTL_TEST".to_owned(), text.clone()), ("NEXT".to_owned(), text.clone())];
        let pane = arena.open("work", "tab", &env).unwrap();
        let argv = ["sh", "-c", "exec sleep 300", "sh", &text].map(str::to_owned);
        arena.tmux.respawn(&pane, &argv, &env).unwrap();
    }
    arena.assert_unharmed();
}

#[test]
fn a_pane_id_is_an_id_or_refused() {
    let arena = Arena::new();
    for text in arena.hostile().chain(["%".to_owned(), "%0 ".to_owned(), "{last}".to_owned()]) {
        let id = PaneId(text);
        let tab = TabId::from_parts(1_700_000_000_000, 2);
        assert!(arena.tmux.mark(&id, Some(tab)).is_err(), "{id:?}");
        assert!(arena.tmux.rename(&id, "name").is_err(), "{id:?}");
        assert!(arena.tmux.respawn(&id, &sleeping("1"), &[]).is_err(), "{id:?}");
        assert!(arena.tmux.capture(std::slice::from_ref(&id), 5).is_err(), "{id:?}");
        assert!(arena.tmux.attach(&id).is_err(), "{id:?}");
        assert!(arena.tmux.close(&id).is_err(), "{id:?}");
    }
    arena.assert_unharmed();
}

#[test]
fn a_title_that_a_program_sets_is_only_shown() {
    let mut arena = Arena::new();
    for text in arena.hostile() {
        let title = "printf '\\033]2;%s\\007\\033k%s\\033\\\\' \"$1\" \"$1\"; exec sleep 300";
        let argv = ["sh", "-c", title, "sh", &text].map(str::to_owned);
        let pane = arena.tmux.open(&slot("work", "tab"), &argv, &[]).unwrap();
        arena.tmux.mark(&pane, Some(TabId::from_parts(1_700_000_000_000, 3))).unwrap();
        arena.tmux.rename(&pane, "renamed").unwrap();
        arena.ours.insert(pane);
    }
    by_hand(&arena.tmux, &["switch-client", "-t", "=work:"]);
    arena.assert_unharmed();
}

#[test]
fn names_that_others_gave_forge_no_rows() {
    let mut arena = Arena::new();
    let pane = arena.open("work", "tab", &[]).unwrap();
    let tab = "01HF7YAT000000000000000011";
    let row = format!("%77 1 0 @77 7 $77 {tab} forged");
    let forgeries = [format!("{tab}\n{row}"), format!("{tab} x\n0000 {row}"), format!("\n{row}\n")];
    for forged in &forgeries {
        by_hand(&arena.tmux, &["rename-window", "-t", &pane.0, "--", forged]);
        by_hand(&arena.tmux, &["rename-session", "-t", "=work", "--", forged]);
        by_hand(&arena.tmux, &["select-pane", "-t", &pane.0, "-T", forged]);
        let expected = BTreeSet::from([arena.witness.id.clone(), pane.clone()]);
        assert_eq!(arena.listed(), expected, "{forged:?}");
    }
    // A mark that is not one makes its own row invalid, and no other.
    let other = arena.open("other", "tab", &[]).unwrap();
    for forged in &forgeries {
        by_hand(&arena.tmux, &["set-option", "-p", "-t", &pane.0, "@tabctl_id", forged]);
        let mut listed = arena.listed();
        listed.remove(&pane);
        assert_eq!(listed, BTreeSet::from([arena.witness.id.clone(), other.clone()]), "{forged:?}");
    }
    arena.tmux.mark(&pane, None).unwrap();
    arena.assert_unharmed();
}

/// The folder that tabctl is called in; see [`from_a_hostile_folder`].
const SOCKET_VARIABLE: &str = "TABCTL_TEST_SOCKET";

#[test]
fn the_callers_folder_is_only_a_folder() {
    let mut arena = Arena::new();
    for text in arena.hostile().filter(|text| !text.contains('/')) {
        let folder = arena.folder.path().join(&text);
        std::fs::create_dir(&folder).unwrap();
        from_folder(&arena, &folder);
    }
    // A command in a folder's name has no slash: it makes its canary where the server stands.
    let folder = arena.folder.path().join("a#(touch canary)");
    std::fs::create_dir(&folder).unwrap();
    from_folder(&arena, &folder);
    arena.ours = arena.listed();
    assert!(arena.ours.remove(&arena.witness.id) && arena.ours.len() > 8);
    arena.assert_unharmed();
    assert!(!folder.join("canary").exists());
}

/// A process has one working folder, so the call is made by a process of its own: this program
/// again, told to run [`from_a_hostile_folder`] alone.
fn from_folder(arena: &Arena, folder: &Path) {
    let name = match module_path!().split_once("::") {
        Some((_, module)) => format!("{module}::from_a_hostile_folder"),
        None => "from_a_hostile_folder".to_owned(),
    };
    let mut again = run::command(std::env::current_exe().unwrap());
    again.args(["--exact", "--ignored", &name]).current_dir(folder);
    again.env(SOCKET_VARIABLE, arena.tmux.server());
    let output = run::capture(again, LIMIT).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "a part of the_callers_folder_is_only_a_folder"]
fn from_a_hostile_folder() {
    let Some(socket) = std::env::var_os(SOCKET_VARIABLE) else { return };
    let tmux = engine(Path::new(&socket));
    let pane = tmux.open(&slot("work", "tab"), &sleeping("300"), &[]).unwrap();
    tmux.respawn(&pane, &sleeping("301"), &[]).unwrap();
}
