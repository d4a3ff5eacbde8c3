//! `tabctl rm`

use tabctl::error::Kind;

use crate::support::World;

#[test]
fn a_removed_tab_is_gone_and_its_name_is_free() {
    let world = World::new();
    let folder = world.shell_tab("api");
    let run = world.tabctl(["rm", "api"]).fails_with(Kind::Busy);
    assert!(run.stderr.contains("tabctl close api"), "{run}");
    world.tabctl(["close", "api"]).ok();
    world.tabctl(["rm", "api"]).fails_with(Kind::NeedsAnswer);
    world.tabctl(["rm", "api", "--yes"]).ok();
    assert!(world.rows().is_empty());
    assert!(!folder.join(".session.yaml").exists());
    world.shell_tab("api");
}

#[test]
fn the_file_can_stay_and_is_then_not_trusted() {
    let world = World::new();
    let folder = world.shell_tab("api");
    let text = world.session_file("api");
    world.tabctl(["close", "api"]).ok();
    world.tabctl(["rm", "api", "--yes", "--keep-file"]).ok();
    assert_eq!(world.session_file("api"), text);
    assert!(world.tabctl_in(&folder, ["show"]).ok().stdout.contains("not trusted"));
}

#[test]
fn a_tab_whose_folder_is_gone_can_be_removed() {
    let world = World::new();
    let folder = world.shell_tab("api");
    world.reboot();
    std::fs::remove_dir_all(folder).unwrap();
    assert_eq!(world.state("api"), "missing");
    world.tabctl(["rm", "api", "--yes"]).ok();
    assert!(world.rows().is_empty());
}

#[test]
fn a_broken_file_is_never_deleted() {
    let world = World::new();
    let folder = world.shell_tab("api");
    world.reboot();
    std::fs::write(folder.join(".session.yaml"), "tab: [mine\n").unwrap();
    world.tabctl(["rm", "api", "--yes"]).ok();
    assert!(world.rows().is_empty());
    assert_eq!(world.session_file("api"), "tab: [mine\n");
}

#[test]
fn a_question_that_is_broken_off_gives_the_cursor_back() {
    let world = World::new();
    world.shell_tab("api");
    world.tabctl(["close", "api"]).ok();
    let open = ["new-session", "-d", "-P", "-F", "#{pane_id}", "/bin/sh", "-i"];
    let pane = world.tmux(open).ok().stdout.trim().to_owned();
    let cursor =
        || world.tmux(["display-message", "-p", "-t", &pane, "#{cursor_flag}"]).ok().stdout;
    let patience = std::time::Duration::from_secs(20);
    world.type_line(&pane, "tabctl rm api; echo \"code=$?\"");
    world.wait_until("the question", patience, || cursor().trim() == "0");
    world.tmux(["send-keys", "-t", &pane, "C-c"]).ok();
    world.wait_until("the cursor", patience, || cursor().trim() == "1");
    // A shell that sees a program die of Ctrl-C does not run what comes after it.
    world.type_line(&pane, "echo \"left with $?\"");
    world.wait_for_text(&pane, "left with 130");
    world.type_line(&pane, "tabctl rm api; echo \"code=$?\"");
    world.wait_until("the question", patience, || cursor().trim() == "0");
    world.tmux(["send-keys", "-t", &pane, "n"]).ok();
    world.wait_for_text(&pane, "code=1");
    assert_eq!(world.rows().len(), 1);
}
