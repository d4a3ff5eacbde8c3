//! An agent in a terminal of its own below the runner: it must be as if there were none between.

use std::time::Duration;

use rustix::process::Signal;

use crate::support::World;
use crate::support::terminal::Terminal;

const PATIENCE: Duration = Duration::from_secs(20);

/// Puts the agent's terminal into raw mode and says that it is so.
const RAW: &str = "stty raw -echo; printf ready;";

fn shell(world: &World, script: &str) -> Terminal {
    Terminal::with_agent(world, &["sh", "-c", script])
}

/// Every byte there is, in an order that repeats nowhere, and with all that looks like a sequence.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    (0..length).map(|_| u8::try_from(next() >> 40 & 0xff).unwrap()).collect()
}

fn sameness(found: &[u8], wanted: &[u8]) {
    let differs = found.iter().zip(wanted).position(|(one, other)| one != other);
    assert!(found == wanted, "{} of {} bytes; differs at {differs:?}", found.len(), wanted.len());
}

#[test]
fn what_an_agent_writes_comes_out_byte_for_byte() {
    let world = World::new();
    let mut written = vec![("noise".to_owned(), noise(300_000))];
    let recorded = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/raw");
    for entry in std::fs::read_dir(recorded).unwrap() {
        let path = entry.unwrap().path();
        written.push((path.display().to_string(), std::fs::read(path).unwrap()));
    }
    assert!(written.len() > 4, "the recordings are gone");
    for (name, bytes) in written {
        let file = world.path("written");
        std::fs::write(&file, &bytes).unwrap();
        let script = format!("{RAW} cat '{}'; exec sleep 1000", file.display());
        let mut terminal = shell(&world, &script);
        terminal.read_to("ready");
        eprintln!("{name}");
        sameness(&terminal.read_bytes(bytes.len()), &bytes);
    }
}

#[test]
fn what_is_typed_comes_in_byte_for_byte() {
    let world = World::new();
    let sequences: &[u8] =
        b"\x1b[200~pasted\r\n\x1b[201~\x1b[97;5u\x1b[<35;10;20M\x1b[M !!\x1bOP\x03\x1a\x1c\
        \x11\x13\x04\x16\x7f\x1b\xc3\xa9\xf0\x9f\x9a\x80";
    let typed = [sequences, &noise(100_000), sequences].concat();
    let file = world.path("typed");
    let script = format!("{RAW} head -c {} > '{}'; printf done", typed.len(), file.display());
    let mut terminal = shell(&world, &script);
    terminal.read_to("ready");
    terminal.type_bytes(&typed);
    terminal.read_to("done");
    sameness(&std::fs::read(&file).unwrap(), &typed);
}

#[test]
fn a_large_paste_into_a_slow_agent_loses_nothing() {
    let world = World::new();
    let typed = noise(1_000_000);
    let file = world.path("typed");
    let script = format!(
        "{RAW} for i in 1 2 3 4 5; do sleep 0.1; head -c 200000; done > '{}'; printf done",
        file.display()
    );
    let mut terminal = shell(&world, &script);
    terminal.read_to("ready");
    terminal.type_bytes(&typed);
    terminal.read_to("done");
    sameness(&std::fs::read(&file).unwrap(), &typed);
}

#[test]
fn when_both_sides_are_full_nothing_is_lost_and_nothing_gets_stuck() {
    let world = World::new();
    let mut terminal = shell(&world, &format!("{RAW} exec cat"));
    terminal.read_to("ready");
    let typed = noise(1_000_000);
    // The agent's echo is not read, so in the end nothing more can be typed either.
    let rest = terminal.type_deaf(&typed).len();
    assert!(rest > 0, "no terminal takes a megabyte that nobody reads");
    terminal.type_bytes(&typed[typed.len() - rest..]);
    sameness(&terminal.read_bytes(typed.len()), &typed);
}

#[test]
fn the_last_words_of_an_agent_are_shown_before_its_end_is_told() {
    let world = World::new();
    let file = world.path("written");
    let bytes = noise(300_000);
    std::fs::write(&file, &bytes).unwrap();
    let mut terminal = shell(&world, &format!("{RAW} exec cat '{}'", file.display()));
    terminal.read_to("ready");
    // It has long written all that a terminal takes.
    std::thread::sleep(Duration::from_millis(300));
    sameness(&terminal.read_bytes(bytes.len()), &bytes);
}

#[test]
fn an_agent_sees_the_terminal_that_it_would_have_without() {
    let mut world = World::new();
    world.set("TMUX", "/nowhere,1,0");
    let script = "stty size; stty -g; echo $TERM $TMUX; tty; ps -o tpgid=,pgid= -p $$; echo end";
    let mut terminal = shell(&world, script);
    let before = terminal.modes();
    let said = terminal.read_to("end");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "24 80");
    let modes = format!("{:x}:", before.input_modes.bits());
    assert!(lines[1].starts_with(&modes), "{said}");
    assert_eq!(lines[2], "xterm-256color /nowhere,1,0");
    assert!(lines[3].starts_with("/dev/"), "{said}");
    let groups: Vec<&str> = lines[4].split_whitespace().collect();
    assert_eq!(groups[0], groups[1], "it is in the foreground");
}

#[test]
fn another_size_is_told_to_the_agent() {
    let world = World::new();
    let script = "trap 'stty size' WINCH; echo ready; while :; do sleep 0.1; done";
    let mut terminal = shell(&world, script);
    terminal.read_to("ready");
    terminal.resize(50, 132);
    terminal.read_to("50 132");
}

#[test]
fn the_keys_that_mean_signals_reach_the_agent() {
    let world = World::new();
    let script = "trap 'echo got INT' INT; trap 'echo got QUIT' QUIT; trap 'echo got TSTP' TSTP; \
        echo ready; while :; do sleep 0.1; done";
    let mut terminal = shell(&world, script);
    terminal.read_to("ready");
    for (key, signal) in [(b"\x03", "INT"), (b"\x1c", "QUIT"), (b"\x1a", "TSTP")] {
        terminal.type_bytes(key);
        terminal.read_to(&format!("got {signal}"));
    }
}

#[test]
fn a_suspended_agent_goes_on() {
    let world = World::new();
    let mut terminal = shell(&world, "kill -STOP $$; echo goes on; exec sleep 1000");
    terminal.read_to("goes on");
}

#[test]
fn an_agent_that_suspends_itself_at_a_key_goes_on() {
    for (observe, key) in [("proxy", &b"\x1a"[..]), ("proxy", b"\x1b[122;5u"), ("direct", b"\x1a")]
    {
        let mut world = World::new();
        world.set("TABCTL_OBSERVE", observe);
        // As agents do: they read the key, tell their group, and wait to be woken.
        let script = format!(
            "trap 'echo goes on; exit 0' CONT; {RAW} head -c {} >/dev/null; kill -TSTP 0; \
            while :; do sleep 0.1; done",
            key.len()
        );
        let mut terminal = shell(&world, &script);
        terminal.read_to("ready");
        terminal.type_bytes(key);
        terminal.read_to("goes on");
    }
}

#[test]
fn what_is_sent_to_the_runner_is_passed_on() {
    for (signal, name) in [(Signal::HUP, "HUP"), (Signal::TERM, "TERM")] {
        let world = World::new();
        let script = format!(
            "trap 'echo got {name}; exit 0' {name}; echo ready; while :; do sleep 0.1; done"
        );
        let mut terminal = shell(&world, &script);
        terminal.read_to("ready");
        terminal.signal(signal);
        terminal.read_to(&format!("got {name}"));
    }
}

#[test]
fn the_terminal_is_given_back_as_it_was() {
    let world = World::new();
    let mut terminal = shell(&world, "stty raw -echo; echo ready; read line");
    let before = format!("{:?}", terminal.modes());
    terminal.read_to("ready");
    assert_ne!(format!("{:?}", terminal.modes()), before, "every byte passes");
    terminal.type_bytes(b"\n");
    world.wait_until("the modes to be back", PATIENCE, || {
        format!("{:?}", terminal.modes()) == before
    });
    terminal.type_bytes(b"echo she''ll\n");
    terminal.read_to("shell");
}

#[test]
fn an_agent_that_outlives_its_terminal_is_ended() {
    for deaf in ["HUP", "HUP TERM"] {
        let world = World::new();
        let mut terminal =
            shell(&world, &format!("trap '' {deaf}; echo ready; while :; do sleep 0.1; done"));
        terminal.read_to("ready");
        terminal.hang_up();
        world.wait_until("the agent to be gone", PATIENCE, || {
            terminal.ended() && world.processes().iter().all(|it| !it.command.contains("trap"))
        });
    }
}

#[test]
fn a_killed_runner_leaves_no_agent_behind() {
    let world = World::new();
    let mut terminal = shell(&world, "sleep 1000 & echo ready; wait");
    terminal.read_to("ready");
    terminal.signal(Signal::KILL);
    world.wait_until("the agent to be gone", PATIENCE, || {
        terminal.ended() && world.processes().iter().all(|it| !it.command.contains("wait"))
    });
}

#[test]
fn a_closed_window_ends_the_agent_and_the_runner() {
    let world = World::new();
    let mut terminal = shell(&world, "echo ready; exec sleep 1000");
    terminal.read_to("ready");
    terminal.hang_up();
    world.wait_until("all to be gone", PATIENCE, || {
        terminal.ended() && world.processes().is_empty()
    });
}

#[test]
fn what_an_agent_leaves_behind_does_not_keep_its_terminal() {
    let world = World::new();
    let script = "sh -c 'while :; do echo noise; sleep 0.01; done' & echo ready; sleep 0.2";
    let mut terminal = shell(&world, script);
    terminal.read_to("ready");
    terminal.read_to("brings it back");
    terminal.type_bytes(b"echo she''ll\n");
    terminal.read_to("shell");
    world.wait_until("the noise to end", PATIENCE, || {
        world.processes().iter().all(|process| !process.command.contains("noise"))
    });
}

#[test]
fn an_agent_that_is_not_there_leaves_a_shell() {
    let world = World::new();
    let mut terminal = Terminal::with_agent(&world, &["no-such-agent"]);
    terminal.type_bytes(b"echo she''ll\n");
    terminal.read_to("shell");
    let id = tabctl::model::id::TabId::from_parts(1_700_000_000_000, 7);
    let live = crate::support::inside::store(&world).live(id).unwrap();
    assert!(live.agent.is_none() && live.ended.is_some(), "{live:?}");
}

#[test]
fn a_program_that_asks_for_the_status_protocol_is_answered_at_once() {
    let world = World::new();
    let script =
        format!("{RAW} printf '\\033]7501;?\\033\\\\'; head -c 10 | od -An -c; exec sleep 1000");
    let mut terminal = shell(&world, &script);
    terminal.read_to("ready");
    let seen = terminal.read_to("\\\n");
    assert!(seen.starts_with("\x1b]7501;?\x1b\\"), "the question is passed on: {seen:?}");
    assert!(seen.contains("033   ]   7   5   0   1   ;   ?"), "{seen:?}");
}

#[test]
fn an_answer_waits_until_a_paste_is_whole() {
    let world = World::new();
    let file = world.path("typed");
    let script = format!(
        "{RAW} head -c 9 > '{0}'; printf '\\033]7501;?\\033\\\\asked'; head -c 18 >> '{0}'; printf done",
        file.display()
    );
    let mut terminal = shell(&world, &script);
    terminal.read_to("ready");
    terminal.type_bytes(b"\x1b[200~abc");
    terminal.read_to("asked");
    std::thread::sleep(Duration::from_millis(300));
    terminal.type_bytes(b"de\x1b[201~");
    terminal.read_to("done");
    let typed = std::fs::read(&file).unwrap();
    assert_eq!(typed.escape_ascii().to_string(), "\\x1b[200~abcde\\x1b[201~\\x1b]7501;?\\x1b\\\\");
}
