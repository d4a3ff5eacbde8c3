//! Throwaway agents: a shell script each, with a file that tells tabctl about it.
//! Must do nothing but what its test says.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::world::World;

/// What all of them have: one flag for the conversation's id, and nothing on disk that tabctl knows.
const SPEC: &str = "\
flags:
  value: [--id]
  id: [--id]
start:
  preset: [--id, \"{id}\"]
  resume: [--id, \"{id}\"]
transcript:
  unknowable: nobody knows
";

/// The process table shows the agent's name and not its shell's, as for a real program.
const AS_ITSELF: &str = "\
#!/bin/bash
[ -n \"$AS_ITSELF\" ] || AS_ITSELF=1 exec -a \"${0##*/}\" /bin/bash \"$0\" \"$@\"
";

/// By which its own record tells the conversation: `~/.KIND/PID.json` with an `id`.
pub const RECORDS: &str = "\
data: [~/.throwaway]
claims:
  - {file: \"{data}/{pid}.json\", id: id}
";
/// The line of a script that writes it, for the id that it was given.
pub const RECORD: &str =
    "mkdir -p ~/.throwaway; echo \"{\\\"id\\\":\\\"$2\\\"}\" >~/.throwaway/$$.json\n";
/// The line of a script that says to the terminal that it is ready.
pub const READY: &str = "printf '\\033]7501;state=idle:app=throwaway\\033\\\\'\n";
/// The line of a script that stays.
pub const STAY: &str = "while :; do sleep 0.2; done\n";

impl World {
    /// Installs an agent: its name, more of its file, and its script. `$2` is the conversation's id.
    pub fn agent(&mut self, kind: &str, spec: &str, script: &str) {
        let bin = self.path("bin");
        std::fs::create_dir_all(&bin).expect("the world is writable");
        let file = bin.join(kind);
        std::fs::write(&file, format!("{AS_ITSELF}{script}")).expect("the folder is writable");
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o755)).expect("it is ours");
        let agents = self.path("config").join("agents");
        std::fs::create_dir_all(&agents).expect("the world is writable");
        let whole = format!("kind: {kind}\nprogram: {kind}\n{SPEC}{spec}");
        std::fs::write(agents.join(format!("{kind}.yaml")), whole).expect("it is writable");
        self.put_on_path(&bin);
    }

    /// Binds a conversation of an agent to a new tab that nothing runs in; gives its folder.
    #[track_caller]
    pub fn down_tab(&self, tab: &str, kind: &str, id: &str) -> PathBuf {
        let folder = self.workspace(tab);
        let line = ["bind", kind, "--tab", tab, "--session-id", id, "--", kind, "--id", id];
        self.tabctl_in(&folder, line).ok();
        folder
    }

    /// The lines of a tab's journal, from inside.
    pub fn journal(&self, tab: &str) -> Vec<serde_json::Value> {
        let id = self.row(tab)["id"].as_str().unwrap_or_default().to_owned();
        let file = self.path("state").join("journal").join(format!("{id}.jsonl"));
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// How many processes run whose command line contains `text`; tmux's server is none of them.
    pub fn count(&self, text: &str) -> usize {
        let all = self.processes().into_iter();
        all.filter(|it| it.command.contains(text) && !it.command.starts_with("tmux")).count()
    }
}
