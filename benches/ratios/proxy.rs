//! What the runner costs that stands between an agent and its pane: beside one that does not.
//! Must not measure what tmux does: both sides have the same terminal.

use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use tabctl::model::argv::Argv;
use tabctl::model::id::TabId;
use tabctl::model::plan::Order;

use super::{World, quiet, tabctl};

const KEYS: usize = 2000;
const MEGABYTES: usize = 200;
const MODES: [&str; 2] = ["direct", "proxy"];

/// Prints the round trip of a key, and how long 200 MB take to be shown.
pub fn beside_direct() {
    let world = World::new();
    world.tabs(2);
    keys(&world);
    flood(&world);
}

fn keys(world: &World) {
    let script = "stty raw -echo; printf ready; exec cat";
    let mut echoes = [0, 1].map(|number| {
        order(world, number, script);
        let mut echo = Echo::start(world, number);
        echo.read_to("ready");
        echo
    });
    let mut all = [Vec::new(), Vec::new()];
    for turn in 0..KEYS + 50 {
        for (echo, times) in echoes.iter_mut().zip(&mut all) {
            let time = echo.round_trip();
            if turn >= 50 {
                times.push(time);
            }
        }
    }
    let at = |times: &mut Vec<Duration>, percent: usize| {
        times.sort_unstable();
        times[times.len() * percent / 100]
    };
    let [direct, proxy] = &mut all;
    for percent in [50, 99] {
        let (direct, proxy) = (at(direct, percent), at(proxy, percent));
        let added = proxy.saturating_sub(direct);
        let what = format!("key and back, p{percent}");
        println!(
            "{what:34} {:>12} {:>12} adds {added:.2?}, goal for p99 <= 0.2ms",
            format!("{direct:.2?}"),
            format!("{proxy:.2?}")
        );
    }
}

fn flood(world: &World) {
    let big = world.path("big");
    let line = "the quick brown fox jumps over the lazy dog while the model streams its answer\n";
    std::fs::write(&big, line.repeat(MEGABYTES * 1024 * 1024 / line.len())).unwrap();
    let mut all = [Vec::new(), Vec::new()];
    // The best of some: on two processors four processes and the kernel's own threads share the work.
    for _ in 0..4 {
        for (number, times) in all.iter_mut().enumerate() {
            times.push(shown(world, number, &big));
        }
    }
    let best = |times: &[Duration]| *times.iter().min().unwrap();
    let (direct, proxy) = (best(&all[0]), best(&all[1]));
    let ratio = proxy.as_secs_f64() / direct.as_secs_f64();
    let what = format!("cat of {MEGABYTES} MB in a pane");
    println!(
        "{what:34} {:>12} {:>12} {ratio:>7.2} {:>7}",
        format!("{direct:.2?}"),
        format!("{proxy:.2?}"),
        "<= 1.1"
    );
}

/// How long a pane of tmux takes to take it all in.
fn shown(world: &World, number: usize, big: &Path) -> Duration {
    let done = world.path("done");
    let _ = std::fs::remove_file(&done);
    let script = format!("cat '{}'; : > '{}'; exec sleep 1000", big.display(), done.display());
    order(world, number, &script);
    let mut tmux = world.command("tmux");
    tmux.args(["-u", "-f", "/dev/null", "-S"]).arg(world.path("flood")).args(["new-session", "-d"]);
    tmux.args(["-x", "120", "-y", "40", "-e", &format!("TABCTL_OBSERVE={}", MODES[number])]);
    let start = Instant::now();
    quiet(tmux.args([tabctl(), "runner", &id(number).to_string()]));
    while !done.exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let time = start.elapsed();
    let mut end = Command::new("tmux");
    quiet(end.arg("-S").arg(world.path("flood")).arg("kill-server"));
    std::thread::sleep(Duration::from_millis(500));
    time
}

fn id(number: usize) -> TabId {
    TabId::from_parts(1_700_000_000_000, number as u128)
}

fn order(world: &World, number: usize, script: &str) {
    let order = Order {
        argv: ["sh", "-c", script].into_iter().collect::<Argv>(),
        prompt: Vec::new(),
        directory: world.path("home").display().to_string(),
        set: std::collections::BTreeMap::default(),
        path: None,
        unset: Vec::new(),
        conversation: None,
        fork: None,
        resumes: false,
        evidence: tabctl::model::plan::Evidence::Nothing,
        greeting: Vec::new(),
        files: Vec::new(),
    };
    world.store().put_order(id(number), &order).unwrap();
}

/// A terminal of the benchmark's own with a runner in it, whose agent says what it hears.
struct Echo {
    master: OwnedFd,
    runner: Child,
}

impl Echo {
    fn start(world: &World, number: usize) -> Echo {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        rustix::io::fcntl_setfd(&master, rustix::io::FdFlags::CLOEXEC).unwrap();
        grantpt(&master).and_then(|()| unlockpt(&master)).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave = open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        let mut command = world.command(tabctl());
        command.env("TABCTL_OBSERVE", MODES[number]);
        command.args(["take-terminal", "--", tabctl(), "runner", &id(number).to_string()]);
        command.stdin(slave.try_clone().unwrap()).stdout(slave).stderr(Stdio::null());
        Echo { master, runner: command.spawn().unwrap() }
    }

    fn read_to(&mut self, text: &str) {
        let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
        while !seen.windows(text.len()).any(|part| part == text.as_bytes()) {
            let count = rustix::io::read(&self.master, &mut buffer).unwrap();
            seen.extend_from_slice(&buffer[..count]);
        }
    }

    fn round_trip(&mut self) -> Duration {
        let mut buffer = [0; 16];
        let start = Instant::now();
        rustix::io::write(&self.master, b"x").unwrap();
        rustix::io::read(&self.master, &mut buffer).unwrap();
        start.elapsed()
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        let _ = self.runner.kill();
        let _ = self.runner.wait();
    }
}
