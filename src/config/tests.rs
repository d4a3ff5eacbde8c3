//! Layers and messages of the settings. Must not read the environment of the test.

#![allow(clippy::unwrap_used)] // a test may stop at the first surprise
use super::*;
use crate::error::fault_of;

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
    let path = Path::new("config.yaml");
    let written = parse(path, b"session: work\ngit_exclude: false\n").unwrap();
    let variable = |name: &str| (name == "TABCTL_GIT_EXCLUDE").then(|| "true".to_owned());
    let (settings, all) = effective(written, &variable).unwrap();
    assert_eq!((settings.session.as_str(), settings.git_exclude), ("work", true));
    let origin = |key| all.iter().find(|s| s.key == key).unwrap().origin.clone();
    assert_eq!(origin("session"), Origin::File);
    assert_eq!(origin("git_exclude"), Origin::Environment);
    assert_eq!(origin("agent"), Origin::Default);
}

#[test]
fn what_is_wrong_in_the_file_comes_with_its_place_and_a_remedy() {
    let path = Path::new("config.yaml");
    for (text, place, remedy) in [
        ("sesion: work\n", "line 1 column 1: ", "did you mean 'session'?"),
        ("agent: x\ncolours: red\n", "line 2 column 1: ", "the settings are tmux_socket,"),
        ("agent: x\ngit_exclude: maybe\n", "line 2 column 14: ", "is true or false"),
        ("agent: x\nresume_jobs: many\n", "line 2 column 14: ", "is a whole number"),
        ("agent: [x, y]\n", "line 1 column 8: ", "agent is one text"),
        ("agent: x\nagent: y\n", "line 2 column 1: ", "stands once"),
        ("session: [work\n", "line ", "session is one text"),
        ("work\n", "line 1 column 1: ", "`NAME: VALUE`"),
    ] {
        let error = parse(path, text.as_bytes()).unwrap_err();
        let (told, hint) = (error.to_string(), fault_of(&error).unwrap().hint.clone().unwrap());
        assert!(told.starts_with(&format!("config.yaml: {place}")), "{text}: {told}");
        assert!(!told.contains('\n'), "{text}: {told}");
        assert!(hint.contains(remedy), "{text}: {hint}");
    }
    assert!(parse(path, b"# only a comment\n\n").is_ok());
}

#[test]
fn a_wrong_variable_is_named_with_what_it_may_say() {
    let variable = |name: &str| (name == "TABCTL_GIT_EXCLUDE").then(|| "maybe".to_owned());
    let error = effective(Written::default(), &variable).unwrap_err();
    assert_eq!(error.to_string(), "TABCTL_GIT_EXCLUDE is 'maybe'");
    let hint = fault_of(&error).unwrap().hint.clone().unwrap();
    assert!(hint.contains("true or false") && hint.contains("unset TABCTL_GIT_EXCLUDE"));
}
