//! How many tabs need a person and how many are at work, in the few columns that a status line has.
//! Must stay digits and our own glyphs: a multiplexer reads it.

use super::status::State;

/// How many tabs are in each state that is worth a look from afar, the most urgent first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(Vec<(State, usize)>);

/// The states that are counted. Who is ready, or has no agent, waits for nobody: with fifty tabs that
/// would be a large number that says nothing.
const COUNTED: [State; 3] = [State::Attention, State::Failed, State::Thinking];

impl Tally {
    /// Whether a state is counted.
    pub fn counts(state: State) -> bool {
        COUNTED.contains(&state)
    }

    /// Counts.
    pub fn of(states: impl IntoIterator<Item = State>) -> Tally {
        let mut counts = COUNTED.map(|state| (state, 0));
        for state in states {
            if let Some((_, count)) = counts.iter_mut().find(|(counted, _)| *counted == state) {
                *count += 1;
            }
        }
        Tally(counts.into_iter().filter(|(_, count)| *count > 0).collect())
    }

    /// `2! 3●`; empty if nothing is to be said.
    pub fn line(&self) -> String {
        let parts: Vec<String> =
            self.0.iter().map(|(state, count)| format!("{count}{}", state.glyph())).collect();
        parts.join(" ")
    }
}

/// The glyph that stands beside a window's name; none for what says nothing of an agent.
pub fn badge(state: State) -> Option<&'static str> {
    let is_shown = !matches!(state, State::Shell | State::Unknown | State::Down | State::Missing);
    is_shown.then(|| state.glyph())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_a_person_stands_first_and_who_is_ready_is_not_counted() {
        let states = [
            State::Thinking,
            State::Idle,
            State::Attention,
            State::Thinking,
            State::Failed,
            State::Shell,
            State::Down,
        ];
        assert_eq!(Tally::of(states).line(), "1! 1✗ 2●");
        assert_eq!(Tally::of([State::Idle]).line(), "");
    }

    #[test]
    fn no_badge_has_what_a_multiplexer_could_take_for_a_format() {
        for state in State::ALL {
            let badge = badge(state).unwrap_or_default();
            assert!(!badge.contains(['#', '%', '{', '}', ',', '$']), "{state:?}: {badge}");
        }
        assert_eq!((badge(State::Unknown), badge(State::Shell)), (None, None));
    }
}
