//! Registering tabctl's hooks with an agent: what a settings file looks like with them and without.
//! Must not read or write a file: texts come in, texts go out.
//!
//! `spec.rs` is what an agent's file says. `json.rs` reads a text with its places, `edit.rs` changes it
//! there, `merge.rs` knows which hooks are whose. `conf.rs` is the same for one line of YAML.
//! `launch.rs` is for agents that tabctl starts itself.

mod conf;
mod edit;
mod json;
mod launch;
mod merge;
mod setting;
mod spec;
mod words;

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use self::merge::Hook;
use self::spec::Form;
use super::search::Search;
use super::{Spec, Surroundings};

pub use self::launch::Given;
pub use self::merge::Refusal;
pub use self::setting::{Setting, Wanted};
pub use self::spec::Install;
pub use self::words::MARK;

/// One agent's hooks, with the tabctl that they run.
#[derive(Debug, Clone, Copy)]
pub struct Registration<'a> {
    spec: &'a Spec,
    install: &'a Install,
    tabctl: &'a str,
}

/// What of ours is in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    /// Events (or files) that are not registered.
    pub missing: Vec<String>,
    /// Those that are registered wrongly: another tabctl, an old form, twice.
    pub wrong: Vec<String>,
    /// Whether there is anything of ours.
    pub some: bool,
    /// How many hooks of others there are for the same events.
    pub others: usize,
}

impl Look {
    /// Whether everything is as it should be.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.wrong.is_empty()
    }
}

impl Spec {
    /// How hooks are registered with it, if that is known; `tabctl` is the absolute path of tabctl.
    pub fn registration<'a>(&'a self, tabctl: &'a str) -> Option<Registration<'a>> {
        Some(Registration { spec: self, install: self.install.as_ref()?, tabctl })
    }
}

impl Registration<'_> {
    /// Whether the agent was seen to run hooks that are registered like this.
    pub fn is_verified(&self) -> bool {
        self.install.verified
    }

    /// What a person should know who installs them.
    pub fn remark(&self) -> Option<&str> {
        self.install.remark.as_deref()
    }

    /// The files that hold them. Empty if their place is nowhere.
    pub fn files(&self, around: &Surroundings) -> Vec<PathBuf> {
        let search = Search::new(self.spec, around);
        let Some(at) = search.target(&self.install.at, None, None) else { return Vec::new() };
        let at = at.shown();
        match self.install.form {
            Form::Files => self.install.files.keys().map(|name| at.join(name)).collect(),
            _ => vec![at],
        }
    }

    /// Whether the files are tabctl's own, and nobody else's settings.
    pub fn are_own_files(&self) -> bool {
        self.install.form == Form::Files
    }

    /// What of ours is in a file.
    pub fn look(&self, file: &Path, text: Option<&str>) -> Result<Look, Refusal> {
        match self.install.form {
            Form::Files => self.look_at_own(file, text),
            Form::Command => conf::look(self.install, text, &self.command(None), self.spec.kind()),
            Form::Groups | Form::Flat => {
                let (text, wanted) = (text.unwrap_or_default(), self.wanted());
                let (missing, wrong) = wanted.differences(text)?;
                let some = !wanted.there(text)?.is_empty();
                Ok(Look { missing, wrong, some, others: wanted.others(text) })
            }
        }
    }

    /// The file's text with all our hooks.
    pub fn with(&self, file: &Path, text: Option<&str>) -> Result<String, Refusal> {
        match self.install.form {
            Form::Files => {
                self.look_at_own(file, text)?;
                Ok(self.own_text(file).unwrap_or_default())
            }
            Form::Command => conf::with(self.install, text, &self.command(None), self.spec.kind()),
            Form::Groups | Form::Flat => self.wanted().with(text.unwrap_or_default()),
        }
    }

    /// The file's text without any of ours; nothing where the file is then of no use to anybody.
    pub fn without(&self, file: &Path, text: &str) -> Result<Option<String>, Refusal> {
        match self.install.form {
            Form::Files => self.look_at_own(file, Some(text)).map(|_| None),
            Form::Command => conf::without(self.install, text, self.spec.kind()).map(Some),
            Form::Groups | Form::Flat => self.wanted().without(text).map(Some),
        }
    }

    /// Whether nothing is left in a file but what tabctl puts into every file that it makes.
    pub fn is_bare(&self, text: &str) -> bool {
        match self.install.form {
            Form::Groups | Form::Flat => self.wanted().is_bare(text),
            Form::Command | Form::Files => text.trim().is_empty(),
        }
    }

    fn look_at_own(&self, file: &Path, text: Option<&str>) -> Result<Look, Refusal> {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(match text {
            None => Look { missing: vec![name], ..Look::default() },
            Some(text) if Some(text) == self.own_text(file).as_deref() => {
                Look { some: true, ..Look::default() }
            }
            Some(text) if text.contains("tabctl") => {
                Look { wrong: vec![name], some: true, ..Look::default() }
            }
            Some(_) => return Err(Refusal::Foreign),
        })
    }

    fn own_text(&self, file: &Path) -> Option<String> {
        let (_, text) = self.install.files.iter().find(|(name, _)| file.ends_with(name))?;
        Some(self.filled(text))
    }

    /// A file of our own, with its variables filled in as JSON texts.
    fn filled(&self, text: &str) -> String {
        text.replace("{command}", &Json::from(self.command(None)).to_string())
            .replace("{tabctl}", &Json::from(self.tabctl).to_string())
    }

    fn command(&self, event: Option<&str>) -> String {
        words::command(self.tabctl, self.spec.kind(), event)
    }

    fn wanted(&self) -> merge::Wanted<'_> {
        let hook = |event: &String| {
            let command = self.command(self.install.named_events.then_some(event));
            let entry = self.install.entry.iter().map(|(key, value)| {
                let text = value.as_str().map(|text| text.replace("{command}", &command));
                (key.clone(), text.map_or_else(|| value.clone(), Json::from))
            });
            Hook {
                event: event.clone(),
                entry: Json::Object(entry.collect()),
                matcher: self.install.matchers.get(event).cloned(),
            }
        };
        let hooks = self.install.events.iter().map(hook).collect();
        merge::Wanted { kind: self.spec.kind(), install: self.install, hooks }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Broken(wrong) => {
                write!(f, "line {} column {}: {}", wrong.line, wrong.column, wrong.why)
            }
            Refusal::Form(why) => f.write_str(why),
            Refusal::Disabled(key) => write!(f, "`{key}` is true: the agent runs no hooks"),
            Refusal::Foreign => f.write_str("somebody else's file stands there"),
        }
    }
}

impl Refusal {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Refusal::Broken(_) => "mend the file first; nothing was changed",
            Refusal::Form(_) => "put it right by hand first; nothing was changed",
            Refusal::Disabled(_) => "take the key away if you want hooks; nothing was changed",
            Refusal::Foreign => "move it out of the way; nothing was changed",
        }
    }
}

/// The first thing that is wrong with what an agent's file says of its hooks.
pub(super) fn problem(install: &Install) -> Option<String> {
    let holds = |text: &str| text.contains("{command}") || text.contains("{tabctl}");
    let entry = || install.entry.values().any(|value| value.as_str().is_some_and(holds));
    let good = match install.form {
        Form::Groups | Form::Flat => !install.events.is_empty() && entry(),
        Form::Files => install.files.values().any(|text| holds(text)),
        Form::Command => entry() && install.entry.len() == 1,
    };
    if !good {
        return Some("install: it says nowhere which command runs".to_owned());
    }
    let stray = install.matchers.keys().find(|event| !install.events.contains(event));
    stray.map(|event| format!("install.matchers: `{event}` is not among the events"))
}
