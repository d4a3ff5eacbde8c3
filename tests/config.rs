//! `tabctl config`

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn every_value_says_where_it_came_from() {
    let mut world = World::new();
    std::fs::write(world.path("config").join("config.yaml"), "session: work\n").unwrap();
    world.set("TABCTL_GIT_EXCLUDE", "false");
    let settings = world.tabctl(["config", "--json"]).ok().json();
    let find = |key: &str| {
        settings.as_array().unwrap().iter().find(|setting| setting["key"] == key).unwrap().clone()
    };
    assert_eq!(
        (&find("session")["value"], &find("session")["origin"]),
        (&"work".into(), &"file".into())
    );
    assert_eq!(find("git_exclude")["origin"], "environment");
    assert_eq!(find("agent")["origin"], "default");
    assert_eq!(world.tabctl(["config", "session"]).ok().stdout, "work\n");
    assert!(world.tabctl(["config"]).ok().stdout.contains("from the file"));
    world.tabctl(["config", "sesion"]).fails_with(Kind::NotFound);
}

#[test]
fn the_setting_is_used() {
    let world = World::new();
    std::fs::write(world.path("config").join("config.yaml"), "session: work\nagent: demo\n")
        .unwrap();
    world.tabctl(["new", "api", "--detach"]).ok();
    let row = world.row("api");
    assert_eq!((&row["place"]["session"], &row["agent"]), (&"work".into(), &"demo".into()));
}

#[test]
fn a_broken_settings_file_is_named_with_its_line() {
    let world = World::new();
    std::fs::write(world.path("config").join("config.yaml"), "session: work\nsesion: x\n").unwrap();
    let run = world.tabctl(["ls"]).fails_with(Kind::BadFile);
    assert!(run.stderr.contains("config.yaml: line 2 column 1: "), "{run}");
    assert!(run.stderr.contains("did you mean 'session'?"), "{run}");
    assert_eq!(run.stderr.lines().count(), 2, "{run}");
}

#[test]
fn a_wrong_variable_is_named() {
    let mut world = World::new();
    world.set("TABCTL_GIT_EXCLUDE", "maybe");
    for command in ["config", "doctor"] {
        let run = world.tabctl([command]).fails_with(Kind::Usage);
        assert!(run.stderr.contains("unset TABCTL_GIT_EXCLUDE"), "{run}");
    }
}
