//! A command line as its agent understands it: what starts the program, which conversation it
//! chooses, what it may do. Must not make one; `launch.rs` does.

use super::Spec;
use super::recognise::program;
use super::spec::{Flags, IdForm};
use super::template::Template;
use super::words::{self, Item};
use crate::model::session::is_session_id;

/// A command line, taken apart.
#[derive(Debug)]
pub(super) struct Reading {
    /// The words that start the program, it included: `node /usr/bin/agent`, `A=b agent`.
    pub(super) start: Vec<String>,
    /// The base subcommand, if it was typed.
    pub(super) base: Option<String>,
    /// The subcommand that chooses a conversation, if there was one.
    pub(super) subcommand: Option<Subcommand>,
    /// The rest, in order.
    pub(super) items: Vec<Item>,
    /// Which word of the line the items count from.
    offset: usize,
}

/// A subcommand that chooses a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subcommand {
    /// This one, by the word behind it.
    Id(Option<String>),
    /// A new one, from that of the word behind it.
    Fork,
}

/// A conversation id on a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) id: String,
    /// The flag that names it; none for a subcommand.
    pub(super) flag: Option<String>,
}

impl Reading {
    /// Whether a flag is there, however it is spelled.
    pub(super) fn has(&self, flags: &Flags, flag: &str) -> bool {
        self.items.iter().any(|item| item.flag_name().is_some_and(|name| flags.same(name, flag)))
    }
}

impl Spec {
    /// Reads a whole command line.
    pub(super) fn read_line(&self, line: &[String]) -> Reading {
        let (start, offset) = self.beginning(line);
        Reading { start: line[..start].to_vec(), offset, ..self.read_arguments(&line[offset..]) }
    }

    /// How many words start the program, and where the person's arguments begin.
    pub(super) fn beginning(&self, line: &[String]) -> (usize, usize) {
        let start = program(line).map_or(0, |program| program.start);
        (start, start + self.inserted(&line[start..]))
    }

    /// Reads the arguments behind the program.
    pub(super) fn read_arguments(&self, arguments: &[String]) -> Reading {
        let mut items = words::read(arguments, &self.flags);
        let base = take(&mut items, &self.subcommands.base);
        let mut subcommand = None;
        if take(&mut items, &self.subcommands.id).is_some() {
            subcommand = Some(Subcommand::Id(take_word(&mut items)));
        } else if take(&mut items, &self.subcommands.fork).is_some() {
            take_word(&mut items);
            subcommand = Some(Subcommand::Fork);
        }
        Reading { start: Vec::new(), base, subcommand, items, offset: 0 }
    }

    /// Whether an argument chooses a conversation.
    pub(super) fn chooses_conversation(&self, item: &Item) -> bool {
        let flags = &self.flags;
        [&flags.id, &flags.conversation, &flags.fork].iter().any(|list| flags.is_one(item, list))
    }

    /// The conversation that a command line names for itself: the chosen id first, then any other.
    /// What a fork names is its parent, unless it is chosen too.
    pub(super) fn named(&self, line: &[String]) -> Option<Named> {
        let reading = self.read_line(line);
        let forks = reading.subcommand == Some(Subcommand::Fork)
            || reading.items.iter().any(|item| self.flags.is_one(item, &self.flags.fork));
        let (chosen, others): (Vec<&Item>, Vec<&Item>) = reading
            .items
            .iter()
            .filter(|item| self.flags.is_one(item, &self.flags.id))
            .partition(|item| self.presets(item));
        let flags = chosen.into_iter().chain(others.into_iter().filter(|_| !forks));
        let mut named: Vec<Named> = flags
            .filter_map(|item| {
                let (flag, id) = (item.flag_name()?.to_owned(), item.values().first()?.clone());
                Some(Named { id, flag: Some(flag) })
            })
            .collect();
        if let Some(Subcommand::Id(Some(id))) = reading.subcommand {
            named.push(Named { id, flag: None });
        }
        named.into_iter().find(|named| self.is_own_id(&named.id))
    }

    /// Whether a flag is the one that chooses the id of a new conversation.
    fn presets(&self, item: &Item) -> bool {
        let mut own = self.start.preset.iter().flat_map(Template::flags);
        item.flag_name().is_some_and(|name| own.any(|own| self.flags.same(own, name)))
    }

    /// Whether a word may be one of this agent's conversation ids.
    pub(super) fn is_own_id(&self, word: &str) -> bool {
        is_session_id(word)
            && match &self.session_id {
                IdForm::Any => true,
                IdForm::None => false,
                IdForm::Prefix(prefix) => word.starts_with(prefix.as_str()),
                IdForm::Uuid => {
                    word.split('-').map(str::len).eq([8, 4, 4, 4, 12])
                        && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
                }
            }
    }

    /// The conversation that a command line names for itself.
    pub fn id_in_argv(&self, argv: &[String]) -> Option<String> {
        self.named(argv).map(|named| named.id)
    }

    /// Variables that a command line sets with flags of the same meaning: the last of each counts.
    pub fn variables_in_argv(&self, argv: &[String]) -> Vec<(String, String)> {
        let reading = self.read_line(argv);
        let given = |flag: &str| {
            let mut items = reading.items.iter().rev();
            let is_it =
                |item: &&Item| item.flag_name().is_some_and(|name| self.flags.same(name, flag));
            items.find(is_it)?.values().first().cloned()
        };
        let of_flags = self.environment.of_flags.iter();
        of_flags.filter_map(|(flag, name)| Some((name.clone(), given(flag)?))).collect()
    }

    /// The flags of `argv` that skip permissions or load other configuration.
    pub fn privileged<'a>(&self, argv: &'a [String]) -> Vec<&'a str> {
        let reading = self.read_line(argv);
        let is_privileged = |item: &&Item| {
            self.flags.privileged.iter().any(|entry| {
                let (flag, value) = entry.split_once(' ').unwrap_or((entry, ""));
                let given = item.values().iter().any(|given| given.eq_ignore_ascii_case(value));
                item.flag_name().is_some_and(|name| self.flags.same(name, flag))
                    && (given || value.is_empty())
            })
        };
        let places = reading.items.iter().filter(is_privileged).map(|item| item.at);
        places.filter_map(|at| argv.get(reading.offset + at)).map(String::as_str).collect()
    }
}

/// Takes a subcommand off the front of the words, if it is one of these, and tells which.
fn take(items: &mut Vec<Item>, subcommands: &[String]) -> Option<String> {
    let words = || items.iter().filter_map(Item::word);
    let count = |subcommand: &String| subcommand.split(' ').count();
    let found = subcommands
        .iter()
        .find(|subcommand| words().take(count(subcommand)).eq(subcommand.split(' ')))?;
    for _ in 0..count(found) {
        take_word(items);
    }
    Some(found.clone())
}

/// Takes the first word.
fn take_word(items: &mut Vec<Item>) -> Option<String> {
    let place = items.iter().position(|item| item.word().is_some())?;
    items.remove(place).words.pop()
}
