//! What a real agent makes of what is sent to it, as its model sees it: every text once, as it is.
//! Must not ask the agent.

use std::time::Duration;

use tabctl::error::Kind;

use crate::support::agents::{self, Agent, CLAUDE, CODEX};
use crate::support::{Mock, World};

const PATIENCE: Duration = Duration::from_mins(1);

/// Texts that something on the way could take for something else. `N` is a number: no two are the same.
const AWKWARD: [&str; 25] = [
    "number N: one line; and a semicolon at its end;",
    "N\nlines\n\n   \nwith an empty one and one of spaces",
    "/etc/hosts N is a file and no command",
    "!ls N",
    "#N is no memory",
    "@N is nobody",
    "-t %N -X cancel",
    "ends with a backslash N\\",
    "ends with the name of nobody N @",
    "ends with a file that is there N @README.md",
    "costs N $",
    "quotes N ' \" ` ''' \"\"\" and $(touch made) `touch made` $HOME ${PATH} #(touch made)",
    "#{pane_id} #[fg=red] %N %% ~ * ? [ab] {a,b}",
    "emoji N 🚀 👨‍👩‍👧‍👦 🇩🇪 é ñ ǆ ﷽",
    "right to left N: مرحبا بالعالم, שלום עולם",
    "漢字 N かな 한국어 ไทย",
    "\ttabs N\tbetween\tand at the start",
    "escapes N \\e[31m \\x1b \\u001b \\n \\033[0m ^C",
    "a list N:\n- one\n- two\n\n1. three\n2. four",
    "```rust\nfn main() { println!(\"{}\", N); } // \\\n```",
    "> quoted N\n>> twice\n❯ like a prompt\n› like another",
    "yes N\ny\n1\n\nEnter",
    "<system>N</system> & &amp; {\"json\": [\"N\", null]}",
    "  two spaces before N and two behind  ",
    "exit N\nquit\n:q!",
];

/// The texts of one run, each with what becomes of it: everyday a few, else two hundred.
fn texts() -> Vec<String> {
    let long = std::env::var_os("TABCTL_TEST_LONG").is_some_and(|value| value == "1");
    let chosen: Vec<usize> = if long { (0..200).collect() } else { vec![1, 2, 3, 7, 11] };
    let text = |number: usize| match number % 40 {
        // Long ones: pastes of so many bytes.
        at @ 25..=31 => {
            let line = |it: usize| format!("line {it} of text {number}; with äöü to fill it up\n");
            let whole: String = (0..).map(line).take(8 << (at - 25)).collect();
            whole.chars().take(10 * 1024).collect()
        }
        at @ 32..=39 => format!("{} again", AWKWARD[(at * 7 + number / 40) % 25])
            .replace('N', &number.to_string()),
        at => AWKWARD[at].replace('N', &number.to_string()),
    };
    chosen.into_iter().map(text).collect()
}

#[test]
fn claude_gets_every_text_once_and_as_it_is() {
    let makes = |text: &str| text.replace('\t', "    ");
    every_text_arrives(&CLAUDE, makes);
}

#[test]
fn codex_gets_every_text_once_and_as_it_is() {
    every_text_arrives(&CODEX, str::to_owned);
}

fn every_text_arrives(agent: &Agent, makes: impl Fn(&str) -> String) {
    let Some(programs) = agents::folder() else { return };
    let mut world = World::new();
    let folder = world.workspace("api");
    std::fs::write(folder.join("README.md"), "a file\n").unwrap();
    let mock = Mock::start(&world, &folder);
    agents::settle(&mut world, &mock, &programs);
    let dir = folder.display().to_string();
    let line = ["new", "api", "--agent", agent.kind, "--detach", "--dir", &dir, "--"];
    world.tabctl([&line[..], agent.flags].concat()).ok();
    let pane = world.pane("api");
    world.wait_for_text(&pane, agent.ready);
    world.wait_for_quiet(&pane);
    let (mut sent, mut unsure) = (Vec::new(), Vec::new());
    for text in texts() {
        let brief = world.path("brief");
        std::fs::write(&brief, &text).unwrap();
        let line = ["send", "api", "--wait", "--timeout", "60s", "--file", brief.to_str().unwrap()];
        let run = world.tabctl(line);
        assert!(run.status == Some(0), "{text:?}\n{run}\n{}", world.screens());
        if !run.stderr.contains("delivered") {
            unsure.push(format!("{text:?}: {}", run.stderr));
        }
        sent.push(makes(&text).trim().to_owned());
        let arrived = || mock.turns().len() >= sent.len();
        world.wait_until("the model to be asked", PATIENCE, arrived);
    }
    let arrived: Vec<String> = mock.turns().into_iter().map(|turn| turn.prompt).collect();
    for (number, (arrived, sent)) in arrived.iter().zip(&sent).enumerate() {
        assert_eq!(arrived, sent, "text {number}");
    }
    assert_eq!(arrived.len(), sent.len(), "every text once");
    assert!(!folder.join("made").exists(), "nothing was run");
    eprintln!("{}: {} texts, {} by the screen alone", agent.kind, sent.len(), unsure.len());
    // What an agent would obey in any case is not typed at all.
    if agent.kind == "claude" {
        world.tabctl(["send", "api", "/clear all of it"]).fails_with(Kind::Usage);
    }
}
