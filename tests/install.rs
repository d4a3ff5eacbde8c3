//! shell/install.sh: what it puts in it takes out, twice is once, and nothing is changed unasked.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::source::root;
use crate::support::{Run, World};

/// The installer in this world, with the program that the tests build.
fn install(world: &World, args: &[&str]) -> Run {
    let built = ["--binary", env!("CARGO_BIN_EXE_tabctl"), "--no-demo"];
    installer(world, &[&built[..], args].concat())
}

fn installer(world: &World, args: &[&str]) -> Run {
    let mut sh: Command = world.command("sh");
    Run::of(sh.arg(root().join("shell/install.sh")).args(args))
}

/// Every file and folder below `folder`, with what is in it.
fn everything(folder: &Path) -> BTreeMap<String, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().display().to_string();
            found.insert(name, std::fs::read(&path).ok());
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    found
}

#[test]
fn uninstalling_leaves_the_home_as_it_was_before() {
    let mut world = World::new();
    world.set("SHELL", "/bin/bash");
    std::fs::write(world.home().join(".bashrc"), "alias ll='ls -l'\n").unwrap();
    std::fs::create_dir_all(world.home().join(".local/bin")).unwrap();
    let before = everything(&world.home());

    install(&world, &["--yes"]).ok();
    let installed = everything(&world.home());
    for file in [
        "bin/tabctl",
        "share/man/man1/tabctl.1",
        "share/bash-completion/completions/tabctl",
        "share/zsh/site-functions/_tabctl",
        "share/fish/vendor_completions.d/tabctl.fish",
        "share/elvish/lib/tabctl.elv",
        "share/nushell/vendor/autoload/tabctl.nu",
        "share/tabctl/tabctl.ps1",
        "share/man/man1/tabctl-resume.1",
    ] {
        let bytes = installed.get(&format!(".local/{file}")).unwrap_or_else(|| panic!("no {file}"));
        assert!(bytes.as_ref().is_some_and(|bytes| !bytes.is_empty()), "{file} is empty");
    }
    install(&world, &["--yes"]).ok();
    assert_eq!(everything(&world.home()), installed, "a second run changes nothing");

    installer(&world, &["--uninstall"]).ok();
    assert_eq!(everything(&world.home()), before);
    installer(&world, &["--uninstall"]).ok();
}

#[test]
fn a_dry_run_touches_nothing() {
    let mut world = World::new();
    world.set("SHELL", "/bin/zsh");
    let before = everything(&world.home());
    let run = install(&world, &["--dry-run", "--yes"]).ok();
    assert!(run.stdout.contains("would install"), "{run}");
    assert_eq!(everything(&world.home()), before);
}

#[test]
fn without_a_yes_the_shell_line_is_shown_and_not_written() {
    for (shell, file) in
        [("bash", ".bashrc"), ("zsh", ".zshrc"), ("fish", ".config/fish/config.fish")]
    {
        let mut world = World::new();
        world.set("SHELL", format!("/usr/bin/{shell}"));
        let run = install(&world, &[]).ok();
        assert!(run.stdout.contains(file) && run.stdout.contains(".local/bin"), "{run}");
        assert!(!world.home().join(file).exists(), "{shell}");
    }
}

#[test]
fn a_new_shell_finds_the_installed_program_and_its_completions() {
    for (shell, asks) in [
        ("bash", "command -v tabctl; complete -p tabctl"),
        ("zsh", "command -v tabctl; echo ${_comps[tabctl]:?no completion}"),
        ("fish", "command -v tabctl; complete -c tabctl | string match -rq . ; or exit 1"),
    ] {
        let mut world = World::new();
        world.set("SHELL", format!("/usr/bin/{shell}"));
        let prefix = world.home().join("a prefix with 'quotes'");
        install(&world, &["--yes", "--prefix", prefix.to_str().unwrap()]).ok();
        // Without the tests' own folder, where a tabctl stands too.
        world.set("PATH", "/usr/local/bin:/usr/bin:/bin");
        let run = Run::of(world.command(shell).args(["-i", "-c", asks])).ok();
        let program = prefix.join("bin/tabctl").display().to_string();
        assert!(run.stdout.contains(&program), "{run}");
    }
}

#[test]
fn what_others_put_into_its_folders_survives_the_uninstall() {
    let world = World::new();
    install(&world, &[]).ok();
    let own = world.home().join(".local/share/man/man1/other.1");
    std::fs::write(&own, "a page").unwrap();
    installer(&world, &["--uninstall"]).ok();
    assert!(own.exists());
    assert!(!world.home().join(".local/bin").exists());
}

/// Builds as a user's machine does; minutes of work.
#[test]
fn the_program_it_builds_is_static_and_runs() {
    if std::env::var_os("TABCTL_TEST_LONG").is_none() {
        eprintln!("left out: `sh tests/run.sh --all` runs the long tests");
        return;
    }
    let mut world = World::new();
    // The toolchain belongs to the person who runs the tests.
    let home = Path::new(&std::env::var_os("HOME").unwrap()).to_owned();
    for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        world.set(name, std::env::var_os(name).unwrap_or_else(|| home.join(folder).into()));
    }
    let mut sh = world.command("sh");
    sh.arg(root().join("shell/install.sh")).arg("--no-demo");
    Run::within(Duration::from_mins(30), &mut sh).ok();
    let program = world.home().join(".local/bin/tabctl");
    Run::of(world.command(&program).arg("--version")).ok();
    let linked = Run::of(world.command("ldd").arg(&program));
    let said = linked.stdout + &linked.stderr;
    assert!(["statically linked", "not a dynamic"].iter().any(|s| said.contains(s)), "{said}");
}
