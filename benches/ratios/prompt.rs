//! What the person's shell pays for its tab: beside the same shell with an empty prompt, in one process
//! and turn by turn. Must count nothing but the shell's own work: no start, no terminal.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{World, tabctl};

const ID: &str = "01HF7YAT00000000000000001A";
/// So many calls are timed at once, and so often: the best of them is the one that nobody disturbed.
const CALLS: u32 = 20;
const ROUNDS: u32 = 200;

/// Prints, for each shell, what its prompt and the hooks of one command add.
pub fn shells() {
    let world = World::new();
    for folder in ["prompt", "attention"] {
        fs::create_dir_all(world.runtime().join(folder)).unwrap();
    }
    let run = world.runtime();
    fs::write(run.join("prompt").join(ID), "thinking ● - fix the login page\n").unwrap();
    for number in 0..3 {
        fs::write(run.join(format!("attention/01HF7YAT0000000000000000{number}B")), "").unwrap();
    }
    let shell = world.path("state").join("shell");
    fs::create_dir_all(&shell).unwrap();
    println!(
        "{:34} {:>12} {:>12} {:>12}  goal: <= 100us each",
        "the person's shell", "empty", "+ prompt", "+ hooks"
    );
    for (name, lines) in [("bash", BASH), ("zsh", ZSH), ("fish", FISH)] {
        for end in ["log", "line"] {
            fs::write(shell.join(format!("{ID}.{end}")), "").unwrap();
        }
        let script = world.path("bench");
        fs::write(&script, lines).unwrap();
        let mut command = Command::new(name);
        command.args(match name {
            "bash" => &["--norc", "--noprofile", "-i"][..],
            "zsh" => &["-f", "-i"],
            _ => &["--no-config", "-i"],
        });
        let env = world.command(tabctl());
        for (name, value) in env.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.env("TABCTL_TAB", ID).env("TABCTL", tabctl()).env("LANG", "C.UTF-8");
        command.env("CALLS", CALLS.to_string()).env("ROUNDS", ROUNDS.to_string());
        let told = command.arg(&script).stdin(Stdio::null()).stderr(Stdio::null()).output();
        let Ok(told) = told else {
            println!("{name:34} is not installed");
            continue;
        };
        let text = String::from_utf8_lossy(&told.stdout).into_owned();
        let times: Vec<f64> = text.split_whitespace().filter_map(|it| it.parse().ok()).collect();
        let [empty, prompt, hooks] = times[..] else {
            println!("{name:34} has said {text:?}");
            continue;
        };
        let shown = |micros: f64| format!("{:.1?}", Duration::from_secs_f64(micros.max(0.0) / 1e6));
        let (prompt, hooks) = (shown(prompt - empty), shown(hooks - empty));
        println!("{name:34} {:>12} {prompt:>12} {hooks:>12}", shown(empty));
    }
}

/// Microseconds of one call: of nothing, of what is done before a prompt, of what is done at the
/// beginning and the end of a command.
const BASH: &str = r#"
eval "$("$TABCTL" init bash)"
PS1='> '
history -s 'claude --model opus'
none() { :; }
hooks() { __tabctl_last=; __tabctl_preexec 'claude --model opus' x 2>/dev/null; __tabctl_precmd; }
best() {
    local least=999999999 begun now i j
    for ((j = 0; j < ROUNDS; j++)); do
        begun=${EPOCHREALTIME/[!0-9]/}
        for ((i = 0; i < CALLS; i++)); do "$1"; done
        now=${EPOCHREALTIME/[!0-9]/}
        ((now - begun >= least)) || least=$((now - begun))
    done
    echo "$((least * 100 / CALLS))e-2"
}
for it in none __tabctl_paint hooks; do best "$it"; done
"#;

const ZSH: &str = r#"
eval "$("$TABCTL" init zsh)"
PROMPT='> '
none() { : }
hooks() { __tabctl_preexec 'claude --model opus' x 'claude --model opus'; __tabctl_precmd }
best() {
    local -F begun least=1e9
    local -i i j
    for (( j = 0; j < ROUNDS; j++ )); do
        begun=$EPOCHREALTIME
        for (( i = 0; i < CALLS; i++ )); do $1; done
        (( EPOCHREALTIME - begun >= least )) || (( least = EPOCHREALTIME - begun ))
    done
    print $(( least * 1e6 / CALLS ))
}
for it in none __tabctl_paint hooks; do best $it; done
"#;

/// fish has no clock: the processor's time of all calls, in hundredths of a second.
const FISH: &str = r#"
function fish_prompt; printf '> '; end
$TABCTL init fish | source
function none; true; end
function prompt; __tabctl_paint; tabctl_prompt; set -g __tabctl_drawn 1; end
function hooks; __tabctl_preexec 'claude --model opus'; __tabctl_postexec; end
function best
    set -l least 999999
    for round in (seq 5)
        set -l begun (string split ' ' </proc/self/stat)
        for call in (seq 2000); $argv[1]; end >/dev/null
        set -l now (string split ' ' </proc/self/stat)
        set -l used (math "$now[14] + $now[15] - $begun[14] - $begun[15]")
        test $used -lt $least; and set least $used
    end
    math "$least * 10000 / 2000"
end
for it in none prompt hooks; best $it; end
"#;
