//! The README against the program: its tables are what the program says of itself.

mod pictures;
mod tour;

use clap::CommandFactory;
use clap::error::ErrorKind;
use tabctl::cli::Cli;

use crate::support::source::root;

/// The README.
fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

/// What stands in its fenced blocks of this language, below this heading.
pub fn blocks(heading: &str, language: &str) -> Vec<String> {
    let readme = readme();
    let section = readme.split("\n## ").find(|section| section.starts_with(heading));
    let section = section.unwrap_or_else(|| panic!("no section '{heading}'"));
    let fence = format!("```{language}\n");
    let opened = section.split(&fence).skip(1);
    opened.map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

const START: &str = "| command | what it does |\n|---|---|\n";

#[test]
fn the_table_of_commands_is_the_command_line() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (before, rest) = readme.split_once(START).expect("the table's head stands in the README");
    let rows = rest.find("\n\n").map_or(rest, |end| &rest[..=end]);
    let wanted = table();
    if std::env::var_os("TABCTL_TEST_WRITE").is_some() {
        let rest = &rest[if rest.starts_with('\n') { 0 } else { rows.len() }..];
        std::fs::write(path, format!("{before}{START}{wanted}{rest}")).unwrap();
        return;
    }
    assert!(
        rows == wanted,
        "the table is stale; write it anew with\n    TABCTL_TEST_WRITE=1 cargo test readme"
    );
}

fn table() -> String {
    let mut whole = Cli::command();
    whole.build();
    let shown = whole.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help");
    let row = |command: &clap::Command| {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let aliases: Vec<_> =
            command.get_visible_aliases().map(|alias| format!("`{alias}`")).collect();
        let names = [vec![format!("`{}`", command.get_name())], aliases].concat().join(", ");
        format!("| {names} | {about} |\n")
    };
    shown.map(row).collect()
}

#[test]
fn every_help_line_is_short_imperative_and_has_an_example() {
    let mut whole = Cli::command();
    whole.build();
    for command in whole.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
        let name = command.get_name();
        let about = command.get_about().unwrap().to_string();
        assert!(about.len() <= 60 && !about.ends_with('.'), "{name}: {about}");
        let long = command.get_long_about().unwrap().to_string();
        assert!(
            long.contains(&format!("  tabctl {name}")) || long.contains("| tabctl"),
            "{name}: an example"
        );
    }
}

/// Every command of tabctl that the README names: in its blocks, and in the text.
fn commands() -> Vec<String> {
    let readme = readme();
    let mut found = Vec::new();
    let mut fenced = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            found.extend(
                line.strip_prefix("$ ").or(Some(line)).filter(|line| line.starts_with("tabctl ")),
            );
        } else {
            found.extend(
                line.split('`').skip(1).step_by(2).filter(|code| code.starts_with("tabctl ")),
            );
        }
    }
    found.into_iter().map(str::to_owned).collect()
}

#[test]
fn every_command_in_the_readme_can_be_typed() {
    let commands = commands();
    assert!(commands.len() > 40, "{}", commands.len());
    for command in commands {
        let words =
            shell_words::split(&command).unwrap_or_else(|error| panic!("{command}: {error}"));
        let ends = |word: &String| matches!(word.as_str(), "|" | "&&" | ">" | ">>" | "<" | "&");
        let words: Vec<_> = words.into_iter().take_while(|word| !ends(word)).collect();
        if words.iter().any(|word| word.contains('…')) {
            continue;
        }
        let told = Cli::command().try_get_matches_from(words);
        if let Err(error) = told {
            let help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            assert!(help, "`{command}`: {error}");
        }
    }
}

#[test]
fn what_the_readme_points_to_is_there() {
    let readme = readme();
    let targets = readme.split("](").skip(1).map(|rest| rest.split(')').next().unwrap());
    let own = targets.filter(|target| !target.contains("://"));
    for target in own {
        match target.strip_prefix('#') {
            Some(anchor) => {
                let slug = |line: &str| line.to_lowercase().replace(' ', "-").replace(',', "");
                let headings = readme.lines().filter_map(|line| line.strip_prefix("## "));
                assert!(headings.map(slug).any(|slug| slug == anchor), "#{anchor}");
            }
            None => assert!(root().join(target).exists(), "{target}"),
        }
    }
}

#[test]
fn every_exit_code_is_in_the_readme() {
    let readme = readme();
    let help = Cli::command().get_after_help().unwrap().to_string();
    let codes = help.split_once("Exit codes:").unwrap().1.split(',');
    let codes: Vec<_> = codes.filter_map(|code| code.split_whitespace().next()).collect();
    assert!(codes.len() > 15, "{codes:?}");
    for code in codes {
        assert!(readme.contains(&format!("\n| {code} | ")), "{code}");
    }
}
