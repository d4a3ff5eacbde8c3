//! What stands on the screens of a world's panes, and typing into them.
//! Must not draw conclusions: it finds text, and shows the screen when there is none.

use std::time::{Duration, Instant};

use super::world::World;

/// An agent's start, an answer, a redraw: on a busy machine they take their time.
const PATIENCE: Duration = Duration::from_mins(1);

impl World {
    /// The visible screen of a pane, and what was scrolled out of it, as plain text.
    pub fn screen(&self, pane: &str) -> String {
        self.tmux(["capture-pane", "-p", "-J", "-S", "-200", "-t", pane]).stdout
    }

    /// Every screen of the world, under a heading each: for the message of a test that failed.
    pub fn screens(&self) -> String {
        let format = "#{pane_id} #{session_name}:#{window_index} pid #{pane_pid} dead #{pane_dead}";
        let panes = self.tmux(["list-panes", "-a", "-F", format]).stdout;
        let shown = panes.lines().map(|line| {
            let pane = line.split_whitespace().next().unwrap_or_default();
            format!("=== pane {line}\n{}\n", self.screen(pane).trim_end())
        });
        let shown: String = shown.collect();
        if shown.is_empty() { "(no pane is there)".to_owned() } else { shown }
    }

    /// Waits until `text` stands on the pane's screen.
    #[track_caller]
    pub fn wait_for_text(&self, pane: &str, text: &str) {
        let what = format!("'{text}' in pane {pane}");
        self.wait_until(&what, PATIENCE, || self.screen(pane).contains(text));
    }

    /// Waits until nothing on the pane's screen has changed for a second: an agent that has just
    /// answered may still be at work, and keys are lost on it.
    #[track_caller]
    pub fn wait_for_quiet(&self, pane: &str) {
        let mut last = (String::new(), Instant::now());
        self.wait_until(&format!("quiet in pane {pane}"), PATIENCE, || {
            let screen = self.screen(pane);
            if screen != last.0 {
                last = (screen, Instant::now());
            }
            last.1.elapsed() >= Duration::from_secs(1)
        });
    }

    /// Types a line as a person does: the text, and Enter once it can be seen.
    #[track_caller]
    pub fn type_line(&self, pane: &str, text: &str) {
        self.tmux(["send-keys", "-t", pane, "-l", "--", text]).ok();
        self.wait_for_text(pane, text);
        // Codex takes an Enter that follows too closely for a line break within a paste.
        std::thread::sleep(Duration::from_millis(300));
        self.tmux(["send-keys", "-t", pane, "Enter"]).ok();
    }
}
