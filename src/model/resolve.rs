//! From claims to the one verdict, by a table of named rules that are asked in their order.
//! Must not guess: evidence that does not decide gives `unknown`.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::status::{Claim, Source, State};

/// Everything that the resolver may look at.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// What is claimed, in any order.
    pub claims: &'a [Claim],
    /// The time it is.
    pub now: DateTime<Utc>,
    /// Since when the tab is held.
    pub alive_since: DateTime<Utc>,
}

/// What was decided, and by which rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The claim that won.
    #[serde(flatten)]
    pub claim: Claim,
    /// The name of the rule that chose it.
    pub rule: String,
    /// It is older than its evidence allows, and nothing confirms it.
    #[serde(default)]
    pub stale: bool,
}

/// A rule: its name, and what it chooses if it applies.
type Rule = (&'static str, fn(&Sight) -> Option<Claim>);

/// The rules. The first that applies decides.
///
/// The *speaker* is the agent's newest word about itself, else its title, else a screen at work.
/// What comes before `word` heals a known failing of some agent; what comes after it is for agents
/// that say nothing.
const RULES: &[Rule] = &[
    // No process, no pane, no folder: nothing else can hold a state up.
    ("gone", |sight| sight.process.cloned()),
    // Trust, login, update: no agent reports these dialogs, and titles are calm above them.
    ("start-dialog", start_dialog),
    // The event of a prompt never came, and the prompt stands on the screen or in the title.
    ("missed-prompt", missed_prompt),
    // A person's word holds until the agent says something itself.
    ("by-hand", |sight| sight.speaker().filter(|claim| is_by_hand(claim)).cloned()),
    // A prompt was answered in the terminal, and the agent does not report that.
    ("answered", answered),
    // No event after an interrupt or an error: whoever works writes to the terminal.
    ("stale-thinking", stale_thinking),
    // No event after an interrupt, but title and screen are back at the prompt.
    ("interrupted", interrupted),
    // The agent reports the end of its turns and not their beginning.
    ("unannounced", unannounced),
    ("word", |sight| sight.speaker().filter(|claim| claim.source.rank() == 2).cloned()),
    ("title", |sight| sight.speaker().filter(|claim| claim.source == Source::Terminal).cloned()),
    // Every agent measured writes at 380 bytes a second or more while it works.
    ("output", output),
    ("screen", |sight| sight.screen().cloned()),
    ("transcript", |sight| sight.transcript.cloned()),
    ("tree", |sight| sight.tree.cloned()),
];

/// Whoever works writes at least once a second: longer silence is no work.
const SILENT: TimeDelta = TimeDelta::seconds(3);
/// The window in which output is counted: what began within it may be the prompt's own drawing.
const COUNTED: TimeDelta = TimeDelta::seconds(2);
/// Hooks run while the screen and the title still show what was before.
const LAG: TimeDelta = TimeDelta::seconds(1);
/// A screen that is seen right after an event may still be the one before it.
const SEEN: TimeDelta = TimeDelta::milliseconds(300);
/// So long may an agent think without a sign of life where nobody counts its output.
const SIGN_OF_LIFE: TimeDelta = TimeDelta::minutes(10);
/// So long does a single look at the screen or the process table hold.
const LOOK: TimeDelta = TimeDelta::minutes(2);

/// Decides between claims: the first rule that applies; without one the tab is `unknown`. The order
/// of the claims does not matter, and of each source only the newest counts.
pub fn resolve(evidence: &Evidence) -> Verdict {
    let sight = Sight::of(evidence);
    let decided = RULES.iter().find_map(|(name, rule)| Some((*name, rule(&sight)?)));
    let (rule, claim) = decided.unwrap_or_else(|| {
        let silence = sight.silence.cloned();
        ("undecided", silence.unwrap_or_else(|| Claim::unheard(evidence.alive_since)))
    });
    let claim = sight.with_reason(claim);
    Verdict { stale: sight.is_stale(&claim), claim, rule: rule.to_owned() }
}

/// The newest claim of each kind.
struct Sight<'a> {
    now: DateTime<Utc>,
    process: Option<&'a Claim>,
    word: Option<&'a Claim>,
    terminal: Option<&'a Claim>,
    silence: Option<&'a Claim>,
    transcript: Option<&'a Claim>,
    tree: Option<&'a Claim>,
    screen: Option<&'a Claim>,
}

impl<'a> Sight<'a> {
    fn of(evidence: &Evidence<'a>) -> Sight<'a> {
        let of = |source| newest(evidence.claims.iter().filter(|claim| claim.source == source));
        // A source that says `unknown` takes back what it said before.
        let says = |source| of(source).filter(|claim| claim.state != State::Unknown);
        let words = [Source::Said, Source::Hook, Source::StateFile, Source::Program].map(of);
        Sight {
            now: evidence.now,
            process: of(Source::Process),
            word: newest_word(words.into_iter().flatten()),
            terminal: says(Source::Terminal),
            silence: of(Source::Silence),
            transcript: says(Source::Transcript),
            tree: says(Source::Tree),
            screen: says(Source::Screen),
        }
    }

    /// See [`RULES`].
    fn speaker(&self) -> Option<&'a Claim> {
        let screen = self.screen.filter(|screen| screen.state == State::Thinking);
        match (self.word, self.terminal) {
            // By its title the agent itself speaks, after the person did.
            (Some(word), Some(title)) if is_by_hand(word) && title.at > word.at => Some(title),
            (word, title) => word.or(title).or(screen),
        }
    }

    /// A title or a hook may tell that something is asked, and only the screen what.
    fn with_reason(&self, claim: Claim) -> Claim {
        let prompt = self.prompt().filter(|prompt| prompt.at + LAG >= claim.at);
        match prompt {
            Some(prompt) if claim.state == State::Attention && claim.reason.is_none() => Claim {
                reason: prompt.reason.clone(),
                detail: claim.detail.or_else(|| prompt.detail.clone()),
                ..claim
            },
            _ => claim,
        }
    }

    fn screen(&self) -> Option<&'a Claim> {
        self.screen
    }

    /// A prompt that stands on the screen.
    fn prompt(&self) -> Option<&'a Claim> {
        self.screen.filter(|screen| screen.state == State::Attention)
    }

    /// Output at the rate of an agent at work.
    fn output(&self) -> Option<&'a Claim> {
        self.silence.filter(|claim| claim.state == State::Thinking)
    }

    /// No output, or less than any work makes.
    fn calm(&self) -> Option<&'a Claim> {
        self.silence.filter(|claim| claim.state == State::Unknown && claim.reason.is_some())
    }

    /// What nothing confirms any more: somebody who counts output would have contradicted it.
    fn is_stale(&self, claim: &Claim) -> bool {
        let limit = match (claim.state, claim.source) {
            _ if self.silence.is_some() => return false,
            (State::Unknown, _) | (_, Source::Process) => return false,
            (_, Source::Screen | Source::Tree) => LOOK,
            (State::Thinking, _) => SIGN_OF_LIFE,
            _ => return false,
        };
        let confirmed = [self.terminal, self.transcript, self.tree, self.screen];
        let confirmed = confirmed.into_iter().flatten().filter(|sign| sign.state == claim.state);
        let last = confirmed.map(|sign| sign.at).max().unwrap_or(claim.at).max(claim.at);
        self.now - last > limit
    }
}

/// A prompt while the agent starts; only its own word that it works, or asks something else, is newer
/// than the answer to it.
fn start_dialog(sight: &Sight) -> Option<Claim> {
    let dialog = sight.prompt().filter(|claim| is_of_start(claim))?;
    let goes_on = |claim: &Claim| {
        matches!(claim.state, State::Thinking | State::Attention)
            && claim.at > dialog.at
            && !claim.is_turn_open()
    };
    let later = [sight.word, sight.terminal].into_iter().flatten().any(goes_on);
    (!later).then(|| dialog.clone())
}

fn missed_prompt(sight: &Sight) -> Option<Claim> {
    let speaker = sight.speaker()?;
    if !matches!(speaker.state, State::Idle | State::Thinking) {
        return None;
    }
    let title = sight.terminal.filter(|title| title.state == State::Attention);
    // Some agents report only that they wait, right after the prompt was drawn.
    let lag = if speaker.state == State::Idle { SEEN } else { TimeDelta::zero() };
    let is_newer = |claim: &&Claim| claim.at + lag >= speaker.at || speaker.is_turn_open();
    // A screen at work was itself seen on the screen: there is no prompt besides.
    newest([sight.prompt(), title].into_iter().flatten().filter(is_newer)).cloned()
}

fn answered(sight: &Sight) -> Option<Claim> {
    let asked = sight.speaker().filter(|claim| claim.state == State::Attention)?;
    // After an error, and for an agent that asked in its own words, an idle screen is no answer.
    let can_be_calm =
        asked.source != Source::Said && asked.reason.as_deref().is_some_and(is_prompt);
    let is_answer = |claim: &&Claim| match claim.state {
        State::Thinking => claim.at > asked.at + SEEN,
        State::Idle => can_be_calm && claim.at > asked.at + LAG,
        _ => false,
    };
    if let Some(screen) = sight.screen.filter(is_answer) {
        return Some(screen.clone());
    }
    if sight.prompt().is_some() {
        return None;
    }
    let title = sight.terminal.filter(is_answer).filter(|title| title.at > asked.at + LAG);
    let output = sight.output().filter(|output| output.at > asked.at + COUNTED);
    title.or(output).cloned()
}

fn stale_thinking(sight: &Sight) -> Option<Claim> {
    let speaker = sight.speaker().filter(|claim| claim.state == State::Thinking)?;
    let calm = sight.calm()?;
    let since = calm.at.max(speaker.at);
    // Waiting to try again after an API error: little output, and a state file that knows.
    let waits = speaker.source == Source::StateFile && calm.reason.as_deref() == Some("quiet");
    if sight.now - since < SILENT || waits {
        return None;
    }
    let decides = |claim: &&Claim| {
        claim.at >= calm.at && matches!(claim.state, State::Attention | State::Idle)
    };
    if let Some(screen) = sight.screen.filter(decides) {
        return Some(screen.clone());
    }
    let idle = Claim { by: None, detail: None, ..calm.clone() };
    Some(Claim { state: State::Idle, at: since, ..idle }.because("silent"))
}

fn interrupted(sight: &Sight) -> Option<Claim> {
    let word = sight.speaker().filter(|claim| {
        claim.source.rank() == 2 && claim.state == State::Thinking && !is_by_hand(claim)
    })?;
    let screen = sight.screen.filter(|screen| screen.state == State::Idle)?;
    // A word that only says that the turn is open is the weaker one; any other needs two signs.
    if word.is_turn_open() {
        return (screen.at > word.at + SEEN).then(|| screen.clone());
    }
    let title = sight.terminal.filter(|title| title.state == State::Idle)?;
    (title.at.min(screen.at) > word.at + LAG).then(|| screen.clone())
}

fn unannounced(sight: &Sight) -> Option<Claim> {
    let speaker = sight.speaker().filter(|claim| claim.state == State::Idle)?;
    let works = |claim: &&Claim| {
        claim.state == State::Thinking
            && claim.at > speaker.at + LAG
            && sight.calm().is_none_or(|calm| calm.at <= claim.at)
    };
    // While output flows the screen is looked at: an idle one has not changed.
    let is_calm = sight.screen.is_some_and(|screen| screen.state == State::Idle);
    let signs = [sight.terminal, sight.screen, sight.output().filter(|_| !is_calm)];
    newest(signs.into_iter().flatten().filter(works)).cloned()
}

fn output(sight: &Sight) -> Option<Claim> {
    let output = sight.output()?;
    // While output flows the screen is looked at: what it says still stands.
    let contradicted =
        sight.screen.is_some_and(|c| matches!(c.state, State::Attention | State::Idle));
    (!contradicted).then(|| output.clone())
}

/// The newest. Of two in the same moment it is always the same one, and the more urgent.
fn newest<'a>(claims: impl Iterator<Item = &'a Claim>) -> Option<&'a Claim> {
    claims.max_by(|a, b| {
        let by_time = a.at.cmp(&b.at).then(b.state.cmp(&a.state)).then(b.source.cmp(&a.source));
        by_time.then_with(|| text(a).cmp(&text(b)))
    })
}

fn text(claim: &Claim) -> [&Option<String>; 5] {
    [&claim.reason, &claim.detail, &claim.evidence, &claim.by, &claim.session_id]
}

/// The newest of the agent's words; one that only says that its turn is open hides no question.
fn newest_word<'a>(words: impl Iterator<Item = &'a Claim> + Clone) -> Option<&'a Claim> {
    let other = newest(words.clone().filter(|word| !word.is_turn_open()));
    let word = match other {
        Some(other) if other.state == State::Attention => Some(other),
        _ => newest(words),
    };
    word.filter(|word| word.state != State::Unknown)
}

fn is_by_hand(claim: &Claim) -> bool {
    claim.source == Source::Said && claim.by.as_deref() == Some("person")
}

fn is_prompt(reason: &str) -> bool {
    matches!(reason, "permission" | "question") || is_start(reason)
}

fn is_start(reason: &str) -> bool {
    matches!(reason, "trust" | "login" | "update")
}

fn is_of_start(claim: &Claim) -> bool {
    // Reviews of hooks and warnings about settings come before the first turn too.
    let names = |what| claim.evidence.as_deref().is_some_and(|named| named.contains(what));
    claim.reason.as_deref().is_some_and(is_start) || names("hooks") || names("settings")
}

#[cfg(test)]
mod tests;
