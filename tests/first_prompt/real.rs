//! The real agents take a first prompt together with a resume: each in its own conversation.
//! Must not fake an agent; only the model behind it is ours.

use std::time::{Duration, Instant};

use crate::live::cast::{Actor, CAST};
use crate::live::stage::Stage;
use crate::support::{Mock, World};

const PATIENCE: Duration = Duration::from_mins(1);
const FIRST: &str = "remember alpha";
/// The model server answers it with all prompts of the request.
const NOTE: &str = "--look at the pump\n[[recall]]";

#[test]
fn real_agents_take_their_notes_into_their_own_conversation() {
    let _turn = crate::support::agents::turn();
    let long = std::env::var_os("TABCTL_TEST_LONG").is_some();
    let only = std::env::var("TABCTL_TEST_LIVE").unwrap_or_default();
    // In an ordinary run one is enough: all take a minute each.
    let wanted = |actor: &&Actor| match only.as_str() {
        "" => long && takes_one(actor) || actor.kind == "claude",
        only => only.split(',').any(|it| it == actor.kind),
    };
    for actor in CAST.iter().filter(wanted) {
        let Some(stage) = Stage::set(&["api".to_owned()]) else { return };
        told(actor, &stage.world, &stage.mock);
    }
}

/// Aider takes none, and two drop it silently when they resume.
fn takes_one(actor: &Actor) -> bool {
    !["aider", "droid", "opencode"].contains(&actor.kind)
}

fn told(actor: &Actor, world: &World, mock: &Mock) {
    let folder = world.workspace("api");
    let new = ["new", "api", "--agent", actor.kind, "--detach", "--"];
    world.tabctl_in(&folder, [&new[..], actor.flags].concat()).ok();
    let pane = ready(actor, world);
    // Some agents lose what is typed while they settle.
    let said = (0..3).any(|_| {
        world.type_line(&pane, FIRST);
        let end = Instant::now() + PATIENCE / 3;
        let mut turns =
            std::iter::repeat_with(|| mock.turns()).take_while(|_| Instant::now() < end);
        turns.any(|turns| {
            std::thread::sleep(Duration::from_millis(200));
            turns.iter().any(|turn| turn.prompt.contains(FIRST))
        })
    });
    assert!(said, "{}: the first turn\n{}", actor.kind, world.screens());
    world.wait_for_text(&pane, "to: remember alpha");
    // Some write a turn down only when it is over.
    world.wait_until("the end of the turn", PATIENCE, || world.state("api") == "idle");
    world.wait_for_quiet(&pane);
    world.tabctl(["note", "--tab", "api", "--", NOTE]).ok();
    world.kill_server();

    let run = world.tabctl(["resume", "api", "--with-notes"]);
    assert!(run.stdout.contains("as the first prompt"), "{}: {run}", actor.kind);
    let turns = |text: &str| {
        let turns = mock.turns().into_iter().filter(|turn| turn.prompt.contains(text));
        turns.collect::<Vec<_>>()
    };
    world.wait_until(&format!("the notes of {}", actor.kind), PATIENCE, || {
        !turns("the pump").is_empty()
    });
    let turn = turns("the pump").remove(0);
    assert!(turn.prompt.contains("This tab went down"), "{}: {turn:?}", actor.kind);
    assert!(turn.prompt.contains("- --look at the pump"), "{}: {turn:?}", actor.kind);
    // An answer that was not on disk yet is lost, and qwen then joins the two prompts into one.
    let recalled = turn.answer.contains("prompts: remember alpha ");
    assert!(recalled, "{}: another conversation: {turn:?}", actor.kind);
    let pane = ready(actor, world);
    world.wait_for_text(&pane, "RECALL ");

    world.kill_server();
    let heard = turns("the pump").len();
    // A process that was killed holds its locks a moment longer than it can be seen.
    world.wait_until("the second return", PATIENCE, || world.tabctl(["resume"]).status == Some(0));
    ready(actor, world);
    assert_eq!(turns("the pump").len(), heard, "{}: it was told twice", actor.kind);
    eprintln!("{}: told, in its own conversation, once", actor.kind);
}

/// Waits until the agent takes a prompt; gives its pane.
fn ready(actor: &Actor, world: &World) -> String {
    let pane = world
        .wait_for("the pane", PATIENCE, || world.row("api")["pane"].as_str().map(str::to_owned));
    world.wait_for_text(&pane, actor.ready);
    world.wait_for_quiet(&pane);
    pane
}
