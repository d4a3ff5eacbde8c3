//! `tabctl bind`

use std::time::Duration;

use tabctl::error::Kind;
use tabctl::model::status::{Claim, Source, State};

use crate::support::{World, inside};

const ID: &str = "4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e02";
const OTHER: &str = "4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e03";

/// A demo agent started by hand in a tmux window of the user's own; gives its pane.
fn started_by_hand(world: &World, folder: &std::path::Path, id: &str) -> String {
    let open =
        ["new-session", "-d", "-s", "mine", "-x", "140", "-y", "40", "-P", "-F", "#{pane_id}"];
    let pane = world.tmux([&open[..], &["/bin/sh", "-i"]].concat()).ok().stdout.trim().to_owned();
    world.type_line(&pane, &format!("cd {}", folder.display()));
    world.type_line(&pane, &format!("tabctl demo-agent --session-id {id} --model own"));
    world.wait_for_text(&pane, "conversation");
    pane
}

#[test]
fn alone_it_finds_the_agent_its_flags_and_its_conversation() {
    let world = World::new();
    let folder = world.workspace("api");
    let pane = started_by_hand(&world, &folder, "4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e01");
    let run = world.tabctl_from_pane(&pane, &folder, ["bind"]).ok();
    for evidence in ["demo", "4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e01", "process table", &pane] {
        assert!(run.stdout.contains(evidence), "{evidence}: {run}");
    }
    let row = world.row("api");
    assert_eq!(
        (&row["session_id"], &row["pane"]),
        (&"4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e01".into(), &pane.as_str().into())
    );
    assert_eq!(row["workspace"], folder.display().to_string());
    let shown = world.tabctl(["show", "api", "--json"]).ok().json();
    let argv = &shown["session"]["agent"]["launch"]["argv"];
    assert_eq!(argv[argv.as_array().unwrap().len() - 1], "own");
}

#[test]
fn what_was_bound_comes_back_as_it_was_started() {
    let world = World::new();
    let folder = world.workspace("api");
    let pane = started_by_hand(&world, &folder, "4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e01");
    world.tabctl(["bind", "--pane", &pane, "--tab", "adopted"]).ok();
    world.say("adopted", "hello", 1);
    world.reboot();
    world.tabctl(["resume"]).ok();
    let pane = world.pane("adopted");
    world.wait_for_text(
        &pane,
        "demo agent (own), conversation 4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e01",
    );
    world.wait_for_text(&pane, "I will remember \"hello\"");
    assert_eq!(world.row("adopted")["place"]["session"], "mine");
}

#[test]
fn a_conversation_can_be_bound_by_its_id() {
    let world = World::new();
    let folder = world.workspace("api");
    let line = ["bind", "codex", "--session-id", ID, "--tab", "review"];
    let line = [&line[..], &["--", "codex", "--model", "o4"]].concat();
    world.tabctl_in(&folder, &line).ok();
    let agent = world.tabctl(["show", "review", "--json"]).ok().json()["session"]["agent"].clone();
    assert_eq!((&agent["kind"], &agent["session_id"]), (&"codex".into(), &ID.into()));
    let resume: Vec<_> =
        agent["resume"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
    assert!(resume.contains(&"resume") && resume.contains(&ID), "{resume:?}");
    assert!(resume.windows(2).any(|pair| pair == ["--model", "o4"]), "{resume:?}");
    assert_eq!(world.state("review"), "down");
}

#[test]
fn a_pane_is_bound_in_its_own_folder() {
    let world = World::new();
    let folder = world.workspace("far");
    let open = ["new-session", "-d", "-P", "-F", "#{pane_id}", "-c"];
    let open = [&open[..], &[folder.to_str().unwrap(), "/bin/sh", "-i"]].concat();
    let pane = world.tmux(open).ok().stdout.trim().to_owned();
    world.tabctl(["bind", "codex", "--session-id", ID, "--pane", &pane]).ok();
    assert_eq!(world.row("far")["workspace"], folder.display().to_string());
}

#[test]
fn binding_again_keeps_the_earlier_id() {
    let world = World::new();
    let folder = world.workspace("api");
    for id in [ID, OTHER, OTHER] {
        let line = ["bind", "codex", "--session-id", id, "--tab", "t"];
        world.tabctl_in(&folder, line).ok();
    }
    let agent = world.tabctl(["show", "t", "--json"]).ok().json()["session"]["agent"].clone();
    assert_eq!(agent["session_id"], OTHER);
    assert_eq!(agent["history"].as_array().unwrap().len(), 1);
    assert_eq!(agent["history"][0]["session_id"], ID);
}

#[test]
fn one_conversation_belongs_to_one_tab() {
    let world = World::new();
    let (one, two) = (world.workspace("one"), world.workspace("two"));
    world.tabctl_in(&one, ["bind", "codex", "--session-id", ID, "--tab", "a"]).ok();
    let line = ["bind", "codex", "--session-id", ID, "--tab", "b"];
    let run = world.tabctl_in(&two, line).fails_with(Kind::Clash);
    assert!(run.stderr.contains("'a'"), "{run}");
}

#[test]
fn what_cannot_be_found_or_used_is_said() {
    let world = World::new();
    let run = world.tabctl(["bind"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("--session-id"), "{run}");
    let run = world.tabctl(["bind", "codex"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("--session-id"), "{run}");
    for id in ["--yolo", "../x", "a b", "$(id)", ""] {
        let id = format!("--session-id={id}");
        world.tabctl(["bind", "codex", &id]).fails_with(Kind::Usage);
    }
    world.tabctl(["bind", "nobody", "--session-id", "x"]).fails_with(Kind::NotFound);
    world.shell_tab("x");
    let run = world.tabctl(["bind", "--pane", "%99"]).fails_with(Kind::NotFound);
    assert!(run.stderr.contains("no pane %99"), "{run}");
    assert_eq!(world.rows().len(), 1);
}

#[test]
fn an_agent_cannot_give_itself_more_rights() {
    let mut world = World::new();
    world.set("CLAUDECODE", "1");
    let line = ["bind", "claude", "--session-id", ID, "--tab", "t"];
    let risky = [&line[..], &["--", "claude", "--dangerously-skip-permissions"]].concat();
    let run = world.tabctl(&risky).fails_with(Kind::NeedsAnswer);
    assert!(run.stderr.contains("person"), "{run}");
    world.tabctl(line).ok();
}

#[test]
fn what_an_agent_said_is_not_said_of_the_next_one() {
    let world = World::new();
    let folder = world.workspace("api");
    let pane = started_by_hand(&world, &folder, ID);
    world.tabctl(["bind", "--pane", &pane, "--tab", "adopted"]).ok();
    let store = inside::store(&world);
    let id = world.row("adopted")["id"].as_str().unwrap().parse().unwrap();
    let at = chrono::Utc::now();
    let said = Claim::new(State::Attention, Source::Hook, at);
    store.update_live(id, &mut |live| live.hear(said.clone())).unwrap();
    assert_eq!(world.state("adopted"), "attention");
    // Bound again, it is still the same agent.
    world.tabctl(["bind", "--pane", &pane, "--tab", "adopted"]).ok();
    assert_eq!(world.state("adopted"), "attention");
    world.tmux(["send-keys", "-t", &pane, "C-c"]).ok();
    world.wait_until("the agent to end", Duration::from_secs(10), || {
        world.state("adopted") == "shell"
    });
    world.type_line(&pane, &format!("tabctl demo-agent --session-id {OTHER} --model second"));
    world.wait_for_text(&pane, "(second)");
    world.tabctl(["bind", "--pane", &pane, "--tab", "adopted"]).ok();
    let claims = store.live(id).unwrap().claims;
    assert!(claims.iter().all(|claim| claim.source != Source::Hook), "{claims:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_listing_reads_the_state_file_of_an_agent_that_was_adopted() {
    let world = World::new();
    let folder = world.workspace("api");
    let (program, script) = (world.path("bin/claude"), world.path("bin/script"));
    std::fs::create_dir_all(program.parent().unwrap()).unwrap();
    let written = format!(
        "mkdir -p ~/.claude/sessions\n\
        start=$(cut -d' ' -f22 /proc/$$/stat)\n\
        say() {{ echo '{{\"pid\":'$$',\"sessionId\":\"{ID}\",\"procStart\":\"'$start'\",\"status\":\"'$1'\",\
        \"statusUpdatedAt\":'$(date +%s)000'}}' > ~/.claude/sessions/$$.json; echo is $1; read line; }}\n\
        say busy\nsay idle\n"
    );
    std::fs::write(&script, written).unwrap();
    std::os::unix::fs::symlink("/bin/sh", &program).unwrap();
    let open =
        ["new-session", "-d", "-s", "mine", "-x", "140", "-y", "40", "-P", "-F", "#{pane_id}"];
    let pane = world.tmux([&open[..], &["/bin/sh", "-i"]].concat()).ok().stdout.trim().to_owned();
    world.type_line(
        &pane,
        &format!("cd {}; {} {}", folder.display(), program.display(), script.display()),
    );
    world.wait_for_text(&pane, "is busy");
    world.tabctl(["bind", "--pane", &pane, "--tab", "adopted"]).ok();
    assert_eq!(world.state("adopted"), "thinking");
    world.tmux(["send-keys", "-t", &pane, "Enter"]).ok();
    world.wait_for_text(&pane, "is idle");
    assert_eq!(world.state("adopted"), "idle");
}

/// A tab of an agent that reads instructions; gives its folder and the file.
fn instructed(world: &World) -> (std::path::PathBuf, std::path::PathBuf) {
    let folder = world.workspace("api");
    world.tabctl_in(&folder, ["bind", "claude", "--session-id", ID, "--tab", "api"]).ok();
    let file = folder.join("CLAUDE.md");
    (folder, file)
}

#[test]
fn instructions_are_added_once_and_taken_away_to_the_byte() {
    let world = World::new();
    let (_, file) = instructed(&world);
    let add = ["bind", "--instructions", "--tab", "api", "--yes"];
    let remove = ["bind", "--no-instructions", "--tab", "api", "--yes"];
    let before = b"# Mine\r\nas it is, without an end";
    std::fs::write(&file, before).unwrap();
    let run = world.tabctl(add).ok();
    assert!(run.stdout.contains("CLAUDE.md") && run.stdout.contains("tabctl status"), "{run}");
    let with = std::fs::read(&file).unwrap();
    assert!(with.starts_with(before) && with.len() > before.len() + 200);
    assert!(world.tabctl(add).ok().stdout.contains("nothing to do"));
    assert_eq!(std::fs::read(&file).unwrap(), with);
    let json = world.tabctl([&remove[..], &["--json"]].concat()).ok().json();
    assert_eq!(json["changed"], true);
    assert_eq!(std::fs::read(&file).unwrap(), before);
    assert!(world.tabctl(remove).ok().stdout.contains("nothing to do"));

    std::fs::remove_file(&file).unwrap();
    world.tabctl(add).ok();
    assert!(file.exists());
    world.tabctl(remove).ok();
    assert!(!file.exists(), "the file was made for the lines");
}

#[test]
fn instructions_need_a_yes_and_a_file_of_the_folder_itself() {
    let world = World::new();
    let (_, file) = instructed(&world);
    let add = ["bind", "--instructions", "--tab", "api"];
    world.tabctl(add).fails_with(Kind::NeedsAnswer);
    assert!(!file.exists(), "nobody said yes");
    let elsewhere = world.path("elsewhere.md");
    std::fs::write(&elsewhere, "x\n").unwrap();
    std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
    world.tabctl([&add[..], &["--yes"]].concat()).fails_with(Kind::BadFile);
    assert_eq!(std::fs::read(&elsewhere).unwrap(), b"x\n");
    world.tabctl(["bind", "claude", "--instructions"]).fails_with(Kind::Usage);
    world.shell_tab("plain");
    world.tabctl(["bind", "--instructions", "--tab", "plain"]).fails_with(Kind::Usage);
    world.demo_tab("demo");
    world.tabctl(["bind", "--instructions", "--tab", "demo"]).fails_with(Kind::NotFound);
}

#[test]
fn instructions_go_where_the_agent_reads_them_already() {
    let world = World::new();
    let (folder, file) = instructed(&world);
    let shared = folder.join("AGENTS.md");
    std::fs::write(&shared, "ours\n").unwrap();
    let add = ["bind", "--instructions", "--tab", "api", "--yes"];
    world.tabctl(add).ok();
    assert!(!file.exists(), "it would hide the other one");
    assert!(std::fs::read_to_string(&shared).unwrap().starts_with("ours\n\n<!-- tabctl: begin"));
    // The lines are found again where they are.
    std::fs::write(&file, "theirs\n").unwrap();
    world.tabctl(["bind", "--no-instructions", "--tab", "api", "--yes"]).ok();
    assert_eq!(std::fs::read_to_string(&shared).unwrap(), "ours\n");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "theirs\n");
}
