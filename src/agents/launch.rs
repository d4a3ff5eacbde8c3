//! Making an agent's command lines: the first start, the resume, the fork.
//! Must not start anything, and must not touch a disk.

use std::path::Path;

use super::recognise::{is_assignment, program};
use super::spec::{IdForm, Positionals};
use super::template::{Template, Values};
use super::words::{self, Item, Kind};
use super::{KnowsFlag, Spec};
use crate::model::argv::Argv;
use crate::model::session::{Launch, is_session_id};

/// A command line as the agent understands it.
#[derive(Debug)]
pub(super) struct Reading {
    /// The words that start the program, it included: `node /usr/bin/agent`, `env A=b agent`.
    start: Vec<String>,
    /// The base subcommand, if it was typed.
    base: Option<String>,
    /// Its conversation subcommand, if there was one.
    subcommand: Option<Subcommand>,
    /// The rest, in order.
    items: Vec<Item>,
    /// In which argument `items` count from.
    offset: usize,
}

/// A subcommand that chooses a conversation, with the word behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subcommand {
    Id(Option<String>),
    Fork,
}

impl Spec {
    /// Reads a whole command line.
    pub(super) fn reading(&self, argv: &[String]) -> Reading {
        let start = program(argv).map_or(argv.len().min(1), |program| program.start);
        let offset = start + self.inserted(&argv[start..]);
        let mut begins = argv[..start].to_vec();
        // The shell takes `NAME=value program` itself; without a shell, `env` does.
        if begins.first().is_some_and(|word| is_assignment(word)) {
            begins.insert(0, "env".to_owned());
        }
        if begins.is_empty() && !self.program.is_empty() {
            begins.push(self.program.clone());
        }
        Reading { start: begins, offset, ..self.read_args(&argv[offset..]) }
    }

    /// A whole command line as the words that start the program, and the rest as it was written.
    pub(super) fn taken_apart(&self, argv: &[String]) -> (Vec<String>, Vec<Item>) {
        let start = program(argv).map_or(argv.len().min(1), |program| program.start);
        let offset = start + self.inserted(&argv[start..]);
        (argv[..start].to_vec(), words::read(&argv[offset..], &self.flags))
    }

    /// Reads the arguments behind the program.
    fn read_args(&self, args: &[String]) -> Reading {
        let mut items = words::read(args, &self.flags);
        let base = take(&mut items, &self.subcommands.base).map(|words| words.join(" "));
        let mut subcommand = None;
        if take(&mut items, &self.subcommands.id).is_some() {
            subcommand = Some(Subcommand::Id(take_word(&mut items)));
        } else if take(&mut items, &self.subcommands.fork).is_some() {
            take_word(&mut items);
            subcommand = Some(Subcommand::Fork);
        }
        Reading { start: Vec::new(), base, subcommand, items, offset: 0 }
    }

    /// See [`Spec::launch_argv`].
    pub(super) fn launch(&self, args: &[String], preset: Option<&str>, knows: KnowsFlag) -> Argv {
        let reading = self.read_args(args);
        let names_one = reading.subcommand.is_some()
            || reading.items.iter().any(|item| self.chooses_conversation(item));
        let preset = preset.filter(|id| !names_one && is_session_id(id));
        let mut line: Vec<String> = Vec::new();
        line.extend((!self.program.is_empty()).then(|| self.program.clone()));
        line.extend(self.added(&reading.items, knows));
        let mut items = words::read(args, &self.flags);
        if reading.subcommand.is_none() && !self.is_other(&reading) {
            line.extend(self.base(&reading));
            let template = self.start.preset.as_ref().filter(|_| preset.is_some());
            let values = Values { id: preset, ..Values::default() };
            line.extend(template.map(|t| t.words(&values, &|_| false)).unwrap_or_default());
            items = reading.items;
        }
        items.retain(|item| !self.is_added(item));
        line.extend(items.into_iter().flat_map(|item| item.words));
        Argv(line)
    }

    /// See [`Spec::resume_argv`].
    pub(super) fn resume(
        &self,
        session_id: Option<&str>,
        launch: Option<&Launch>,
        directory: &Path,
        knows: KnowsFlag,
    ) -> Option<Argv> {
        let template = self.start.resume.as_ref()?;
        let id = session_id.filter(|id| is_session_id(id));
        let id = if template.needs_id() { Some(id?) } else { None };
        let values = Values { id, new_id: None, directory: directory.to_str() };
        Some(self.again(Some(template), &values, launch, knows))
    }

    /// See [`Spec::fork_argv`].
    pub(super) fn forked(
        &self,
        session_id: &str,
        new_id: Option<&str>,
        launch: Option<&Launch>,
        directory: &Path,
        knows: KnowsFlag,
    ) -> Option<Argv> {
        let template = self.start.fork.as_ref()?;
        let id = Some(session_id).filter(|id| is_session_id(id))?;
        let new_id = new_id.filter(|id| is_session_id(id));
        let values = Values { id: Some(id), new_id, directory: directory.to_str() };
        Some(self.again(Some(template), &values, launch, knows))
    }

    /// See [`Spec::fresh_argv`].
    pub(super) fn fresh(
        &self,
        preset: Option<&str>,
        launch: Option<&Launch>,
        knows: KnowsFlag,
    ) -> Option<Argv> {
        let id = preset.filter(|id| is_session_id(id));
        let template = self.start.preset.as_ref().filter(|_| id.is_some());
        let values = Values { id, ..Values::default() };
        let argv = self.again(template, &values, launch, knows);
        (!argv.words().is_empty()).then_some(argv)
    }

    /// The launch again, with what the template says in place of what chose its conversation.
    fn again(
        &self,
        template: Option<&Template>,
        values: &Values,
        launch: Option<&Launch>,
        knows: KnowsFlag,
    ) -> Argv {
        let reading = self.reading(launch.map_or(&[][..], |launch| launch.argv.words()));
        let kept: Vec<&Item> = reading.items.iter().filter(|item| self.is_kept(item)).collect();
        let given = |flag: &str| {
            kept.iter().any(|item| item.flag_name().is_some_and(|name| self.flags.same(name, flag)))
        };
        let mut argv = reading.start.clone();
        argv.extend(self.added(&reading.items, knows));
        argv.extend(self.base(&reading));
        argv.extend(template.map(|t| t.words(values, &given)).unwrap_or_default());
        argv.extend(kept.iter().flat_map(|item| item.words.iter().cloned()));
        Argv(argv)
    }

    /// The flags that tabctl adds: those that were there, and those that the program knows.
    fn added(&self, items: &[Item], knows: KnowsFlag) -> Vec<String> {
        let here = |flag: &str| {
            items
                .iter()
                .any(|item| item.flag_name().is_some_and(|name| self.flags.same(name, flag)))
        };
        self.start.add.iter().filter(|flag| here(flag) || knows(flag)).cloned().collect()
    }

    fn is_added(&self, item: &Item) -> bool {
        self.flags.is_one(item, &self.start.add)
    }

    /// The base subcommand, as it was typed or as it is missing.
    fn base(&self, reading: &Reading) -> Option<String> {
        reading.base.clone().or_else(|| self.subcommands.base.first().cloned())
    }

    /// Whether it is another subcommand's line, to which nothing is added.
    fn is_other(&self, reading: &Reading) -> bool {
        let first = reading.items.iter().find_map(Item::word);
        first.is_some_and(|word| self.recognise.not_when.first_word.iter().any(|w| w == word))
    }

    fn chooses_conversation(&self, item: &Item) -> bool {
        let flags = &self.flags;
        [&flags.id, &flags.conversation, &flags.fork].iter().any(|list| flags.is_one(item, list))
    }

    /// Whether an argument of the launch belongs on the command line of a resume.
    fn is_kept(&self, item: &Item) -> bool {
        match &item.kind {
            Kind::Word | Kind::Separator => self.positionals == Positionals::Keep,
            Kind::Flag { values, .. } => {
                let anew = self.flags.is_one(item, &self.flags.once) && values.is_empty();
                let prompts = self.flags.is_one(item, &self.flags.prompt);
                !(anew || prompts || self.is_added(item) || self.chooses_conversation(item))
            }
        }
    }

    /// The id of the conversation that a command line names for itself, and the words that name it.
    pub(super) fn id_of_line(&self, argv: &[String]) -> Option<(String, String)> {
        let reading = self.reading(argv);
        let forks = reading.subcommand == Some(Subcommand::Fork)
            || reading.items.iter().any(|item| self.flags.is_one(item, &self.flags.fork));
        let presets = |flag: &str| {
            self.start
                .preset
                .as_ref()
                .is_some_and(|t| t.flags().any(|own| self.flags.same(own, flag)))
        };
        let mut named: Vec<(&str, &str)> = Vec::new();
        for item in reading.items.iter().filter(|item| self.flags.is_one(item, &self.flags.id)) {
            if let (Some(flag), Some(value)) = (item.flag_name(), item.values().first()) {
                named.push((flag, value));
            }
        }
        // A chosen id is the process's own, also when it forks; any other is then its parent's.
        named.sort_by_key(|(flag, _)| !presets(flag));
        named.retain(|(flag, _)| !forks || presets(flag));
        if let Some(Subcommand::Id(Some(id))) = &reading.subcommand {
            named.push(("subcommand", id));
        }
        let (flag, id) = named.into_iter().find(|(_, id)| self.is_own_id(id))?;
        Some((id.to_owned(), flag.to_owned()))
    }

    /// Whether a word may be one of this agent's conversation ids.
    pub(super) fn is_own_id(&self, word: &str) -> bool {
        is_session_id(word)
            && match &self.session_id {
                IdForm::Any => true,
                IdForm::None => false,
                IdForm::Prefix(prefix) => word.starts_with(prefix.as_str()),
                IdForm::Uuid => {
                    let groups = word.split('-').map(str::len);
                    groups.eq([8, 4, 4, 4, 12])
                        && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
                }
            }
    }

    /// The arguments that are privileged.
    pub(super) fn privileged_words<'a>(&self, argv: &'a [String]) -> Vec<&'a str> {
        let reading = self.reading(argv);
        let is_privileged = |item: &&Item| {
            self.flags.privileged.iter().any(|entry| {
                let (flag, value) = entry.split_once(' ').unwrap_or((entry, ""));
                item.flag_name().is_some_and(|name| self.flags.same(name, flag))
                    && (value.is_empty()
                        || item.values().iter().any(|given| given.eq_ignore_ascii_case(value)))
            })
        };
        let places = reading.items.iter().filter(is_privileged).map(|item| item.at);
        places.filter_map(|at| argv.get(reading.offset + at)).map(String::as_str).collect()
    }
}

/// Takes a subcommand off the front of the words, if it is one of these.
fn take(items: &mut Vec<Item>, subcommands: &[String]) -> Option<Vec<String>> {
    for subcommand in subcommands {
        let wanted: Vec<&str> = subcommand.split(' ').collect();
        let places: Vec<usize> =
            (0..items.len()).filter(|&i| items[i].word().is_some()).take(wanted.len()).collect();
        let found: Vec<String> =
            places.iter().filter_map(|&i| items[i].word()).map(str::to_owned).collect();
        if found == wanted {
            for &place in places.iter().rev() {
                items.remove(place);
            }
            return Some(found);
        }
    }
    None
}

/// Takes the first word.
fn take_word(items: &mut Vec<Item>) -> Option<String> {
    let place = items.iter().position(|item| item.word().is_some())?;
    items.remove(place).words.pop()
}
