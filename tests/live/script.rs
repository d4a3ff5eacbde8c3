//! The script: what a person does with an agent, and what is surely true meanwhile.
//! Must claim only what the model server said, a key did, or stands on the screen.

use std::time::Duration;

use serde_json::Value;

use super::cast::Actor;
use super::stage::{Stage, now};
use super::truth::Span;
use crate::support::{Run, processes};

const IDLE: &[&str] = &["idle"];
const THINKING: &[&str] = &["thinking"];
const PERMISSION: &[&str] = &["attention permission"];
const QUESTION: &[&str] = &["attention question"];
/// The turn failed and the agent waits: some say so, of others only the waiting can be seen.
const FAILED: &[&str] = &["attention error", "idle"];
const SHELL: &[&str] = &["shell"];

const PATIENCE: Duration = Duration::from_secs(45);
/// How long a state is held, so that there is something to look at.
const HOLD: f64 = 2.5;
const ENDS: &[&str] = &["answered", "failed", "gone"];

/// One agent in one tab.
pub struct Play<'a> {
    pub stage: &'a Stage,
    pub actor: &'static Actor,
    pub hooks: bool,
    pub tab: String,
    /// What was surely true.
    pub spans: Vec<Span>,
    pub turns: usize,
    /// What was not as it should be, and did not stop the script.
    pub remarks: Vec<String>,
}

impl Play<'_> {
    /// The whole script. What was played before a surprise stays in `spans`.
    pub fn perform(&mut self, long: bool) {
        self.opens();
        self.turn("thinking", "[[wait 3]]");
        self.turn("streaming", "[[slow 3]]");
        self.asks_for_permission();
        if let Some(sign) = self.actor.question {
            self.asks_a_question(sign);
        }
        self.is_interrupted();
        self.fails();
        self.is_killed();
        self.comes_back();
        if long {
            self.is_cleared();
        }
        self.exits();
        if long {
            self.is_forked();
        }
    }

    fn opens(&mut self) {
        let folder = self.stage.world.workspace(&self.tab);
        let mut new = self.stage.tabctl(self.hooks);
        new.current_dir(&folder);
        new.args(["new", &self.tab, "--agent", self.actor.kind, "--detach", "--"]);
        Run::of(new.args(self.actor.flags)).ok();
        self.ready();
        self.holds("fresh", IDLE, now());
    }

    /// A turn without tools: from the moment the model is asked to the end of its answer.
    fn turn(&mut self, act: &'static str, prompt: &str) {
        let (tag, entered) = self.says(prompt);
        let asked = self.await_change(&tag, &["waiting"], entered);
        let ended = self.await_change(&tag, &["answered"], asked);
        self.add(act, THINKING, asked, ended);
        self.holds("answered", IDLE, ended);
    }

    fn asks_for_permission(&mut self) {
        let (prompt, sign) = self.actor.permission;
        let (tag, entered) = self.says(prompt);
        let by_tool = prompt.starts_with("[[bash") || prompt.starts_with("[[escalate");
        self.await_change(&tag, if by_tool { &["tool"] } else { &["answered"] }, entered);
        let allowed = self.is_asked("permission", PERMISSION, sign);
        if by_tool {
            let ended = self.await_change(&tag, &["answered"], allowed);
            self.add("tool running", THINKING, allowed, ended);
            self.holds("tool done", IDLE, ended);
        } else {
            self.stage.world.wait_for_quiet(&self.pane());
            self.holds("tool done", IDLE, now());
        }
    }

    fn asks_a_question(&mut self, sign: &str) {
        let (tag, entered) = self.says("[[ask Which?|Red|Blue]]");
        self.await_change(&tag, &["tool"], entered);
        let answered = self.is_asked("question", QUESTION, sign);
        let ended = self.await_change(&tag, &["answered"], answered);
        self.holds("question answered", IDLE, ended);
    }

    /// It shows `sign`, is left waiting, and gets an Enter, at the time that is returned.
    fn is_asked(&mut self, act: &'static str, right: &'static [&'static str], sign: &str) -> f64 {
        let pane = self.pane();
        self.stage.world.wait_for_text(&pane, sign);
        self.holds(act, right, now());
        let at = now();
        self.keys(&["Enter"]);
        at
    }

    fn is_interrupted(&mut self) {
        let (tag, entered) = self.says("[[wait 40]]");
        let asked = self.await_change(&tag, &["waiting"], entered);
        pause(HOLD);
        let pressed = now();
        self.add("before the interrupt", THINKING, asked, pressed);
        self.keys(self.actor.interrupt);
        let gone = self.await_change(&tag, &["gone"], pressed);
        self.holds("interrupted", IDLE, gone);
        self.clears_the_line();
    }

    fn fails(&mut self) {
        let (tag, entered) = self.says("[[error 400]]");
        let failed = self.await_change(&tag, &["failed"], entered);
        self.stage.world.wait_for_quiet(&self.pane());
        let quiet = now();
        self.holds("error", FAILED, quiet);
        // Who asked again meanwhile had not failed yet.
        if self.stage.change(&tag, &["waiting"], failed).is_some_and(|_| !self.failed_at_last(&tag))
        {
            self.spans.pop();
        }
        self.clears_the_line();
    }

    fn is_killed(&mut self) {
        let (tag, entered) = self.says("[[wait 60]]");
        let asked = self.await_change(&tag, &["waiting"], entered);
        pause(HOLD / 2.0);
        self.add("before the kill", THINKING, asked, now());
        let all = self.stage.world.processes();
        let root =
            self.stage.world.tmux(["display-message", "-p", "-t", &self.pane(), "#{pane_pid}"]);
        let root = root.ok().stdout.trim().parse().expect("a process id");
        let own = env!("CARGO_BIN_EXE_tabctl");
        let doomed = processes::tree(&all, root).into_iter();
        let doomed = doomed.filter(|one| one.pid != root && !one.command.starts_with(own));
        doomed.for_each(|one| processes::kill(&one));
        let gone = self.await_change(&tag, ENDS, asked);
        self.holds("killed", SHELL, gone.max(now()));
    }

    /// Where the conversation's id is not known, a new one has to do; that is said in the report.
    fn comes_back(&mut self) {
        let resume = |more: &[&str]| {
            let mut resume = self.stage.tabctl(self.hooks);
            Run::of(resume.args(["resume", &self.tab]).args(more))
        };
        // Who was killed has left its last picture there, which looks as ready as the next one.
        self.stage.world.tmux(["send-keys", "-R", "-t", &self.pane()]).ok();
        let back = resume(&[]);
        if back.status != Some(0) {
            self.remarks.push(back.to_string());
            resume(&["--fresh"]).ok();
        }
        self.ready();
        self.holds("resumed", IDLE, now());
    }

    fn is_cleared(&mut self) {
        let Some(words) = self.actor.clear else { return };
        self.types(words);
        self.stage.world.wait_for_quiet(&self.pane());
        self.holds("cleared", IDLE, now());
        // A conversation that was never prompted cannot be forked.
        self.turn("thinking after it was cleared", "[[wait 3]]");
    }

    fn exits(&mut self) {
        self.types(self.actor.exit);
        let world = &self.stage.world;
        world.wait_until("the agent to be gone", PATIENCE, || {
            let format = "#{pane_current_command}";
            let foreground = world.tmux(["display-message", "-p", "-t", &self.pane(), format]);
            matches!(foreground.stdout.trim(), "sh" | "dash" | "bash")
        });
        self.holds("exited", SHELL, now());
    }

    /// A second tab, whose conversation begins as a copy of the first one's.
    fn is_forked(&mut self) {
        if self.actor.fork.is_empty() {
            return;
        }
        let row = self.stage.world.row(&self.tab);
        let Some(id) = row["session_id"].as_str().map(str::to_owned) else {
            self.remarks.push("not forked: the conversation's id is not known".to_owned());
            return;
        };
        let folder = self.stage.world.workspace(&self.tab);
        self.tab += "-fork";
        let mut new = self.stage.tabctl(self.hooks);
        new.current_dir(&folder);
        new.args(["new", &self.tab, "--agent", self.actor.kind, "--detach", "--"]);
        new.args(self.actor.flags)
            .args(self.actor.fork.iter().map(|word| word.replace("{id}", &id)));
        Run::of(&mut new).ok();
        self.ready();
        self.holds("forked", IDLE, now());
        self.turn("thinking in the fork", "[[wait 3]]");
    }

    /// It takes a prompt: what it shows then stands there, and nothing moves any more.
    fn ready(&mut self) {
        let (world, pane) = (&self.stage.world, self.pane());
        // Only what is visible: what was ready before stands in the history of the pane.
        world.wait_until("the agent to be ready", PATIENCE, || {
            let shown = world.tmux(["capture-pane", "-p", "-J", "-t", &pane]).stdout;
            shown.contains(self.actor.ready)
        });
        world.wait_for_quiet(&pane);
    }

    /// Types a prompt with a tag that no other has; gives the tag and the moment of the Enter.
    fn says(&mut self, prompt: &str) -> (String, f64) {
        self.turns += 1;
        let tag = format!("{}.{} ", self.tab, self.turns);
        self.types(&format!("{tag}{prompt}"));
        (tag, now() - 0.1)
    }

    fn types(&self, text: &str) {
        let (world, pane) = (&self.stage.world, self.pane());
        world.tmux(["send-keys", "-t", &pane, "-l", "--", text]).ok();
        let start = text.split_whitespace().next().unwrap_or(text);
        world.wait_for_text(&pane, start);
        // Codex takes an Enter that follows too closely for a line break within a paste.
        pause(0.4);
        self.keys(&["Enter"]);
    }

    /// The newest that is known of this turn is a failure, from before the last hold.
    fn failed_at_last(&self, tag: &str) -> bool {
        let state = self.stage.mock.state();
        let changes = state["changes"].as_array().map_or(&[][..], Vec::as_slice);
        let of_turn =
            |change: &&Value| change["prompt"].as_str().is_some_and(|it| it.contains(tag));
        changes.iter().rfind(of_turn).is_some_and(|last| {
            last["phase"] == "failed" && last["t"].as_f64().is_some_and(|at| at < now() - HOLD)
        })
    }

    fn clears_the_line(&self) {
        if self.actor.gives_back {
            self.keys(&["C-u"]);
            pause(0.3);
        }
    }

    fn keys(&self, keys: &[&str]) {
        // Asked once: two keys that belong together must not lie a look apart.
        let pane = self.pane();
        for (at, key) in keys.iter().enumerate() {
            if at > 0 {
                pause(0.4);
            }
            self.stage.world.tmux(["send-keys", "-t", &pane, key]).ok();
        }
    }

    fn pane(&self) -> String {
        self.stage.world.pane(&self.tab)
    }

    fn await_change(&self, tag: &str, phases: &[&str], since: f64) -> f64 {
        let what = format!("{phases:?} of {tag}");
        self.stage.world.wait_for(&what, PATIENCE, || self.stage.change(tag, phases, since))
    }

    /// Leaves it alone for a while in a state that holds since `from`.
    fn holds(&mut self, act: &'static str, right: &'static [&'static str], from: f64) {
        pause(HOLD);
        self.add(act, right, from, now());
    }

    fn add(&mut self, act: &'static str, right: &'static [&'static str], from: f64, to: f64) {
        let tab = self.tab.clone();
        self.spans.push(Span { tab, act, right, from, to });
    }
}

fn pause(seconds: f64) {
    std::thread::sleep(Duration::from_secs_f64(seconds));
}
