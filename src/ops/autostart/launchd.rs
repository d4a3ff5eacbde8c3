//! The agent for launchd. Must not start it: it is loaded at the next login.

use std::path::PathBuf;
use std::time::Duration;

use crate::sys::run;

use super::seal::{PLACE_OF_DIGEST, PLACE_OF_FOLDERS};
use super::surroundings::Surroundings;

/// The agent's name.
const LABEL: &str = "tabctl.resume";
/// The longest that launchd may take for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where the agent is.
pub fn file(around: &Surroundings) -> PathBuf {
    around.home.join("Library/LaunchAgents").join(format!("{LABEL}.plist"))
}

/// The agent's text, unsealed.
pub fn text(around: &Surroundings) -> String {
    let words = around.command();
    let words = words.iter().map(|word| format!("        <string>{}</string>\n", escaped(word)));
    let variables = around.variables.iter().map(|(name, value)| {
        let (name, value) = (escaped(name), escaped(value));
        format!("        <key>{name}</key>\n        <string>{value}</string>\n")
    });
    let log = escaped(&around.state.join("autostart.log").display().to_string());
    // AbandonProcessGroup: the multiplexer's server is started by it and outlives it.
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- {PLACE_OF_DIGEST} -->
<!-- {PLACE_OF_FOLDERS} -->
<!-- `tabctl autostart disable` takes it out. -->
<plist version="1.0">
<dict>
    <key>Label</key>
    <string>{LABEL}</string>
    <key>ProgramArguments</key>
    <array>
{words}    </array>
    <key>EnvironmentVariables</key>
    <dict>
{variables}    </dict>
    <key>RunAtLoad</key>
    <true/>
    <key>AbandonProcessGroup</key>
    <true/>
    <key>StandardOutPath</key>
    <string>{log}</string>
    <key>StandardErrorPath</key>
    <string>{log}</string>
</dict>
</plist>
"#,
        words = words.collect::<String>(),
        variables = variables.collect::<String>(),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Takes back that a person once switched it off. The file alone is enough for the next login.
pub fn enable() {
    launchctl("enable");
}

/// Makes launchd forget an agent whose file is gone. It has long ended; nothing of it is stopped.
pub fn forget() {
    launchctl("bootout");
}

fn launchctl(verb: &str) {
    let mut command = run::command("launchctl");
    let user = rustix::process::getuid().as_raw();
    command.arg(verb).arg(format!("gui/{user}/{LABEL}"));
    // Without a graphical session there is nothing to be told: the file alone decides.
    let _ = run::capture(command, PATIENCE);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_agent_looks_like_this() {
        let around = Surroundings {
            program: "/opt/a & b/tabctl".to_owned(),
            home: "/Users/me".into(),
            config: "/Users/me/.config".into(),
            state: "/Users/me/.local/state/tabctl".into(),
            variables: vec![("PATH".to_owned(), "/opt/homebrew/bin:/usr/bin".to_owned())],
            secrets: Vec::new(),
        };
        assert_eq!(
            file(&around).to_str(),
            Some("/Users/me/Library/LaunchAgents/tabctl.resume.plist")
        );
        insta::assert_snapshot!(text(&around), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
        <!-- {digest} -->
        <!-- {folders} -->
        <!-- `tabctl autostart disable` takes it out. -->
        <plist version="1.0">
        <dict>
            <key>Label</key>
            <string>tabctl.resume</string>
            <key>ProgramArguments</key>
            <array>
                <string>/opt/a &amp; b/tabctl</string>
                <string>resume</string>
                <string>--quiet</string>
            </array>
            <key>EnvironmentVariables</key>
            <dict>
                <key>PATH</key>
                <string>/opt/homebrew/bin:/usr/bin</string>
            </dict>
            <key>RunAtLoad</key>
            <true/>
            <key>AbandonProcessGroup</key>
            <true/>
            <key>StandardOutPath</key>
            <string>/Users/me/.local/state/tabctl/autostart.log</string>
            <key>StandardErrorPath</key>
            <string>/Users/me/.local/state/tabctl/autostart.log</string>
        </dict>
        </plist>
        "#);
    }
}
