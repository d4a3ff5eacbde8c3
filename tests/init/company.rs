//! The scripts beside what else people load into their shells.

use std::time::Duration;

use crate::support::World;

/// What bash-preexec promises those who come after it, and no more: its arrays, called as it calls
/// them, and its names.
const PREEXEC: &str = r#"
__bp_imported=defined
__calls() {
    local status=$? one
    for one in "${precmd_functions[@]}"; do (exit "$status") || :; __again "$status"; "$one"; done
}
__again() { return "$1"; }
__begins() {
    [[ ${__ready-} && $BASH_COMMAND != __calls ]] || return 0
    __ready=
    local line=$(HISTTIMEFORMAT= builtin history 1) one
    line=${line#"${line%%[! ]*}"} line=${line#*  }
    for one in "${preexec_functions[@]}"; do "$one" "$line"; done
}
PROMPT_COMMAND='__calls
__ready=1'
trap '__begins "$_"' DEBUG
"#;

/// What stands in a start-up file before and after tabctl, and what must still hold then.
const COMPANY: &[(&str, &str, &str, &str)] = &[
    ("bash", "set -o vi", "", "api] >"),
    ("bash", "set -u", "", "api] >"),
    ("bash", "shopt -s failglob extdebug nocaseglob; set -f", "", "api] >"),
    ("bash", "IFS=:; LC_ALL=C", "", "api] >"),
    ("bash", "trap 'seen=$((${seen-0} + 1))' DEBUG", "PS1='${seen:+traced} '$PS1", "traced"),
    ("bash", "PROMPT_COMMAND='first=${first-}1'", "PS1='${first:+string} '$PS1", "string"),
    ("bash", "PROMPT_COMMAND=('one=1;' 'two=2')", "PS1='${one-}${two-}:array '$PS1", "12:array"),
    // starship and others make PS1 anew each time; some put themselves in front later.
    ("bash", "remake() { PS1='made> '; }; PROMPT_COMMAND=remake", "", "api] made>"),
    ("bash", "", "late() { PS1='late> '; }; PROMPT_COMMAND=\"late;$PROMPT_COMMAND\"", "api] late>"),
    ("bash", PREEXEC, "", "api] >"),
    ("bash", "", "eval \"$(tabctl init bash)\"", "api] >"),
    ("bash", "PS1='\\n> '", "", "\n[$ api] >"),
    // A history of many years, and one that shows the time.
    (
        "bash",
        "HISTSIZE=200000; for i in {1..100001}; do history -s old; done",
        "PS1='\\! '$PS1",
        "10000",
    ),
    ("bash", "HISTTIMEFORMAT='%F 9  %T '; IFS=_", "", "api] >"),
    ("zsh", "bindkey -v", "", "api] >"),
    ("zsh", "setopt no_unset ksh_arrays sh_word_split glob_subst", "", "api] >"),
    ("zsh", "setopt null_glob err_return no_nomatch extended_glob prompt_subst", "", "api] >"),
    ("zsh", "setopt warn_create_global noclobber prompt_bang", "", "api] >"),
    (
        "zsh",
        "first() { first=1 }; precmd_functions=(first)",
        "PROMPT='%(1V..)${first:+hooked} '$PROMPT; setopt prompt_subst",
        "hooked",
    ),
    (
        "zsh",
        "",
        "late() { PROMPT='late> ' }; precmd_functions=(late $precmd_functions)",
        "api] late>",
    ),
    ("zsh", "", "eval \"$(tabctl init zsh)\"", "api] >"),
    ("zsh", "PROMPT=$'\\n> '", "", "\n[$ api] >"),
    ("fish", "fish_vi_key_bindings; function fish_mode_prompt; end", "", "api] >"),
    ("fish", "", "tabctl init fish | source", "api] >"),
    ("fish", "function fish_prompt; echo; echo -n 'two> '; end", "", "\n[$ api] two>"),
    // Somebody makes the prompt anew later.
    ("fish", "", "function fish_prompt; printf 'late> '; end", "api] late>"),
];

#[test]
fn the_scripts_get_on_with_what_else_is_loaded() {
    for (shell, before, after, expected) in COMPANY {
        let what = format!("{shell} with {before:?} and {after:?}");
        let mut world = World::new();
        world.load_in(shell, before, after);
        world.shell_tab("api");
        let pane = world.pane("api");
        world.wait_for_text(&pane, "> ");
        for line in ["echo first word", "sh -c 'exit 4'", " echo nobody"] {
            world.type_line(&pane, line);
            world.wait_for_quiet(&pane);
        }
        let screen = world.screen(&pane);
        assert!(screen.contains(expected), "{what}\n{screen}");
        let last = screen.trim_end().lines().last().unwrap_or_default();
        assert_eq!(last.matches("api]").count(), 1, "{what}\n{screen}");
        for odd in ["command not found", "unbound", "no match", "bad ", "rror", "tabctl_"] {
            assert!(!screen.contains(odd), "{what}: {odd}\n{screen}");
        }
        let ran = world.tabctl(["history", "api", "--json"]).ok().json();
        let ran: Vec<(String, i64)> = ran
            .as_array()
            .unwrap()
            .iter()
            .map(|ran| {
                (ran["command"].as_str().unwrap().to_owned(), ran["code"].as_i64().unwrap_or(-1))
            })
            .collect();
        let wanted = [("echo first word".to_owned(), 0), ("sh -c 'exit 4'".to_owned(), 4)];
        assert_eq!(ran, wanted, "{what}\n{screen}");
    }
}

#[test]
fn a_shell_that_ends_at_the_first_error_lives_on() {
    for shell in ["bash", "zsh"] {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        for line in ["set -e", "! true", "if false; then :; fi", "echo it lives"] {
            world.type_line(&pane, line);
        }
        world.wait_for_text(&pane, "\nit lives");
        world.wait_until("the next prompt", Duration::from_secs(20), || {
            world.screen(&pane).trim_end().ends_with("api] >")
        });
    }
}
