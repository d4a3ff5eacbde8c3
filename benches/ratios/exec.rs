//! What `tabctl exec` adds to the two calls of the multiplexer that it cannot do without.
//! Must measure the whole process, from its start to its exit code.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::{TURNS, World, median, quiet, tabctl};

/// A shell, its start-up file, and what stands in it.
const SHELLS: [(&str, &str, &str); 3] = [
    ("bash", ".bashrc", "PS1='> '\neval \"$(tabctl init bash)\"\n"),
    ("zsh", ".zshrc", "PROMPT='> '\neval \"$(tabctl init zsh)\"\n"),
    ("fish", ".config/fish/config.fish", "tabctl init fish | source\n"),
];

/// `tabctl exec TAB -- true` in each shell, beside `list-panes` and `paste-buffer`.
pub fn beside_two_calls() {
    for (shell, file, text) in SHELLS {
        let world = World::new();
        let home = world.path("home");
        let file = home.join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
        let ours = |args: &[&str]| {
            let mut command = world.command(tabctl());
            let own = Path::new(tabctl()).parent().unwrap().display().to_string();
            let path = std::env::var("PATH").unwrap_or_default();
            let found =
                std::env::split_paths(&path).map(|it| it.join(shell)).find(|it| it.exists());
            command.env("SHELL", found.unwrap_or_default()).env("PATH", format!("{own}:{path}"));
            command.current_dir(&home).args(args);
            command
        };
        quiet(&mut ours(&["new", "api", "--detach"]));
        let end = Instant::now() + Duration::from_secs(30);
        while !ours(&["exec", "api", "--", "true"]).output().unwrap().status.success() {
            assert!(Instant::now() < end, "{shell} takes no command");
        }
        measure(shell, &world, &mut || ours(&["exec", "api", "--", "true"]));
    }
}

fn measure(shell: &str, world: &World, ours: &mut dyn FnMut() -> Command) {
    let timed = |run: &mut dyn FnMut()| {
        let start = Instant::now();
        run();
        start.elapsed()
    };
    let (mut bares, mut all) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        bares.push(timed(&mut || {
            quiet(world.tmux().args(["list-panes", "-a"]));
            quiet(world.tmux().args([
                "set-buffer",
                "-b",
                "b",
                "x",
                ";",
                "delete-buffer",
                "-b",
                "b",
            ]));
        }));
        all.push(timed(&mut || quiet(&mut ours())));
    }
    let (bare, ours) = (median(bares), median(all));
    let over = ours.saturating_sub(bare);
    let what = format!("exec in {shell}, over two tmux calls");
    println!("{what:34} {bare:>12.2?} {ours:>12.2?}  adds {over:.2?}, goal <= 10ms");
}
