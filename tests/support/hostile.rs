//! Session files that nobody should trust: what a cloned repository, a confused agent or a torn
//! disk can put into a workspace. Plain data, so that every test can write them where it likes.
//! Links, FIFOs and huge files cannot be data: tests make those themselves.

/// The file that exists once anything of this was executed.
pub const CANARY: &str = "/tmp/tabctl-canary";

const ID: &str = "01HF7YAT00000000000000001A";

/// The fields that can make something run, as flow YAML below `agent` or at the root.
const EXECUTING: [(&str, &str, &str); 6] = [
    ("kind", "agent", "sh"),
    ("session_id", "agent", "--dangerously-skip-permissions"),
    ("resume", "agent", "[sh, -c, touch /tmp/tabctl-canary]"),
    (
        "launch",
        "agent",
        "{argv: [sh, -c, touch /tmp/tabctl-canary], environment: {LD_PRELOAD: ./x.so}}",
    ),
    ("directory", "root", "../../../../etc"),
    ("environment", "launch", "{PATH: ., BASH_ENV: ./x}"),
];

/// Names that mean something to a shell, a prompt, a terminal, tmux or a file system.
const NAMES: [&str; 22] = [
    r#""$(touch /tmp/tabctl-canary)""#,
    r#""`touch /tmp/tabctl-canary`""#,
    r##""#(touch /tmp/tabctl-canary)""##,
    r##""#{E:@x}""##,
    r##""#[fg=red]""##,
    r#""%F{red}%n""#,
    r#""\\u\\w\\$""#,
    r#""a\nb""#,
    r#""a\tb""#,
    r#""a;b;""#,
    r#""-t%14""#,
    r#""\e[31m\e]0;x\a""#,
    r#""\x9b31m""#,
    r#""\u202egnp.exe""#,
    r#""a\u200bb""#,
    r#""a\u2028b""#,
    r#""../../etc/passwd""#,
    r#"".""#,
    r#""""#,
    r#""\0""#,
    r#""!!sudo""#,
    r#""<script>alert(1)</script>""#,
];

/// Every hostile session file: a name for messages, and the bytes.
pub fn corpus() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for (field, at, value) in EXECUTING {
        spellings(&mut files, field, at, value);
    }
    for (number, name) in NAMES.iter().enumerate() {
        let text = head(name) + &agent("resume: [sh, -c, touch /tmp/tabctl-canary]");
        files.push((format!("name {number}: {name}"), text.into_bytes()));
    }
    broken(&mut files);
    files
}

/// A session file as far as its name.
fn head(tab: &str) -> String {
    format!("version: 1\nid: {ID}\ntab: {tab}\n")
}

fn agent(field: &str) -> String {
    format!("agent:\n  kind: claude\n  {field}\n")
}

/// One executing field in every way in which YAML lets somebody write it.
fn spellings(files: &mut Vec<(String, Vec<u8>)>, field: &str, at: &str, value: &str) {
    let kind = if field == "kind" { "" } else { "kind: claude, " };
    let place = |inner: &str| match at {
        "root" => inner.to_owned(),
        "launch" => format!("agent: {{{kind}launch: {{argv: [claude], {inner}}}}}"),
        _ => format!("agent: {{{kind}{inner}}}"),
    };
    let plain = format!("{field}: {value}");
    let look_alike = field.replace('e', "\u{435}").replace('i', "\u{456}");
    let cases = [
        ("plain", place(&plain)),
        ("tagged", place(&format!("{field}: !!str {value}"))),
        ("local tag", place(&format!("{field}: !run {value}"))),
        ("python tag", place(&format!("{field}: !!python/object/apply:os.system {value}"))),
        ("anchored", format!("x-base: &x {value}\n{}", place(&format!("{field}: *x")))),
        ("merged", format!("x-base: &x {{{plain}}}\n{}", place("<<: *x"))),
        ("merged in a list", format!("x-base: &x {{{plain}}}\n{}", place("<<: [*x]"))),
        ("twice", place(&format!("{plain}, \"{field}\": harmless"))),
        (
            "twice, escaped",
            place(&format!("{plain}, \"\\x{:02x}{}\": harmless", field.as_bytes()[0], &field[1..])),
        ),
        ("look-alike", place(&format!("{look_alike}: {value}"))),
        ("explicit key", place(&format!("? {field} : {value}"))),
    ];
    for (name, body) in cases {
        // At the root two keys on one line are two lines.
        let body = if at == "root" { body.replace(", \"", "\n\"") } else { body };
        files.push((format!("{field}, {name}"), format!("{}{body}\n", head("api")).into_bytes()));
    }
    let text = format!("{}{}\n", head("api"), place(&plain));
    let layouts = [
        ("crlf", text.replace('\n', "\r\n")),
        ("byte order mark", format!("\u{feff}{text}")),
        ("second document", format!("{}---\n{text}", head("api"))),
        ("after the end", format!("{}...\n{}\n", head("api"), place(&plain))),
    ];
    files.extend(layouts.map(|(name, text)| (format!("{field}, {name}"), text.into_bytes())));
}

/// What is not a session file at all, or tries to cost time and memory.
fn broken(files: &mut Vec<(String, Vec<u8>)>) {
    let resume = agent("resume: [sh, -c, touch /tmp/tabctl-canary]");
    let mut bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (this, last) in "bcdefghi".chars().zip("abcdefgh".chars()) {
        let aliases = [format!("*{last}").as_str(); 9].join(",");
        bomb = format!("{bomb}{this}: &{this} [{aliases}]\n");
    }
    let cases: Vec<(&str, String)> = vec![
        ("empty", String::new()),
        ("only a comment", "# nothing\n".to_owned()),
        ("only NUL", "\0".repeat(100)),
        ("a list", "- a\n- b\n".to_owned()),
        ("a text", "hello".to_owned()),
        ("json without an id", "{\"version\": 1, \"tab\": \"x\"}".to_owned()),
        ("id that is a path", format!("version: 1\nid: ../../../etc/passwd\ntab: x\n{resume}")),
        ("id in lower case", format!("version: 1\nid: {}\ntab: x\n{resume}", ID.to_lowercase())),
        ("id of another type", format!("version: 1\nid: [1]\ntab: x\n{resume}")),
        ("newer version", format!("version: 999\nid: {ID}\ntab: x\n{resume}")),
        ("newer version, other shape", format!("version: 2\nid: {ID}\ntab: x\nagent: [a, b]\n")),
        ("negative version", format!("version: -1\nid: {ID}\ntab: x\n{resume}")),
        ("huge version", format!("version: 99999999999999999999\nid: {ID}\ntab: x\n{resume}")),
        ("alias bomb", format!("{}{bomb}{resume}", head("x"))),
        ("alias to itself", format!("{}a: &a [*a]\n{resume}", head("x"))),
        ("deep flow", format!("{}a: {}", head("x"), "[".repeat(100_000))),
        ("deep block", format!("{}a:\n{}", head("x"), deep_block(200))),
        ("wide", format!("{}a: [{}]\n{resume}", head("x"), "x,".repeat(20_000))),
        ("unclosed quote", format!("{}task: \"open\n{resume}", head("x"))),
        ("tab as indent", format!("{}agent:\n\tkind: claude\n", head("x"))),
        ("directive", format!("%YAML 9.9\n---\n{}{resume}", head("x"))),
        ("tag directive", format!("%TAG ! tag:x,2000:\n---\n{}{resume}", head("x"))),
        ("control character in a folder", head("x") + "directory: \"a\\u001b[31mb\"\n"),
        ("line end in a folder", head("x") + "directory: \"a\\nb\"\n"),
        ("NUL in a command", head("x") + &agent("resume: [\"sh\\0-c\"]")),
        (
            "NUL in an environment",
            head("x") + &agent("launch: {argv: [a], environment: {A: \"\\0\"}}"),
        ),
        (
            "equals sign in an environment",
            head("x") + &agent("launch: {argv: [a], environment: {\"A=B\": c}}"),
        ),
        (
            "option as a past conversation",
            head("x")
                + &agent("history: [{session_id: --x, at: 2026-01-01T00:00:00Z, reason: clear}]"),
        ),
        ("path as a conversation", head("x") + &agent("session_id: ../../x")),
        ("long conversation", head("x") + &agent(&format!("session_id: {}", "a".repeat(129)))),
        ("open quote in a command", head("x") + &agent("resume: \"sh -c 'touch\"")),
        ("binary tag", head("x") + &agent("resume: [!!binary c2g=]")),
    ];
    files.extend(cases.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())));
    files.push(("utf-16".to_owned(), "v\0e\0r\0s\0".repeat(9).into_bytes()));
    files.push(("not utf-8".to_owned(), [head("x").as_bytes(), b"task: \xff\xfe\n"].concat()));
    files.push(("overlong utf-8".to_owned(), [head("x").as_bytes(), b"task: \xc0\xaf\n"].concat()));
}

fn deep_block(levels: usize) -> String {
    (1..levels).map(|level| " ".repeat(level) + "a:\n").collect()
}
