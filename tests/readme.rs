//! The README against the program: its tables are what the program says of itself.

use clap::CommandFactory;
use tabctl::cli::Cli;

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
