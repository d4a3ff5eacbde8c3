//! `tabctl init`: the scripts in their own shells.

mod company;
mod names;
#[cfg(target_os = "linux")] // strace shows what is started
mod processes;

use tabctl::error::Kind;

use crate::support::inside::store;
use crate::support::shells::SHELLS;
use crate::support::{Run, World};

#[test]
fn a_prompt_shows_its_tab_its_lock_and_who_else_needs_a_person() {
    for shell in SHELLS {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        world.wait_for_text(&pane, "[$ api] >");
        world.tabctl(["lock", "api"]).ok();
        world.type_line(&pane, "true");
        world.wait_for_text(&pane, "[$ api ⚿] >");
        let other = "01HF7YAT00000000000000001A".parse().unwrap();
        store(&world).mark(other, true).unwrap();
        world.type_line(&pane, "true");
        world.wait_for_text(&pane, "[$ api ⚿ 1!] >");
        // Its own is no other.
        let own = world.row("api")["id"].as_str().unwrap().parse().unwrap();
        store(&world).mark(own, true).unwrap();
        world.tabctl(["unlock", "api"]).ok();
        world.tabctl(["rename", "api", "the api"]).ok();
        world.type_line(&pane, "true");
        world.wait_for_text(&pane, "[$ the api 1!] >");
        store(&world).mark(other, false).unwrap();
        world.type_line(&pane, "true");
        world.wait_for_text(&pane, "[$ the api] >");
    }
}

#[test]
fn what_a_command_has_left_is_what_the_next_one_finds() {
    for shell in SHELLS {
        let mut world = World::new();
        let pane = world.tab_with_shell("api", shell);
        let three = if shell == "fish" { "sh -c 'exit 3'" } else { "(exit 3)" };
        world.type_line(&pane, &format!("false | true | {three}"));
        let told = match shell {
            "bash" => "echo st=$? ps=${PIPESTATUS[*]}",
            "zsh" => "echo st=$? ps=$pipestatus[*]",
            _ => "echo st=$status ps=\"$pipestatus\"",
        };
        world.type_line(&pane, told);
        world.wait_for_text(&pane, "st=3 ps=1 0 3");
        if shell != "fish" {
            world.type_line(&pane, "echo first second");
            world.type_line(&pane, "echo last=$_");
            world.wait_for_text(&pane, "last=second");
        }
    }
}

#[test]
fn a_shell_that_was_adopted_finds_its_tab_by_its_pane() {
    for shell in SHELLS {
        let mut world = World::new();
        world.load_in(shell, "", "");
        let folder = world.workspace("api");
        let open = ["new-session", "-d", "-x", "140", "-y", "40", "-P", "-F", "#{pane_id}", "-c"];
        let pane = world.tmux(open.into_iter().chain([folder.to_str().unwrap(), shell, "-i"])).ok();
        let pane = pane.stdout.trim();
        world.wait_for_text(pane, "> ");
        assert!(!world.screen(pane).contains('['), "{}", world.screen(pane));
        let id = "4f1c2a9e-7b35-4d18-9c60-0a1b2c3d4e02";
        let line = ["bind", "codex", "--session-id", id, "--tab", "mine", "--pane", pane];
        world.tabctl(line).ok();
        world.type_line(pane, "true");
        world.wait_for_text(pane, " mine] >");
        // It is written down as well.
        world.run_in_shell(pane, "echo hello");
        let ran = world.tabctl(["history", "mine"]).ok().stdout;
        assert!(ran.contains("echo hello"), "{ran}");
    }
}

#[test]
fn the_prompt_can_be_left_as_it_is_or_placed_by_hand() {
    for (shell, own) in [
        ("bash", "PS1='at ${TABCTL_PS1-}> '"),
        ("zsh", "PROMPT='at %20v > '"),
        ("fish", "function fish_prompt; echo -n 'at '; tabctl_prompt; echo -n '> '; end"),
    ] {
        let mut world = World::new();
        world.load_in(shell, own, "");
        if shell == "fish" {
            world.set("TABCTL_PROMPT", "off");
        }
        let pane = world.open_shell("api");
        world.wait_for_text(&pane, "at [$ api] >");
        assert_eq!(world.screen(&pane).matches("api]").count(), 1, "{}", world.screen(&pane));
        let mut world = World::new();
        std::fs::write(world.path("config").join("config.yaml"), "prompt: false\n").unwrap();
        let pane = world.tab_with_shell("api", shell);
        world.type_line(&pane, "true");
        world.wait_for_quiet(&pane);
        assert!(!world.screen(&pane).contains("api]"), "{}", world.screen(&pane));
    }
}

#[test]
fn marks_tell_the_terminal_where_commands_begin_and_how_they_end() {
    for shell in SHELLS {
        for (setting, told) in [("on", true), ("off", false)] {
            let mut world = World::new();
            world.set("TABCTL_MARKS", setting);
            world.load_in(shell, "", "");
            // What passes is seen from the first byte on.
            let raw = world.path("raw");
            let folder = world.workspace("a b").display().to_string();
            let inner = std::env::split_paths(
                &world
                    .command("sh")
                    .get_envs()
                    .find_map(|(name, value)| {
                        (name == "PATH").then(|| value.unwrap_or_default().to_owned())
                    })
                    .unwrap_or_default(),
            )
            .map(|folder| folder.join(shell))
            .find(|path| path.exists())
            .unwrap();
            let line = format!("cat >{}", raw.display());
            let open =
                ["new-session", "-d", "-x", "140", "-y", "40", "-P", "-F", "#{pane_id}", "-c"];
            let open = open.into_iter().chain([folder.as_str(), "sleep 1000"]);
            let pane = world.tmux(open).ok().stdout.trim().to_owned();
            world.tmux(["pipe-pane", "-t", &pane, &line]).ok();
            world.tmux(["set-option", "-g", "remain-on-exit", "off"]).ok();
            world.tmux(["respawn-pane", "-k", "-t", &pane, inner.to_str().unwrap()]).ok();
            world.wait_for_text(&pane, "> ");
            world.type_line(&pane, "sh -c 'exit 3'");
            world.wait_until("its end", std::time::Duration::from_secs(20), || {
                world.screen(&pane).matches("> ").count() >= 2
            });
            world.wait_for_quiet(&pane);
            let raw = String::from_utf8_lossy(&std::fs::read(raw).unwrap()).into_owned();
            let places: Vec<_> = ["\u{1b}]133;A", "\u{1b}]133;B", "\u{1b}]133;C", "\u{1b}]133;D;3"]
                .iter()
                .map(|mark| raw.find(mark))
                .collect();
            if told {
                assert!(places.iter().all(Option::is_some), "{shell}: {raw:?}");
                assert!(places.is_sorted(), "{shell}: {places:?} {raw:?}");
                assert!(raw.contains("]7;file://") && raw.contains("/a%20b"), "{shell}: {raw:?}");
            } else {
                assert!(places.iter().all(Option::is_none), "{shell}: {raw:?}");
            }
        }
    }
}

#[test]
fn a_script_loads_in_its_shell_and_says_nothing() {
    let mut world = World::new();
    // Folders that a shell would make something of.
    for (name, variable) in
        [("a 'b' $(touch c)", "TABCTL_RUNTIME_DIR"), ("`d`\\", "TABCTL_STATE_DIR")]
    {
        let folder = world.path(name);
        std::fs::create_dir(&folder).unwrap();
        world.set(variable, folder);
    }
    for shell in SHELLS {
        let script = world.tabctl(["init", shell]).ok().stdout;
        let file = world.path(&format!("init.{shell}"));
        std::fs::write(&file, &script).unwrap();
        let lines = match shell {
            "fish" => "source $argv[1]; source $argv[1]; echo $__tabctl_run; echo $__tabctl_shell",
            _ => ". \"$1\"; . \"$1\"; echo \"$__tabctl_run\"; echo \"$__tabctl_shell\"",
        };
        for interactive in [true, false] {
            let mut command = world.command(shell);
            command.args(match shell {
                "bash" => &["--norc", "--noprofile"][..],
                "zsh" => &["-f"],
                _ => &["--no-config"],
            });
            if interactive {
                command.arg("-i");
            }
            command.args(["-c", lines]);
            if shell != "fish" {
                command.arg("sh");
            }
            let run = Run::of(command.arg(&file)).ok();
            let told: Vec<&str> = run.stdout.lines().collect();
            let folders = ["a 'b' $(touch c)", "`d`\\/shell"].map(|name| world.path(name));
            assert_eq!(told, folders.each_ref().map(|folder| folder.to_str().unwrap()), "{shell}");
            // Without a terminal bash says so by itself.
            let odd = run.stderr.lines().any(|line| !line.starts_with("bash: "));
            assert!(!odd, "{run}");
        }
        assert!(!world.home().join("c").exists());
    }
    let run = world.tabctl(["init", "tcsh"]).fails_with(Kind::Usage);
    assert!(run.stderr.contains("bash, zsh, fish"), "{run}");
}

#[test]
fn broken_settings_do_not_break_a_shell() {
    let world = World::new();
    std::fs::write(world.path("config").join("config.yaml"), "prompt: [\n").unwrap();
    for shell in SHELLS {
        let script = world.tabctl(["init", shell]).ok().stdout;
        assert!(script.contains("__tabctl_prompt"), "{script}");
    }
}
