//! The settings of what is drawn on a whole screen: the picker and the dashboard.

use anyhow::Result;

use super::Layer;
use crate::error::{Fault, Kind};

/// How the picker and the dashboard look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// What `pick` picks with.
    pub picker: Picker,
    /// The colours.
    pub theme: Theme,
}

/// What `pick` picks with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Picker {
    /// tabctl's own.
    #[default]
    Own,
    /// fzf, where it is installed.
    Fzf,
}

/// The colours of the picker and the dashboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// The terminal's own sixteen; none if `NO_COLOR` is set.
    #[default]
    Auto,
    /// For light letters on a dark ground.
    Dark,
    /// For dark letters on a light ground.
    Light,
    /// None.
    Mono,
}

/// Layers them, of which the file says these.
pub fn layer(picker: Option<String>, theme: Option<String>, text: &mut Layer) -> Result<Look> {
    let about = "what `tabctl pick` picks with: own, or fzf if it is installed";
    let picker = text("picker", "TABCTL_PICKER", about, picker, "own");
    let about = "colours of `tabctl watch` and `tabctl pick`: auto, dark, light or mono";
    let theme = text("theme", "TABCTL_THEME", about, theme, "auto");
    Ok(Look {
        picker: match picker.as_str() {
            "own" => Picker::Own,
            "fzf" => Picker::Fzf,
            other => return Err(wrong("picker", other, "own or fzf")),
        },
        theme: match theme.as_str() {
            "auto" => Theme::Auto,
            "dark" => Theme::Dark,
            "light" => Theme::Light,
            "mono" => Theme::Mono,
            other => return Err(wrong("theme", other, "auto, dark, light or mono")),
        },
    })
}

fn wrong(key: &str, value: &str, known: &str) -> anyhow::Error {
    let variable = key.to_uppercase();
    Fault::new(Kind::Usage, format!("{key} is '{value}'"))
        .hint(format!("{key} (TABCTL_{variable}) is {known}"))
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::fault_of;

    fn said(picker: &str, theme: &str) -> Result<Look> {
        let values = (Some(picker.to_owned()), Some(theme.to_owned()));
        let mut text =
            |_: &'static str,
             _: &'static str,
             _: &'static str,
             file: Option<String>,
             default: &str| { file.unwrap_or_else(|| default.to_owned()) };
        layer(values.0, values.1, &mut text)
    }

    #[test]
    fn a_look_is_known_words_and_a_wrong_one_comes_with_a_remedy() {
        let look = Look { picker: Picker::Fzf, theme: Theme::Mono };
        assert_eq!(said("fzf", "mono").ok(), Some(look));
        for (picker, theme, hint) in
            [("skim", "auto", "own or fzf"), ("own", "pink", "TABCTL_THEME) is auto, dark")]
        {
            let error = said(picker, theme).err();
            let told = error.as_ref().and_then(fault_of).and_then(|fault| fault.hint.clone());
            assert!(told.is_some_and(|told| told.contains(hint)), "{picker} {theme}");
        }
    }
}
