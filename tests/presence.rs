//! What tmux shows of tabs by itself: user options that follow every turn of a state.

use std::time::Duration;

use tabctl::engine::Slot;
use tabctl::engine::fake::Fake;
use tabctl::model::id::TabId;
use tabctl::model::live::Holder;
use tabctl::model::proc::ProcId;
use tabctl::model::segment::Segment;
use tabctl::model::status::{Claim, Source, State};
use tabctl::ops::presence;
use tabctl::scan;

use crate::hook::stand_in;
use crate::support::World;
use crate::support::inside::{self, store};
use crate::support::processes::{self, Process};

const PATIENCE: Duration = Duration::from_secs(30);

impl World {
    /// A user option of a tab's pane.
    pub fn sign(&self, pane: &str, option: &str) -> String {
        let shown = self.tmux(["show-options", "-pqv", "-t", pane, option]).stdout;
        shown.trim_end_matches('\n').to_owned()
    }

    /// The counts for the status line.
    pub fn counts(&self) -> String {
        self.tmux(["show-options", "-gqv", "@tabctl_status"])
            .stdout
            .trim_end_matches('\n')
            .to_owned()
    }

    /// Waits until a tab's pane shows this glyph.
    #[track_caller]
    pub fn wait_for_sign(&self, pane: &str, glyph: &str) {
        let what = format!("'{glyph}' at pane {pane}");
        self.wait_until(&what, PATIENCE, || self.sign(pane, "@tabctl_glyph") == glyph);
    }

    #[track_caller]
    fn wait_for_counts(&self, counts: &str) {
        let what = format!("the counts '{counts}'");
        self.wait_until(&what, PATIENCE, || self.counts() == counts);
    }

    /// Says a tab's state, as its agent would.
    #[track_caller]
    pub fn says(&self, tab: &str, state: &str) {
        self.tabctl(["status", state, "--tab", tab]).ok();
    }
}

#[test]
fn the_glyph_and_the_counts_follow_what_agents_say() {
    let world = World::new();
    world.demo_tab("api");
    world.demo_tab("web");
    let (api, web) = (world.pane("api"), world.pane("web"));
    world.wait_for_sign(&api, "○");
    assert_eq!(world.counts(), "", "nobody needs anything, and nobody works");
    world.says("api", "attention");
    world.wait_for_sign(&api, "!");
    world.wait_for_counts("1!");
    assert_eq!(world.sign(&api, "@tabctl_state"), "attention");
    world.says("web", "thinking");
    world.wait_for_sign(&web, "●");
    world.wait_for_counts("1! 1●");
    world.says("api", "thinking");
    world.wait_for_counts("2●");
    world.says("api", "idle");
    world.says("web", "idle");
    world.wait_for_counts("");
}

#[test]
fn a_hook_of_the_agent_is_enough() {
    let mut world = World::new();
    let calls = stand_in::program(&mut world, "claude");
    let dir = world.workspace("api").display().to_string();
    world.tabctl(["new", "api", "--agent", "claude", "--detach", "--dir", &dir]).ok();
    let id = world.wait_for("the agent", PATIENCE, || {
        store(&world).lives().values().find(|live| live.agent.is_some())?;
        Some(world.row("api")["session_id"].as_str()?.to_owned())
    });
    let pane = world.pane("api");
    for (event, more, glyph) in [
        ("UserPromptSubmit", "", "●"),
        ("PermissionRequest", r#","tool_name":"Bash","tool_input":{"command":"ls"}"#, "!"),
        ("Stop", r#","background_tasks":[]"#, "○"),
    ] {
        let payload = format!(r#"{{"hook_event_name":"{event}","session_id":"{id}"{more}}}"#);
        calls.send(&format!("printf %s '{payload}' | tabctl hook claude"));
        world.wait_for_sign(&pane, glyph);
    }
}

#[test]
fn a_tab_that_was_adopted_is_shown_for_as_long_as_it_lives() {
    let world = World::new();
    let folder = world.workspace("api");
    let open = ["new-session", "-d", "-s", "mine", "-P", "-F", "#{pane_id}", "/bin/sh", "-i"];
    let pane = world.tmux(open).ok().stdout.trim().to_owned();
    let id = "4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e01";
    world.type_line(&pane, &format!("tabctl demo-agent --session-id {id}"));
    world.wait_for_text(&pane, "conversation");
    world.tabctl_in(&folder, ["bind", "--pane", &pane, "--tab", "api", "--dir", "."]).ok();
    world.says("api", "attention");
    world.wait_for_sign(&pane, "!");
    world.wait_for_counts("1!");
    let keepers = || {
        let all = world.processes();
        all.iter().filter(|process| process.command.contains("tabctl keep ")).count()
    };
    assert_eq!(keepers(), 1);
    let flag = ["display-message", "-p", "-t", &pane, "#{window_bell_flag}"];
    let rang = || world.tmux(flag).ok().stdout == "1\n";
    world.wait_until("the bell of the shell's own terminal", PATIENCE, rang);
    // Bound again, it is still one that keeps it.
    world.tabctl_in(&folder, ["bind", "--pane", &pane, "--tab", "api", "--dir", "."]).ok();
    world.says("api", "thinking");
    world.wait_for_sign(&pane, "●");
    world.type_line(&pane, "exit");
    world.wait_for_sign(&pane, "");
    world.tmux(["kill-pane", "-t", &pane]).ok();
    world.wait_until("the keeper's end", PATIENCE, || keepers() == 0);
}

#[test]
fn an_agent_that_ends_takes_its_glyph_along() {
    let world = World::new();
    world.demo_tab("api");
    let pane = world.pane("api");
    world.says("api", "attention");
    world.wait_for_sign(&pane, "!");
    world.type_line(&pane, "exit");
    world.wait_for_sign(&pane, "");
    world.wait_for_counts("");
    assert_eq!(world.sign(&pane, "@tabctl_state"), "");
}

#[test]
fn a_tab_that_is_closed_or_killed_is_not_counted() {
    let world = World::new();
    for tab in ["one", "two", "three"] {
        world.demo_tab(tab);
        world.says(tab, "attention");
    }
    world.wait_for_counts("3!");
    world.tabctl(["close", "one", "--yes", "--force"]).ok();
    world.wait_for_counts("2!");
    let runner = world.tmux(["display-message", "-p", "-t", &world.pane("two"), "#{pane_pid}"]);
    let runner: u32 = runner.ok().stdout.trim().parse().unwrap();
    let all = world.processes();
    let runner: &Process = all.iter().find(|process| process.pid == runner).unwrap();
    processes::kill(runner);
    world.wait_until("the runner's end", PATIENCE, || {
        world.processes().iter().all(|process| process.pid != runner.pid)
    });
    // Nobody was left to say it: the next turn of any tab does.
    world.says("three", "thinking");
    world.wait_for_counts("1●");
}

#[test]
fn one_setting_turns_it_off_also_for_those_who_live() {
    let world = World::new();
    world.demo_tab("api");
    let pane = world.pane("api");
    world.says("api", "attention");
    world.wait_for_sign(&pane, "!");
    let settings = world.path("config").join("config.yaml");
    std::fs::write(&settings, "tmux_presence: false\n").unwrap();
    world.says("api", "thinking");
    world.wait_for_sign(&pane, "");
    world.wait_for_counts("");

    world.demo_tab("web");
    world.says("web", "attention");
    std::fs::write(&settings, "# as it is built in\n").unwrap();
    world.says("api", "attention");
    world.wait_for_sign(&pane, "!");
    assert_eq!(world.sign(&world.pane("web"), "@tabctl_glyph"), "", "it never was shown");
}

#[test]
fn a_tab_is_shown_where_its_pane_stands() {
    let world = World::new();
    world.demo_tab("api");
    world.demo_tab("web");
    let (api, web) = (world.pane("api"), world.pane("web"));
    world.says("api", "attention");
    world.wait_for_sign(&api, "!");
    world.wait_for_sign(&web, "○");
    // Both in one window, and a plain shell in front.
    world.tmux(["join-pane", "-s", &web, "-t", &api]).ok();
    world.tmux(["split-window", "-t", &api]).ok();
    let glyphs = || {
        let format = "#{P:#{@tabctl_glyph}}";
        world.tmux(["display-message", "-p", "-t", &api, format]).ok().stdout.trim().to_owned()
    };
    let mut shown: Vec<char> = glyphs().chars().collect();
    shown.sort_unstable();
    assert_eq!(shown, ['!', '○']);
    world.tabctl(["close", "api", "--yes", "--force"]).ok();
    let format = "#{P:#{@tabctl_glyph}}";
    let left = world.tmux(["display-message", "-p", "-t", &web, format]).ok().stdout;
    assert_eq!(left.trim(), "○", "what is closed is shown no more");
}

#[test]
fn many_turns_at_once_end_in_the_right_counts() {
    let world = World::new();
    let tabs = ["one", "two", "three", "four", "five"];
    for tab in tabs {
        world.demo_tab(tab);
    }
    std::thread::scope(|scope| {
        for tab in tabs {
            let world = &world;
            scope.spawn(move || {
                for state in ["thinking", "idle", "attention", "thinking", "idle", "attention"] {
                    world.says(tab, state);
                }
            });
        }
    });
    world.wait_for_counts("5!");
}

#[test]
fn only_tabs_that_live_in_this_server_are_counted() {
    let world = World::new();
    let fake = Fake::new();
    let ctx = inside::context(&world, fake.clone());
    let own = scan::identity(std::process::id(), &ctx.store.boot).unwrap();
    let dead = ProcId { start: own.start + 1, ..own.clone() };
    let tab = |number: u128, runner: &ProcId, server: &str, claimed: State| {
        let id = TabId::from_parts(1_700_000_000_000, number);
        let holder = Holder {
            runner: runner.clone(),
            engine: "fake".to_owned(),
            server: server.to_owned(),
            pane: None,
            adopted: false,
        };
        let claim = Claim::new(claimed, Source::Said, ctx.now());
        ctx.store
            .update_live(id, &mut |live| {
                live.holder = Some(holder.clone());
                live.agent = Some(own.clone());
                live.claims = vec![claim.clone()];
            })
            .unwrap();
        let segment = Segment { state: claimed, locked: false, tab: "a tab".to_owned() };
        ctx.store.put_segment(id, &segment).unwrap();
        id
    };
    tab(1, &own, "/fake", State::Attention);
    tab(2, &own, "/elsewhere", State::Attention);
    tab(3, &dead, "/fake", State::Attention);
    tab(4, &own, "/fake", State::Idle);
    let id = tab(5, &own, "/fake", State::Idle);
    let argv = ["a", "program"].map(str::to_owned);
    let pane = ctx.engine().open(&Slot::new("work", "a tab", id), &argv, &[]).unwrap();
    presence::show(&ctx, id, &pane, State::Thinking).unwrap();
    assert_eq!(fake.signs(&pane), (Some("●"), "1! 1●".to_owned()));
    // What it is just doing counts, whatever its segment says.
    presence::show(&ctx, id, &pane, State::Shell).unwrap();
    assert_eq!(fake.signs(&pane), (None, "1!".to_owned()));
}
