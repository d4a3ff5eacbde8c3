//! One tab with a real agent in it: opened, spoken to, and asked what it remembers.
//! Must judge by what the model server was sent and by what runs, never by what an agent shows.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::agents::{Agent, Kept};
use crate::live::stage::{Stage, now};
use crate::support::processes::{self, Process};
use crate::support::{Run, World};

/// With all agents at once on a small machine, a start takes its time.
pub const PATIENCE: Duration = Duration::from_secs(90);
/// Every look starts a program or two: with two dozen tabs, not too many of them.
const PAUSE: Duration = Duration::from_millis(400);

/// A tab, and what was said in the conversation that it holds.
pub struct Tab<'a> {
    pub stage: &'a Stage,
    pub agent: &'static Agent,
    pub name: String,
    /// The name of its workspace.
    pub place: String,
    /// What its agent is started with.
    pub flags: Vec<String>,
    /// The marks of the conversation, oldest first.
    pub said: Vec<String>,
    /// The ids of its conversations that its command line may name.
    pub ids: Vec<String>,
    /// How many marks were made.
    pub made: usize,
    /// The agent's command line as it was last seen.
    pub ran: Option<CommandLine>,
}

/// The words of a command line, without those that choose the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    words: Vec<String>,
    chooses: Vec<String>,
}

impl<'a> Tab<'a> {
    /// Of the agent's three kinds of flags, this tab gets one.
    pub fn new(
        stage: &'a Stage,
        agent: &'static Agent,
        name: &str,
        place: &str,
        at: usize,
    ) -> Self {
        let common = agent.actor().flags.iter();
        let own = agent.flags[at];
        let common = common.filter(|_| agent.kind == "aider");
        let flags = common.chain(own).map(ToString::to_string).collect();
        let (name, place) = (name.to_owned(), place.to_owned());
        Tab { stage, agent, name, place, flags, said: vec![], ids: vec![], made: 0, ran: None }
    }

    fn world(&self) -> &World {
        &self.stage.world
    }

    pub fn folder(&self) -> PathBuf {
        self.world().workspace(&self.place)
    }

    /// Makes the tab; `more` stands behind the flags.
    pub fn opens(&mut self, more: &[&str]) {
        let mut new = self.stage.tabctl(true);
        new.current_dir(self.folder());
        new.args(["new", &self.name, "--agent", self.agent.kind, "--detach", "--"]);
        Run::of(new.args(&self.flags).args(more)).ok();
        self.is_ready();
    }

    pub fn row(&self) -> Value {
        self.world().row(&self.name)
    }

    pub fn conversation(&self) -> Option<String> {
        self.row()["session_id"].as_str().map(str::to_owned)
    }

    /// Its conversation is known, where it has a name.
    pub fn is_bound(&mut self) {
        // Claude writes an answer down after it has shown it.
        self.is_ready();
        if self.agent.has_ids() {
            let id = self.until("its id", || self.conversation());
            self.ids.push(id);
        }
        self.ran = Some(self.command_line());
    }

    /// It takes a prompt.
    pub fn is_ready(&self) {
        self.shows_ready(&self.world().pane(&self.name));
    }

    /// What it shows when it takes a prompt stands in a pane, and nothing moves any more.
    pub fn shows_ready(&self, pane: &str) {
        let what = format!("{:?} in pane {pane} of {}", self.agent.ready, self.name);
        self.until(&what, || {
            let screen = self.world().screen(pane);
            self.agent.ready.iter().any(|sign| screen.contains(sign)).then_some(())
        });
        self.is_quiet(pane);
    }

    /// Says something that no other tab says, and waits for the answer.
    pub fn says(&mut self, more: &str) {
        self.made += 1;
        let mark = format!("mark.{}.{}", self.name, self.made);
        self.said.push(mark.clone());
        let since = now();
        let asked = || self.stage.change(&mark, &["waiting"], since).is_some();
        self.enters(&format!("{mark} {more}"), &asked);
        self.until(&format!("the answer to {mark}"), || {
            self.stage.change(&mark, &["answered"], since)
        });
    }

    /// Types a line that no request follows.
    pub fn types(&self, text: &str) {
        let pane = self.world().pane(&self.name);
        self.is_quiet(&pane);
        self.world().type_line(&pane, text);
        self.is_quiet(&pane);
    }

    /// Types a line until it is taken: agents lose keys while they are busy with themselves, and
    /// claude may empty its prompt after an answer.
    pub fn enters(&self, text: &str, is_taken: &dyn Fn() -> bool) {
        let pane = self.world().pane(&self.name);
        let first = text.split_whitespace().next().unwrap_or(text);
        for _ in 0..4 {
            self.is_quiet(&pane);
            self.world().tmux(["send-keys", "-t", &pane, "-l", "--", text]).ok();
            let stands = || self.world().screen(&pane).contains(first);
            if within(Duration::from_secs(8), &stands) {
                // Codex takes an Enter that follows too closely for a line break within a paste.
                std::thread::sleep(Duration::from_millis(400));
                self.world().tmux(["send-keys", "-t", &pane, "Enter"]).ok();
                if within(Duration::from_secs(20), is_taken) {
                    return;
                }
            }
            self.world().tmux(["send-keys", "-t", &pane, "C-u"]).ok();
        }
        panic!("'{text}' was not taken\n{}", self.world().screen(&pane));
    }

    /// The agent's requests about its newest prompt carry what was said in this conversation, all of
    /// it, and nothing that was said in another.
    pub fn remembers_its_own(&self) {
        let newest = self.said.last().expect("something was said");
        let marks = self.stage.mock.marks();
        let about: Vec<_> = marks.iter().filter(|marks| marks.contains(newest)).collect();
        let strange = about.iter().flat_map(|it| it.iter()).find(|it| !self.said.contains(it));
        assert_eq!(strange, None, "{} was sent what was said elsewhere: {about:?}", self.name);
        let whole = about.iter().any(|marks| **marks == self.said);
        assert!(whole, "{} should have been sent {:?}, not {about:?}", self.name, self.said);
    }

    /// The command lines of the tab's agents: of processes that were started in it and are not below
    /// another such.
    pub fn agents(&self) -> Vec<String> {
        let row = self.row();
        let mark = format!("TABCTL_TAB={}", row["id"].as_str().expect("a tab has an id"));
        let all = processes::marked(&mark);
        let is_below = |one: &Process| all.iter().any(|other| other.pid == one.parent);
        // The tab's shell, if that is what is left, carries the tab's mark as well.
        let is_shell = |one: &Process| one.command.ends_with("/bin/sh");
        let roots = all.iter().filter(|one| !is_below(one) && !is_shell(one));
        roots.map(|one| one.command.clone()).collect()
    }

    /// What the tab's agent was started with.
    pub fn command_line(&self) -> CommandLine {
        let row = self.row();
        let folder = row["workspace"].as_str().unwrap_or_default().to_owned();
        let what = format!("the agent of {}", self.name);
        let root = self.until(&what, || self.agents().into_iter().next());
        let choose = self.agent.chooses.iter().chain(self.agent.actor().fork);
        let choose: Vec<String> = choose.map(|word| word.replace("{directory}", &folder)).collect();
        let with_id = |word: &String, id: &String| word.replace("{id}", id);
        let chooses = |word: &String| {
            choose.contains(word)
                || self.ids.contains(word)
                || choose.iter().any(|it| self.ids.iter().any(|id| with_id(it, id) == *word))
        };
        let (chooses, words) = root.split_whitespace().map(str::to_owned).partition(chooses);
        CommandLine { words, chooses }
    }

    /// It runs as before, and by the conversation's id where there are ids.
    pub fn runs_as_before(&self) {
        let line = self.command_line();
        let before = self.ran.as_ref().expect("it was looked at before");
        assert_eq!(line.words, before.words, "the command line of {}", self.name);
        let flags = self.flags.join(" ");
        assert!(line.words.join(" ").contains(&flags), "'{flags}' is lost: {line:?}");
        let id = self.conversation();
        let names_it = |id: &String| line.chooses.iter().any(|word| word.contains(id));
        assert!(!self.agent.has_ids() || id.as_ref().is_some_and(names_it), "{id:?}, {line:?}");
    }

    /// Nothing on its screen changes any more.
    fn is_quiet(&self, pane: &str) {
        let mut last = (String::new(), Instant::now());
        self.until(&format!("quiet in {}", self.name), || {
            let screen = self.world().screen(pane);
            if screen != last.0 {
                last = (screen, Instant::now());
            }
            (last.1.elapsed() >= Duration::from_secs(1)).then_some(())
        });
    }

    /// Waits, and shows the tab's screen at the limit.
    pub fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look() {
                return found;
            }
            if Instant::now() > end {
                let pane = self.row()["pane"].as_str().map(|pane| self.world().screen(pane));
                let seen = pane.unwrap_or_else(|| format!("(no pane) {:#}", self.row()));
                panic!("waited {} s for {what}\n{}", PATIENCE.as_secs(), seen.trim_end());
            }
            std::thread::sleep(PAUSE);
        }
    }
}

fn within(limit: Duration, holds: &dyn Fn() -> bool) -> bool {
    let end = Instant::now() + limit;
    while Instant::now() < end {
        if holds() {
            return true;
        }
        std::thread::sleep(PAUSE);
    }
    false
}

/// Takes a tab's conversation away, with whatever means the agent has.
pub fn remove(tab: &Tab, id: Option<&str>) {
    let home = tab.world().home();
    let gone = match tab.agent.kept {
        Kept::In(name) => std::fs::remove_file(tab.folder().join(name)).is_ok(),
        Kept::ById => remove_named(&home, id.expect("it has an id")),
        Kept::ByShortId => remove_named(&home, &id.expect("it has an id")[..8]),
        Kept::TakenAwayBy(words) => {
            let words = words.iter().map(|word| word.replace("{id}", id.unwrap_or_default()));
            let mut command = tab.world().command(tab.agent.kind);
            Run::of(command.current_dir(tab.folder()).args(words)).status == Some(0)
        }
    };
    assert!(gone, "the conversation of {} could not be taken away", tab.name);
}

/// Removes all files and folders below with `part` in their names; says whether there was one.
fn remove_named(folder: &Path, part: &str) -> bool {
    let mut gone = false;
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !entry.file_name().to_string_lossy().contains(part) {
            gone |= is_folder && remove_named(&entry.path(), part);
        } else if is_folder {
            gone |= std::fs::remove_dir_all(entry.path()).is_ok();
        } else {
            gone |= std::fs::remove_file(entry.path()).is_ok();
        }
    }
    gone
}
