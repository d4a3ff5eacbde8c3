//! Colours and glyphs of the states. Must tell states apart without colour too.

use anstyle::{AnsiColor, Style};

use crate::model::status::State;

/// The colour of a state.
pub fn of_state(state: State) -> Style {
    let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
    match state {
        State::Attention => colour(AnsiColor::Yellow).bold(),
        State::Thinking => colour(AnsiColor::Cyan),
        State::Idle | State::Done => colour(AnsiColor::Green),
        State::Running => colour(AnsiColor::Blue),
        State::Failed | State::Missing => colour(AnsiColor::Red),
        State::Shell | State::Unknown | State::Down => DIM,
    }
}

/// Headings.
pub const HEADING: Style = Style::new().bold();
/// What is less important.
pub const DIM: Style = Style::new().dimmed();
/// Errors and refusals.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// What went well.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// What a person should look at.
pub const WARN: Style = AnsiColor::Yellow.on_default();

/// A text in a style.
pub fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
