//! Giving hooks to an agent that tabctl starts: words, variables and files, and how they are known
//! again. Must not override what the person has given, and must not let any of it be written down.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde_json::{Map, Value as Json};
use toml_edit::DocumentMut;

use super::super::search::Search;
use super::super::{Spec, Surroundings};
use super::Registration;
use super::spec::Launch;
use super::words::{self, MARK};

/// What an agent is started with for its hooks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// Words behind the program; see [`Spec::with_words`].
    pub words: Vec<String>,
    /// Variables.
    pub set: BTreeMap<String, String>,
    /// Files to write first, below the folder that was named.
    pub files: Vec<(PathBuf, String)>,
}

impl Registration<'_> {
    /// The file in which the person may have a command that ours would replace.
    pub fn replaced_in(&self, around: &Surroundings) -> Option<PathBuf> {
        let chain = self.install.launch.as_ref()?.chain.as_ref()?;
        Some(Search::new(self.spec, around).target(&chain.file, None, None)?.shown())
    }

    /// What to start the agent with, `folder` being tabctl's own for these files. Nothing where hooks
    /// cannot be given at launch; the reason where the person's own settings stand against it.
    pub fn at_launch(
        &self,
        argv: &[String],
        folder: &Path,
        is_set: &dyn Fn(&str) -> bool,
        theirs: Option<&str>,
    ) -> Result<Option<Given>, String> {
        let Some(launch) = &self.install.launch else { return Ok(None) };
        if let Some(flag) = self.given_already(launch, argv) {
            return Err(format!("{flag} is given already: hooks are not added"));
        }
        if let Some(name) = launch.set.keys().find(|name| is_set(name)) {
            return Err(format!("{name} is set already: hooks are not added"));
        }
        let Some(place) = folder.to_str() else { return Ok(None) };
        let first = launch.files.keys().next().map(|name| folder.join(name));
        let first = first.as_deref().and_then(Path::to_str).unwrap_or_default();
        let theirs = match (&launch.chain, theirs) {
            (Some(chain), Some(text)) => list(text, &chain.key)?,
            _ => Vec::new(),
        };
        let notify = Json::from(words::chained(self.tabctl, self.spec.kind(), &theirs)).to_string();
        let fill = |text: &String| {
            text.replace("{command}", &self.command(None))
                .replace("{folder}", place)
                .replace("{file}", first)
                .replace("{notify}", &notify)
        };
        let mut top: Map<String, Json> = self.install.root.clone();
        top.insert("hooks".to_owned(), self.wanted().hooks_object());
        let hooks = format!("{:#}\n", Json::Object(top));
        let text = |text: &String| self.filled(&text.replace("{hooks}", &hooks));
        Ok(Some(Given {
            words: launch.add.iter().map(fill).collect(),
            set: launch.set.iter().map(|(name, value)| (name.clone(), fill(value))).collect(),
            files: launch.files.iter().map(|(n, t)| (PathBuf::from(n), text(t))).collect(),
        }))
    }

    /// The flag of ours that the person has given himself.
    fn given_already<'a>(&self, launch: &'a Launch, argv: &[String]) -> Option<&'a str> {
        let reading = self.spec.read_line(argv);
        let value = launch.add.last().map(|last| last.split_once('=').map_or("", |(name, _)| name));
        launch.add.iter().map(String::as_str).filter(|word| word.starts_with('-')).find(|flag| {
            reading.items.iter().any(|item| {
                let same = item.flag_name().is_some_and(|n| self.spec.flags.same(n, flag));
                let name = |given: &String| given.split('=').next().map(str::trim) == value;
                same && (!launch.repeatable || item.values().iter().any(name))
            })
        })
    }
}

/// The person's own list of words in a TOML file.
fn list(text: &str, key: &str) -> Result<Vec<String>, String> {
    let wrong = || format!("the agent's `{key}` cannot be read: hooks are not added");
    let settings: DocumentMut = text.parse().map_err(|_| wrong())?;
    let Some(value) = settings.get(key) else { return Ok(Vec::new()) };
    let words =
        value.as_array().ok_or_else(wrong)?.iter().map(|word| word.as_str().map(str::to_owned));
    words.collect::<Option<_>>().ok_or_else(wrong)
}

/// Whether a value was given by tabctl for its hooks.
fn is_given(value: &str, kind: &str) -> bool {
    let in_folder =
        Path::new(value).components().any(|part| part == Component::Normal(MARK.as_ref()));
    let list = value.split_once('=').map_or(value, |(_, list)| list);
    let list: Vec<String> = serde_json::from_str(list).unwrap_or_default();
    in_folder
        || words::is_ours(value, kind)
        || list.last().is_some_and(|last| last == MARK)
        || words::is_ours(&shell_words::join(&list), kind)
}

impl Spec {
    /// A command line with more words right behind the program.
    pub fn with_words(&self, argv: &[String], words: &[String]) -> Vec<String> {
        let (_, at) = self.beginning(argv);
        [&argv[..at], words, &argv[at..]].concat()
    }

    /// A command line without what tabctl gave it for hooks: it is no choice of the person's.
    pub fn without_hooks(&self, argv: &[String]) -> Vec<String> {
        let added = self.install.as_ref().and_then(|install| install.launch.as_ref());
        let add = added.map(|launch| launch.add.as_slice()).unwrap_or_default();
        let Some((_, flags)) = add.split_last() else { return argv.to_vec() };
        let ours = |window: &[String]| {
            let value = window.last().is_some_and(|value| is_given(value, &self.kind));
            value && window[..flags.len()] == *flags
        };
        match argv.windows(add.len()).position(ours) {
            Some(at) => [&argv[..at], &argv[at + add.len()..]].concat(),
            None => argv.to_vec(),
        }
    }

    /// Whether tabctl set this variable to this value for its hooks.
    pub fn is_hook_variable(&self, name: &str, value: &str) -> bool {
        let launch = self.install.as_ref().and_then(|install| install.launch.as_ref());
        launch.is_some_and(|launch| launch.set.contains_key(name) && is_given(value, &self.kind))
    }
}
