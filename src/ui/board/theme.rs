//! Colours of a whole screen. Must tell everything without them too: a glyph, a mark, a word.

use anstyle::{AnsiColor, Effects};
use ratatui::style::{Color, Modifier, Style};

use super::super::style;
use crate::model::status::State;

/// Which colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// The terminal's own sixteen.
    #[default]
    Terminal,
    /// For a dark ground.
    Dark,
    /// For a light ground.
    Light,
    /// None.
    Mono,
}

impl Theme {
    /// A state.
    pub fn state(self, state: State) -> Style {
        self.of(style::of_state(state))
    }

    /// Headings.
    pub fn heading(self) -> Style {
        self.of(style::HEADING)
    }

    /// What is less important.
    pub fn dim(self) -> Style {
        self.of(style::DIM)
    }

    /// Refusals.
    pub fn bad(self) -> Style {
        self.of(style::BAD)
    }

    /// What went well.
    pub fn good(self) -> Style {
        self.of(style::GOOD)
    }

    /// What a person should look at.
    pub fn warn(self) -> Style {
        self.of(style::WARN)
    }

    /// What is laid over the line that is selected.
    pub fn selected(self) -> Style {
        match self {
            Theme::Terminal | Theme::Mono => Style::new().add_modifier(Modifier::REVERSED),
            Theme::Dark => Style::new().bg(Color::Indexed(237)).add_modifier(Modifier::BOLD),
            Theme::Light => Style::new().bg(Color::Indexed(253)).add_modifier(Modifier::BOLD),
        }
    }

    /// A style of the lines of other commands.
    fn of(self, style: anstyle::Style) -> Style {
        let mut drawn = Style::new();
        if style.get_effects().contains(Effects::BOLD) {
            drawn = drawn.add_modifier(Modifier::BOLD);
        }
        if style.get_effects().contains(Effects::DIMMED) {
            drawn = drawn.add_modifier(Modifier::DIM);
        }
        match style.get_fg_color() {
            Some(anstyle::Color::Ansi(colour)) => {
                self.colour(colour).map_or(drawn, |it| drawn.fg(it))
            }
            _ => drawn,
        }
    }

    /// One of the few colours that states have.
    fn colour(self, colour: AnsiColor) -> Option<Color> {
        let (terminal, dark, light) = match colour {
            AnsiColor::Yellow => (Color::Yellow, 221, 130),
            AnsiColor::Cyan => (Color::Cyan, 80, 30),
            AnsiColor::Green => (Color::Green, 114, 28),
            AnsiColor::Blue => (Color::Blue, 75, 25),
            AnsiColor::Red => (Color::Red, 203, 160),
            _ => return None,
        };
        match self {
            Theme::Terminal => Some(terminal),
            Theme::Dark => Some(Color::Indexed(dark)),
            Theme::Light => Some(Color::Indexed(light)),
            Theme::Mono => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colours_there_are_none_and_with_them_attention_stands_out() {
        for state in State::ALL {
            assert_eq!(Theme::Mono.state(state).fg, None, "{state:?}");
            assert_eq!(Theme::Mono.state(state).bg, None, "{state:?}");
        }
        for theme in [Theme::Terminal, Theme::Dark, Theme::Light] {
            let [asks, rests] = [State::Attention, State::Idle].map(|state| theme.state(state));
            assert_ne!(asks.fg, rests.fg, "{theme:?}");
            assert!(asks.add_modifier.contains(Modifier::BOLD), "{theme:?}");
        }
    }

    #[test]
    fn no_two_states_that_a_person_tells_apart_share_a_glyph() {
        let glyphs: std::collections::BTreeSet<_> = State::ALL.map(State::glyph).into();
        assert_eq!(glyphs.len(), State::ALL.len());
    }
}
