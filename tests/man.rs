//! `tabctl man`

use std::path::Path;

use clap::CommandFactory;
use tabctl::cli::Cli;
use tabctl::error::Kind;

use crate::support::source::root;
use crate::support::{Run, World};

#[test]
fn the_committed_pages_are_what_the_command_line_says() {
    let committed = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("man/man1");
    let world = World::new();
    let made = world.path("man1");
    std::fs::create_dir(&made).unwrap();
    world.tabctl(["man", "--dir", made.to_str().unwrap()]).ok();
    if std::env::var_os("TABCTL_TEST_WRITE").is_some() {
        world.tabctl(["man", "--dir", committed.to_str().unwrap()]).ok();
    }
    let names = |folder: &std::path::Path| {
        let mut names: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    if std::env::var_os("TABCTL_TEST_WRITE").is_some() {
        // A command that is no more has no page.
        let kept = names(&made);
        let gone = names(&committed).into_iter().filter(|name| !kept.contains(name));
        gone.for_each(|name| std::fs::remove_file(committed.join(name)).unwrap());
    }
    let stale = "write them anew with\n    TABCTL_TEST_WRITE=1 cargo test man";
    assert_eq!(names(&made), names(&committed), "{stale}");
    for name in names(&made) {
        let page = |folder: &std::path::Path| std::fs::read_to_string(folder.join(&name)).unwrap();
        assert!(page(&made) == page(&committed), "{} is stale; {stale}", name.display());
    }
}

#[test]
fn one_page_is_printed() {
    let world = World::new();
    assert!(world.tabctl(["man", "resume"]).ok().stdout.contains("tabctl\\-resume"));
    assert!(world.tabctl(["man"]).ok().stdout.contains(".TH TABCTL 1"));
    assert!(world.tabctl(["man", "hooks", "install"]).ok().stdout.contains("hooks\\-install"));
    world.tabctl(["man", "nothing"]).fails_with(Kind::NotFound);
}

fn committed() -> Vec<std::path::PathBuf> {
    let folder = root().join("man/man1");
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn every_command_and_every_name_of_one_has_its_page() {
    let mut whole = Cli::command();
    whole.build();
    for verb in whole.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        for name in verb.get_name_and_visible_aliases() {
            let page = root().join(format!("man/man1/tabctl-{name}.1"));
            assert!(name == "help" || page.exists(), "no page for {name}");
        }
    }
}

#[test]
fn mandoc_finds_nothing_to_say_about_the_pages() {
    let world = World::new();
    for page in committed() {
        let text = std::fs::read_to_string(&page).unwrap();
        if let Some(other) = text.strip_prefix(".so ") {
            assert!(root().join("man").join(other.trim()).exists(), "{}", page.display());
            continue;
        }
        let run = Run::of(world.command("mandoc").args(["-T", "lint"]).arg(&page));
        assert!(run.status == Some(0) && run.stdout.is_empty(), "{run}");
    }
}

#[test]
fn every_page_that_a_page_names_is_there() {
    let names: Vec<_> = committed().iter().map(|page| stem(page)).collect();
    for page in committed() {
        let text = std::fs::read_to_string(&page).unwrap().replace("\\-", "-").replace("\\fR", "");
        let ends = text.match_indices("(1)").map(|(at, _)| &text[..at]);
        for before in ends {
            let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            let name = &before[start.map_or(0, |at| at + 1)..];
            let name = name.strip_prefix("fB").unwrap_or(name);
            assert!(
                name == "tmux" || names.iter().any(|known| known == name),
                "{}: {name}",
                page.display()
            );
        }
    }
}

fn stem(page: &Path) -> String {
    page.file_stem().unwrap().to_string_lossy().into_owned()
}

#[test]
fn a_page_reads_as_one_expects() {
    let world = World::new();
    let page = root().join("man/man1/tabctl-resume.1");
    let run =
        Run::of(world.command("mandoc").args(["-T", "ascii", "-O", "width=78"]).arg(page)).ok();
    // Struck over itself, as terminals show bold.
    let text = run.stdout.chars().fold(String::new(), |mut text, c| {
        if c == '\u{8}' {
            text.pop();
        } else {
            text.push(c);
        }
        text
    });
    for wanted in [
        "tabctl-resume - Bring tabs back with their own conversations",
        "EXAMPLES\n       tabctl resume\n       tabctl resume --dry-run\n",
        "-n, --dry-run\n",
        "SEE ALSO\n       tabctl(1)\n",
    ] {
        assert!(text.contains(wanted), "{wanted:?} is not in\n{text}");
    }
    assert_eq!(text.matches("Bring tabs back").count(), 1, "said once\n{text}");
}

#[test]
fn the_page_of_the_whole_lists_the_exit_codes_and_the_files() {
    let page = std::fs::read_to_string(root().join("man/man1/tabctl.1")).unwrap();
    assert!(page.contains(".SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\nwell\n"), "{page}");
    assert!(page.contains("\\fB130\\fR\ninterrupted\n"), "{page}");
    assert!(page.contains("config.yaml"), "{page}");
}

#[test]
fn man_finds_the_pages_that_are_installed() {
    let mut world = World::new();
    let there = world.command("sh").args(["-c", "command -v man"]).output().unwrap();
    if !there.status.success() {
        eprintln!("left out: there is no man here");
        return;
    }
    let mut install = world.command("sh");
    install.arg(root().join("shell/install.sh"));
    install.args(["--binary", env!("CARGO_BIN_EXE_tabctl"), "--no-demo"]);
    Run::of(&mut install).ok();
    let bin = world.home().join(".local/bin");
    world.put_on_path(&bin);
    world.set("MANPAGER", "cat");
    for page in ["tabctl-resume", "tabctl-go", "tabctl-hooks-install"] {
        let run = Run::of(world.command("man").arg(page)).ok();
        assert!(run.stdout.contains("NAME") && run.stderr.is_empty(), "{run}");
    }
}
