//! A storm of events: shuffled, twice, from many tabs at once. What comes out is what came last.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::json;

use super::stand_in::StandIn;
use crate::support::World;

const TABS: usize = 20;
const A_SECOND: u64 = 100;
/// So many run beside each other at most. A hook that has not come to its end within five seconds gives
/// up, so that no agent waits for it: on a crowded machine, more at once would lose some.
const AT_ONCE: usize = 25;
const ID: &str = "0f5a0c1e-7d4b-4e1f-9a53-2c8be0c3d417";
/// The kinds of events, and the state after each.
const KINDS: [(&str, &str); 4] = [
    ("UserPromptSubmit", "thinking"),
    ("PostToolUse", "thinking"),
    ("Stop", "idle"),
    ("PermissionRequest", "attention"),
];

/// Small, and the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % below
    }
}

/// Which tab, which kind, and its time as a number.
type Event = (usize, usize, u64);

/// Events in the order of their times; then out of order by up to half a second, one in ten twice.
fn events(seconds: u64) -> (Vec<Event>, Vec<Event>) {
    let mut dice = Dice(20);
    let in_order: Vec<Event> =
        (0..A_SECOND * seconds).map(|at| (dice.throw(TABS), dice.throw(KINDS.len()), at)).collect();
    let mut keyed: Vec<(u64, Event)> = Vec::new();
    for event in &in_order {
        for _ in 0..=usize::from(dice.throw(10) == 0) {
            keyed.push((event.2 + dice.throw(50) as u64, *event));
        }
    }
    keyed.sort_by_key(|(key, _)| *key);
    (in_order, keyed.into_iter().map(|(_, event)| event).collect())
}

#[test]
fn a_storm_of_events_ends_in_the_state_that_came_last() {
    let long = std::env::var_os("TABCTL_TEST_LONG").is_some_and(|value| value == "1");
    let seconds = if long { 60 } else { 5 };
    let world = World::new();
    let mut tabs: Vec<StandIn> = (0..TABS)
        .map(|number| {
            StandIn::start(&world, "qwen", &format!("tab-{number}"), Some(id_of(number).as_str()))
        })
        .collect();
    let (in_order, shuffled) = events(seconds);
    let mut expected: BTreeMap<usize, &str> = BTreeMap::new();
    for (tab, kind, _) in &in_order {
        expected.insert(*tab, KINDS[*kind].1);
    }
    let (mut written, mut begun) = (Written::default(), Vec::new());
    let start = Instant::now();
    let pause = Duration::from_secs(seconds) / u32::try_from(shuffled.len()).unwrap();
    for (number, (tab, kind, at)) in shuffled.iter().enumerate() {
        let time = chrono::DateTime::from_timestamp_millis(
            1_795_181_000_000 + i64::try_from(*at).unwrap() * 10,
        );
        let payload = json!({
            "hook_event_name": KINDS[*kind].0, "session_id": id_of(*tab),
            "timestamp": time.unwrap().to_rfc3339(), "tool_name": "x", "tool_input": {},
        });
        // Beside each other, as an agent's tools end: only the times tell the order.
        tabs[*tab].begin(&format!("tabctl hook qwen '{payload}' 2>&1 &"));
        begun.push(*tab);
        if begun.len() == AT_ONCE {
            see_through(&mut tabs, &mut begun);
        }
        written.look(&tabs);
        let due = start + pause * u32::try_from(number + 1).unwrap();
        // The pace is the point here, not a wait for something.
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    see_through(&mut tabs, &mut begun);
    let took = start.elapsed();
    let count = f64::from(u32::try_from(shuffled.len()).unwrap());
    let cpu: f64 = tabs.iter().map(|tab| cpu_of_children(tab.child.id())).sum();
    eprintln!(
        "{count} events in {took:.1?}: {:.1} ms of CPU each, {:.0} % of one core; {} writes in workspaces",
        cpu * 1000.0 / count,
        cpu * 100.0 / took.as_secs_f64(),
        written.count,
    );
    for (tab, state) in expected {
        assert_eq!(tabs[tab].state(), state, "tab {tab}");
    }
}

/// Waits for the hooks that were begun, each in its tab.
fn see_through(tabs: &mut [StandIn], begun: &mut Vec<usize>) {
    for tab in begun.iter() {
        assert_eq!(tabs[*tab].end(), "0");
    }
    begun.sort_unstable();
    begun.dedup();
    for tab in begun.drain(..) {
        tabs[tab].begin("wait");
        assert_eq!(tabs[tab].end(), "0");
    }
}

/// One conversation a tab.
fn id_of(tab: usize) -> String {
    format!("{}{tab:02}", &ID[..ID.len() - 2])
}

/// When each session file was last changed, and whether that was seen to happen.
#[derive(Default)]
struct Written {
    last: BTreeMap<usize, (std::time::SystemTime, bool)>,
    count: usize,
}

impl Written {
    /// Looks, and fails if a file was changed twice within a second.
    fn look(&mut self, tabs: &[StandIn]) {
        for (number, tab) in tabs.iter().enumerate() {
            let file = tab.folder.join(".session.yaml");
            let changed = file.metadata().unwrap().modified().unwrap();
            let (last, was_seen) = *self.last.entry(number).or_insert((changed, false));
            if last == changed {
                continue;
            }
            // By the times of the file: on a busy machine a look may come late.
            let between = changed.duration_since(last).unwrap_or_default();
            let early = was_seen && between < Duration::from_millis(900);
            assert!(!early, "{} was written again after {between:?}", file.display());
            self.last.insert(number, (changed, true));
            self.count += 1;
        }
    }
}

/// CPU seconds of the children that a process has waited for.
fn cpu_of_children(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: f64 = fields[13].parse::<f64>().unwrap() + fields[14].parse::<f64>().unwrap();
    ticks / 100.0
}
