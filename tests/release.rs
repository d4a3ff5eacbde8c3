//! `tabctl release`

use tabctl::error::Kind;

use crate::support::{Run, World};

#[test]
fn what_is_given_back_is_nobodys_and_what_an_agent_is_let_do_ends() {
    let world = World::new();
    world.demo_tab("api");
    let as_claude = || {
        let mut claude = world.command(env!("CARGO_BIN_EXE_tabctl"));
        claude.env("CLAUDECODE", "1").args(["send", "api", "hello"]);
        Run::of(&mut claude)
    };
    world.tabctl(["take", "api"]).ok();
    let run = world.tabctl(["release", "api"]).ok();
    assert!(run.stderr.contains("api is given back"), "{run}");
    assert!(world.row("api")["held"].is_null());
    let run = world.tabctl(["release", "api"]).ok();
    assert!(run.stderr.contains("nobody had taken api"), "{run}");
    world.tabctl(["release", "api", "--to", "claude", "--for", "1ms"]).ok();
    as_claude().fails_with(Kind::NeedsAnswer);
    world.tabctl(["release", "api", "--to", "claude", "--for", "10m"]).ok();
    as_claude().ok();
    world.tabctl(["release", "api", "--to", "nobody"]).fails_with(Kind::NotFound);
    world.tabctl(["release", "api", "--for", "10m"]).fails_with(Kind::Usage);
    // To take it is to end what was let.
    world.tabctl(["take", "api"]).ok();
    world.tabctl(["release", "api"]).ok();
    as_claude().fails_with(Kind::NeedsAnswer);
}
