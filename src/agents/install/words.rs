//! The command that a hook runs, and how it is known again.
//! Must not take another program's command for tabctl's.

use std::path::Path;

/// The folder for what tabctl gives agents at launch is called this: by it, what it added to a command
/// line or an environment is known again.
pub const MARK: &str = "tabctl-hooks";

/// The command line of a hook, for a shell.
pub(super) fn command(tabctl: &str, kind: &str, event: Option<&str>) -> String {
    let event = event.into_iter().flat_map(|event| ["--event", event]);
    shell_words::join([tabctl, "hook", kind].into_iter().chain(event))
}

/// Whether a command is a hook of ours for this agent, whatever folder tabctl was in.
pub(super) fn is_ours(command: &str, kind: &str) -> bool {
    let Ok(words) = shell_words::split(command) else { return false };
    let [program, verb, agent, ..] = words.as_slice() else { return false };
    let program = Path::new(program).file_name().and_then(|name| name.to_str());
    program == Some("tabctl") && verb == "hook" && agent == kind
}

/// The command line of a program that gets its payload as its last argument: ours, then the one that
/// the person had, each with that argument. Ours can neither fail theirs nor hold it up for long.
pub(super) fn chained(tabctl: &str, kind: &str, theirs: &[String]) -> Vec<String> {
    if theirs.is_empty() {
        return [tabctl, "hook", kind].map(str::to_owned).to_vec();
    }
    let (ours, theirs) = (command(tabctl, kind, None), shell_words::join(theirs));
    let script = format!("{ours} \"$1\"; exec {theirs} \"$1\"");
    ["/bin/sh", "-c", &script, MARK].map(str::to_owned).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_command_is_known_again_wherever_tabctl_was() {
        for (line, ours) in [
            ("/usr/bin/tabctl hook claude", true),
            ("'/home/a b/tabctl' hook claude", true),
            ("/old/tabctl hook claude --event Stop", true),
            ("/usr/bin/tabctl hook codex", false),
            ("/usr/bin/mytabctl hook claude", false),
            ("sleep 1; tabctl hook claude", false),
            ("/usr/bin/tabctl status idle", false),
            ("'open", false),
            ("", false),
        ] {
            assert_eq!(is_ours(line, "claude"), ours, "{line}");
        }
        assert!(is_ours(&command("/a b/$(x)/tabctl", "claude", Some("Stop")), "claude"));
    }

    #[test]
    fn the_persons_own_program_still_gets_its_payload() {
        assert_eq!(chained("/t/tabctl", "codex", &[]), ["/t/tabctl", "hook", "codex"]);
        let theirs = ["notify-send".to_owned(), "it's done".to_owned()];
        let chain = chained("/t/tabctl", "codex", &theirs);
        assert_eq!(chain[..2], ["/bin/sh", "-c"]);
        assert_eq!(
            chain[2],
            "/t/tabctl hook codex \"$1\"; exec notify-send 'it'\\''s done' \"$1\""
        );
    }
}
