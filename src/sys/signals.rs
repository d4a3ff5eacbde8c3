//! Ctrl-C and its kin, held back until what must be cleaned up is; and ending a process at once.
//! Must not swallow a signal: whoever holds them back obeys them afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGWINCH};
use signal_hook::iterator::Signals;
use signal_hook::{flag, low_level};

/// The signals that end a program. They are held back for the rest of the process's life.
pub struct Held(Arc<AtomicUsize>);

impl Held {
    /// From now on they are only noted.
    pub fn hold() -> Result<Held> {
        let came = Arc::new(AtomicUsize::new(0));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            flag::register_usize(signal, Arc::clone(&came), usize::try_from(signal)?)?;
        }
        Ok(Held(came))
    }

    /// The one that came last.
    pub fn came(&self) -> Option<i32> {
        i32::try_from(self.0.load(Ordering::SeqCst)).ok().filter(|signal| *signal != 0)
    }
}

/// Calls `came` for each signal that ends a program, and for each change of the terminal's size, from a
/// thread of its own and for the rest of the process's life.
pub fn tell(came: impl Fn(Came) + Send + 'static) -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGWINCH])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            came(if signal == SIGWINCH { Came::Size } else { Came::End(signal) });
        }
    })?;
    Ok(())
}

/// What a signal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// This one wants the process to end.
    End(i32),
    /// The terminal has another size.
    Size,
}

/// Ends this process as the signal would have.
pub fn obey(signal: i32) -> Result<()> {
    Ok(low_level::emulate_default_handler(signal)?)
}

/// Sends a signal to a process, if it still is the one that is meant: `is_it` looks while its number can
/// go to nobody else, where the system can hold it. Says whether it was sent.
pub fn send(pid: u32, signal: i32, is_it: &dyn Fn() -> bool) -> bool {
    let Some(signal) = Signal::from_named_raw(signal) else { return false };
    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return false };
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{PidfdFlags, pidfd_open, pidfd_send_signal};
        match pidfd_open(pid, PidfdFlags::empty()) {
            Ok(held) => return is_it() && pidfd_send_signal(&held, signal).is_ok(),
            Err(rustix::io::Errno::SRCH) => return false,
            // An old kernel, some sandboxes.
            Err(_) => {}
        }
    }
    is_it() && kill_process(pid, signal).is_ok()
}

/// The number of a signal by its name, with or without `SIG`, or by its number.
pub fn number(name: &str) -> Option<i32> {
    let upper = name.to_ascii_uppercase();
    let plain = upper.strip_prefix("SIG").unwrap_or(&upper);
    let known = NAMES.iter().find(|(known, _)| *known == plain).map(|(_, signal)| signal.as_raw());
    let by_number =
        || plain.parse().ok().filter(|number| Signal::from_named_raw(*number).is_some());
    known.or_else(by_number)
}

/// The name of a signal, without `SIG`; its number where it has none here.
pub fn name(number: i32) -> String {
    let known = NAMES.iter().find(|(_, signal)| signal.as_raw() == number);
    known.map_or_else(|| number.to_string(), |(name, _)| (*name).to_owned())
}

/// The signals that people send, and those by which a program ends that did wrong.
const NAMES: [(&str, Signal); 21] = [
    ("HUP", Signal::HUP),
    ("INT", Signal::INT),
    ("QUIT", Signal::QUIT),
    ("ILL", Signal::ILL),
    ("TRAP", Signal::TRAP),
    ("ABRT", Signal::ABORT),
    ("BUS", Signal::BUS),
    ("FPE", Signal::FPE),
    ("KILL", Signal::KILL),
    ("USR1", Signal::USR1),
    ("SEGV", Signal::SEGV),
    ("USR2", Signal::USR2),
    ("PIPE", Signal::PIPE),
    ("ALRM", Signal::ALARM),
    ("TERM", Signal::TERM),
    ("CONT", Signal::CONT),
    ("STOP", Signal::STOP),
    ("XCPU", Signal::XCPU),
    ("XFSZ", Signal::XFSZ),
    ("SYS", Signal::SYS),
    ("WINCH", Signal::WINCH),
];

/// Ends a process at once and without a word. One that has gone meanwhile is fine.
pub fn kill(pid: u32) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::KILL);
    }
}
