//! The three shells of a world, with tabctl's script loaded as a person loads it.
//! Must not load anything of the person who runs the tests.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::run::Run;
use super::world::World;

/// A shell's prompt, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The shells that there is a script for.
pub const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];

impl World {
    /// Writes the start-up file of a shell: `before`, the line that loads tabctl, `after`. From now on
    /// it is the shell of the world's user.
    pub fn load_in(&mut self, shell: &str, before: &str, after: &str) {
        let (file, line) = match shell {
            "bash" => (".bashrc", "eval \"$(tabctl init bash)\""),
            "zsh" => (".zshrc", "eval \"$(tabctl init zsh)\""),
            "fish" => (".config/fish/config.fish", "tabctl init fish | source"),
            other => panic!("no such shell: {other}"),
        };
        // Short and plain, so that a test can tell what stands before it.
        let plain = match shell {
            "bash" => "PS1='> '\n",
            "zsh" => "PROMPT='> '\n",
            _ => "function fish_prompt; printf '> '; end\nset -g fish_greeting\n",
        };
        let file = self.home().join(file);
        std::fs::create_dir_all(file.parent().expect("a file has a folder")).expect("as in new");
        std::fs::write(&file, format!("{plain}{before}\n{line}\n{after}\n")).expect("as in new");
        if shell == "fish" {
            // Else its first start in a home reads every manual page there is, for half a minute.
            let known = self.home().join(".local/share/fish/generated_completions");
            std::fs::create_dir_all(known).expect("the home is ours");
        }
        let found = Run::of(self.command("sh").args(["-c", &format!("command -v {shell}")])).ok();
        self.set("SHELL", found.stdout.trim());
    }

    /// Makes a tab with that shell in it, and waits for its first prompt; gives its pane.
    #[track_caller]
    pub fn tab_with_shell(&mut self, tab: &str, shell: &str) -> String {
        self.load_in(shell, "", "");
        self.open_shell(tab)
    }

    /// Makes a tab with the world's shell in it, and waits for its first prompt; gives its pane.
    #[track_caller]
    pub fn open_shell(&mut self, tab: &str) -> String {
        self.shell_tab(tab);
        let pane = self.pane(tab);
        self.wait_for_text(&pane, "> ");
        pane
    }

    /// Types a line, and another one that tells when the first is done.
    #[track_caller]
    pub fn run_in_shell(&self, pane: &str, line: &str) {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        self.type_line(pane, line);
        // Typed before the next prompt, it would stand in the middle of what the line prints.
        let is_at_prompt = || self.screen(pane).trim_end().ends_with('>');
        self.wait_until("the next prompt", PATIENCE, is_at_prompt);
        // With a space before it, so that it is written down nowhere.
        self.type_line(pane, &format!(" echo that was {number}"));
        self.wait_for_text(pane, &format!("\nthat was {number}\n"));
    }

    /// The file in which the shells of a tab write down what they do.
    pub fn shell_log(&self, tab: &str) -> PathBuf {
        let id = self.row(tab)["id"].as_str().expect("a row has an id").to_owned();
        self.path("state").join("shell").join(format!("{id}.log"))
    }
}
