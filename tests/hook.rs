//! `tabctl hook`: the agents' hooks, called by stand-ins that have an agent's name and a tab's record.

#[cfg(target_os = "linux")] // reads how much the calls cost from /proc
mod load;
mod real;
pub mod stand_in;

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::World;
use crate::support::inside::store;
use stand_in::StandIn;

const ID: &str = "0f5a0c1e-7d4b-4e1f-9a53-2c8be0c3d417";
const OTHER: &str = "11111111-2222-4333-8444-555555555555";

fn event(name: &str, id: &str, mut more: Value) -> Value {
    let payload = more.as_object_mut().unwrap();
    payload.insert("hook_event_name".to_owned(), name.into());
    payload.insert("session_id".to_owned(), id.into());
    more
}

#[test]
fn a_tab_that_was_started_shows_what_its_agents_hooks_say() {
    let mut world = World::new();
    let calls = stand_in::program(&mut world, "claude");
    let folder = world.workspace("api");
    let dir = folder.display().to_string();
    world.tabctl(["new", "api", "--agent", "claude", "--detach", "--dir", &dir]).ok();
    let id = world.wait_for("the agent", Duration::from_secs(10), || {
        store(&world).lives().values().find(|live| live.agent.is_some())?;
        Some(world.row("api")["session_id"].as_str()?.to_owned())
    });
    for (payload, state) in [
        (event("SessionStart", &id, json!({"source": "startup"})), "idle"),
        (event("UserPromptSubmit", &id, json!({})), "thinking"),
        (
            event(
                "PermissionRequest",
                &id,
                json!({"tool_name": "Bash", "tool_input": {"command": "ls"}}),
            ),
            "attention",
        ),
        (event("Stop", &id, json!({"background_tasks": []})), "idle"),
    ] {
        calls.send(&format!("printf %s '{payload}' | tabctl hook claude"));
        world.wait_until(state, Duration::from_secs(10), || world.state("api") == state);
    }
}

#[test]
fn what_is_asked_comes_with_its_reason_and_its_words() {
    let world = World::new();
    let mut tab = StandIn::start(&world, "claude", "api", Some(ID));
    let asked = json!({"tool_name": "Bash", "tool_input": {"command": "rm -r build"}});
    tab.hook("claude", &event("PermissionRequest", ID, asked));
    let claim = tab.claim().unwrap();
    assert_eq!(claim.state.word(), "attention");
    assert_eq!(claim.reason.as_deref(), Some("permission"));
    assert_eq!(claim.detail.as_deref(), Some("rm -r build"));
    assert_eq!(claim.evidence.as_deref(), Some("hook PermissionRequest"));
    assert_eq!((claim.by.as_deref(), claim.session_id.as_deref()), (Some("claude"), Some(ID)));

    tab.hook("claude", &event("Stop", ID, json!({"background_tasks": [{"id": "x"}]})));
    let claim = tab.claim().unwrap();
    assert_eq!((claim.state.word(), claim.reason.as_deref()), ("idle", Some("background")));
}

#[test]
fn a_payload_may_be_the_last_argument_and_the_event_a_flag() {
    let world = World::new();
    let mut codex = StandIn::start(&world, "codex", "a", Some(ID));
    let notify = json!({"type": "agent-turn-complete", "thread-id": ID});
    codex.run(&format!("tabctl hook codex '{notify}' < /dev/null"));
    assert_eq!(codex.state(), "idle");
    // The thread that makes up a title.
    let other = json!({"type": "agent-turn-complete", "thread-id": OTHER});
    codex.run(
        "tabctl hook codex --event UserPromptSubmit '{\"session_id\":\"ID\"}'"
            .replace("ID", ID)
            .as_str(),
    );
    codex.run(&format!("tabctl hook codex '{other}'"));
    assert_eq!(codex.state(), "thinking");

    let mut copilot = StandIn::start(&world, "copilot", "b", Some(ID));
    let payload = json!({"sessionId": ID, "timestamp": 1_795_181_805_476_u64});
    copilot.run(&format!("printf %s '{payload}' | tabctl hook copilot --event agentStop"));
    assert_eq!(copilot.state(), "idle");

    let mut aider = StandIn::start(&world, "aider", "c", None);
    aider.run("tabctl hook aider");
    assert_eq!(aider.state(), "idle");
}

#[test]
fn whatever_comes_nothing_is_printed_and_nothing_fails() {
    let world = World::new();
    let mut tab = StandIn::start(&world, "claude", "api", Some(ID));
    let file = |name: &str, bytes: &[u8]| {
        let path = world.path(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    let big = format!(
        "{{\"session_id\":\"{ID}\",\"hook_event_name\":\"Stop\",\"x\":\"{}\"}}",
        "y".repeat(10 << 20)
    );
    let big = file("big", big.as_bytes());
    let huge = file("huge", &vec![b'['; 20 << 20]);
    let binary = file("binary", &(0..=255).collect::<Vec<u8>>());
    let bad = [
        "tabctl hook claude < /dev/null".to_owned(),
        "tabctl hook claude <&-".to_owned(),
        "tabctl hook claude >&- 2>&- <&-".to_owned(),
        format!("tabctl hook claude < {binary}"),
        format!("tabctl hook claude < {huge}"),
        format!("cat {huge} | tabctl hook claude"),
        "echo '[]' | tabctl hook claude".to_owned(),
        "echo '{\"hook_event_name\":\"Stop\"}' | tabctl hook claude".to_owned(),
        "echo '{\"hook_event_name\":\"Stop\",\"session_id\":\"--x\"}' | tabctl hook claude"
            .to_owned(),
        "tabctl hook nobody '{}'".to_owned(),
        "tabctl hook".to_owned(),
        "tabctl hook claude --no-such-flag".to_owned(),
        "tabctl hook claude a b c d".to_owned(),
        "env -u HOME tabctl hook claude '{}'".to_owned(),
        "env HOME=relative tabctl hook claude '{}'".to_owned(),
        "env TABCTL_RUNTIME_DIR=/proc/nowhere tabctl hook claude '{}'".to_owned(),
        "env TABCTL_GIT_EXCLUDE=maybe tabctl hook claude '{}'".to_owned(),
        "env -i tabctl hook claude '{}'".replace("tabctl", env!("CARGO_BIN_EXE_tabctl")),
    ];
    for line in &bad {
        assert_eq!(tab.run(line), "0", "{line}");
    }
    assert!(tab.claim().is_none(), "{:?}", tab.claim());
    // Journalled, and not once for each.
    let dropped = store(&world).read_journal(tab.id);
    let dropped: Vec<_> = dropped.iter().filter(|entry| entry.what == "hook-dropped").collect();
    assert_eq!(dropped.len(), 1, "{dropped:?}");
    assert_eq!(dropped[0].with["why"], "malformed");
    // What is large and well formed is taken.
    assert_eq!(tab.run(&format!("tabctl hook claude < {big}")), "0");
    assert_eq!(tab.state(), "idle");
}

#[test]
fn an_agent_that_never_ends_its_payload_waits_seconds_at_most() {
    let world = World::new();
    let mut command = world.command(env!("CARGO_BIN_EXE_tabctl"));
    command.args(["hook", "claude"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut hook = command.spawn().unwrap();
    let mut input = hook.stdin.take().unwrap();
    input.write_all(b"{\"hook_event_name\":").unwrap();
    let start = Instant::now();
    let status = hook.wait().unwrap();
    assert!(status.success() && start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

#[test]
fn a_hook_below_no_process_of_a_tab_is_nobodys_whatever_its_environment() {
    let world = World::new();
    let mut tab = StandIn::start(&world, "claude", "api", Some(ID));
    let token = "0123456789abcdef";
    store(&world).update_live(tab.id, &mut |live| live.token = Some(token.to_owned())).unwrap();
    let payload = event("Stop", ID, json!({})).to_string();
    // A daemon: it has the tab's variables, and other parents.
    let mut daemon = world.command(env!("CARGO_BIN_EXE_tabctl"));
    daemon.env("TABCTL_TAB", tab.id.to_string()).env("TABCTL_TOKEN", token);
    let run = crate::support::Run::of(daemon.args(["hook", "claude", &payload])).ok();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    assert!(tab.claim().is_none());
    // The tab's own process, with another tab's variables or with a wrong secret.
    for environment in [
        format!("TABCTL_TAB=01HF7YAT00000000000000001A TABCTL_TOKEN={token}"),
        format!("TABCTL_TAB={} TABCTL_TOKEN=wrong", tab.id),
    ] {
        store(&world).update_live(tab.id, &mut |live| live.claims.clear()).unwrap();
        tab.run(&format!("env {environment} tabctl hook claude '{payload}'"));
        assert_eq!(tab.state(), "idle", "its ancestors say whose it is");
    }
}

#[test]
fn the_nearest_agent_above_a_hook_must_be_the_one_it_names() {
    let world = World::new();
    let mut tab = StandIn::start(&world, "claude", "api", Some(ID));
    let payload = event("Stop", ID, json!({})).to_string();
    let inside = |name: &str, words: &str, payload: &str| {
        let hook = "tabctl hook claude '$P'; true";
        format!("P='{payload}'; bash -c 'exec -a {name} bash {words} \"$0\"' \"{hook}\"")
    };
    // Another agent replays this one's hooks.
    assert_eq!(tab.run(&inside("cursor-agent", "-c", &payload)), "0");
    assert!(tab.claim().is_none(), "{:?}", tab.claim());
    // The same agent as a tool: below a shell, or in its place when that had nothing else to do.
    let begins = event("SessionStart", OTHER, json!({"source": "startup"})).to_string();
    let ends = event("Stop", OTHER, json!({})).to_string();
    for payload in [&begins, &ends] {
        for line in [
            inside("claude", "-p -c", payload),
            inside("claude", "-c", payload),
            "bash -c \"$L; true\"".to_owned(),
        ] {
            tab.begin(&format!(
                "export L={}",
                shell_words::quote(&inside("claude", "-c", payload))
            ));
            assert_eq!(tab.end(), "0");
            assert_eq!(tab.run(&line), "0", "{line}");
            assert!(tab.claim().is_none(), "{line}: {:?}", tab.claim());
            assert_eq!(tab.session().agent.unwrap().session_id.as_deref(), Some(ID), "{line}");
        }
    }
    tab.run(&format!("tabctl hook gemini '{payload}'"));
    assert!(tab.claim().is_none(), "the tab's agent is another one");
    tab.run(&format!("tabctl hook claude '{payload}'"));
    assert_eq!(tab.state(), "idle");
}

#[test]
fn a_cleared_conversation_is_followed_once_and_the_old_one_is_kept() {
    let world = World::new();
    let mut tab = StandIn::start(&world, "claude", "api", Some(ID));
    tab.hook("claude", &event("UserPromptSubmit", ID, json!({})));
    tab.hook("claude", &event("SessionEnd", ID, json!({"reason": "clear"})));
    for _ in 0..3 {
        tab.hook("claude", &event("SessionStart", OTHER, json!({"source": "clear"})));
    }
    let agent = tab.session().agent.unwrap();
    assert_eq!(agent.session_id.as_deref(), Some(OTHER));
    let past: Vec<_> = agent.history.iter().map(|past| past.session_id.as_str()).collect();
    assert_eq!((past, agent.history[0].reason.as_str()), (vec![ID], "clear"));
    assert_eq!(agent.resume.unwrap().words()[1..], ["--resume", OTHER]);
    let rebound = store(&world).read_journal(tab.id);
    assert_eq!(rebound.iter().filter(|entry| entry.what == "rebound").count(), 1);
    assert_eq!(tab.state(), "idle");
    // The old one has nothing to say any more, and leaving forgets nothing.
    tab.hook("claude", &event("UserPromptSubmit", ID, json!({})));
    assert_eq!(tab.state(), "idle");
    tab.hook("claude", &event("SessionEnd", OTHER, json!({"reason": "other"})));
    assert_eq!(tab.session().agent.unwrap().session_id.as_deref(), Some(OTHER));
}

#[test]
fn an_agent_that_chooses_its_id_tells_it_with_its_first_event() {
    let world = World::new();
    let mut tab = StandIn::start(&world, "droid", "api", None);
    tab.hook("droid", &event("UserPromptSubmit", OTHER, json!({})));
    assert!(tab.claim().is_none(), "nothing has announced that conversation");
    tab.hook("droid", &event("SessionStart", ID, json!({"source": "startup"})));
    assert_eq!(tab.session().agent.unwrap().session_id.as_deref(), Some(ID));
    assert_eq!(tab.state(), "idle");
}

#[test]
fn a_conversation_that_another_tab_has_is_not_taken() {
    let world = World::new();
    let mut tab = StandIn::start(&world, "claude", "api", Some(ID));
    let other = StandIn::start(&world, "claude", "web", Some(OTHER));
    tab.hook("claude", &event("SessionStart", OTHER, json!({"source": "resume"})));
    assert_eq!(tab.session().agent.unwrap().session_id.as_deref(), Some(ID));
    assert!(tab.claim().is_none() && other.claim().is_none());
    // A runner holds one that no record names.
    let third = "22222222-2222-4333-8444-555555555555";
    let _held = store(&world).claim(&format!("claude.{third}")).unwrap().unwrap();
    tab.hook("claude", &event("SessionStart", third, json!({"source": "resume"})));
    assert_eq!(tab.session().agent.unwrap().session_id.as_deref(), Some(ID));
    let told = store(&world).read_journal(tab.id);
    let told = told.iter().filter(|e| e.with.get("why") == Some(&json!("held-elsewhere")));
    assert_eq!(told.count(), 2);
}

#[test]
fn a_hook_starts_nothing_and_asks_no_multiplexer() {
    let world = World::new();
    let mut tab = StandIn::start(&world, "claude", "api", Some(ID));
    // Without a PATH nothing can be found, and the tmux server of this world does not run.
    let payload = event("Stop", ID, json!({}));
    let program = env!("CARGO_BIN_EXE_tabctl");
    assert_eq!(tab.run(&format!("env PATH=/nonexistent {program} hook claude '{payload}'")), "0");
    assert_eq!(tab.state(), "idle");
    assert!(!world.socket().exists());
}
