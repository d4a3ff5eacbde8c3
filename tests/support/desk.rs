//! A desk with a terminal on it: a tmux server apart from the world's, in which a person sits at a shell
//! of the world and types. Must show only what a person sees.

use std::time::Duration;

use super::run::Run;
use super::world::World;

/// On a busy machine a first drawing takes its time.
const PATIENCE: Duration = Duration::from_mins(1);

/// A terminal of a known size, with a shell in it.
pub struct Desk<'a> {
    world: &'a World,
    socket: String,
}

impl<'a> Desk<'a> {
    /// Opens one, outside the world's tmux.
    pub fn open(world: &'a World, columns: u16, lines: u16) -> Desk<'a> {
        Desk::named(world, "desk", columns, lines)
    }

    /// One of several.
    pub fn named(world: &'a World, name: &str, columns: u16, lines: u16) -> Desk<'a> {
        let socket = world.path(&format!("{name}.sock")).display().to_string();
        let desk = Desk { world, socket };
        let (x, y) = (columns.to_string(), lines.to_string());
        let shell = ["env", "-u", "TMUX", "-u", "TMUX_PANE", "PS1=READY>", "/bin/sh", "-i"];
        let open = ["new-session", "-d", "-x", &x, "-y", &y];
        desk.tmux([&open[..], &shell[..]].concat()).ok();
        desk.tmux(["set-option", "-g", "status", "off"]).ok();
        desk.tmux(["resize-window", "-x", &x, "-y", &y]).ok();
        desk.wait_for("READY>");
        desk
    }

    /// A command of the desk's own tmux.
    pub fn tmux<'b>(&self, args: impl AsRef<[&'b str]>) -> Run {
        let mut command = self.world.command("tmux");
        command.args(["-u", "-f", "/dev/null", "-S", &self.socket]).args(args.as_ref());
        Run::of(&mut command)
    }

    /// What can be seen.
    pub fn screen(&self) -> String {
        self.tmux(["capture-pane", "-p"]).stdout
    }

    /// What can be seen, with its colours.
    pub fn coloured(&self) -> String {
        self.tmux(["capture-pane", "-p", "-e"]).stdout
    }

    /// Types a line and Enter.
    pub fn run(&self, line: &str) {
        self.type_text(line);
        self.keys(["Enter"]);
    }

    /// Types a text.
    pub fn type_text(&self, text: &str) {
        self.tmux(["send-keys", "-l", "--", text]).ok();
    }

    /// Presses keys by their names.
    pub fn keys<'b>(&self, keys: impl AsRef<[&'b str]>) {
        self.tmux([&["send-keys", "--"], keys.as_ref()].concat()).ok();
    }

    /// Types bytes in one go, as a terminal reports its mouse.
    pub fn raw(&self, bytes: &str) {
        self.tmux(["set-buffer", "-b", "raw", "--", bytes]).ok();
        self.tmux(["paste-buffer", "-r", "-d", "-b", "raw"]).ok();
    }

    /// Clicks with the left button, both counted from one.
    pub fn click(&self, column: u16, line: u16) {
        self.raw(&format!("\u{1b}[<0;{column};{line}M\u{1b}[<0;{column};{line}m"));
    }

    /// Clicks twice, however slow this machine is.
    pub fn double_click(&self, column: u16, line: u16) {
        self.raw(&format!("\u{1b}[<0;{column};{line}M\u{1b}[<0;{column};{line}m").repeat(2));
    }

    /// Gives the terminal another size.
    pub fn resize(&self, columns: u16, lines: u16) {
        let (x, y) = (columns.to_string(), lines.to_string());
        self.tmux(["resize-window", "-x", &x, "-y", &y]).ok();
    }

    /// Waits until something can be seen; gives the screen.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> String {
        self.wait_until(&format!("'{text}' on the desk"), |screen| screen.contains(text))
    }

    /// Waits until something cannot be seen any more; gives the screen.
    #[track_caller]
    pub fn wait_without(&self, text: &str) -> String {
        self.wait_until(&format!("no '{text}' on the desk"), |screen| !screen.contains(text))
    }

    /// Waits until the screen is as wanted; gives it.
    #[track_caller]
    pub fn wait_until(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let end = std::time::Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if is_so(&screen) {
                return screen;
            }
            let late = std::time::Instant::now() > end;
            assert!(
                !late,
                "waited for {what}; the desk shows:\n{screen}\n{}",
                self.world.screens()
            );
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// What programs have set of the terminal: the alternate screen, the mouse, the cursor.
    pub fn modes(&self) -> String {
        let format = "#{alternate_on} #{mouse_any_flag} #{mouse_sgr_flag} #{cursor_flag}";
        self.tmux(["display-message", "-p", format]).stdout.trim().to_owned()
    }

    /// The line settings, as `stty` tells them.
    pub fn line_settings(&self) -> String {
        let tty = self.tmux(["display-message", "-p", "#{pane_tty}"]).stdout;
        let mut stty = self.world.command("sh");
        Run::of(stty.args(["-c", "stty -a <\"$1\"", "sh", tty.trim()])).ok().stdout
    }

    /// The process that runs in the shell now, by a word of its command line.
    pub fn process(&self, word: &str) -> u32 {
        let found = self.world.wait_for(&format!("a process '{word}'"), PATIENCE, || {
            let all = self.world.processes();
            all.into_iter().find(|it| it.command.contains(word) && !it.command.contains("sh -i"))
        });
        found.pid
    }
}

impl Drop for Desk<'_> {
    fn drop(&mut self) {
        let _ = self.tmux(["kill-server"]);
    }
}
