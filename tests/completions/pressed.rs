//! Tab, pressed in the real shells, on a real terminal.

use std::time::Duration;

use super::tabs;
use crate::readme::blocks;
use crate::support::source::root;
use crate::support::{Run, World};

/// A shell on a slow machine takes its time to start, and a candidate is a process.
const PATIENCE: Duration = Duration::from_mins(1);

/// Whether a program can be found in a world.
pub fn is_there(world: &World, program: &str) -> bool {
    let found = world.command("sh").args(["-c", &format!("command -v {program}")]).output();
    found.is_ok_and(|found| found.status.success())
}

/// An interactive shell in a pane of a world.
struct Shell<'a> {
    world: &'a World,
    pane: String,
    /// The keys that empty its screen.
    wipe: &'static [&'static str],
}

impl<'a> Shell<'a> {
    /// Starts one, has it load the completions, and waits for its prompt.
    fn start(world: &'a World, command: &str, load: &str) -> Shell<'a> {
        let run = world.tmux([
            "new-session",
            "-d",
            "-P",
            "-F",
            "#{pane_id}",
            "-x",
            "120",
            "-y",
            "30",
            command,
        ]);
        // In Elvish, Ctrl-L is something else.
        let wipe: &[&str] =
            if command.starts_with("elvish") { &["clear", "Enter"] } else { &["C-l"] };
        let shell = Shell { world, pane: run.ok().stdout.trim().to_owned(), wipe };
        shell.answers("started");
        shell.keys(load);
        shell.press("Enter");
        shell.answers("loaded");
        shell.clear();
        shell
    }

    /// Has it say a word: what was typed before is over then.
    fn answers(&self, word: &str) {
        self.keys(&format!("echo {word}"));
        self.press("Enter");
        let says = || self.world.screen(&self.pane).lines().any(|line| line.trim_end() == word);
        self.world.wait_until(&format!("the shell to say '{word}'"), PATIENCE, says);
    }

    fn keys(&self, text: &str) {
        self.world.tmux(["send-keys", "-t", &self.pane, "-l", "--", text]).ok();
    }

    fn press(&self, key: &str) {
        self.world.tmux(["send-keys", "-t", &self.pane, key]).ok();
    }

    /// An empty line on an empty screen.
    fn clear(&self) {
        self.press("C-c");
        self.world.wait_until("an empty screen", PATIENCE, || {
            std::thread::sleep(Duration::from_millis(200));
            self.wipe.iter().for_each(|key| self.press(key));
            self.world.tmux(["clear-history", "-t", &self.pane]).ok();
            std::thread::sleep(Duration::from_millis(200));
            !self.world.screen(&self.pane).contains("tabctl")
        });
    }

    /// Types the beginning, presses Tab, and waits for what it becomes.
    #[track_caller]
    fn completes(&self, typed: &str, wanted: &str) {
        self.keys(typed);
        self.world.wait_for_text(&self.pane, typed.trim_end());
        self.press("Tab");
        let what = format!("{typed:?} to become {wanted:?}");
        self.world.wait_until(&what, PATIENCE, || self.world.screen(&self.pane).contains(wanted));
        self.clear();
    }

    /// Types the beginning, presses Tab so often, and waits for text somewhere on the screen.
    #[track_caller]
    fn lists(&self, typed: &str, times: usize, wanted: &str) {
        self.keys(typed);
        self.world.wait_for_text(&self.pane, typed.trim_end());
        for _ in 0..times {
            self.press("Tab");
            std::thread::sleep(Duration::from_millis(700));
        }
        self.world.wait_for_text(&self.pane, wanted);
        self.clear();
    }

    /// What every shell must do; `quoted` is how it writes a name with a space.
    #[track_caller]
    fn knows_what_there_is(&self, quoted: &str) {
        self.completes("tabctl attach ap", "tabctl attach api");
        self.completes("tabctl show v1:l", "tabctl show v1:login");
        self.completes("tabctl show web", &format!("tabctl show {quoted}"));
        self.completes("tabctl new x --agent cla", "--agent claude");
        self.completes("tabctl wait --for att", "--for attention");
        self.completes(
            "tabctl bind codex --session-id 0199",
            "0199c8f2-7c1e-7d10-b6a5-0e8a3f2b9c4d",
        );
        self.completes("tabctl config resume_pat", "resume_patience");
        self.completes("tabctl expl", "tabctl explain");
        self.completes("tabctl resume --dry", "tabctl resume --dry-run");
        // What it wrote is one word, and means the tab.
        self.keys("tabctl show web");
        self.press("Tab");
        self.world.wait_for_text(&self.pane, quoted);
        self.press("Enter");
        self.world.wait_for_text(&self.pane, "work/web login");
        self.clear();
    }
}

/// The line of the README that loads them: it is run as it stands there.
fn of_the_readme(shell: &str) -> String {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let start = format!("tabctl completions {shell}");
    let line = readme.lines().find(|line| line.contains(&start) && line.contains('#'));
    let line = line.unwrap_or_else(|| panic!("the README says how to load them in {shell}"));
    line.split(" #").next().unwrap().trim().to_owned()
}

#[test]
fn bash_completes_on_tab() {
    let world = tabs();
    let command = "env PS1='> ' bash --norc --noprofile -i";
    let shell = Shell::start(&world, command, &of_the_readme("bash"));
    shell.knows_what_there_is("web\\ login");
    shell.completes("tabctl show \"web l", "tabctl show \"web login\"");
    shell.completes("tabctl new x --agent=cla", "--agent=claude");
    shell.completes("tabctl note hi --tab=v1:", "--tab=v1:login");
    shell.lists("tabctl attach ", 2, "make the login page work");
    // A folder, and then what is in it.
    shell.completes("tabctl new x --dir wor", "--dir work/");
}

#[test]
fn bash_with_errexit_and_nounset_stays() {
    let world = tabs();
    let shell = Shell::start(
        &world,
        "env PS1='> ' bash --norc --noprofile -i",
        &format!("{}; set -eu -o pipefail", of_the_readme("bash")),
    );
    shell.completes("tabctl attach ap", "tabctl attach api");
    shell.lists("tabctl nothing-like-this ", 2, ">");
    shell.completes("tabctl attach ap", "tabctl attach api");
}

#[test]
fn zsh_completes_on_tab() {
    let world = tabs();
    let load = format!("autoload -Uz compinit && compinit -u && {}", of_the_readme("zsh"));
    let shell = Shell::start(&world, "env PS1='> ' zsh -f -i", &load);
    shell.knows_what_there_is("web\\ login");
    shell.completes("tabctl show \"web l", "tabctl show \"web login\"");
    shell.completes("tabctl new x --agent=cla", "--agent=claude");
    shell.lists("tabctl attach ", 1, "make the login page work");
    shell.completes("tabctl new x --dir wor", "--dir work/");
}

#[test]
fn zsh_finds_it_in_a_folder_of_functions() {
    let world = tabs();
    let functions = world.path("functions");
    std::fs::create_dir(&functions).unwrap();
    std::fs::copy(root().join("completions/_tabctl"), functions.join("_tabctl")).unwrap();
    let load =
        format!("fpath=({} $fpath); autoload -Uz compinit && compinit -u", functions.display());
    let shell = Shell::start(&world, "env PS1='> ' zsh -f -i", &load);
    shell.completes("tabctl attach ap", "tabctl attach api");
    shell.completes("tabctl show v1:l", "tabctl show v1:login");
}

#[test]
fn fish_completes_on_tab() {
    let world = tabs();
    let shell = Shell::start(&world, "fish --no-config -i", &of_the_readme("fish"));
    shell.knows_what_there_is("web\\ login");
    shell.completes("tabctl new x --agent=cla", "--agent=claude");
    shell.lists("tabctl attach ", 1, "make the login page work");
    shell.completes("tabctl new x --dir wor", "--dir work/");
}

/// What a session file can bring along for a shell to run.
const HOSTILE: [&str; 6] =
    ["1$(touch C)", "2`touch C`", "3;touch C;", "4'\"touch C", "5&touch C&", "6|touch C #"];

#[test]
fn whatever_a_file_brought_along_stays_one_word() {
    let world = tabs();
    let canary = world.path("canary");
    let told = |text: &str| text.replace('C', &canary.display().to_string());
    let folder = world.workspace("foreign");
    let tags = serde_json::to_string(&HOSTILE.map(told)).unwrap();
    let text = format!("version: 1\nid: 01HF7YAT00000000000000001A\ntab: foreign\ntags: {tags}\n");
    std::fs::write(folder.join(".session.yaml"), text).unwrap();
    world.tabctl(["doctor", "--scan", folder.to_str().unwrap()]).ok();
    let offered = world.tabctl(["complete", "fish", "--line=tabctl tag --remove "]).ok();
    assert!(offered.stdout.contains("1$(touch"), "they are offered at all: {offered}");
    for (command, load) in [
        ("env PS1='> ' bash --norc --noprofile -i", of_the_readme("bash")),
        (
            "env PS1='> ' zsh -f -i",
            format!("autoload -Uz compinit && compinit -u && {}", of_the_readme("zsh")),
        ),
        ("fish --no-config -i", of_the_readme("fish")),
    ] {
        let shell = Shell::start(&world, command, &load);
        for tag in HOSTILE {
            shell.keys(&format!("tabctl tag --tab api --remove {}", &tag[..1]));
            shell.press("Tab");
            shell.world.wait_for_text(&shell.pane, "canary");
            shell.press("Enter");
            shell.answers("over");
            shell.clear();
        }
        assert!(!canary.exists(), "{command} ran it");
    }
}

#[test]
fn elvish_completes_on_tab() {
    let mut world = tabs();
    if !is_there(&world, "elvish") {
        eprintln!("left out: elvish is not installed");
        return;
    }
    let [.., install] = &blocks("Tab, and man", "sh")[..] else { panic!("a block for Elvish") };
    Run::of(world.command("sh").args(["-c", install])).ok();
    world.set("XDG_STATE_HOME", world.path("elvish"));
    let shell = Shell::start(&world, "elvish -norc", "use tabctl");
    shell.completes("tabctl attach ap", "tabctl attach api");
    shell.completes("tabctl show web", "tabctl show 'web login'");
    shell.completes("tabctl wait --for att", "--for attention");
    shell.lists("tabctl attach ", 1, "make the login page work");
}

#[test]
fn nushell_completes_on_tab() {
    let world = tabs();
    if !is_there(&world, "nu") {
        eprintln!("left out: nu is not installed");
        return;
    }
    let install = &blocks("Tab, and man", "nu")[0];
    Run::of(world.command("nu").args(["--commands", install])).ok();
    let shell = Shell::start(&world, "nu --no-history", "");
    shell.completes("tabctl attach ap", "tabctl attach api");
    shell.completes("tabctl show web", "tabctl show \"web login\"");
    shell.completes("tabctl new x --agent cla", "--agent claude");
    shell.completes("tabctl wait --for att", "--for attention");
    shell.lists("tabctl attach ", 1, "make the login page work");
}
