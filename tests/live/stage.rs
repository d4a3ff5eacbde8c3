//! The stage: one world, one model server, folders that every agent trusts, and who watches it.
//! Must not know what is played on it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::truth::Sample;
use crate::support::{Mock, Run, World, agents};

/// Five looks a second.
const RATE: Duration = Duration::from_millis(200);

/// Where the agents play.
pub struct Stage {
    pub world: World,
    pub mock: Mock,
}

impl Stage {
    /// Nothing, if the tests were asked to do without the real agents. `folders` are the names of
    /// the workspaces.
    pub fn set(folders: &[String]) -> Option<Stage> {
        let programs = agents::folder()?;
        let mut world = World::new();
        let folders: Vec<PathBuf> = folders.iter().map(|name| world.workspace(name)).collect();
        for folder in &folders {
            Run::of(world.command("git").args(["init", "-q"]).arg(folder)).ok();
        }
        let mock = Mock::start_for(&world, &folders);
        agents::settle(&mut world, &mock, &programs);
        for (name, value) in agents::quiet(&mock) {
            world.set(name, value);
        }
        Some(Stage { world, mock })
    }

    /// tabctl, with or without its hooks.
    pub fn tabctl(&self, hooks: bool) -> Command {
        let mut command = self.world.command(env!("CARGO_BIN_EXE_tabctl"));
        command.env("TABCTL_HOOKS", if hooks { "true" } else { "false" });
        command
    }

    /// The first change to `phase` of the turn with this tag, not before `since`.
    pub fn change(&self, tag: &str, phases: &[&str], since: f64) -> Option<f64> {
        let state = self.mock.state();
        let is = |change: &&Value| {
            let at = change["t"].as_f64().unwrap_or(0.0);
            let prompt = change["prompt"].as_str().unwrap_or("");
            let phase = change["phase"].as_str().unwrap_or("");
            at >= since && prompt.contains(tag) && phases.contains(&phase)
        };
        state["changes"].as_array()?.iter().find(is)?["t"].as_f64()
    }

    /// Looks at all tabs until told to stop. Also tells how long a look took, in the mean.
    pub fn watch(&self, stop: &AtomicBool) -> Watched {
        let mut watched = Watched::default();
        let start = Instant::now();
        while !stop.load(Ordering::SeqCst) {
            let asked = (Instant::now(), now());
            let run = Run::of(self.tabctl(true).args(["ls", "--json"]));
            watched.add(asked.1, now(), &run);
            watched.spent += asked.0.elapsed();
            std::thread::sleep(RATE.saturating_sub(asked.0.elapsed()));
        }
        watched.lasted = start.elapsed();
        watched
    }
}

/// What was seen.
#[derive(Debug, Default)]
pub struct Watched {
    pub samples: BTreeMap<String, Vec<Sample>>,
    pub looks: u32,
    /// Looks that failed, and how.
    pub failed: Vec<String>,
    pub spent: Duration,
    pub lasted: Duration,
}

impl Watched {
    fn add(&mut self, asked: f64, answered: f64, run: &Run) {
        self.looks += 1;
        let rows = serde_json::from_str::<Vec<Value>>(&run.stdout);
        let (Some(0), Ok(rows)) = (run.status, rows) else {
            self.failed.push(run.to_string());
            return;
        };
        for row in rows {
            let tab = row["tab"].as_str().unwrap_or_default().to_owned();
            self.samples.entry(tab).or_default().push(Sample { asked, answered, row });
        }
    }
}

/// Seconds since 1970, as the model server counts them.
pub fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}
