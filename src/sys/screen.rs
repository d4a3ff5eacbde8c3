//! The terminal as a screen to draw on: raw, with the alternate screen, the mouse and the focus.
//! Must give the terminal back as it was, however this process ends.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};
use crossterm::event::{
    self, DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, EnableMouseCapture, Event,
};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::isatty;

/// The terminal of this process, whatever its standard output is.
const TERMINAL: &str = "/dev/tty";

/// What was typed is there already: the least that is not taken for no time at all.
const MOMENT: Duration = Duration::from_millis(2);

/// Whether the screen is ours now: what a panic has to give back.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// A screen that is ours until the value is dropped.
pub struct Screen {
    out: File,
}

/// What is drawn goes here: nothing of it reaches the terminal before it is flushed.
pub type Pen = BufWriter<File>;

/// Whether a person sits at this process: at its input, and at one of its two outputs.
pub fn is_there(answers_elsewhere: bool) -> bool {
    let seen = if answers_elsewhere {
        isatty(rustix::stdio::stderr())
    } else {
        isatty(rustix::stdio::stdout())
    };
    seen && isatty(rustix::stdio::stdin())
}

impl Screen {
    /// Takes the terminal.
    pub fn take() -> Result<Screen> {
        let file = File::options().read(true).write(true).open(TERMINAL);
        let file = file.context("the terminal cannot be opened")?;
        give_back_on_panic();
        let mut screen = Screen { out: file };
        screen.again()?;
        Ok(screen)
    }

    /// Something to draw with.
    pub fn pen(&self) -> Result<Pen> {
        Ok(BufWriter::with_capacity(64 * 1024, self.out.try_clone()?))
    }

    /// Takes it again after [`Screen::give_back`].
    pub fn again(&mut self) -> Result<()> {
        enable_raw_mode().context("the terminal cannot be set to raw mode")?;
        TAKEN.store(true, Ordering::SeqCst);
        let taken = execute!(
            self.out,
            EnterAlternateScreen,
            EnableMouseCapture,
            EnableFocusChange,
            EnableBracketedPaste
        );
        taken.context("the terminal cannot be drawn on")
    }

    /// Whether it is ours: a thread that has panicked has given it back.
    pub fn is_ours(&self) -> bool {
        TAKEN.load(Ordering::SeqCst)
    }

    /// Gives it back as it was, for somebody else.
    pub fn give_back(&mut self) {
        give_back(&mut self.out);
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back(&mut self.out);
    }
}

/// A terminal that has hung up takes nothing back, and needs nothing any more.
fn give_back(out: &mut impl Write) {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = execute!(
            out,
            DisableBracketedPaste,
            DisableFocusChange,
            DisableMouseCapture,
            LeaveAlternateScreen,
            cursor::Show
        );
        let _ = disable_raw_mode();
    }
}

/// What went wrong is to be read on the ordinary screen, in lines.
fn give_back_on_panic() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if let Ok(mut out) = File::options().write(true).open(TERMINAL) {
            give_back(&mut out);
        }
        report(panic);
    }));
}

/// Somebody who listens to keys and mouse, until the value is dropped.
pub struct Ear {
    end: UnixStream,
    thread: Option<JoinHandle<()>>,
}

/// Calls `heard` for each key and each move of the mouse, from a thread of its own.
pub fn listen(heard: impl Fn(Event) + Send + 'static) -> Result<Ear> {
    let (end, ends) = UnixStream::pair()?;
    let thread = std::thread::Builder::new().name("keys".to_owned()).spawn(move || {
        while wait(&ends) {
            // What belongs to one key may come in parts: then there is nothing yet.
            while event::poll(MOMENT).unwrap_or(false) {
                match event::read() {
                    Ok(event) => heard(event),
                    Err(_) => return,
                }
            }
        }
    })?;
    Ok(Ear { end, thread: Some(thread) })
}

/// Until something was typed; whether it is still to be listened to.
fn wait(ends: &UnixStream) -> bool {
    let stdin = rustix::stdio::stdin();
    let mut polled =
        [PollFd::new(&stdin, PollFlags::IN), PollFd::from_borrowed_fd(ends.as_fd(), PollFlags::IN)];
    loop {
        match poll(&mut polled, None) {
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
            Ok(_) => break,
        }
    }
    // A terminal that has hung up would be readable for ever.
    let hung_up = polled[0].revents().intersects(PollFlags::HUP | PollFlags::ERR);
    !hung_up && polled[1].revents().is_empty()
}

impl Drop for Ear {
    fn drop(&mut self) {
        let _ = self.end.write_all(b"x");
        // It must be gone before somebody else reads the terminal.
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
