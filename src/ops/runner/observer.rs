//! Makes evidence of what is seen of an agent's terminal: claims, told when they change.
//! Must not be waited for by the copying, nor look at the screen more than it has to.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use crate::agents::Spec;
use crate::model::id::TabId;
use crate::model::pace::{Pace, Rhythm};
use crate::model::pane::PaneId;
use crate::model::status::{Claim, Said, Source, State};
use crate::ops::{Ctx, observe};

use super::seen::{News, Seen};

/// How often is looked while something is going on.
const GLANCE: Duration = Duration::from_millis(100);
/// A screen is drawn when nothing has been written for so long.
const DRAWN: Duration = Duration::from_millis(100);
/// A screen is looked at this often at most; and as long as it says the same, ever more seldom.
const LOOK: Duration = Duration::from_millis(250);
const LOOK_DRAWN: Duration = Duration::from_secs(1);
const LOOK_FLOWING: Duration = Duration::from_secs(4);
/// A dialog at the start (trust, login, update) has no other witness than the screen.
const START: Duration = Duration::from_secs(15);
/// As many lines as any screen rule looks at, and more.
const LINES: u16 = 60;

/// Observes a tab's agent until it is over.
pub fn observe(ctx: &Ctx, id: TabId, seen: &Seen) {
    let kind = ctx.store.load_id(id).ok().and_then(|tab| tab.session.agent);
    let spec = kind.and_then(|agent| ctx.agents().get(&agent.kind).ok());
    let pane = spec.and_then(|_| ctx.engine().here());
    let mut observer = Observer {
        ctx,
        id,
        spec,
        pane,
        begun: (Instant::now(), ctx.now()),
        pace: Pace::default(),
        told: HashMap::new(),
        screen: Screen { seen: 0, at: Duration::ZERO, pause: LOOK },
        speaks: false,
        rhythm: Rhythm::Undecided,
    };
    let (mut pause, mut written) = (Some(GLANCE), 0);
    loop {
        let news = seen.wait(pause, written);
        if news.over {
            return;
        }
        written = seen.written();
        pause = observer.look(&news, written);
    }
}

struct Observer<'a> {
    ctx: &'a Ctx,
    id: TabId,
    spec: Option<&'a Spec>,
    pane: Option<PaneId>,
    begun: (Instant, DateTime<Utc>),
    pace: Pace,
    /// The last of each source by its rank, so that only changes are told.
    told: HashMap<u8, Said>,
    screen: Screen,
    /// The agent says by itself what it does: by the protocol, by a title that a rule knows.
    speaks: bool,
    rhythm: Rhythm,
}

/// The last look at the screen.
struct Screen {
    /// How much had been written by then.
    seen: u64,
    at: Duration,
    /// How long to wait at least until the next.
    pause: Duration,
}

impl Observer<'_> {
    /// Takes in what is new; gives how long to wait for more, nothing if there is nothing to come.
    fn look(&mut self, news: &News, written: u64) -> Option<Duration> {
        let at = self.begun.0.elapsed();
        let now = self.ctx.now();
        self.pace.sample(at, written);
        if news.disturbed {
            self.pace.disturb(at);
        }
        let mut claims = Vec::new();
        self.hear_program(news, now, &mut claims);
        self.hear_terminal(news, now, &mut claims);
        let turned = self.hear_pace(at, &mut claims);
        if turned || news.is_telling() {
            self.screen.pause = LOOK;
        }
        if self.is_due(at, written, turned || news.bell || news.notice.is_some()) {
            self.look_at_screen(at, now, written, &mut claims);
        }
        if !claims.is_empty() {
            // The next change is told again; nothing depends on any one.
            let _ = observe::hear(self.ctx, self.id, &claims);
        }
        let calm = matches!(self.rhythm, Rhythm::Silent(_)) && self.pace.quiet(at) > DRAWN;
        let unseen = self.pane.is_some() && written != self.screen.seen && !self.is_spoken_for(at);
        (!calm || unseen).then_some(GLANCE)
    }

    fn hear_program(&mut self, news: &News, now: DateTime<Utc>, claims: &mut Vec<Claim>) {
        let Some(said) = news.program.as_ref().and_then(|status| status.says()) else { return };
        self.speaks = said.state != State::Unknown;
        self.tell(said, Source::Program, now, claims);
    }

    fn hear_terminal(&mut self, news: &News, now: DateTime<Utc>, claims: &mut Vec<Claim>) {
        let titled = news.title.as_deref();
        let by_title = titled.and_then(|title| self.spec?.title_says(title));
        self.speaks |= by_title.is_some();
        let known = self.told.get(&Source::Terminal.rank()).cloned();
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

    /// Whether the pace has turned: from work to silence or back.
    fn hear_pace(&mut self, at: Duration, claims: &mut Vec<Claim>) -> bool {
        let rhythm = self.pace.rhythm(at);
        let same = std::mem::discriminant(&rhythm) == std::mem::discriminant(&self.rhythm);
        if same || rhythm == Rhythm::Undecided {
            return false;
        }
        self.rhythm = rhythm;
        let (said, since) = match rhythm {
            Rhythm::Silent(since) => {
                let reason = Some("silent".to_owned());
                (Said { reason, ..said(State::Unknown, "output silent") }, since)
            }
            _ => (said(State::Thinking, "output steady"), at),
        };
        let since = TimeDelta::from_std(since).unwrap_or_default();
        self.tell(said, Source::Silence, self.begun.1 + since, claims);
        true
    }

    /// Whether the agent itself says what it does, so that its screen need not be asked.
    fn is_spoken_for(&self, at: Duration) -> bool {
        // A dialog that was seen is looked at until it is gone.
        let shown = self.told.get(&Source::Screen.rank());
        let asks = shown.is_some_and(|said| said.state == State::Attention);
        at > START && !asks && (self.speaks || self.has_hooks())
    }

    fn has_hooks(&self) -> bool {
        let live = self.ctx.store.live(self.id).unwrap_or_default();
        let speaks = |claim: &Claim| matches!(claim.source, Source::Hook | Source::StateFile);
        live.claims.iter().any(speaks)
    }

    fn is_due(&self, at: Duration, written: u64, edge: bool) -> bool {
        if self.pane.is_none() || written == self.screen.seen {
            return false;
        }
        let since = at.saturating_sub(self.screen.at);
        let pause = if self.pace.quiet(at) >= DRAWN {
            self.screen.pause.min(LOOK_DRAWN)
        } else {
            self.screen.pause
        };
        edge || (since >= pause && !self.is_spoken_for(at))
    }

    fn look_at_screen(
        &mut self,
        at: Duration,
        now: DateTime<Utc>,
        written: u64,
        claims: &mut Vec<Claim>,
    ) {
        self.screen.seen = written;
        self.screen.at = at;
        self.screen.pause = (self.screen.pause * 2).min(LOOK_FLOWING);
        let (Some(pane), Some(spec)) = (&self.pane, self.spec) else { return };
        let shown = self.ctx.engine().capture(std::slice::from_ref(pane), LINES);
        let Some(shown) = shown.ok().and_then(|mut all| all.pop()) else { return };
        let known = self.told.contains_key(&Source::Screen.rank());
        let said = match spec.screen_says(&shown) {
            Some(said) => said,
            None if known => said(State::Unknown, "screen other"),
            None => return,
        };
        if self.tell(said, Source::Screen, now, claims) {
            self.screen.pause = LOOK;
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
        let key = source.rank();
        if self.told.get(&key) == Some(&said) {
            return false;
        }
        self.told.insert(key, said.clone());
        claims.push(Claim::of(said, source, at));
        true
    }
}

fn said(state: State, evidence: &str) -> Said {
    Said { state, reason: None, detail: None, evidence: evidence.to_owned() }
}
