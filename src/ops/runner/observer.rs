//! Makes evidence of what is seen of an agent's terminal: claims, told when they change.
//! Must not be waited for by the copying, nor look at the screen more than it has to.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use crate::agents::Spec;
use crate::engine::Screen;
use crate::model::id::TabId;
use crate::model::pace::{self, Pace, Rhythm};
use crate::model::pane::PaneId;
use crate::model::program::Status;
use crate::model::status::{Claim, Said, Source, State};
use crate::ops::{Ctx, observe};
use crate::sys::clock;

use super::seen::{News, Seen};
use super::state_files::StateFiles;

/// How often is looked while something is going on.
const GLANCE: Duration = Duration::from_millis(100);
/// A screen is drawn when nothing has been written for so long.
const DRAWN: Duration = Duration::from_millis(100);
/// A screen is looked at this often at most; and as long as it says the same, half as often.
const LOOK: Duration = Duration::from_millis(100);
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// A dialog at the start (trust, login, update) has no other witness than the screen.
const START: Duration = Duration::from_secs(15);
/// As many lines as any screen rule looks at, and more.
const LINES: u16 = 60;

/// Without a terminal to listen at, the screen is looked at this often while it changes, and else.
const CHANGING: Duration = Duration::from_secs(1);
const STILL: Duration = Duration::from_secs(3);

/// How the agent can be observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Everything that it writes is seen.
    Terminal,
    /// Only its pane is.
    Pane,
}

/// Observes a tab's agent until it is over. Calls `spoke` when it has told something.
pub fn observe(
    ctx: &Ctx,
    id: TabId,
    pid: u32,
    view: View,
    seen: &Arc<Seen>,
    spoke: &mut dyn FnMut(),
) {
    let kind = ctx.store.load_id(id).ok().and_then(|tab| tab.session.agent);
    let spec = kind.and_then(|agent| ctx.agents().get(&agent.kind).ok());
    let mut observer = Observer {
        ctx,
        id,
        spec,
        pane: spec.and_then(|_| ctx.engine().here()),
        view,
        begun: (Instant::now(), ctx.now()),
        pace: Pace::default(),
        told: HashMap::new(),
        screen: Sight { seen: 0, at: Duration::ZERO, pause: LOOK },
        speaks: false,
        was_spoken_to: false,
        rhythm: Rhythm::Undecided,
        turned: Duration::ZERO,
    };
    let mut files = StateFiles::new(pid, spec);
    let (mut pause, mut written, mut before) = (Some(GLANCE), 0, None);
    let mut owed: Vec<Claim> = Vec::new();
    loop {
        let mut news = seen.wait(pause, written);
        if news.over {
            return;
        }
        let mut claims = files.look(ctx, id, seen, news.files);
        if view == View::Pane {
            let shown = observer.capture();
            written += observer.would_have_written(shown.as_ref(), before.as_ref());
            let title = shown.as_ref().map(|shown| shown.title.clone());
            news.title = title.filter(|title| !is_host(title));
            let goes_on = observer.look(&news, written, shown.as_ref(), &mut claims).is_some();
            pause = Some(if goes_on { CHANGING } else { STILL });
            before = shown;
        } else {
            written = seen.written();
            pause = observer.look(&news, written, None, &mut claims);
        }
        if files.is_awaited() {
            pause = Some(pause.unwrap_or(CHANGING));
        }
        owed.retain(|old| claims.iter().all(|new| new.source != old.source));
        owed.append(&mut claims);
        if !owed.is_empty() {
            // Where it cannot be written down (a full disk), it is told again: a prompt that stands
            // there may be the last change for hours.
            match observe::hear(ctx, id, &owed) {
                Ok(_) => {
                    owed.clear();
                    spoke();
                }
                Err(_) => pause = Some(pause.unwrap_or(CHANGING)),
            }
        }
    }
}

/// A multiplexer gives a pane this title before a program gives it another.
fn is_host(title: &str) -> bool {
    title == clock::machine().1
}

struct Observer<'a> {
    ctx: &'a Ctx,
    id: TabId,
    spec: Option<&'a Spec>,
    pane: Option<PaneId>,
    view: View,
    begun: (Instant, DateTime<Utc>),
    pace: Pace,
    /// The last of each source, so that only changes are told.
    told: HashMap<Source, Said>,
    screen: Sight,
    /// The agent says by itself what it does: by the protocol, by a title that a rule knows.
    speaks: bool,
    /// Somebody typed.
    was_spoken_to: bool,
    rhythm: Rhythm,
    /// When it turned last.
    turned: Duration,
}

/// The last look at the screen.
struct Sight {
    /// How much had been written by then.
    seen: u64,
    at: Duration,
    /// How long to wait at least until the next.
    pause: Duration,
}

impl Observer<'_> {
    /// Takes in what is new; gives how long to wait for more, nothing if there is nothing to come.
    fn look(
        &mut self,
        news: &News,
        written: u64,
        shown: Option<&Screen>,
        claims: &mut Vec<Claim>,
    ) -> Option<Duration> {
        let at = self.begun.0.elapsed();
        let now = self.ctx.now();
        self.pace.sample(at, written);
        if news.disturbed {
            self.was_spoken_to = true;
            self.pace.disturb(at);
        }
        self.hear_program(news, now, claims);
        self.hear_terminal(news, now, claims);
        let turned = self.hear_pace(at, claims);
        if turned || news.is_telling() {
            self.screen.pause = LOOK;
        }
        if let Some(shown) = shown {
            self.hear_screen(shown, now, claims);
        } else if self.is_due(at, written, turned || news.bell || news.notice.is_some()) {
            // What was written a moment ago may not be drawn yet: it is looked for again.
            if self.pace.quiet(at) >= DRAWN {
                self.screen.seen = written;
            }
            self.screen.at = at;
            self.screen.pause = LOOK_AGAIN;
            if let Some(shown) = self.capture()
                && self.hear_screen(&shown, now, claims)
            {
                self.screen.pause = LOOK;
            }
        }
        let calm = matches!(self.rhythm, Rhythm::Silent(_)) && self.pace.quiet(at) > DRAWN;
        let unseen = shown.is_none()
            && self.pane.is_some()
            && written != self.screen.seen
            && !self.is_spoken_for(at);
        (!calm || unseen).then_some(GLANCE)
    }

    fn hear_program(&mut self, news: &News, now: DateTime<Utc>, claims: &mut Vec<Claim>) {
        let Some(said) = news.program.as_ref().and_then(Status::says) else { return };
        self.speaks = said.state != State::Unknown;
        self.tell(said, Source::Program, now, claims);
    }

    fn hear_terminal(&mut self, news: &News, now: DateTime<Utc>, claims: &mut Vec<Claim>) {
        let titled = news.title.as_deref();
        let by_title = titled.and_then(|title| self.spec?.title_says(title));
        self.speaks |= by_title.is_some();
        let known = self.told.get(&Source::Terminal).cloned();
        let was = |start: &str| known.as_ref().is_some_and(|said| said.evidence.starts_with(start));
        let said = match (by_title, news.progress) {
            (Some(said), _) => Some(said),
            // What the last title said is true no longer.
            (None, _) if titled.is_some() && was("title ") => {
                Some(said(State::Unknown, "title other"))
            }
            (None, Some(progress)) if !was("title ") => Some(match progress {
                1 | 3 => said(State::Thinking, "progress running"),
                2 => Said {
                    reason: Some("error".to_owned()),
                    ..said(State::Attention, "progress failed")
                },
                _ => said(State::Unknown, "progress none"),
            }),
            _ => None,
        };
        if let Some(mut said) = said.or_else(|| known.filter(|_| news.notice.is_some())) {
            said.detail.clone_from(&news.notice);
            self.tell(said, Source::Terminal, now, claims);
        }
    }

    /// Whether the pace has turned: to work, to silence, or out of one of them.
    fn hear_pace(&mut self, at: Duration, claims: &mut Vec<Claim>) -> bool {
        let rhythm = self.pace.rhythm(at);
        let same = std::mem::discriminant(&rhythm) == std::mem::discriminant(&self.rhythm);
        // Whoever starts writes as much as one that works, until it is spoken to.
        if same || (rhythm == Rhythm::Works && at < START && !self.was_spoken_to) {
            return false;
        }
        self.rhythm = rhythm;
        let last = std::mem::replace(&mut self.turned, at);
        let evidence = match self.view {
            View::Terminal => ("output silent", "output steady", "output some"),
            View::Pane => ("screen still", "screen changes", "screen changed"),
        };
        let (said, since) = match rhythm {
            Rhythm::Silent(since) => {
                let reason = Some("silent".to_owned());
                (Said { reason, ..said(State::Unknown, evidence.0) }, since.max(last))
            }
            Rhythm::Works => (said(State::Thinking, evidence.1), at),
            Rhythm::Undecided => (said(State::Unknown, evidence.2), at),
        };
        let since = TimeDelta::from_std(since).unwrap_or_default();
        self.tell(said, Source::Silence, self.begun.1 + since, claims);
        true
    }

    /// Whether the agent itself says what it does, so that its screen need not be asked.
    fn is_spoken_for(&self, at: Duration) -> bool {
        // A dialog that was seen is looked at until it is gone, and one that the title only hints at
        // until it is seen.
        let asks = |source: Source| {
            self.told.get(&source).is_some_and(|said| said.state == State::Attention)
        };
        let is_unsettled = asks(Source::Screen) || asks(Source::Terminal);
        // Who tells by the protocol what it does has its start behind it.
        let has_started = at > START || self.says(Source::Program);
        has_started && !is_unsettled && (self.speaks || self.works_by_its_word())
    }

    /// Whether it has told so what it does.
    fn says(&self, source: Source) -> bool {
        self.told.get(&source).is_some_and(|said| said.state != State::Unknown)
    }

    /// Whether its hooks or its state file say that it works. Whatever else they say, output is the
    /// sign of a change that not every agent reports: a question was answered, a turn has begun.
    fn works_by_its_word(&self) -> bool {
        let live = self.ctx.store.live(self.id).unwrap_or_default();
        let words =
            live.claims.iter().filter(|c| matches!(c.source, Source::Hook | Source::StateFile));
        let newest = words.max_by_key(|claim| claim.at);
        newest.is_some_and(|word| word.state == State::Thinking && !word.is_turn_open())
    }

    fn is_due(&self, at: Duration, written: u64, edge: bool) -> bool {
        if self.pane.is_none() || written == self.screen.seen {
            return false;
        }
        let since = at.saturating_sub(self.screen.at);
        let drawn = self.pace.quiet(at) >= DRAWN;
        let pause = if drawn { LOOK } else { self.screen.pause };
        edge || (since >= pause && !self.is_spoken_for(at))
    }

    /// What the pane shows now.
    fn capture(&self) -> Option<Screen> {
        let pane = self.pane.as_ref()?;
        self.ctx.engine().capture(std::slice::from_ref(pane), LINES).ok()?.pop()
    }

    /// Without a terminal to listen at, a screen that changes counts as written at the pace of work.
    fn would_have_written(&self, shown: Option<&Screen>, before: Option<&Screen>) -> u64 {
        let changed = shown.zip(before).is_some_and(|(shown, before)| shown.text != before.text);
        let since = self.pace.since_sample(self.begun.0.elapsed());
        if changed { pace::WORKING * (since.as_secs() + 1) } else { 0 }
    }

    fn hear_screen(&mut self, shown: &Screen, now: DateTime<Utc>, claims: &mut Vec<Claim>) -> bool {
        let Some(spec) = self.spec else { return false };
        let known = self.told.contains_key(&Source::Screen);
        match spec.screen_says_at(&shown.text, shown.is_left) {
            Some(said) => self.tell(said, Source::Screen, now, claims),
            None if known => {
                self.tell(said(State::Unknown, "screen other"), Source::Screen, now, claims)
            }
            None => false,
        }
    }

    /// Tells what is new of a source; whether it was.
    fn tell(
        &mut self,
        said: Said,
        source: Source,
        at: DateTime<Utc>,
        claims: &mut Vec<Claim>,
    ) -> bool {
        if self.told.get(&source) == Some(&said) {
            return false;
        }
        self.told.insert(source, said.clone());
        claims.push(Claim::of(said, source, at));
        true
    }
}

fn said(state: State, evidence: &str) -> Said {
    Said { state, reason: None, detail: None, evidence: evidence.to_owned() }
}
