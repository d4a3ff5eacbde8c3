//! What a hook costs the agent that calls it, and how long it takes until somebody who waits has heard.

use std::os::unix::process::CommandExt;
use std::process::Command;

use tabctl::model::id::TabId;

use super::{World, agent, compare, quiet, tabctl};

/// The agent whose hooks are called.
pub const AGENT: &str = "claude";

/// The bench starts itself again under the agent's name.
pub fn agent_calls_hooks() {
    let mut agent = Command::new(std::env::current_exe().unwrap());
    assert!(agent.arg0(AGENT).status().unwrap().success());
}

/// One event of an agent, from the hook's start to its end, beside a Rust program that reads its
/// standard input and writes one file.
pub fn call() {
    let world = World::new();
    let folders = world.tabs(20);
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("file.rs");
    let text = "use std::io::Read; fn main() { let mut text = String::new(); \
                std::io::stdin().read_to_string(&mut text).unwrap(); \
                std::fs::write(std::env::args().nth(1).unwrap(), text).unwrap(); }";
    std::fs::write(&source, text).unwrap();
    let program = folder.path().join("file");
    quiet(Command::new("rustc").args(["-O", "-o"]).arg(&program).arg(&source));

    let own = tabctl::scan::identity(std::process::id(), "bench").unwrap();
    let store = world.store();
    for number in 0..20 {
        let id = TabId::from_parts(1_700_000_000_000, number);
        store
            .update_live(id, &mut |live| {
                live.token = Some("token".to_owned());
                live.agent = (number == 0).then(|| own.clone());
            })
            .unwrap();
    }
    let payload = folder.path().join("payload");
    let conversation = agent(0).session_id.unwrap();
    let event = format!(
        r#"{{"session_id":"{conversation}","transcript_path":"/x","cwd":"/x","hook_event_name":"PostToolUse",
        "tool_name":"Bash","tool_input":{{"command":"ls"}},"tool_response":{{"stdout":""}}}}"#
    );
    std::fs::write(&payload, event).unwrap();
    let input = || std::fs::File::open(&payload).unwrap();
    let tab = TabId::from_parts(1_700_000_000_000, 0).to_string();
    for (what, token) in [("hook", "token"), ("hook, by ancestors alone", "")] {
        compare(
            what,
            "<= 1.5",
            &mut || {
                let file = world.runtime().join("out");
                let status = Command::new(&program).arg(file).stdin(input()).status().unwrap();
                assert!(status.success());
            },
            &mut || {
                let mut hook = world.command(tabctl());
                hook.env("TABCTL_TAB", &tab).env("TABCTL_TOKEN", token);
                assert!(hook.args(["hook", AGENT]).stdin(input()).status().unwrap().success());
            },
        );
    }
    let heard = store.live(TabId::from_parts(1_700_000_000_000, 0)).unwrap();
    assert_eq!(heard.claims.len(), 1, "the hooks were heard");
    world.panes(&folders[..1]);
    let id = TabId::from_parts(1_700_000_000_000, 0);
    store.update_live(id, &mut |live| live.agent = Some(own.clone())).unwrap();
    super::wait::after_a_hook(&world, &payload, &tab);
}
