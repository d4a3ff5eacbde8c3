//! `tabctl autostart`

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tabctl::error::Kind;

use crate::support::{Run, World};

/// A `systemctl` and a `loginctl` that keep their state in files and write down each call.
const STAND_IN: &str = r#"#!/bin/sh
name=${0##*/}
echo "$name $*" >>"$STAND_IN/calls"
[ "$name" = systemctl ] || {
    case $1 in
        show-user) [ -e "$STAND_IN/linger" ] && echo yes || echo no ;;
        enable-linger) : >"$STAND_IN/linger" ;;
    esac
    exit 0
}
case " $* " in
    *" show-environment "*) [ ! -e "$STAND_IN/no-bus" ] || { echo 'Failed to connect to bus' >&2; exit 1; } ;;
    *" enable "*)
        [ ! -e "$STAND_IN/refuses" ] || { echo 'Failed to enable unit: no' >&2; exit 1; }
        : >"$STAND_IN/enabled" ;;
    *" disable "*) rm -f "$STAND_IN/enabled" ;;
    *" is-enabled "*) [ -e "$STAND_IN/enabled" ] ;;
    *" show "*) printf 'Result=exit-code\nExecMainStatus=12\nExecMainExitTimestamp=Sat 2026-11-21\n' ;;
esac
"#;

struct Stage {
    world: World,
    folder: PathBuf,
}

impl Stage {
    fn set() -> Stage {
        let mut world = World::new();
        let folder = world.path("stand-in");
        std::fs::create_dir(&folder).unwrap();
        for name in ["systemctl", "loginctl", "launchctl"] {
            let program = folder.join(name);
            std::fs::write(&program, STAND_IN).unwrap();
            std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
        }
        world.put_on_path(&folder);
        world.set("STAND_IN", &folder);
        Stage { world, folder }
    }

    fn autostart(&self, words: &[&str]) -> Run {
        self.world.tabctl([&["autostart"], words].concat())
    }

    /// Whether a state of the stand-in is set.
    fn is(&self, state: &str) -> bool {
        self.folder.join(state).exists()
    }

    fn become_(&self, state: &str) {
        std::fs::write(self.folder.join(state), "").unwrap();
    }

    fn calls(&self) -> String {
        std::fs::read_to_string(self.folder.join("calls")).unwrap_or_default()
    }

    fn unit(&self) -> PathBuf {
        self.world.home().join(".config/systemd/user/tabctl-resume.service")
    }

    fn unit_text(&self) -> String {
        std::fs::read_to_string(self.unit()).unwrap()
    }

    fn home_is_empty(&self) -> bool {
        std::fs::read_dir(self.world.home()).unwrap().next().is_none()
    }
}

#[test]
fn enable_and_disable_leave_the_home_as_it_was() {
    let stage = Stage::set();
    let run = stage.autostart(&["enable"]).ok();
    assert!(run.stdout.contains("enabled, by systemd"), "{run}");
    assert!(run.stderr.contains("loginctl enable-linger"), "{run}");
    assert!(stage.is("enabled") && !stage.is("linger"), "lingering is not turned on unasked");
    let unit = stage.unit_text();
    for line in ["KillMode=process", "Type=oneshot", "RemainAfterExit=yes", "After=default.target"]
    {
        assert!(unit.lines().any(|it| it == line), "{line}: {unit}");
    }
    let program = env!("CARGO_BIN_EXE_tabctl");
    assert!(unit.contains(&format!("ExecStart={program} resume --quiet\n")), "{unit}");
    let folder = stage.world.path("state");
    assert!(unit.contains(&format!("TABCTL_STATE_DIR={}", folder.display())), "{unit}");
    assert!(unit.contains("Environment=PATH="), "{unit}");

    stage.autostart(&["enable"]).ok();
    assert_eq!(stage.unit_text(), unit, "a second time changes nothing");
    let run = stage.autostart(&["disable"]).ok();
    assert!(run.stdout.contains("removed ~/.config/systemd/user"), "{run}");
    assert!(!stage.is("enabled") && stage.home_is_empty(), "all that was made is gone");
    let run = stage.autostart(&["disable"]).ok();
    assert!(run.stderr.contains("was not enabled"), "{run}");
    // What the agents and the multiplexer run in is never stopped.
    let calls = stage.calls();
    assert!(
        !calls.contains("stop") && !calls.contains("--now") && !calls.contains("restart"),
        "{calls}"
    );
}

#[test]
fn status_tells_all_of_it() {
    let stage = Stage::set();
    let before = stage.autostart(&["status", "--json"]).ok().json();
    assert_eq!((&before["enabled"], &before["standing"]), (&false.into(), &"absent".into()));
    stage.autostart(&["enable", "--linger"]).ok();
    assert!(stage.calls().contains("loginctl enable-linger"));
    let after = stage.autostart(&["status", "--json"]).ok().json();
    assert_eq!(after["manager"], "systemd");
    assert_eq!((&after["enabled"], &after["standing"]), (&true.into(), &"ours".into()));
    assert_eq!(after["linger"], true);
    assert_eq!(after["last"], "exit code 12, Sat 2026-11-21");
    let run = stage.autostart(&["disable"]).ok();
    assert!(stage.is("linger") && run.stderr.contains("lingering is left on"), "{run}");
}

#[test]
fn a_unit_that_was_changed_by_hand_is_kept() {
    let stage = Stage::set();
    stage.autostart(&["enable"]).ok();
    let changed = format!("{}Environment=MINE=1\n", stage.unit_text());
    std::fs::write(stage.unit(), &changed).unwrap();
    let run = stage.autostart(&["enable"]).fails_with(Kind::Clash);
    assert!(run.stderr.contains("changed by hand"), "{run}");
    stage.autostart(&["disable"]).fails_with(Kind::Clash);
    assert_eq!(stage.unit_text(), changed);
    assert!(!stage.is("enabled"), "it is not started any more all the same");
}

#[test]
fn a_unit_of_somebody_else_is_not_touched() {
    let stage = Stage::set();
    std::fs::create_dir_all(stage.unit().parent().unwrap()).unwrap();
    std::fs::write(stage.unit(), "[Unit]\nDescription=mine\n").unwrap();
    for verb in ["enable", "disable"] {
        let run = stage.autostart(&[verb]).fails_with(Kind::Clash);
        assert!(run.stderr.contains("not written by tabctl"), "{run}");
    }
    assert_eq!(stage.unit_text(), "[Unit]\nDescription=mine\n");
    assert!(!stage.calls().contains("enable tabctl") && !stage.calls().contains("disable tabctl"));
}

#[test]
fn enable_follows_a_program_and_a_path_that_moved() {
    let mut stage = Stage::set();
    stage.autostart(&["enable"]).ok();
    let tools = stage.world.path("more tools");
    std::fs::create_dir(&tools).unwrap();
    stage.world.put_on_path(&tools);
    stage.autostart(&["enable"]).ok();
    let unit = stage.unit_text();
    assert!(unit.contains(&format!("Environment=\"PATH={}:", tools.display())), "{unit}");
    stage.autostart(&["disable"]).ok();
    assert!(stage.home_is_empty(), "also the folders of the first time");
}

#[test]
fn where_systemd_refuses_nothing_is_left() {
    let stage = Stage::set();
    stage.become_("refuses");
    let run = stage.autostart(&["enable"]).fails_with(Kind::Other);
    assert!(run.stderr.contains("Failed to enable unit: no"), "{run}");
    assert!(stage.home_is_empty());
}

#[test]
fn without_systemd_the_error_says_what_else_there_is() {
    let mut stage = Stage::set();
    stage.become_("no-bus");
    let run = stage.autostart(&["enable"]).fails_with(Kind::Other);
    assert!(run.stderr.contains("Failed to connect to bus"), "{run}");
    assert!(run.stderr.contains("@reboot PATH=") && run.stderr.contains("crontab -e"), "{run}");
    stage.world.set("WSL_DISTRO_NAME", "Debian");
    let run = stage.autostart(&["enable"]).fails_with(Kind::Other);
    assert!(run.stderr.contains("/etc/wsl.conf") && run.stderr.contains("systemd=true"), "{run}");
    assert!(stage.home_is_empty());
}

#[test]
fn secrets_are_named_and_not_written_down() {
    let mut stage = Stage::set();
    stage.world.set("ANTHROPIC_API_KEY", "sk-1234");
    let run = stage.autostart(&["enable"]).ok();
    assert!(run.stdout.contains("ANTHROPIC_API_KEY") && !run.stdout.contains("1234"), "{run}");
    assert!(!stage.unit_text().contains("ANTHROPIC_API_KEY"));
}

#[test]
fn an_agent_may_not_change_what_runs_at_boot() {
    let mut stage = Stage::set();
    stage.world.set("CLAUDECODE", "1");
    stage.autostart(&["enable"]).fails_with(Kind::NeedsAnswer);
    stage.autostart(&["status"]).ok();
    assert!(stage.home_is_empty());
}

#[test]
fn launchd_has_its_own_file() {
    let stage = Stage::set();
    let plist = stage.world.home().join("Library/LaunchAgents/tabctl.resume.plist");
    stage.autostart(&["enable", "--manager", "launchd"]).ok();
    let text = std::fs::read_to_string(&plist).unwrap();
    assert!(text.contains("<key>AbandonProcessGroup</key>\n    <true/>"), "{text}");
    let status = stage.autostart(&["status", "--json", "--manager", "launchd"]).ok().json();
    assert_eq!((&status["enabled"], &status["standing"]), (&true.into(), &"ours".into()));
    stage.autostart(&["disable", "--manager", "launchd"]).ok();
    assert!(stage.home_is_empty());
    assert!(stage.calls().contains("launchctl bootout gui/"), "{}", stage.calls());
}

#[test]
fn systemd_itself_understands_the_unit() {
    let mut stage = Stage::set();
    stage.world.set("TABCTL_AGENT", "a \"b\" 5% $HOME \\");
    stage.autostart(&["enable"]).ok();
    let mut verify = stage.world.command("systemd-analyze");
    verify.env("XDG_RUNTIME_DIR", stage.world.path("run"));
    verify.args(["verify", "--user", "--man=no"]).arg(stage.unit());
    if !std::path::Path::new("/usr/bin/systemd-analyze").exists() {
        eprintln!("left out: there is no systemd-analyze");
        return;
    }
    let run = Run::of(&mut verify);
    assert!(run.status == Some(0) && run.stderr.trim().is_empty(), "{run}\n{}", stage.unit_text());
}

#[test]
fn doctor_says_whether_the_tabs_come_back_by_themselves() {
    let stage = Stage::set();
    let said = |stage: &Stage| {
        let run = stage.world.tabctl(["doctor", "--json"]);
        let checks: Vec<serde_json::Value> = serde_json::from_str(&run.stdout).unwrap();
        checks.into_iter().find(|check| check["what"] == "autostart").unwrap()
    };
    let check = said(&stage);
    assert_eq!(check["seen"], "not enabled");
    assert!(check["remedy"].as_str().unwrap().contains("tabctl autostart enable"), "{check}");
    stage.autostart(&["enable"]).ok();
    let check = said(&stage);
    assert_eq!(check["health"], "good");
    assert!(check["seen"].as_str().unwrap().contains("tabctl-resume.service"), "{check}");
}
