//! Agents that a person starts by hand at a tab's prompt: the shell tells how, and it is remembered.

use std::time::Duration;

use serde_json::{Value, json};

use crate::hook::stand_in;
use crate::support::World;
use crate::support::inside::store;
use crate::support::shells::SHELLS;

const ID: &str = "4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e02";
const OTHER: &str = "4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e03";

fn agent(world: &World, tab: &str) -> Value {
    world.tabctl(["show", tab, "--json"]).ok().json()["session"]["agent"].clone()
}

#[test]
fn an_agent_that_was_typed_comes_back_after_a_power_cut() {
    for shell in SHELLS {
        let mut world = World::new();
        world.install_scribe();
        let pane = world.tab_with_shell("api", shell);
        world.type_line(&pane, &format!("scribe --id {ID}"));
        world.write("api", "hello");
        world.reboot();
        let plan = world.tabctl(["resume", "--dry-run"]).ok().stdout;
        assert!(plan.contains(&format!("`scribe --id {ID}` was started here by hand")), "{plan}");
        assert_eq!(agent(&world, "api"), Value::Null, "a plan changes nothing");
        world.tabctl(["resume"]).ok();
        let pane = world.pane("api");
        world.wait_for_text(&pane, "earlier: hello");
        let agent = agent(&world, "api");
        assert_eq!(
            (&agent["kind"], &agent["session_id"]),
            (&"scribe".into(), &ID.into()),
            "{shell}"
        );
        assert_eq!(agent["launch"]["argv"], json!(["scribe", "--id", ID]));
    }
}

#[test]
fn an_alias_is_what_it_stands_for() {
    for shell in SHELLS {
        let mut world = World::new();
        world.install_scribe();
        world.load_in(shell, &format!("alias sc='scribe --id {ID}'"), "");
        let pane = world.open_shell("api");
        world.type_line(&pane, "sc");
        world.write("api", "hello");
        world.reboot();
        world.tabctl(["resume"]).ok();
        world.wait_for_text(&world.pane("api"), "earlier: hello");
        assert_eq!(
            agent(&world, "api")["launch"]["argv"],
            json!(["scribe", "--id", ID]),
            "{shell}"
        );
    }
}

#[test]
fn a_function_of_an_agents_name_is_no_launch() {
    for shell in SHELLS {
        let mut world = World::new();
        world.install_scribe();
        let wraps = match shell {
            "fish" => format!("function scribe; command scribe --id {ID} $argv; end"),
            _ => format!("scribe() {{ command scribe --id {ID} \"$@\"; }}"),
        };
        world.load_in(shell, &wraps, "");
        let pane = world.open_shell("api");
        world.type_line(&pane, "scribe");
        world.wait_for_text(&pane, "say> ");
        let log = std::fs::read_to_string(world.shell_log("api")).unwrap();
        assert!(log.contains("\u{1f}function\u{1f}"), "{shell}: {log}");
        world.reboot();
        world.tabctl(["resume"]).ok();
        assert_eq!(world.row("api")["agent"], Value::Null, "{shell}");
    }
}

#[test]
fn what_had_ended_or_is_not_certain_is_no_launch() {
    for shell in ["bash", "zsh"] {
        let mut world = World::new();
        world.install_scribe();
        world.load_in(shell, "wrapped() { scribe --id \"$1\"; }", "");
        let pane = world.open_shell("ended");
        world.type_line(&pane, &format!("scribe --id {ID}"));
        world.write("ended", "hello");
        world.tmux(["send-keys", "-t", &pane, "C-d"]).ok();
        world.wait_until("its end", Duration::from_secs(20), || world.state("ended") == "shell");
        world.wait_until("what the shell says", Duration::from_secs(20), || {
            std::fs::read_to_string(world.shell_log("ended")).unwrap().contains("\nE")
        });
        for (tab, line) in [
            ("piped", format!("scribe --id {ID} | cat")),
            ("asked", format!("scribe --id $(echo {ID})")),
            ("wrapped", format!("wrapped {ID}")),
            ("background", format!("true && scribe --id {ID}")),
            ("private", format!(" scribe --id {ID}")),
        ] {
            let pane = world.open_shell(tab);
            world.type_line(&pane, &line);
            world.wait_for_text(&pane, "say> ");
        }
        world.reboot();
        world.tabctl(["resume"]).ok();
        for row in world.rows() {
            assert_eq!(row["agent"], Value::Null, "{shell}: {row:#}");
        }
    }
}

#[test]
fn a_hook_of_what_was_typed_makes_it_the_tabs_agent() {
    for shell in SHELLS {
        let mut world = World::new();
        let calls = stand_in::program(&mut world, "claude");
        let pane = world.tab_with_shell("api", shell);
        world.type_line(&pane, "claude --model x --effort 'very high'");
        let call = |name: &str, id: &str, more: Value| {
            let mut payload = json!({"hook_event_name": name, "session_id": id});
            payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            calls.send(&format!("printf %s '{payload}' | tabctl hook claude"));
        };
        call("SessionStart", ID, json!({"source": "startup"}));
        world.wait_until("the tab's agent", Duration::from_secs(20), || {
            world.row("api")["session_id"] == ID
        });
        let known = agent(&world, "api");
        let argv = known["launch"]["argv"].as_array().unwrap();
        // The stand-in is a script: its own file stands behind its name.
        let flags = argv.iter().map(|word| word.as_str().unwrap()).skip(2).collect::<Vec<_>>();
        assert_eq!(flags, ["--model", "x", "--effort", "very high"], "{shell}: {known:#}");
        let resume = known["resume"].as_array().unwrap();
        assert!(resume.contains(&"--resume".into()) && resume.contains(&ID.into()), "{known:#}");
        assert!(resume.contains(&"very high".into()), "{known:#}");
        // Its further reports are heard, and its end is seen.
        call("UserPromptSubmit", ID, json!({}));
        world.wait_until("its word", Duration::from_secs(20), || world.state("api") == "thinking");
        // Another conversation of it is followed.
        call("SessionStart", OTHER, json!({"source": "clear"}));
        world.wait_until("the other conversation", Duration::from_secs(20), || {
            world.row("api")["session_id"] == OTHER
        });
        world.tmux(["send-keys", "-t", &pane, "C-c"]).ok();
        // A fresh fish may still be busy with its manual pages.
        world.wait_until("its end", Duration::from_mins(1), || {
            ["shell", "running"].contains(&world.state("api").as_str())
        });
        // What was written down once is not written again, over what came later.
        world.reboot();
        world.tabctl(["resume", "--dry-run"]).ok();
        assert_eq!(world.row("api")["session_id"], OTHER);
    }
}

#[test]
fn an_agent_that_was_not_typed_in_this_tab_is_not_its_agent() {
    let mut world = World::new();
    let calls = stand_in::program(&mut world, "claude");
    world.load_in("bash", "", "");
    let pane = world.open_shell("api");
    // Its shell says nothing of it, as one without the script would.
    std::fs::remove_file(world.shell_log("api")).unwrap();
    world.type_line(&pane, "claude --model x");
    let payload = json!({"hook_event_name": "SessionStart", "session_id": ID, "source": "startup"});
    calls.send(&format!("printf %s '{payload}' | tabctl hook claude; echo called"));
    world.wait_for_text(&pane, "called");
    assert_eq!(agent(&world, "api"), Value::Null);
}

#[test]
fn a_program_that_nobody_knows_is_bound_as_it_was_typed() {
    for shell in SHELLS {
        let mut world = World::new();
        let bin = world.path("bin");
        std::fs::create_dir_all(&bin).unwrap();
        let program = bin.join("mytool");
        std::fs::write(&program, "#!/bin/sh\necho \"mytool has $*\"; sleep 1000\n").unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, mode).unwrap();
        world.put_on_path(&bin);
        let pane = world.tab_with_shell("api", shell);
        world.type_line(&pane, "mytool --as 'it is'");
        world.wait_for_text(&pane, "mytool has --as it is");
        let bound = world.tabctl(["bind", "generic", "--tab", "api"]).ok().stdout;
        assert!(bound.contains("as it was typed"), "{bound}");
        world.reboot();
        world.tabctl(["resume"]).ok();
        world.wait_for_text(&world.pane("api"), "mytool has --as it is");
        assert_eq!(agent(&world, "api")["launch"]["argv"], json!(["mytool", "--as", "it is"]));
    }
}

#[test]
fn what_was_bound_keeps_its_conversation() {
    let mut world = World::new();
    let pane = world.tab_with_shell("api", "bash");
    world.type_line(&pane, &format!("tabctl demo-agent --session-id {ID} --model own"));
    world.wait_for_text(&pane, "conversation");
    world.tabctl(["bind", "--pane", &pane]).ok();
    // As a hook would have told it.
    let tab = store(&world).all().unwrap().remove(0);
    let path = std::path::Path::new(&tab.file);
    store(&world)
        .update(path, &mut |session| {
            session.agent.as_mut().unwrap().session_id = Some(OTHER.to_owned());
            Ok(())
        })
        .unwrap();
    world.tmux(["send-keys", "-t", &pane, "C-c"]).ok();
    world.wait_until("its end", Duration::from_mins(1), || world.state("api") == "shell");
    world.reboot();
    world.tabctl(["resume", "--dry-run"]).ok();
    world.tabctl(["resume"]);
    assert_eq!(world.row("api")["session_id"], OTHER);
}
