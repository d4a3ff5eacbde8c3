//! What install and uninstall do to settings files as people have them.
#![allow(clippy::unwrap_used)] // a test may stop at the first surprise

use std::path::{Path, PathBuf};

use super::*;
use crate::agents::Registry;

const TABCTL: &str = "/opt/t/tabctl";

fn registry() -> Registry {
    Registry::load(Path::new("/nonexistent"))
}

fn is_json(kind: &str) -> bool {
    ["claude", "codex", "gemini", "qwen", "copilot", "droid", "cursor-agent"].contains(&kind)
}

/// Settings in which nothing is wrong, each as a person may have them.
fn good() -> Vec<String> {
    let other = r#"{"type": "command", "command": "mine.sh"}"#;
    let ours = "/opt/t/tabctl hook somebody-else";
    let mut all: Vec<String> = [
        "{}\n",
        "{}",
        "{\n}\n",
        "{ }",
        "",
        "\n",
        "\u{feff}",
        "{\"a\":1}",
        "{ \"a\": 1, \"b\": [1, 2, {\"c\": null}] }\n",
        "{\n  \"model\": \"opus\"\n}\n",
        "{\n  \"model\": \"opus\"\n}",
        "{\n    \"a\": {\n        \"b\": 1\n    }\n}\n",
        "{\n\t\"a\": 1,\n\t\"b\": {}\n}\n",
        "{\r\n  \"a\": 1\r\n}\r\n",
        "\u{feff}{\r\n\t\"a\": 1\r\n}\r\n",
        "{\n  \"hooks\": {\n    \"Other\": []\n  },\n  \"z\": 1\n}\n",
        "{\"hooks\":{\"Other\":[]},\"z\":1}",
        "{\n\"a\": 1,\n\"b\": 2\n}\n",
        "{\n  \"a\": 1\n  , \"b\": 2\n}\n\n\n",
        "{\"a\\u0062\": \"\\ud83d\\ude00 \\u2028 \\\\ \\\" \\/\"}\n",
        "{\"a\": 1.0, \"b\": 1e999, \"c\": -0, \"d\": 123456789012345678901234567890}\n",
        "{\"dup\": 1, \"dup\": 2}\n",
        "{\"é\": \"日本語 {[\\\"}],\"}\n",
        "   {\n  \"a\": 1\n}   ",
        "{\n  \"a\": [\n    1,\n    2\n  ]}\n",
        "{\"version\": 1, \"name\": \"x\"}\n",
        "{\n  \"permissions\": {\"allow\": [\"Bash(ls:*)\"]},\n\n\n  \"env\": {\"A\": \"b\"}\n}\n",
        "{\"hooks\": {\"Other\": {\"not\": \"a list\"}}}\n",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push(format!("{}1{}", "{\"a\": [".repeat(40), "]}".repeat(40)));
    for event in ["Stop", "stop", "agentStop", "AfterAgent", "SessionStart", "sessionEnd"] {
        all.extend([
            format!("{{\"hooks\": {{\"{event}\": [{{\"hooks\": [{other}]}}]}}}}\n"),
            format!("{{\n  \"hooks\": {{\n    \"{event}\": [\n      {other}\n    ]\n  }}\n}}\n"),
            format!("{{\"hooks\": {{\"{event}\": [{{\"matcher\": \"*\", \"hooks\": [{other}]}}], \"X\": []}}, \"a\": 0}}"),
            format!("{{\"hooks\": {{\"{event}\": [{{\"hooks\": [{{\"command\": \"{ours}\"}}]}}]}}}}"),
            format!("{{\"hooks\": {{\"{event}\": [\"a text\", 1, {other}]}}}}"),
        ]);
    }
    all
}

/// Those with comments, for the agents that read them.
const COMMENTED: [&str; 5] = [
    "// mine\n{\n  // first\n  \"a\": 1 // last\n}\n",
    "{ /* nothing, yet */ }\n",
    "{\n  \"hooks\": {\n    // only this\n    \"Stop\": [] // none\n  }\n}\n",
    "{\n  \"a\": \"// no comment\", /* , */ \"b\": 2\n}\n// end",
    "{\n  \"hooks\": {\"AfterAgent\": [{\"hooks\": [{\"command\": \"x\"}]} /* keep */]}\n}\n",
];

#[test]
fn install_and_uninstall_give_the_same_bytes_back() {
    let registry = registry();
    let good = good();
    assert!(good.len() >= 30);
    for spec in registry.kinds().into_iter().filter_map(|kind| registry.get(kind).ok()) {
        let Some(hooks) = spec.registration(TABCTL).filter(|_| is_json(spec.kind())) else {
            continue;
        };
        let file = Path::new("settings.json");
        let commented = COMMENTED.iter().filter(|_| hooks.install.comments);
        for text in good.iter().map(String::as_str).chain(commented.copied()) {
            let with = hooks
                .with(file, Some(text))
                .unwrap_or_else(|why| panic!("{}: {text:?} was refused: {why}", spec.kind()));
            assert!(hooks.look(file, Some(&with)).unwrap().is_complete(), "{with}");
            assert_eq!(hooks.with(file, Some(&with)).unwrap(), with, "a second install: {text:?}");
            let back = hooks.without(file, &with).unwrap().unwrap();
            // What an empty place looked like, and whose `version` it was, only the kept copy tells.
            let emptied =
                ["", "\u{feff}", "{}", "{/*nothing,yet*/}"].contains(&bare(text).as_str());
            if emptied || !hooks.install.root.is_empty() {
                let (back, text) = (bare(&back), bare(text));
                let same = back.replace("\"version\":1", "") == text.replace("\"version\":1", "");
                assert!(same || emptied || back.contains(",\"version\":1}"), "{text}\n{back}");
            } else if !text.contains("[] // none") {
                assert_eq!(back, text, "{}", spec.kind());
            }
            for comment in ["// mine", "// first", "// last", "/* keep */", "// only", "// none"] {
                assert_eq!(back.contains(comment), text.contains(comment), "{back}");
            }
        }
    }
}

/// A text without its blanks.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn the_new_part_is_laid_out_like_the_rest() {
    let registry = registry();
    let hooks = registry.get("claude").unwrap().registration(TABCTL).unwrap();
    let with = |text: &str| hooks.with(Path::new("x"), Some(text)).unwrap();
    let tabs = with("{\n\t\"a\": 1\n}\n");
    assert!(
        tabs.starts_with("{\n\t\"a\": 1,\n\t\"hooks\": {\n\t\t\"SessionStart\": [\n"),
        "{tabs}"
    );
    assert!(tabs.ends_with("\n\t}\n}\n"), "{tabs}");
    let lines = with("{\r\n  \"a\": 1\r\n}\r\n");
    assert_eq!(lines.matches('\n').count(), lines.matches("\r\n").count());
    assert_eq!(with("{\"a\":1}").lines().count(), 1);
    assert!(with("\u{feff}{}").starts_with("\u{feff}{\n  \"hooks\""));
}

#[test]
fn hooks_of_others_stay_and_keep_their_order() {
    let registry = registry();
    let hooks = registry.get("claude").unwrap().registration(TABCTL).unwrap();
    let file = Path::new("settings.json");
    let text =
        "{\"hooks\":{\"Stop\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"first\"}]}]}}";
    let with = hooks.with(file, Some(text)).unwrap();
    assert_eq!(hooks.look(file, Some(&with)).unwrap().others, 1);
    let settings: Json = serde_json::from_str(&with).unwrap();
    let commands = |at: usize| settings["hooks"]["Stop"][at]["hooks"][0]["command"].clone();
    assert_eq!(
        (commands(0), commands(1)),
        (Json::from("first"), Json::from("/opt/t/tabctl hook claude"))
    );
    // The person put his own behind ours, and into our group.
    let mixed = with.replacen(
        "\"command\":\"/opt/t/tabctl hook claude\",\"timeout\":5}",
        "\"command\":\"/opt/t/tabctl hook claude\",\"timeout\":5},{\"type\":\"command\",\"command\":\"mine\"}",
        1,
    );
    assert_ne!(mixed, with);
    let back = hooks.without(file, &mixed).unwrap().unwrap();
    assert!(back.contains("mine") && back.contains("first") && !back.contains("tabctl"), "{back}");
}

#[test]
fn what_was_lost_or_moved_or_doubled_is_put_right() {
    let registry = registry();
    let hooks = registry.get("claude").unwrap().registration(TABCTL).unwrap();
    let file = Path::new("settings.json");
    let whole = hooks.with(file, Some("{\n  \"a\": 1\n}\n")).unwrap();
    let moved = whole.replace("/opt/t/tabctl", "/old/bin/tabctl");
    let look = hooks.look(file, Some(&moved)).unwrap();
    assert_eq!((look.missing.len(), look.wrong.len()), (0, 9));
    assert_eq!(hooks.with(file, Some(&moved)).unwrap(), whole);
    let mut settings: Json = serde_json::from_str(&whole).unwrap();
    settings["hooks"].as_object_mut().unwrap().remove("Stop");
    settings["hooks"]["SessionStart"][0]["hooks"][0]["timeout"] = Json::from(600);
    let twice = settings["hooks"]["Notification"][0].clone();
    settings["hooks"]["Notification"].as_array_mut().unwrap().push(twice);
    settings["hooks"]["MadeUp"] = settings["hooks"]["Notification"].clone();
    let text = format!("{settings:#}\n");
    let look = hooks.look(file, Some(&text)).unwrap();
    assert_eq!(look.missing, ["Stop"]);
    assert_eq!(look.wrong, ["SessionStart", "Notification", "MadeUp"]);
    assert_eq!(hooks.with(file, Some(&text)).unwrap(), whole);
}

#[test]
fn a_file_that_cannot_be_changed_safely_is_refused_with_the_reason() {
    let registry = registry();
    let hooks = registry.get("claude").unwrap().registration(TABCTL).unwrap();
    for (text, why) in [
        ("{\n  \"a\": 1,\n}", "line 3 column 1: a name"),
        ("{\n  // mine\n}", "line 2 column 3: a comment"),
        ("[]", "top is not an object"),
        ("\"hooks\"", "top is not an object"),
        ("{\"hooks\": []}", "`hooks` is not an object"),
        ("{\"hooks\": null}", "`hooks` is not an object"),
        ("{\"hooks\": {\"Stop\": {}}}", "`hooks.Stop` is not an array"),
        ("{\"hooks\": {}, \"hooks\": {}}", "`hooks` stands twice"),
        ("{\"hooks\": {\"Stop\": [], \"Stop\": []}}", "`hooks.Stop` stands twice"),
        ("{\"disableAllHooks\": true}", "`disableAllHooks` is true"),
        ("{\"a\": \"\n\"}", "line 1 column 7: not a JSON text"),
        ("{} {}", "follow"),
        ("nonsense", "not a JSON value"),
    ] {
        let refusal = hooks.with(Path::new("x"), Some(text)).unwrap_err();
        assert!(refusal.to_string().contains(why), "{text}: {refusal}");
    }
    assert!(hooks.with(Path::new("x"), Some("{\"disableAllHooks\": false}")).is_ok());
    let plugin = registry.get("opencode").unwrap().registration(TABCTL).unwrap();
    let foreign = plugin.with(Path::new("/p/tabctl.js"), Some("mine()"));
    assert_eq!(foreign.unwrap_err(), Refusal::Foreign);
}

#[test]
fn a_line_of_yaml_is_added_and_taken_back() {
    let registry = registry();
    let hooks = registry.get("aider").unwrap().registration(TABCTL).unwrap();
    let file = Path::new(".aider.conf.yml");
    for text in [
        "",
        "# only a comment\n",
        "model: opus\n",
        "model: opus # mine\nread:\n  - a\n  - b\n\n",
        "notifications: true\n",
        "a: 1\r\nb: 2\r\n",
        "text: |\n  notifications-command: not a key\n",
    ] {
        let with = hooks.with(file, Some(text)).unwrap();
        assert!(with.contains("notifications-command: \"/opt/t/tabctl hook aider\""), "{with}");
        assert!(hooks.look(file, Some(&with)).unwrap().is_complete(), "{with}");
        assert_eq!(hooks.with(file, Some(&with)).unwrap(), with);
        let back = hooks.without(file, &with).unwrap().unwrap();
        // Whose line `notifications: true` was, only the kept copy tells.
        if text != "notifications: true\n" {
            assert_eq!(back, text);
        }
    }
    for (text, why) in [
        ("notifications-command: say hello\n", "set already"),
        ("notifications: false\n", "set otherwise"),
        ("{model: opus}\n", "without touching"),
        ("a: [\n", "line "),
    ] {
        let refusal = hooks.with(file, Some(text)).unwrap_err();
        assert!(refusal.to_string().contains(why), "{text}: {refusal}");
    }
}

fn words(line: &str) -> Vec<String> {
    shell_words::split(line).unwrap()
}

#[test]
fn what_is_added_at_launch_is_known_again_and_left_out() {
    let registry = registry();
    let folder = PathBuf::from("/state/tabctl-hooks/kind");
    for (kind, line, added) in [
        ("claude", "claude --model opus", "--settings /state/tabctl-hooks/kind/settings.json"),
        ("claude", "node /x/@anthropic-ai/claude-code/cli.js 'fix it'", "--settings "),
        ("droid", "droid --resume 1", "--settings /state/tabctl-hooks/kind/settings.json"),
        ("copilot", "copilot --model x", "--plugin-dir /state/tabctl-hooks/kind"),
        ("codex", "codex resume x", "-c 'notify=[\"/opt/t/tabctl\",\"hook\",\"codex\"]'"),
        ("codex", "codex -c model=x", "-c 'notify="),
        (
            "aider",
            "aider a.py",
            "--notifications --notifications-command '/opt/t/tabctl hook aider'",
        ),
    ] {
        let spec = registry.get(kind).unwrap();
        let hooks = spec.registration(TABCTL).unwrap();
        let argv = words(line);
        let given = hooks.at_launch(&argv, &folder, &|_| false, None).unwrap().unwrap();
        assert!(shell_words::join(&given.words).starts_with(added), "{kind}: {:?}", given.words);
        let whole = spec.with_words(&argv, &given.words);
        assert_ne!(whole, argv);
        assert_eq!(spec.without_hooks(&whole), argv, "{kind}");
        assert_eq!(spec.without_hooks(&argv), argv, "{kind}");
        assert_eq!(
            registry.recognise(&whole).map(Spec::kind),
            registry.recognise(&argv).map(Spec::kind)
        );
        assert_eq!(spec.privileged(&spec.without_hooks(&whole)), spec.privileged(&argv));
    }
    for (kind, name) in
        [("opencode", "OPENCODE_CONFIG_DIR"), ("qwen", "QWEN_CODE_SYSTEM_DEFAULTS_PATH")]
    {
        let spec = registry.get(kind).unwrap();
        let hooks = spec.registration(TABCTL).unwrap();
        let given = hooks.at_launch(&words(kind), &folder, &|_| false, None).unwrap().unwrap();
        assert!(spec.is_hook_variable(name, &given.set[name]));
        assert!(!spec.is_hook_variable(name, "/home/me/mine"));
        let refused = hooks.at_launch(&words(kind), &folder, &|it| it == name, None).unwrap_err();
        assert!(refused.contains(name));
    }
}

#[test]
fn what_the_person_gave_himself_is_not_overridden() {
    let registry = registry();
    for (kind, line) in [
        ("claude", "claude --settings mine.json"),
        ("claude", "claude --settings={}"),
        ("codex", "codex -c 'notify=[\"x\"]'"),
        ("codex", "codex --config=notify=[]"),
        ("copilot", "copilot --plugin-dir /mine"),
        ("aider", "aider --notifications-command x"),
    ] {
        let spec = registry.get(kind).unwrap();
        let hooks = spec.registration(TABCTL).unwrap();
        let told = hooks.at_launch(&words(line), Path::new("/s"), &|_| false, None);
        assert!(told.clone().is_err_and(|why| why.contains("given already")), "{line}: {told:?}");
        assert_eq!(spec.without_hooks(&words(line)), words(line));
    }
}

#[test]
fn the_persons_own_notify_is_called_behind_ours() {
    let registry = registry();
    let spec = registry.get("codex").unwrap();
    let hooks = spec.registration(TABCTL).unwrap();
    let given =
        |text: &str| hooks.at_launch(&words("codex"), Path::new("/s"), &|_| false, Some(text));
    let theirs =
        "# mine\nnotify = [\n  \"say\", # aloud\n  'it is \"done\"',\n]\n[tui]\nnotify = 1\n";
    let words = given(theirs).unwrap().unwrap().words;
    assert!(words[1].starts_with("notify=[\"/bin/sh\",\"-c\","), "{words:?}");
    assert!(words[1].contains("exec say 'it is \\\"done\\\"' \\\"$1\\\""), "{words:?}");
    let argv = spec.with_words(&["codex".to_owned()], &words);
    assert_eq!(spec.without_hooks(&argv), ["codex"]);
    let plain = given("[tui]\nnotify = true\n").unwrap().unwrap().words;
    assert_eq!(plain[1], "notify=[\"/opt/t/tabctl\",\"hook\",\"codex\"]");
    assert!(given("notify = 1\n").is_err() && given("notify = [\n").is_err());
}

#[test]
fn the_files_for_a_launch_hold_the_hooks_and_nothing_else() {
    let registry = registry();
    for kind in ["claude", "droid", "qwen", "copilot", "opencode"] {
        let spec = registry.get(kind).unwrap();
        let hooks = spec.registration("/a \"b\"/tabctl").unwrap();
        let given =
            hooks.at_launch(&words(kind), Path::new("/s"), &|_| false, None).unwrap().unwrap();
        assert!(!given.files.is_empty());
        for (name, text) in &given.files {
            assert!(!text.contains("{command}") && !text.contains("{tabctl}"), "{text}");
            if name.ends_with("package-lock.json") || name.ends_with(".keep") {
                continue; // these keep the agent from fetching packages for our plugin
            }
            if name.extension().is_some_and(|end| end == "json") {
                let value: Json = serde_json::from_str(text).unwrap();
                let events = value["hooks"].as_object().map(serde_json::Map::len);
                assert!(
                    name.ends_with("plugin.json") || events == Some(hooks.install.events.len())
                );
            } else {
                assert!(text.contains("const tabctl = \"/a \\\"b\\\"/tabctl\"\n"), "{text}");
            }
        }
    }
}
