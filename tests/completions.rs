//! `tabctl completions`

use crate::support::World;

const SHELLS: [(&str, &str); 5] = [
    ("bash", "tabctl.bash"),
    ("zsh", "_tabctl"),
    ("fish", "tabctl.fish"),
    ("powershell", "_tabctl.ps1"),
    ("elvish", "tabctl.elv"),
];

#[test]
fn the_committed_completions_are_what_the_command_line_says() {
    let world = World::new();
    for (shell, file) in SHELLS {
        let made = world.tabctl(["completions", shell]).ok().stdout;
        assert!(made.contains("resume"), "{shell}");
        let path = format!("{}/completions/{file}", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("TABCTL_TEST_WRITE").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == made,
            "{file} is stale; write it anew with\n    TABCTL_TEST_WRITE=1 cargo test completions"
        );
    }
}
