//! The real agents as the tests use them: where they are, how each is started, what its screen says.
//! Must not stand in for an agent: where one is missing, the test says so and fails.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::mock::Mock;
use super::world::World;

/// A real agent, started without any account against the mock.
pub struct Agent {
    /// The name by which tabctl knows it, and its program.
    pub kind: &'static str,
    /// What a person starts it with; must be there again after a resume.
    pub flags: &'static [&'static str],
    /// Stands on its screen once it takes a prompt.
    pub ready: &'static str,
    /// What it is started with so that nothing of it lives outside its pane.
    pub attached: &'static [&'static str],
}

/// Claude Code.
pub const CLAUDE: Agent = Agent {
    kind: "claude",
    flags: &["--model", "opus", "--permission-mode", "default"],
    ready: "manual mode on",
    attached: &[],
};

/// Codex.
pub const CODEX: Agent = Agent {
    kind: "codex",
    flags: &["-s", "read-only"],
    ready: "Ask Codex to do anything",
    attached: &["--no-daemon"],
};

/// Every agent that `tests/run.sh` installs.
const ALL: [&str; 8] =
    ["aider", "claude", "codex", "copilot", "droid", "gemini", "opencode", "qwen"];

/// Waits until no other test has many real agents: each of them takes a processor to start.
pub fn turn() -> MutexGuard<'static, ()> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The folder of the agents' programs, or nothing if the tests were asked to do without.
///
/// # Panics
/// If the agents are not installed and nobody said that this is meant.
pub fn folder() -> Option<PathBuf> {
    if std::env::var_os("TABCTL_TEST_WITHOUT_AGENTS").is_some_and(|value| value == "1") {
        eprintln!("left out: TABCTL_TEST_WITHOUT_AGENTS=1");
        return None;
    }
    let installed = std::env::var_os("TABCTL_TEST_AGENTS").map(PathBuf::from);
    let folder = installed.map(|folder| folder.join("node_modules").join(".bin"));
    let folder = folder.filter(|bin| ALL.iter().all(|agent| bin.join(agent).exists()));
    assert!(
        folder.is_some(),
        "the real agents are not installed: `sh tests/run.sh` installs them and runs this test; \
         TABCTL_TEST_WITHOUT_AGENTS=1 leaves it out"
    );
    folder
}

/// Puts the agents on the world's path and points them at the mock.
pub fn settle(world: &mut World, mock: &Mock, programs: &Path) {
    world.put_on_path(programs);
    world.set("ANTHROPIC_BASE_URL", mock.url());
    world.set("ANTHROPIC_API_KEY", "dummy");
    world.set("MOCK_KEY", "dummy");
    // Claude, left to itself, installs its next version for the whole machine.
    for (name, value) in quiet(mock) {
        world.set(name, value);
    }
}

/// What the other agents need besides, and what keeps all of them from asking the network for a
/// newer version of themselves.
pub fn quiet(mock: &Mock) -> Vec<(&'static str, String)> {
    let url = mock.url();
    let v1 = format!("{url}/v1");
    let own = [
        ("GEMINI_API_KEY", "dummy".to_owned()),
        ("GOOGLE_GEMINI_BASE_URL", url),
        ("COPILOT_OFFLINE", "true".to_owned()),
        ("COPILOT_PROVIDER_BASE_URL", v1.clone()),
        ("COPILOT_MODEL", "mock-model".to_owned()),
        ("FACTORY_AIRGAP_ENABLED", "true".to_owned()),
        ("OPENAI_API_BASE", v1),
        ("OPENAI_API_KEY", "dummy".to_owned()),
    ];
    let no_updates = [
        ("NO_UPDATE_NOTIFIER", "1"),
        ("COPILOT_AUTO_UPDATE", "false"),
        ("DISABLE_AUTOUPDATER", "1"),
        ("FACTORY_DROID_AUTO_UPDATE_ENABLED", "false"),
        ("OPENCODE_DISABLE_AUTOUPDATE", "1"),
        ("OPENCODE_DISABLE_MODELS_FETCH", "1"),
        ("AIDER_ANALYTICS", "false"),
    ];
    let no_updates = no_updates.into_iter().map(|(name, value)| (name, value.to_owned()));
    own.into_iter().chain(no_updates).collect()
}
