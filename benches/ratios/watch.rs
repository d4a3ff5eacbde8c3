//! What `tabctl watch` costs while nothing happens, and how soon it shows an agent's hook event.
//! Must not count the start: it stands and has drawn everything before the clock runs.

use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use tabctl::model::id::TabId;

use super::hook::AGENT;
use super::{World, tabctl};

const TABS: usize = 100;
const QUIET: Duration = Duration::from_mins(1);
const EVENTS: usize = 60;

/// Both, in a process that is called like an agent: hooks look who calls them.
pub fn hundred_quiet_tabs() {
    let mut agent = Command::new(std::env::current_exe().unwrap());
    assert!(agent.arg0(AGENT).arg("watch").status().unwrap().success());
}

/// Measures.
pub fn as_agent() {
    let world = World::new();
    let folders = world.tabs(TABS);
    world.panes(&folders);
    let mut screen = Screen::start(&world);
    screen.read_until("100 tabs", Duration::from_secs(20));
    // What has just begun comes to rest.
    screen.read_for(Duration::from_secs(20));
    idle(&world, &mut screen);
    events(&world, &mut screen);
}

fn idle(world: &World, screen: &mut Screen) {
    let server = world.tmux().args(["display-message", "-p", "#{pid}"]).output().unwrap();
    let server: u32 = String::from_utf8(server.stdout).unwrap().trim().parse().unwrap();
    let used = |pid| cpu(pid);
    let before = (used(screen.child.id()), used(server));
    let bytes = screen.read_for(QUIET);
    let after = (used(screen.child.id()), used(server));
    let share = |time: Duration| 100.0 * time.as_secs_f64() / QUIET.as_secs_f64();
    let (own, servers) =
        (share(after.0.saturating_sub(before.0)), share(after.1.saturating_sub(before.1)));
    let what = format!("watch, {TABS} quiet tabs, a minute");
    println!(
        "{what:34} {own:.2} % of a core (and {servers:.2} % of tmux's server), {bytes} bytes \
         drawn, goal < 1 %"
    );
}

fn events(world: &World, screen: &mut Screen) {
    let id = TabId::from_parts(1_700_000_000_000, 0);
    let own = tabctl::scan::identity(std::process::id(), "bench").unwrap();
    let tell = |live: &mut tabctl::model::live::Live| {
        live.token = Some("token".to_owned());
        live.agent = Some(own.clone());
    };
    world.store().update_live(id, &mut { tell }).unwrap();
    let conversation = super::agent(0).session_id.unwrap();
    let payload = world.path("payload");
    let event = format!(
        r#"{{"session_id":"{conversation}","transcript_path":"/x","cwd":"/x","hook_event_name":"PostToolUse",
        "tool_name":"Bash","tool_input":{{"command":"ls"}},"tool_response":{{"stdout":""}}}}"#
    );
    std::fs::write(&payload, event).unwrap();
    let command = |words: &[&str]| {
        let mut command = world.command(tabctl());
        command.args(words).env("TABCTL_TOKEN", "token").env("TABCTL_TAB", id.to_string());
        command.stdout(Stdio::null());
        command
    };
    let mut all = Vec::new();
    for _ in 0..EVENTS {
        assert!(command(&["status", "idle", "--tab", "tab-0"]).status().unwrap().success());
        screen.read_for(Duration::from_millis(300));
        let start = Instant::now();
        let mut hook = command(&["hook", AGENT]);
        let mut hook = hook.stdin(std::fs::File::open(&payload).unwrap()).spawn().unwrap();
        screen.read_until("thinking", Duration::from_secs(10));
        all.push(start.elapsed());
        assert!(hook.wait().unwrap().success());
    }
    all.sort_unstable();
    let (middle, last) = (all[all.len() / 2], all[all.len() * 99 / 100]);
    let what = format!("hook event on the screen, {EVENTS} turns");
    println!("{what:34} p50 {middle:.2?}, p99 {last:.2?}, goal for p99 < 100ms");
}

/// CPU time of a process and of its children that have ended.
fn cpu(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: u64 = fields[11..15].iter().map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

/// The dashboard in a terminal of 120 columns and 40 lines.
struct Screen {
    terminal: OwnedFd,
    child: Child,
}

impl Screen {
    fn start(world: &World) -> Screen {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let size = Winsize { ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&terminal, size).unwrap();
        let name = ptsname(&terminal, Vec::new()).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let inside = open(name.as_c_str(), flags, Mode::empty()).unwrap();
        let mut command = world.command(tabctl());
        command.env("TERM", "xterm-256color");
        command.args(["take-terminal", "--", tabctl(), "watch"]);
        command.stdin(Stdio::from(inside.try_clone().unwrap()));
        command.stdout(Stdio::from(inside)).stderr(Stdio::null());
        Screen { terminal, child: command.spawn().unwrap() }
    }

    /// Reads for so long; gives how many bytes came.
    fn read_for(&mut self, time: Duration) -> usize {
        let end = Instant::now() + time;
        let mut bytes = 0;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            bytes += self.read(left).len();
        }
        bytes
    }

    /// Reads until this was drawn.
    fn read_until(&mut self, text: &str, limit: Duration) {
        let end = Instant::now() + limit;
        let mut seen = Vec::new();
        while !seen.windows(text.len()).any(|window| window == text.as_bytes()) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "'{text}' was never drawn");
            seen.extend(self.read(left));
        }
    }

    fn read(&self, limit: Duration) -> Vec<u8> {
        let limit = Timespec::try_from(limit).unwrap();
        let mut polled = [PollFd::new(&self.terminal, PollFlags::IN)];
        if poll(&mut polled, Some(&limit)).unwrap() == 0 {
            return Vec::new();
        }
        let mut buffer = vec![0; 64 * 1024];
        let count = rustix::io::read(&self.terminal, &mut buffer).unwrap();
        buffer.truncate(count);
        buffer
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
