//! What it costs that tmux shows what a tab is doing: the runner's time for each turn, and for none.
//! Must not count what the one costs who says the state: that is a process of its own.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tabctl::ops::runner::PRESENTING;

use super::{TURNS, World, median, tabctl};

/// So long nothing happens.
const IDLE: Duration = Duration::from_secs(10);

/// Prints the processor time of a runner for each turn with and without, how soon a turn is shown, and
/// what a quiet tab costs.
pub fn cost_of_a_turn() {
    let spent: Vec<Duration> = ["false", "true"].map(measured).into();
    let (without, with) = (spent[0].as_secs_f64() * 1e3, spent[1].as_secs_f64() * 1e3);
    println!(
        "{:34} {without:>10.2}ms {with:>10.2}ms, runner's CPU time with its tmux calls",
        "a turn of a state, not shown, shown"
    );
}

/// The processor time of a turn.
fn measured(shown: &str) -> Duration {
    let world = World::new();
    let folder = world.path("home/work");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::create_dir_all(world.path("config")).unwrap();
    let settings = format!("tmux_presence: {shown}\nnotify: off\n");
    std::fs::write(world.path("config/config.yaml"), settings).unwrap();
    let run = |args: &[&str]| {
        let mut command = world.command(tabctl());
        command.env("TABCTL_TMUX_CONF", "/dev/null").args(args).current_dir(&folder);
        assert!(command.stdout(Stdio::null()).status().unwrap().success(), "{args:?}");
    };
    run(&["new", "api", "--agent", "demo", "--detach"]);
    let asked = |mut command: Command| {
        String::from_utf8(command.output().unwrap().stdout).unwrap().trim().to_owned()
    };
    let of_pane = |format: &str| {
        let mut tmux = world.tmux();
        tmux.args(["display-message", "-p", format]);
        asked(tmux)
    };
    let runner = of_pane("#{pane_pid}");
    std::thread::sleep(Duration::from_secs(4));
    let before = cpu(&runner);
    let mut times = Vec::new();
    for turn in 0..TURNS {
        let (state, glyph) = if turn % 2 == 0 { ("thinking", "●") } else { ("attention", "!") };
        run(&["status", state, "--tab", "api"]);
        let said = Instant::now();
        if shown == "true" {
            while of_pane("#{@tabctl_glyph}") != glyph {
                assert!(said.elapsed() < Duration::from_secs(20), "never shown");
            }
        }
        times.push(said.elapsed());
        std::thread::sleep(Duration::from_millis(150));
    }
    let spent = cpu(&runner).saturating_sub(before) / u32::try_from(TURNS).unwrap();
    if shown == "true" {
        println!("{:34} p50 {:.2?}, goal < 100ms", "a turn, from said to shown", median(times));
        let before = thread(&runner);
        std::thread::sleep(IDLE);
        let after = thread(&runner);
        let (wakes, ticks) = (after.0 - before.0, after.1 - before.1);
        println!(
            "{:34} woken {wakes} times, {ticks} ticks of CPU in {IDLE:?}",
            "a quiet tab's presence"
        );
    }
    spent
}

/// How often the thread that shows the tab was woken so far, and its processor time in ticks.
fn thread(pid: &str) -> (u64, u64) {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap().flatten();
    let read =
        |task: &Path, file: &str| std::fs::read_to_string(task.join(file)).unwrap_or_default();
    let mut paths = tasks.map(|task| task.path());
    let own = paths.find(|task| read(task, "comm").trim() == PRESENTING).expect("it runs");
    let status = read(&own, "status");
    let switches = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    let stat = read(&own, "stat");
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = (11..13).filter_map(|at| fields.get(at)?.parse::<u64>().ok()).sum();
    (switches.and_then(|count| count.trim().parse().ok()).unwrap_or(0), ticks)
}

/// What a process and its children have used, in ticks of ten milliseconds.
fn cpu(pid: &str) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis(10 * (11..15).map(ticks).sum::<u64>())
}
