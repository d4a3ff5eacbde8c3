//! The real agents, each with its own way back: copies, forks, what is open elsewhere, what is gone.
//! Must not fake an agent; only the model behind it is ours.

use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tabctl::error::Kind;

use crate::support::{Mock, World, agents};

const PATIENCE: Duration = Duration::from_mins(3);
/// What was typed and cannot be seen after so long was lost.
const AGAIN: Duration = Duration::from_secs(15);

/// One agent in one world, with the server that answers it.
struct Stage {
    kind: &'static str,
    /// What a person starts it with.
    flags: &'static [&'static str],
    /// Stands on its screen once it takes a prompt.
    ready: &'static str,
    world: World,
    mock: Mock,
    folder: PathBuf,
}

const AIDER: &[&str] = &[
    "--model",
    "openai/mock-model",
    "--no-gitignore",
    "--no-check-update",
    "--no-show-model-warnings",
    "--no-show-release-notes",
    "--analytics-disable",
];

impl Stage {
    /// Nothing, if the tests were asked to do without the real agents.
    fn set(
        kind: &'static str,
        flags: &'static [&'static str],
        ready: &'static str,
    ) -> Option<Stage> {
        let programs = agents::folder()?;
        let mut world = World::new();
        let folder = world.workspace("api");
        let mock = Mock::start(&world, &folder);
        agents::settle(&mut world, &mock, &programs);
        // Aider asks for a repository where there is none.
        crate::support::Run::of(world.command("git").args(["init", "-q"]).arg(&folder)).ok();
        Some(Stage { kind, flags, ready, world, mock, folder })
    }

    /// Makes a tab, and says something in it.
    fn tab(&self, tab: &str, word: &str) {
        let folder = self.folder.to_str().unwrap();
        let line = ["new", tab, "--agent", self.kind, "--detach", "--dir", folder, "--"];
        self.world.tabctl([&line[..], self.flags].concat()).ok();
        self.say(tab, word);
    }

    fn say(&self, tab: &str, word: &str) {
        let pane = self.world.pane(tab);
        self.world
            .wait_until(self.ready, PATIENCE, || self.world.screen(&pane).contains(self.ready));
        self.world.wait_for_quiet(&pane);
        self.type_line(&pane, word);
        self.world.wait_for_text(&pane, &format!("to: {word}"));
        self.world.wait_for_quiet(&pane);
    }

    /// Types a line, and again if it does not come to stand there: keys are lost on an agent that is
    /// still starting behind its first picture (seen of gemini on a loaded machine).
    fn type_line(&self, pane: &str, line: &str) {
        let world = &self.world;
        let shown = || world.screen(pane).matches(line).count();
        let (before, mut typed) = (shown(), None::<Instant>);
        world.wait_until(&format!("'{line}' at the prompt"), PATIENCE, || {
            let is_shown = shown() > before;
            if !is_shown && typed.is_none_or(|at| at.elapsed() > AGAIN) {
                if typed.is_some() {
                    // What comes late after all is taken away, and does not stand there twice.
                    world.tmux(["send-keys", "-t", pane, "C-u"]).ok();
                }
                world.tmux(["send-keys", "-t", pane, "-l", "--", line]).ok();
                typed = Some(Instant::now());
            }
            is_shown
        });
        // Codex takes an Enter that follows too closely for a line break within a paste.
        std::thread::sleep(Duration::from_millis(300));
        world.tmux(["send-keys", "-t", pane, "Enter"]).ok();
    }

    fn id(&self, tab: &str) -> String {
        self.world.wait_for("the conversation's id", PATIENCE, || {
            self.world.row(tab)["session_id"].as_str().map(str::to_owned)
        })
    }

    /// The agent's next request to its model carries the earlier turns.
    fn assert_remembers(&self, tab: &str, words: &[&str]) {
        let pane = self.world.pane(tab);
        self.world
            .wait_until(self.ready, PATIENCE, || self.world.screen(&pane).contains(self.ready));
        self.world.wait_for_quiet(&pane);
        self.type_line(&pane, "[[recall]]");
        let mut last = String::new();
        self.world.wait_until(&format!("{words:?} in the agent's request"), PATIENCE, || {
            let turns = self.mock.turns();
            last = turns.last().map(|turn| turn.answer.clone()).unwrap_or_default();
            last.starts_with("RECALL") && words.iter().all(|word| last.contains(word))
        });
        self.world.wait_for_quiet(&pane);
    }

    /// The files below the home whose name holds this.
    fn files_named(&self, part: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut waiting = vec![self.world.home()];
        while let Some(folder) = waiting.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    waiting.push(entry.path());
                } else if entry.file_name().to_string_lossy().contains(part) {
                    found.push(entry.path());
                }
            }
        }
        found
    }
}

/// The minute in which gemini is resumed must be another than that in which it began: only then does
/// it make the second file, for which it deletes the first.
fn next_minute(world: &World) {
    let minute = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 60;
    let begun = minute();
    world.wait_until("the next minute", Duration::from_secs(70), || minute() > begun);
}

#[test]
fn gemini_conversations_live_through_three_resumes_although_gemini_deletes_them() {
    // Its deletion depends on the minute: each round needs a new one.
    if std::env::var_os("TABCTL_TEST_LONG").is_none() {
        return;
    }
    let Some(stage) = Stage::set("gemini", &[], "Type your message") else { return };
    let world = &stage.world;
    // As it comes: the seed of the mock switches the deleting off.
    let settings = world.home().join(".gemini/settings.json");
    let text = std::fs::read_to_string(&settings).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    value["general"].as_object_mut().unwrap().remove("sessionRetention");
    std::fs::write(&settings, value.to_string()).unwrap();
    stage.tab("one", "remember alpha");
    stage.tab("two", "remember beta");
    let ids = [stage.id("one"), stage.id("two")];
    for word in ["gamma", "delta", "epsilon"] {
        next_minute(world);
        world.kill_server();
        world.tabctl(["resume"]).ok();
        for tab in ["one", "two"] {
            stage.say(tab, &format!("remember {word} in {tab}"));
        }
    }
    for (tab, first) in [("one", "alpha"), ("two", "beta")] {
        let last = format!("epsilon in {tab}");
        let second = format!("gamma in {tab}");
        stage.assert_remembers(tab, &[first, &second, &last]);
    }
    assert_eq!(ids, [stage.id("one"), stage.id("two")]);
    let dealt_with = |tab: &str| {
        let id = world.row(tab)["id"].as_str().unwrap().to_owned();
        let file = world.path("state").join("journal").join(format!("{id}.jsonl"));
        let journal = std::fs::read_to_string(file).unwrap();
        journal.matches("conversation-put-back").count() + journal.matches("twin-put-aside").count()
    };
    assert!(dealt_with("one") + dealt_with("two") > 0, "gemini did nothing that is dealt with");
}

#[test]
fn a_claude_conversation_that_is_open_elsewhere_is_refused_and_forked() {
    let flags = &["--permission-mode", "default"];
    forked("claude", flags, "manual mode on", "claude --permission-mode default --resume {id}");
}

#[test]
fn a_codex_conversation_that_is_open_elsewhere_is_refused_and_forked() {
    let flags = &["-s", "read-only"];
    forked("codex", flags, "Ask Codex to do anything", "codex --no-daemon resume {id}");
}

fn forked(
    kind: &'static str,
    flags: &'static [&'static str],
    ready: &'static str,
    by_hand: &'static str,
) {
    let Some(stage) = Stage::set(kind, flags, ready) else { return };
    let world = &stage.world;
    stage.tab("api", "remember alpha");
    let old = stage.id("api");
    world.kill_server();
    let open = ["new-session", "-d", "-x", "140", "-y", "50", "-P", "-F", "#{pane_id}", "-c"];
    let shell = [stage.folder.to_str().unwrap(), "/bin/sh", "-i"];
    let pane = world.tmux([&open[..], &shell].concat()).ok().stdout.trim().to_owned();
    world.type_line(&pane, &by_hand.replace("{id}", &old));
    world.wait_for_text(&pane, "to: remember alpha");
    world.wait_for_text(&pane, ready);
    world.wait_for_quiet(&pane);
    let run = world.tabctl(["resume", "api"]).fails_with(Kind::Busy);
    assert!(run.stdout.contains(&format!("is open in pane {pane}")), "{run}");
    world.tabctl(["resume", "api", "--fork"]).ok();
    world.wait_until("the fork's own id", PATIENCE, || stage.id("api") != old);
    let new = stage.id("api");
    stage.say("api", "remember beta");
    stage.assert_remembers("api", &["alpha", "beta"]);
    let session = world.tabctl(["show", "api", "--json"]).ok().json()["session"].clone();
    assert_eq!(session["agent"]["history"][0]["session_id"], old.as_str(), "{session:#}");
    assert_eq!(session["agent"]["history"][0]["reason"], "fork");
    world.kill_server();
    world.tabctl(["resume"]).ok();
    stage.assert_remembers("api", &["alpha", "beta"]);
    assert_eq!(stage.id("api"), new);
}

#[test]
fn a_claude_conversation_in_the_background_is_refused_with_the_way_to_it_and_forked() {
    let flags = &["--permission-mode", "default"];
    let Some(stage) = Stage::set("claude", flags, "manual mode on") else { return };
    let world = &stage.world;
    let mut begin = world.command("claude");
    begin.args(["--bg", "remember omega"]).current_dir(&stage.folder);
    crate::support::Run::of(&mut begin).ok();
    let record = || {
        let folder = std::fs::read_dir(world.home().join(".claude/sessions")).ok()?;
        let texts = folder.flatten().filter_map(|file| std::fs::read_to_string(file.path()).ok());
        let mut records = texts.filter_map(|text| serde_json::from_str::<Value>(&text).ok());
        records.find(|record| record["kind"] == "bg")?["sessionId"].as_str().map(str::to_owned)
    };
    let old = world.wait_for("the background session", PATIENCE, record);
    let answered = || stage.mock.turns().iter().any(|turn| turn.answer.contains("omega"));
    world.wait_until("its answer", PATIENCE, answered);
    let bind = ["bind", "claude", "--session-id", &old, "--tab", "api", "--", "claude"];
    world.tabctl_in(&stage.folder, [&bind[..], flags].concat()).ok();
    let run = world.tabctl(["resume", "api"]).fails_with(Kind::Busy);
    assert!(run.stdout.contains("is open in the background"), "{run}");
    assert!(run.stdout.contains(&format!("`claude attach {}`", &old[..8])), "{run}");
    world.tabctl(["resume", "api", "--fork"]).ok();
    world.wait_until("the fork's own id", PATIENCE, || stage.id("api") != old);
    stage.assert_remembers("api", &["omega"]);
}

#[test]
fn aider_has_one_conversation_in_a_folder_and_says_so() {
    let Some(stage) = Stage::set("aider", AIDER, "Repo-map") else { return };
    let world = &stage.world;
    stage.tab("api", "remember alpha");
    let folder = stage.folder.to_str().unwrap();
    let line = ["new", "two", "--agent", "aider", "--detach", "--dir", folder];
    let run = world.tabctl(line).fails_with(Kind::Busy);
    assert!(run.stderr.contains("the tab 'api'"), "{run}");
    world.kill_server();
    world.tabctl(["resume"]).ok();
    world.wait_for_text(&world.pane("api"), "Restored previous conversation history");
    stage.assert_remembers("api", &["alpha"]);
    world.kill_server();
    for file in stage.files_named(".aider.chat.history.md") {
        std::fs::remove_file(file).unwrap();
    }
    let run = world.tabctl(["resume"]).fails_with(Kind::ConversationMissing);
    assert!(run.stdout.contains("the conversation of this folder is gone"), "{run}");
}

#[test]
fn no_agent_comes_back_blank_when_its_transcript_was_deleted() {
    let _turn = crate::support::agents::turn();
    let cast: [(&'static str, &'static [&'static str], &'static str); 4] = [
        ("codex", &["-s", "read-only"], "Ask Codex to do anything"),
        ("copilot", &[], "/ commands"),
        ("qwen", &["--approval-mode", "default"], "Type your message"),
        ("droid", &[], "? for help"),
    ];
    for (kind, flags, ready) in cast {
        let Some(stage) = Stage::set(kind, flags, ready) else { return };
        stage.tab("api", "remember alpha");
        let id = stage.id("api");
        stage.world.kill_server();
        let named = |file: &PathBuf| file.extension().is_some_and(|end| end == "jsonl");
        let mut files: Vec<_> = stage.files_named(&id).into_iter().filter(named).collect();
        let own_folder = stage.files_named("events.jsonl").into_iter();
        files.extend(own_folder.filter(|file| file.to_string_lossy().contains(&id)));
        assert!(!files.is_empty(), "{kind}: no transcript of {id}");
        for file in &files {
            std::fs::remove_file(file).unwrap();
        }
        let run = stage.world.tabctl(["resume"]).fails_with(Kind::ConversationMissing);
        assert!(run.stdout.contains(&format!("the conversation {id} is gone")), "{kind}: {run}");
    }
}

#[test]
fn opencode_itself_refuses_a_conversation_that_was_deleted() {
    // A minute of waiting for opencode: its start, its database, its refusal.
    if std::env::var_os("TABCTL_TEST_LONG").is_none() {
        return;
    }
    let Some(stage) = Stage::set("opencode", &[], "ctrl+p commands") else { return };
    let world = &stage.world;
    stage.tab("api", "remember alpha");
    let id = stage.id("api");
    world.kill_server();
    let delete = crate::support::Run::of(
        world.command("opencode").args(["session", "delete", &id]).current_dir(&stage.folder),
    );
    delete.ok();
    let plan = world.tabctl(["resume", "--dry-run"]).ok().stdout;
    assert!(plan.contains("not known whether the conversation is still there"), "{plan}");
    // It says so seconds after its start: until it has said anything it is not called back.
    let run = world.tabctl(["resume", "api"]).fails_with(Kind::ConversationMissing);
    assert!(run.stdout.contains("tabctl resume api --fresh"), "{run}");
    world.wait_for_text(&world.pane("api"), "Session not found");
    world.wait_for_text(&world.pane("api"), "ended with exit code 1");
    assert_eq!(world.row("api")["session_id"], id.as_str(), "the id is kept");
}
