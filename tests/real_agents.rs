//! The promise itself, with the real agents: after the multiplexer died, each conversation goes on.
//! Must not fake an agent; only the model behind it is ours.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::support::agents::{self, Agent, CLAUDE, CODEX};
use crate::support::processes::Process;
use crate::support::{Mock, World};

const PATIENCE: Duration = Duration::from_mins(1);

/// One agent in one world, with the server that answers it.
struct Stage {
    agent: &'static Agent,
    world: World,
    mock: Mock,
    folder: PathBuf,
}

/// A conversation in which something was said that a resumed one must know.
const FIRST: &str = "remember alpha";
const SECOND: &str = "remember beta";

#[test]
fn a_claude_tab_made_with_new_resumes_its_own_conversation() {
    made_with_new(&CLAUDE);
}

#[test]
fn a_codex_tab_made_with_new_resumes_its_own_conversation() {
    made_with_new(&CODEX);
}

#[test]
fn a_claude_started_by_hand_and_bound_resumes_its_own_conversation() {
    started_by_hand(&CLAUDE);
}

#[test]
fn a_codex_started_by_hand_and_bound_resumes_its_own_conversation() {
    started_by_hand(&CODEX);
}

#[test]
fn a_claude_tells_the_runner_by_itself_what_it_does() {
    let Some(stage) = Stage::set(&CLAUDE) else { return };
    let Stage { world, folder, .. } = &stage;
    let line = ["new", "api", "--agent", "claude", "--detach", "--dir", folder.to_str().unwrap()];
    world.tabctl([&line[..], &["--"], CLAUDE.flags].concat()).ok();
    let pane = stage.pane("api");
    world.wait_for_text(&pane, CLAUDE.ready);
    let told = |state: &str, reason: Option<&str>| {
        world.wait_until(&format!("claude to say that it is {state}"), PATIENCE, || {
            let claims = stage.row("api")["claims"].clone();
            let claim = claims.as_array().unwrap().iter().find(|it| it["source"] == "program");
            claim.is_some_and(|it| it["state"] == state && it["reason"].as_str() == reason)
        });
    };
    told("idle", None);
    world.wait_for_quiet(&pane);
    world.type_line(&pane, "[[wait 6]] [[bash touch made-by-claude]]");
    told("thinking", None);
    told("attention", Some("permission"));
    let claims = stage.row("api")["claims"].to_string();
    assert!(claims.contains("touch made-by-claude"), "{claims}");
    world.tmux(["send-keys", "-t", &pane, "Escape"]).ok();
    told("idle", None);
}

fn made_with_new(agent: &'static Agent) {
    let Some(stage) = Stage::set(agent) else { return };
    let Stage { world, folder, .. } = &stage;
    let mut line = vec!["new", "api", "--agent", agent.kind, "--detach", "--dir"];
    line.extend([folder.to_str().unwrap(), "--"]);
    line.extend(agent.flags);
    world.tabctl(&line).ok();
    let pane = stage.pane("api");
    stage.converse(&pane);
    stage.dies_and_comes_back("api");
}

fn started_by_hand(agent: &'static Agent) {
    let Some(stage) = Stage::set(agent) else { return };
    let Stage { world, folder, .. } = &stage;
    let pane = stage.start_by_hand();
    stage.converse(&pane);
    world.tabctl_from_pane(&pane, folder, ["bind", "--tab", "api"]).ok();
    stage.dies_and_comes_back("api");
}

impl Stage {
    /// Nothing, if the tests were asked to do without the real agents.
    fn set(agent: &'static Agent) -> Option<Stage> {
        let programs = agents::folder()?;
        let mut world = World::new();
        let folder = world.workspace("api");
        let mock = Mock::start(&world, &folder);
        agents::settle(&mut world, &mock, &programs);
        Some(Stage { agent, world, mock, folder })
    }

    /// A person's own way: a shell in tmux, and the agent typed at its prompt. Returns the pane.
    fn start_by_hand(&self) -> String {
        let folder = self.folder.to_str().unwrap();
        let open = ["new-session", "-d", "-x", "140", "-y", "50", "-P", "-F", "#{pane_id}", "-c"];
        // Two words, so that tmux starts no login shell: /etc/profile would set another PATH.
        let pane = self.world.tmux([&open[..], &[folder, "/bin/sh", "-i"]].concat()).ok().stdout;
        let words = [&[self.agent.kind], self.agent.attached, self.agent.flags].concat();
        self.world.type_line(pane.trim(), &words.join(" "));
        pane.trim().to_owned()
    }

    /// Two turns, each asked and answered.
    fn converse(&self, pane: &str) {
        self.world.wait_for_text(pane, self.agent.ready);
        for prompt in [FIRST, SECOND] {
            self.world.wait_for_quiet(pane);
            self.world.type_line(pane, prompt);
            self.world.wait_for_quiet(pane);
            // Claude may empty its prompt right after its first answer, with what is typed there
            // (seen with its own terminal too): whoever sees that types it again.
            if !self.world.screen(pane).contains(&format!("to: {prompt}")) {
                self.world.type_line(pane, prompt);
            }
            self.world.wait_for_text(pane, &format!("to: {prompt}"));
        }
    }

    /// The server dies; one `resume` brings the tab back with all it knew; a second one adds nothing.
    fn dies_and_comes_back(&self, tab: &str) {
        let id = self.conversation(tab);
        self.world.kill_server();
        assert_eq!(self.row(tab)["status"]["state"], "down", "{:#}", self.row(tab));

        self.world.tabctl(["resume"]).ok();
        let pane = self.pane(tab);
        for known in [FIRST, &format!("to: {SECOND}"), self.agent.ready] {
            self.world.wait_for_text(&pane, known);
        }
        let holders = self.holders(&id);
        self.assert_started_as_before(&holders);
        self.assert_remembers(&pane);
        assert_eq!(self.row(tab)["session_id"], id.as_str(), "it is the same conversation");

        self.world.tabctl(["resume"]).ok();
        std::thread::sleep(Duration::from_secs(2));
        assert_eq!(self.holders(&id), holders, "a second resume starts nothing");
        assert_eq!(self.pane(tab), pane, "a second resume moves nothing");
        let panes = self.world.tmux(["list-panes", "-a", "-F", "#{pane_id}"]).ok().stdout;
        assert_eq!(panes.lines().count(), 1, "a second resume opens nothing: {panes}");
    }

    fn row(&self, tab: &str) -> Value {
        let rows = self.world.tabctl(["ls", "--json"]).ok().json();
        let row = rows.as_array().into_iter().flatten().find(|row| row["tab"] == tab);
        row.unwrap_or_else(|| panic!("no tab {tab} in {rows:#}")).clone()
    }

    fn pane(&self, tab: &str) -> String {
        self.world.wait_for(&format!("the pane of {tab}"), PATIENCE, || {
            self.row(tab)["pane"].as_str().map(str::to_owned)
        })
    }

    fn conversation(&self, tab: &str) -> String {
        self.world.wait_for(&format!("the conversation id of {tab}"), PATIENCE, || {
            self.row(tab)["session_id"].as_str().map(str::to_owned)
        })
    }

    /// The processes that were started for this conversation.
    fn holders(&self, id: &str) -> Vec<Process> {
        let all = self.world.processes().into_iter();
        all.filter(|process| process.command.contains(id)).collect()
    }

    fn assert_started_as_before(&self, holders: &[Process]) {
        assert!(!holders.is_empty(), "no process runs the conversation\n{}", self.world.screens());
        let flags = self.agent.flags.join(" ");
        for holder in holders {
            assert!(holder.command.contains(&flags), "'{flags}' is lost: {}", holder.command);
        }
    }

    /// The agent's next request to its model carries the turns of before the crash.
    fn assert_remembers(&self, pane: &str) {
        self.world.type_line(pane, "[[recall]]");
        let recalled = format!("RECALL 3 prompts: {FIRST} // {SECOND} // [[recall]]");
        self.world.wait_until("the earlier turns in the agent's request", PATIENCE, || {
            self.mock.turns().iter().any(|turn| turn.answer == recalled && turn.items == 5)
        });
        self.world.wait_for_text(pane, "RECALL 3 prompts");
    }
}

/// Without tabctl: the agents, the mock and the screens work here, so that a failure above is ours.
#[test]
fn the_real_agents_talk_to_the_mock_on_this_machine() {
    for agent in [&CLAUDE, &CODEX] {
        let Some(stage) = Stage::set(agent) else { return };
        let pane = stage.start_by_hand();
        stage.converse(&pane);
        let turns = stage.mock.turns();
        let prompts: Vec<_> = turns.iter().map(|turn| turn.prompt.as_str()).collect();
        assert_eq!(prompts, [FIRST, SECOND], "{}", agent.kind);
    }
}
