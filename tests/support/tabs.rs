//! Tabs of a world as `ls --json` shows them, and tabs with the small demo agent in them.
//! Must see only what a user could see.

use std::path::PathBuf;

use serde_json::Value;

use super::world::World;

impl World {
    /// All rows.
    #[track_caller]
    pub fn rows(&self) -> Vec<Value> {
        self.tabctl(["ls", "--json"]).ok().json().as_array().cloned().unwrap_or_default()
    }

    /// The row of one tab.
    #[track_caller]
    pub fn row(&self, tab: &str) -> Value {
        let found = self.rows().into_iter().find(|row| row["tab"] == tab);
        found.unwrap_or_else(|| panic!("no tab '{tab}'\n{}", self.tabctl(["ls"])))
    }

    /// The state of one tab.
    #[track_caller]
    pub fn state(&self, tab: &str) -> String {
        self.row(tab)["status"]["state"].as_str().unwrap_or_default().to_owned()
    }

    /// The pane of one tab.
    #[track_caller]
    pub fn pane(&self, tab: &str) -> String {
        let row = self.row(tab);
        row["pane"].as_str().unwrap_or_else(|| panic!("'{tab}' has no pane: {row:#}")).to_owned()
    }

    /// Makes a tab with the demo agent in it, in a workspace of the same name, and waits for its
    /// first word; gives its folder.
    #[track_caller]
    pub fn demo_tab(&self, name: &str) -> PathBuf {
        let folder = self.workspace(name);
        let dir = folder.display().to_string();
        self.tabctl(["new", name, "--agent", "demo", "--detach", "--dir", &dir]).ok();
        let speaks = || self.state(name) == "idle";
        self.wait_until("the agent's first word", std::time::Duration::from_secs(20), speaks);
        folder
    }

    /// Makes a tab with a plain shell in it; gives its folder.
    #[track_caller]
    pub fn shell_tab(&self, name: &str) -> PathBuf {
        let folder = self.workspace(name);
        self.tabctl_in(&folder, ["new", name, "--detach"]).ok();
        folder
    }

    /// The session file of a workspace, as text.
    #[track_caller]
    pub fn session_file(&self, workspace: &str) -> String {
        let path = self.workspace(workspace).join(".session.yaml");
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Says a line to the demo agent of a tab and waits for the answer with this number.
    #[track_caller]
    pub fn say(&self, tab: &str, line: &str, number: u32) {
        let pane = self.pane(tab);
        self.wait_for_text(&pane, "> ");
        self.type_line(&pane, line);
        self.wait_for_text(&pane, &format!("({number}) "));
    }
}
