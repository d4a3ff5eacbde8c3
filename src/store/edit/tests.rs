//! Edits survive every layout that a person's editor makes, and every string that a person types.
#![allow(clippy::unwrap_used)] // a refusal where none is expected is the failure

use chrono::DateTime;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::model::argv::Argv;
use crate::model::event::Event;
use crate::model::id::TabId;
use crate::model::queued::Queued;
use crate::model::session::{Agent, Environment, LastStatus, Launch, Note, PastId, Place};
use crate::model::status::State;

/// What YAML, shells and people who test YAML know as trouble.
const TROUBLE: [&str; 48] = [
    "",
    " ",
    "no",
    "yes",
    "on",
    "y",
    "~",
    "null",
    "Null",
    "true",
    "1_000",
    "12:30:45",
    "0x1F",
    "1e3",
    ".inf",
    "2024-01-01",
    "<<",
    "=",
    "-",
    "- a",
    "? b",
    ": c",
    "a: b",
    "a #b",
    "#c",
    "&a",
    "*a",
    "!t",
    "%d",
    "@e",
    "`f`",
    "'",
    "\"",
    "it's \"so\"",
    "[a]",
    "{a: b}",
    "a, b",
    "|",
    ">",
    " lead",
    "trail ",
    "\ttab",
    "\t\t\n:f",
    "a\n\n\n\n",
    "---",
    "...",
    "$(id) #(id) %F{red}",
    "\u{1b}[31m",
];

fn read(bytes: &[u8]) -> Session {
    parse(Path::new("f"), bytes).unwrap().session
}

fn changed(bytes: &[u8], after: &Session) -> Result<Vec<u8>> {
    let before = parse(Path::new("f"), bytes)?;
    edit(Path::new("f"), bytes, &before.tree, &before.session, after)
}

fn texts() -> impl Strategy<Value = String> {
    let trouble = prop::sample::select(TROUBLE.to_vec()).prop_map(str::to_owned);
    let lines = vec(trouble.clone(), 1..5).prop_map(|lines| lines.join("\n"));
    prop_oneof![
        2 => trouble,
        2 => lines,
        2 => "[ a-z#:'\"\\\\\n\t-]{0,30}",
        2 => any::<String>(),
        1 => "\\PC{0,20}\n\\PC{0,20}\n*",
        1 => "[\r\n\u{85}\u{2028}\u{feff}🚀a\0\u{7f}\u{1b} ]{0,8}",
        1 => "[a-z ]{100,300}",
    ]
}

/// What may be part of a command: anything but NUL.
fn words() -> impl Strategy<Value = String> {
    texts().prop_map(|text| text.replace('\0', "0"))
}

fn ids() -> impl Strategy<Value = String> {
    "[A-Za-z0-9][A-Za-z0-9._:-]{0,20}"
}

fn launches() -> impl Strategy<Value = Launch> {
    let environment = prop::collection::btree_map("[A-Z<=~]{1,3}", words(), 0..3);
    let environment = environment
        .prop_map(|map| map.into_iter().map(|(k, v)| (k.replace('=', "_"), v)).collect());
    (vec(words(), 0..4), option::of("[a-z/. ]{0,9}"), environment, option::of(words())).prop_map(
        |(argv, directory, environment, binary)| Launch {
            argv: Argv(argv),
            directory,
            environment,
            binary,
        },
    )
}

fn agents() -> impl Strategy<Value = Agent> {
    let past = (ids(), texts()).prop_map(|(session_id, reason)| PastId {
        session_id,
        at: DateTime::default(),
        reason,
    });
    (
        texts(),
        option::of(ids()),
        option::of(launches()),
        option::of(vec(words(), 0..4).prop_map(Argv)),
        vec(past, 0..3),
    )
        .prop_map(|(kind, session_id, launch, resume, history)| Agent {
            kind,
            session_id,
            launch,
            resume,
            history,
        })
}

prop_compose! {
    fn sessions()(
        tab in texts(),
        locked in any::<bool>(),
        agent in option::of(agents()),
        directory in "[a-z./ #:-]{0,9}",
        host in option::of(texts()),
        place in option::of((texts(), option::of(any::<u32>()))),
        task in option::of(texts()),
        notes in vec((texts(), option::of(texts()), any::<bool>()), 0..4),
        status in option::of(texts()),
        tags in vec(texts(), 0..5),
        queue in vec((texts(), option::of(texts())), 0..3),
    ) -> Session {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let mut session = Session::new(TabId::from_parts(1_800_000_000_000, 7), tab);
        session.locked = locked;
        session.agent = agent;
        session.directory = directory;
        session.environment = host.map(|host| Environment { os: "linux".to_owned(), host });
        session.place = place.map(|(window, index)| Place {
            engine: "tmux".to_owned(), session: window.clone(), window, index, split: None,
        });
        session.task = task;
        session.notes = notes.into_iter().map(|(text, by, dated)| Note {
            text, by, at: dated.then_some(at), session_id: dated.then(|| "abc-1".to_owned()),
        }).collect();
        session.status = status.map(|by| LastStatus {
            state: State::Idle, since: at, by, reason: None,
        });
        session.tags = tags;
        session.queue = queue.into_iter().map(|(text, by)| Queued {
            id: by.as_ref().map(|_| "1a2b".to_owned()), text, at: by.as_ref().map(|_| at), by,
        }).collect();
        session
    }
}

/// A session as different editors and people would lay it out.
fn layouts(session: &Session) -> Vec<(&'static str, String)> {
    let ours = session_file::render(session).unwrap();
    let extra =
        "# mine\nmine: &m {x: [1, 2], y: .inf}  # keep\nmore: *m\n\"odd key\": |\n  a\n\n  b\n";
    let compact = serde_yaml::to_string(session).unwrap();
    vec![
        ("ours", ours.clone()),
        ("crlf", ours.replace('\n', "\r\n")),
        ("byte order mark", format!("\u{feff}{ours}")),
        ("no newline at the end", ours.trim_end_matches('\n').to_owned()),
        ("marker", format!("---\n{ours}")),
        ("compact", compact.clone()),
        ("unknown keys before", format!("{extra}{ours}")),
        ("unknown keys after", format!("{compact}{extra}# the end\n")),
        ("json", serde_json::to_string_pretty(session).unwrap()),
        ("json in one line", serde_json::to_string(session).unwrap()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_edited_reads_back_as_intended_whatever_the_strings(
        before in sessions(), after in sessions(),
    ) {
        for (name, text) in layouts(&before) {
            let bytes = text.as_bytes();
            if !parse(Path::new("f"), bytes).is_ok_and(|parsed| parsed.session == before) {
                // The layout cannot carry these strings: JSON with a control character, say.
                prop_assert!(name != "ours", "{text}");
                continue;
            }
            match changed(bytes, &after) {
                Ok(changed) => prop_assert_eq!(read(&changed), after.clone()),
                Err(e) => prop_assert!(false, "{}: {:#}\n{}", name, e, text),
            }
        }
    }
}

/// A file as a person who likes comments leaves it. Lines with `keep` are the person's.
const BY_HAND: &str = r#"# keep: ask Ana before touching this 🚀

version: 1
id: 01HF7YAT00000000000000001A   # keep 1
"tab": 'api' # keep: the short name
# keep: who works here
agent:
    # keep: the good one
    kind: claude   # keep: not codex

    session_id: "abc-1"
    keep: &c purple
    resume: claude --resume abc-1   # keep: by hand
    launch:
        argv: [claude, --model, opus]  # keep: flow
        environment: {}
# ---- keep: my own ----
owner: {keep: Ana, color: *c}   # keep 2
links:
- https://example.org/#keep   # keep: not a comment in the link
-   keep

notes:
- text: |
    first

    second keep
  by: person   # keep: me
  mood: keep
# keep: after the note

tags: [a, c]   # keep: a flow list
place:
  engine: tmux
  session: main
  window: api
  keep: [1, 2, {x: y}]

# keep: the end
"#;

fn events() -> Vec<Event> {
    let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let launch = Launch {
        argv: ["claude", "two\nlines"].into_iter().collect(),
        directory: Some("sub dir".to_owned()),
        environment: [("A".to_owned(), "no".to_owned())].into(),
        binary: Some("/usr/bin/claude".to_owned()),
    };
    let bound = Agent {
        kind: "codex".to_owned(),
        session_id: Some("abc-9".to_owned()),
        launch: Some(launch.clone()),
        resume: Some(["codex", "resume", "abc-9"].into_iter().collect()),
        history: Vec::new(),
    };
    let note =
        Note { text: "third\n\nand more".to_owned(), by: None, at: Some(at), session_id: None };
    let status = |state| Event::Status { state, by: "hook".to_owned(), reason: None };
    vec![
        Event::Rebound {
            session_id: Some("abc-2".to_owned()),
            resume: Some(["claude", "--resume", "abc-2"].into_iter().collect()),
            reason: "clear".to_owned(),
        },
        Event::Launched(launch),
        Event::Renamed("日本 🚀".to_owned()),
        Event::Locked(true),
        Event::Locked(false),
        Event::Task(Some("ship: it # today\nand tomorrow".to_owned())),
        Event::Task(None),
        Event::Noted(note),
        Event::Tagged { add: vec!["b".to_owned()], remove: vec!["a".to_owned()] },
        Event::Tagged { add: Vec::new(), remove: vec!["b".to_owned()] },
        status(State::Thinking),
        status(State::Attention),
        Event::Placed(Place { index: Some(3), engine: "zellij".to_owned(), ..Place::default() }),
        Event::Settled(Environment { os: "wsl:Debian".to_owned(), host: "h".to_owned() }),
        Event::Bound(bound),
    ]
}

/// What a person wrote, line by line: all of it must still be there, in the same order.
fn kept(text: &str) -> Vec<String> {
    let own = |line: &&str| line.contains("keep");
    // Only what begins at the person's own part: the value before a comment may change.
    let part = |line: &str| match line.find("# keep") {
        Some(comment) => line.get(comment..).unwrap_or_default().to_owned(),
        None => line.trim_start().to_owned(),
    };
    text.lines().filter(own).map(part).collect()
}

#[test]
fn what_a_person_wrote_survives_every_event() {
    let crlf = BY_HAND.replace('\n', "\r\n");
    let layouts = [
        ("as it is", BY_HAND.to_owned()),
        ("crlf", crlf.clone()),
        ("byte order mark", format!("\u{feff}{BY_HAND}")),
        ("byte order mark and crlf", format!("\u{feff}{crlf}")),
        ("no newline at the end", BY_HAND.trim_end().to_owned()),
        ("marker", format!("---\n{BY_HAND}...\n")),
    ];
    for (name, mut text) in layouts {
        let (mine, windows) = (kept(&text), text.contains('\r'));
        let mut session = read(text.as_bytes());
        for event in events() {
            session.apply(&event, DateTime::default());
            let bytes = changed(text.as_bytes(), &session).unwrap();
            text = String::from_utf8(bytes).unwrap();
            assert_eq!(kept(&text), mine, "{name}, {event:?}:\n{text}");
            assert_eq!(text.lines().count() == text.matches("\r\n").count(), windows, "{name}");
            assert_eq!(text.starts_with('\u{feff}'), name.starts_with("byte"), "{name}");
            let trailing = text.lines().find(|line| line.ends_with(' '));
            assert_eq!(trailing, None, "{name}, {event:?}");
        }
    }
}

#[test]
fn an_edit_changes_the_lines_it_is_about_and_no_other() {
    let mut after = read(BY_HAND.as_bytes());
    after.notes.push(Note { text: "third".to_owned(), by: None, at: None, session_id: None });
    after.tags.insert(1, "b".to_owned());
    let changed = changed(BY_HAND.as_bytes(), &after).unwrap();
    let expected = BY_HAND
        .replace("  mood: keep\n", "  mood: keep\n- text: third\n")
        .replace("tags: [a, c]", "tags: [a, b, c]");
    assert_eq!(String::from_utf8(changed).unwrap(), expected);
}

#[test]
fn an_edit_that_would_change_what_is_not_ours_is_refused() {
    let cases = [
        "agent:\n  kind: &k claude\nmine: *k\n",
        "mine: &a {kind: claude}\nagent: *a\n",
        "mine: &a {kind: claude}\nother: {agent: *a}\nagent: *a\n",
    ];
    for extra in cases {
        let text = format!("version: 1\nid: 01HF7YAT00000000000000001A\ntab: api\n{extra}");
        let before = read(text.as_bytes());
        let mut after = before.clone();
        after.agent.as_mut().unwrap().kind = "codex".to_owned();
        let error = changed(text.as_bytes(), &after).unwrap_err();
        assert_eq!(crate::error::kind_of(&error), Kind::BadFile, "{extra}");
        after = before.clone();
        after.task = Some("something else".to_owned());
        assert!(changed(text.as_bytes(), &after).is_ok(), "{extra}");
    }
}
