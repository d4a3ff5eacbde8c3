//! What `pick` and `watch` have in common: the terminal, the list on it, and one loop that hears keys,
//! signals and news of the tabs. Must give the terminal back before anything else is said.

use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Result;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{Event, MouseEventKind};

use super::out::Out;
use crate::config;
use crate::engine::Attach;
use crate::error::{Fault, Kind, fault_of};
use crate::model::act::Act;
use crate::model::id::TabId;
use crate::model::row::Row;
use crate::ops::board::{Board as Looker, News, act};
use crate::ops::{Ctx, attach};
use crate::sys::run as process;
use crate::sys::screen::{self, Screen};
use crate::sys::signals::{self, Came};
use crate::ui::board::{Board, Theme, Use, Wish};

/// A first look is worth waiting for: an empty list that is filled at once flickers.
const FIRST_LOOK: Duration = Duration::from_millis(200);
/// Nothing changes with time alone: as good as for ever.
const LONG: Duration = Duration::from_hours(1);

/// How the loop ended.
pub enum End {
    /// The person has left.
    Left,
    /// The person has gone to this tab: here, or by a command that takes our place.
    Gone(Attach),
    /// This tab was picked, and nobody has gone there.
    Picked(Box<Row>),
    /// A signal came.
    Signal(i32),
}

/// What is wanted of the list.
pub struct Wanted<'a> {
    /// What it is for.
    pub used: Use,
    /// What is looked for at once.
    pub query: &'a str,
    /// To pick is enough: nobody goes anywhere.
    pub only_pick: bool,
}

/// What is heard, from whomever.
enum Heard {
    Terminal(Event),
    Signal(Came),
    News(News),
}

/// A person must sit there.
pub fn must_be_terminal(what: &str, answers_elsewhere: bool) -> Result<()> {
    if screen::is_there(answers_elsewhere) {
        return Ok(());
    }
    Err(Fault::new(Kind::Usage, format!("`tabctl {what}` needs a terminal to draw on"))
        .hint("`tabctl ls` lists the tabs anywhere, and with --json for scripts")
        .into())
}

/// The colours of the settings, and none where none are wanted.
pub fn theme(ctx: &Ctx, out: &Out) -> Theme {
    match ctx.settings.look.theme {
        config::Theme::Dark => Theme::Dark,
        config::Theme::Light => Theme::Light,
        config::Theme::Auto if out.is_in_colour() => Theme::Terminal,
        config::Theme::Auto | config::Theme::Mono => Theme::Mono,
    }
}

/// Shows the list until the person leaves it. The terminal is as before when this returns.
pub fn run(ctx: &Ctx, out: &Out, wanted: &Wanted) -> Result<End> {
    let (tell, heard) = channel();
    let news = tell.clone();
    let looker = Looker::open(ctx, move |it| drop(news.send(Heard::News(it))))?;
    let signal = tell.clone();
    signals::tell(move |came| drop(signal.send(Heard::Signal(came))))?;
    let home = ctx.paths.home.display().to_string();
    let board = Board::new(wanted.used, theme(ctx, out), &home, wanted.query);
    let screen = Screen::take()?;
    let terminal = Terminal::new(CrosstermBackend::new(screen.pen()?))?;
    let ear = Some(listen(&tell)?);
    let regarded = (None, 0);
    Loop {
        ctx,
        wanted,
        tell,
        heard,
        looker,
        board,
        ear,
        terminal,
        screen,
        regarded,
        doing: Vec::new(),
    }
    .run()
}

fn listen(tell: &Sender<Heard>) -> Result<screen::Ear> {
    let tell = tell.clone();
    screen::listen(move |event| {
        // It is moved all the time, and means nothing.
        let is_idle = matches!(&event, Event::Mouse(mouse) if mouse.kind == MouseEventKind::Moved);
        if !is_idle {
            // Nobody listens any more: it is over.
            let _ = tell.send(Heard::Terminal(event));
        }
    })
}

struct Loop<'a> {
    ctx: &'a Ctx,
    wanted: &'a Wanted<'a>,
    tell: Sender<Heard>,
    heard: Receiver<Heard>,
    looker: Looker,
    board: Board,
    // Dropped in this order: nobody reads the terminal any more when it is given back.
    ear: Option<screen::Ear>,
    terminal: Terminal<CrosstermBackend<screen::Pen>>,
    screen: Screen,
    regarded: (Option<TabId>, u16),
    /// What was begun and takes a moment.
    doing: Vec<JoinHandle<()>>,
}

impl Loop<'_> {
    fn run(mut self) -> Result<End> {
        let end = self.turns();
        let Loop { ear, terminal, screen, doing, .. } = self;
        drop((ear, terminal, screen));
        for begun in doing {
            // What was sent is not sent before Enter is pressed.
            let _ = begun.join();
        }
        end
    }

    fn turns(&mut self) -> Result<End> {
        if let Ok(first) = self.heard.recv_timeout(FIRST_LOOK)
            && let Some(end) = self.hear(first)?
        {
            return Ok(end);
        }
        loop {
            self.draw()?;
            let wait = self.board.lasts().unwrap_or(LONG);
            match self.heard.recv_timeout(wait) {
                Ok(first) => {
                    // All that is there is taken in before it is drawn.
                    let mut next = Some(first);
                    while let Some(heard) = next {
                        if let Some(end) = self.hear(heard)? {
                            return Ok(end);
                        }
                        next = self.heard.try_recv().ok();
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(End::Left),
            }
        }
    }

    fn draw(&mut self) -> Result<()> {
        // What went wrong was told already, on the ordinary screen.
        anyhow::ensure!(self.screen.is_ours(), "a part of tabctl has failed");
        self.board.at(self.ctx.now());
        let Loop { board, terminal, .. } = self;
        terminal.draw(|frame| board.draw(frame))?;
        let regard = self.board.regard();
        if regard != self.regarded {
            self.looker.regard(regard.0, regard.1);
            self.regarded = regard;
        }
        Ok(())
    }

    fn hear(&mut self, heard: Heard) -> Result<Option<End>> {
        let wish = match heard {
            Heard::Signal(Came::End(signal)) => return Ok(Some(End::Signal(signal))),
            // Before the next drawing the terminal is asked for its size anyway.
            Heard::Signal(Came::Size) => None,
            Heard::News(News::All(rows, blind)) => {
                self.board.take_all(rows, blind);
                None
            }
            Heard::News(News::Some(rows)) => {
                self.board.take(rows);
                None
            }
            Heard::News(News::Glimpse(glimpse)) => {
                self.board.take_glimpse(glimpse);
                None
            }
            Heard::News(News::Broken(error)) => return Err(error),
            Heard::News(News::Done(done)) => {
                self.told(&done);
                // A change that no event tells of is seen at once.
                self.looker.look();
                None
            }
            Heard::Terminal(event) => self.obey(event),
        };
        match wish {
            None => Ok(None),
            Some(Wish::Leave) => Ok(Some(End::Left)),
            Some(Wish::Refresh) => {
                self.terminal.clear()?;
                self.looker.look();
                Ok(None)
            }
            Some(Wish::Go(id)) => Ok(self.go(id)),
            Some(Wish::Act(id, act)) => {
                self.begin(id, act);
                Ok(None)
            }
        }
    }

    fn obey(&mut self, event: Event) -> Option<Wish> {
        self.board.at(self.ctx.now());
        match event {
            Event::Key(key) => self.board.key(key),
            Event::Mouse(mouse) => self.board.mouse(mouse),
            Event::Paste(text) => {
                self.board.paste(&text);
                None
            }
            Event::FocusGained => {
                self.looker.watched(true);
                None
            }
            Event::FocusLost => {
                self.looker.watched(false);
                None
            }
            Event::Resize(..) => None,
        }
    }

    /// Does something with a tab beside the list, which goes on meanwhile.
    fn begin(&mut self, id: TabId, wished: Act) {
        let tab = self.board.row(id).map(|row| row.tab.clone()).unwrap_or_default();
        match wished {
            Act::Resume => self.board.say(&format!("bringing {tab} back…"), false),
            Act::Send(_) => self.board.say(&format!("sending to {tab}…"), false),
            Act::Lock(_) | Act::Note(_) | Act::Close => {}
        }
        let is_short = wished != Act::Resume;
        self.doing.retain(|begun| !begun.is_finished());
        let (ctx, tell) = (self.ctx.again(), self.tell.clone());
        let doing = std::thread::Builder::new().name("act".to_owned()).spawn(move || {
            let done = act(&ctx, id, &wished);
            let _ = tell.send(Heard::News(News::Done(done)));
        });
        match doing {
            Ok(doing) if is_short => self.doing.push(doing),
            // Whoever leaves does not wait for it: what was begun goes on by itself.
            Ok(_) => {}
            Err(error) => self.board.say(&format!("cannot begin: {error}"), true),
        }
    }

    fn told(&mut self, done: &Result<String>) {
        match done {
            Ok(done) => self.board.say(done, false),
            Err(error) => {
                let hint = fault_of(error).and_then(|fault| fault.hint.clone());
                let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
                self.board.say(&format!("{error:#}{hint}"), true);
            }
        }
    }

    /// Goes to a tab. One that is down is left to whoever called: that takes time, and is told in lines.
    fn go(&mut self, id: TabId) -> Option<End> {
        let row = self.board.row(id).cloned()?;
        if self.wanted.only_pick {
            return Some(End::Picked(Box::new(row)));
        }
        if row.pane.is_none() {
            if self.wanted.used == Use::Pick {
                return Some(End::Picked(Box::new(row)));
            }
            self.begin(id, Act::Resume);
            return None;
        }
        let way = match attach::attach(self.ctx, &row) {
            Ok(way) => way,
            Err(error) => {
                self.told(&Err(error));
                self.looker.look();
                return None;
            }
        };
        match (self.wanted.used, way) {
            (Use::Pick, way) => Some(End::Gone(way)),
            (Use::Watch, Attach::Switched) => {
                self.board.say(&format!("{} is before you", row.tab), false);
                None
            }
            (Use::Watch, Attach::Run(argv)) => {
                if let Err(error) = self.aside(&argv) {
                    self.told(&Err(error));
                }
                None
            }
        }
    }

    /// Lets a client of the multiplexer have the terminal until the person leaves it.
    fn aside(&mut self, argv: &[String]) -> Result<ExitStatus> {
        let (program, arguments) =
            argv.split_first().ok_or_else(|| anyhow::anyhow!("no command to attach with"))?;
        let mut command = process::command(program);
        command.args(arguments);
        self.ear = None;
        self.looker.watched(false);
        self.screen.give_back();
        let ended = process::stand_aside(command);
        self.screen.again()?;
        self.terminal.clear()?;
        self.looker.watched(true);
        self.ear = Some(listen(&self.tell)?);
        ended
    }
}
