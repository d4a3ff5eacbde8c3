//! `tabctl prompt`

use serde_json::json;
use tabctl::error::Kind;

use crate::support::inside::store;
use crate::support::{Run, World};

#[test]
fn it_prints_what_a_shell_shows() {
    let world = World::new();
    let folder = world.shell_tab("api");
    assert_eq!(world.tabctl(["prompt", "api"]).ok().stdout, "[$ api]\n");
    world.tabctl(["lock", "api"]).ok();
    let other = world.workspace("web");
    world.tabctl_in(&other, ["new", "web", "--detach"]).ok();
    let web = world.row("web")["id"].as_str().unwrap().parse().unwrap();
    store(&world).mark(web, true).unwrap();
    assert_eq!(world.tabctl(["prompt", "api"]).ok().stdout, "[$ api ⚿ 1!]\n");
    let told = world.tabctl(["prompt", "api", "--json"]).ok().json();
    assert_eq!(told, json!({"tab": "api", "state": "shell", "locked": true, "others": ["web"]}));
    // In a tab it is that tab; in none, it is the number alone.
    let mut command = world.command("tabctl");
    command
        .arg("prompt")
        .current_dir(&folder)
        .env("TABCTL_TAB", world.row("api")["id"].as_str().unwrap());
    assert_eq!(Run::of(&mut command).ok().stdout, "[$ api ⚿ 1!]\n");
    assert_eq!(world.tabctl(["prompt"]).ok().stdout, "[1!]\n");
    store(&world).mark(web, false).unwrap();
    assert_eq!(world.tabctl(["prompt"]).ok().stdout, "");
}

#[test]
fn a_format_says_what_is_printed() {
    let world = World::new();
    world.shell_tab("api");
    let printed = |format: &str| world.tabctl(["prompt", "api", "--format", format]).ok().stdout;
    assert_eq!(printed("{tab}: {state} {lock} {others}"), "api: shell\n");
    assert_eq!(printed("{names}"), "");
    let bar: serde_json::Value = serde_json::from_str(&printed("waybar")).unwrap();
    assert_eq!(bar, json!({"text": "$ api", "tooltip": "", "class": "shell"}));
    let run = world.tabctl(["prompt", "api", "-f", "{colour}"]).fails_with(Kind::Usage);
    assert!(run.stderr.contains("{colour}") && run.stderr.contains("{glyph} {tab}"), "{run}");
    world.tabctl(["prompt", "other"]).fails_with(Kind::NotFound);
}

#[test]
fn it_asks_no_multiplexer_and_bears_broken_settings() {
    let mut world = World::new();
    world.shell_tab("api");
    let id = world.row("api")["id"].as_str().unwrap().to_owned();
    std::fs::write(world.path("config").join("config.yaml"), "prompt: [\n").unwrap();
    world.set("TABCTL_TAB", id);
    // With no program at all to be found.
    world.set("PATH", world.path("nothing"));
    assert_eq!(world.tabctl(["prompt"]).ok().stdout, "[$ api]\n");
}

/// The blocks of the README's section about prompts: language and text.
fn blocks() -> Vec<(String, String)> {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let section = readme.split("## In the prompt\n").nth(1).expect("the section is there");
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```").skip(1).step_by(2);
    blocks
        .map(|block| block.split_once('\n').unwrap())
        .map(|(language, text)| (language.to_owned(), text.to_owned()))
        .collect()
}

/// What stands between the quotes of a line that begins like this.
fn quoted(text: &str, start: &str) -> String {
    let line = text.lines().find(|line| line.trim_start().starts_with(start));
    let line = line.unwrap_or_else(|| panic!("no {start}: {text}"));
    let rest = line.trim_start().strip_prefix(start).unwrap().trim_matches([' ', '=', ':', '{']);
    rest.trim_matches('"').to_owned()
}

#[test]
fn the_snippets_of_the_readme_work_as_they_stand_there() {
    let mut world = World::new();
    world.shell_tab("api");
    let other = world.workspace("web");
    world.tabctl_in(&other, ["new", "web", "--detach"]).ok();
    let web = world.row("web")["id"].as_str().unwrap().parse().unwrap();
    store(&world).mark(web, true).unwrap();
    world.set("TABCTL_TAB", world.row("api")["id"].as_str().unwrap());
    let blocks = blocks();
    let block = |language: &str, mark: &str| {
        let found = blocks.iter().find(|(name, text)| name == language && text.contains(mark));
        found.unwrap_or_else(|| panic!("no {language} with {mark}")).1.clone()
    };
    let sh = |line: &str| Run::of(world.command("sh").args(["-c", line])).ok().stdout;

    let starship = block("toml", "custom.tabctl");
    assert_eq!(sh(&quoted(&starship, "command")), "[$ api 1!]\n");
    let config = world.path("starship.toml");
    std::fs::write(&config, &starship).unwrap();
    if Run::of(world.command("sh").args(["-c", "command -v starship"])).status == Some(0) {
        let mut command = world.command("starship");
        command.env("STARSHIP_CONFIG", &config).args(["module", "custom.tabctl"]);
        let shown = Run::of(&mut command).ok().stdout;
        assert!(shown.contains("[$ api 1!]"), "{shown}");
    }

    let zjstatus = block("kdl", "command_tabctl");
    assert_eq!(sh(&quoted(&zjstatus, "command_tabctl_command")), "1! web\n");
    let polybar = block("ini", "module/tabctl");
    assert_eq!(sh(&quoted(&polybar, "exec")), "1! web\n");

    let waybar: serde_json::Value =
        serde_json::from_str(&format!("{{{}}}", block("json", "custom/tabctl"))).unwrap();
    let told = sh(waybar["custom/tabctl"]["exec"].as_str().unwrap());
    assert_eq!(told.lines().count(), 1, "waybar reads lines");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["text"], "$ api 1!");
    assert_eq!(told["tooltip"], "web");

    let posh: serde_json::Value = serde_json::from_str(&block("json", "\"text\"")).unwrap();
    assert!(posh["template"].as_str().unwrap().contains(".Env.TABCTL_SEGMENT"));
    let function = block("sh", "set_poshcontext");
    for (shell, options) in [("bash", "--norc"), ("zsh", "-f")] {
        let loads = block("sh", "tabctl init");
        let load = loads.lines().find(|line| line.contains(&format!("init {shell}"))).unwrap();
        let lines =
            format!("{load}\n{function}\nset_poshcontext; sh -c 'echo \"$TABCTL_SEGMENT\"'");
        let mut command = world.command(shell);
        let told = Run::of(command.args([options, "-i", "-c", &lines])).ok().stdout;
        assert_eq!(told, "[$ api 1!]\n", "{shell}");
    }
    let loads = block("sh", "tabctl init");
    let load = loads.lines().find(|line| line.contains("init fish")).unwrap();
    let mut command = world.command("fish");
    let lines = format!("{load}\ntabctl_prompt");
    let told = Run::of(command.args(["--no-config", "-i", "-c", &lines])).ok().stdout;
    assert!(told.contains("[$ api 1!]"), "{told}");
}
