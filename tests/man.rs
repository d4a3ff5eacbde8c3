//! `tabctl man`

use tabctl::error::Kind;

use crate::support::World;

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
    assert!(world.tabctl(["man"]).ok().stdout.contains(".TH tabctl 1"));
    world.tabctl(["man", "nothing"]).fails_with(Kind::NotFound);
}
