//! Making an agent's command lines: the first start, the resume, the fork.
//! Must not start anything, and must not touch a disk.

use std::path::Path;

use super::reading::Reading;
use super::recognise::is_assignment;
use super::spec::Positionals;
use super::template::{Template, Values};
use super::words::{self, Item, Kind};
use super::{KnowsFlag, Spec};
use crate::model::argv::Argv;
use crate::model::session::{Launch, is_session_id};

impl Spec {
    /// The command line of a first start: the program, the flags that tabctl needs, the preset id,
    /// then the person's arguments.
    ///
    /// Arguments that choose a conversation themselves (`--resume …`) win over the preset id, which
    /// is then left out: [`Spec::id_in_argv`] tells what the line really names.
    pub fn launch_argv(&self, args: &[String], preset: Option<&str>, knows: KnowsFlag) -> Argv {
        let mut reading = self.read_arguments(args);
        let chosen = reading.subcommand.is_some()
            || reading.items.iter().any(|item| self.chooses_conversation(item));
        let preset = preset.filter(|id| !chosen && is_session_id(id));
        let mut line = self.program_words(&reading, knows);
        if reading.subcommand.is_some() || self.is_other(&reading) {
            reading.items = words::read(args, &self.flags);
        } else {
            line.extend(self.base_word(&reading));
            let template = self.start.preset.as_ref().filter(|_| preset.is_some());
            let values = Values { id: preset, ..Values::default() };
            line.extend(template.map(|t| t.words(&values, &|_| false)).unwrap_or_default());
        }
        reading.items.retain(|item| !self.is_added(item));
        line.extend(reading.items.into_iter().flat_map(|item| item.words));
        Argv(line)
    }

    /// The command line that resumes a conversation as it was started: the launch's flags, without
    /// what would name another conversation or repeat the first prompt. `None` where the agent has no
    /// way, or `session_id` may not be given to it; where it has one without an id (see
    /// [`Spec::has_ids`]), `session_id` may be `None`.
    pub fn resume_argv(
        &self,
        session_id: Option<&str>,
        launch: Option<&Launch>,
        directory: &Path,
        knows: KnowsFlag,
    ) -> Option<Argv> {
        let template = self.start.resume.as_ref()?;
        let id = session_id.filter(|id| is_session_id(id));
        let id = if template.needs_id() { Some(id?) } else { None };
        let values = Values { id, directory: directory.to_str(), ..Values::default() };
        Some(self.again(Some(template), &values, launch, knows))
    }

    /// The command line that forks a conversation, where the agent can; under `new_id` where it can
    /// be chosen.
    pub fn fork_argv(
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
        let directory = directory.to_str();
        let values = Values { id: Some(id), new_id, directory, ..Values::default() };
        Some(self.again(Some(template), &values, launch, knows))
    }

    /// The command line that starts a new conversation with the launch's flags, and under `preset`
    /// where the id can be chosen: for one that was never prompted, or is lost. The first prompt is
    /// not repeated. `None` if there is neither a launch nor a program.
    pub fn fresh_argv(
        &self,
        preset: Option<&str>,
        launch: Option<&Launch>,
        knows: KnowsFlag,
    ) -> Option<Argv> {
        let id = preset.filter(|id| is_session_id(id));
        let template = self.start.preset.as_ref().filter(|_| id.is_some());
        let values = Values { id, ..Values::default() };
        let line = self.again(template, &values, launch, knows);
        (!line.words().is_empty()).then_some(line)
    }

    /// The words that give the agent its first prompt, behind a command line that this file has made.
    /// `None` where the agent takes none together with a resume, or the line has one already, or the
    /// prompt could be taken for anything else: it must begin with a letter.
    pub fn prompt_words(&self, argv: &[String], prompt: &str) -> Option<Vec<String>> {
        let template = self.start.prompt.as_ref()?;
        let reading = self.read_line(argv);
        let gives = |item: &Item| {
            let is_flag = item.flag_name().is_some();
            let is_prompt = is_flag && self.flags.is_one(item, &self.flags.prompt);
            is_prompt || (!is_flag && self.positionals != Positionals::Keep)
        };
        let is_plain = prompt.starts_with(|c: char| c.is_ascii_alphabetic());
        if !is_plain || prompt.contains('\0') || reading.items.iter().any(gives) {
            return None;
        }
        let values = Values { prompt: Some(prompt), ..Values::default() };
        Some(template.words(&values, &|_| false))
    }

    /// The launch again, with what the template says in place of what chose its conversation.
    fn again(
        &self,
        template: Option<&Template>,
        values: &Values,
        launch: Option<&Launch>,
        knows: KnowsFlag,
    ) -> Argv {
        let mut reading = self.read_line(launch.map_or(&[][..], |launch| launch.argv.words()));
        let mut line = self.program_words(&reading, knows);
        line.extend(self.base_word(&reading));
        reading.items.retain(|item| self.is_kept(item));
        let given = |flag: &str| reading.has(&self.flags, flag);
        line.extend(template.map(|t| t.words(values, &given)).unwrap_or_default());
        line.extend(reading.items.into_iter().flat_map(|item| item.words));
        Argv(line)
    }

    /// The words that start the program, as before where there was a before, and the flags that
    /// tabctl adds: those that were there, and those that the program knows.
    fn program_words(&self, reading: &Reading, knows: KnowsFlag) -> Vec<String> {
        let mut line = reading.start.clone();
        // A shell takes `NAME=value program` itself; without a shell, `env` does.
        if line.first().is_some_and(|word| is_assignment(word)) {
            line.insert(0, "env".to_owned());
        }
        if line.is_empty() && !self.program.is_empty() {
            line.push(self.program.clone());
        }
        let added = self.start.add.iter();
        line.extend(added.filter(|f| reading.has(&self.flags, f) || knows(f)).cloned());
        line
    }

    /// The base subcommand, as it was typed or as it is missing.
    fn base_word(&self, reading: &Reading) -> Option<String> {
        reading.base.clone().or_else(|| self.subcommands.base.first().cloned())
    }

    /// Whether it is another subcommand's line, to which nothing is added.
    fn is_other(&self, reading: &Reading) -> bool {
        let first = reading.items.iter().find_map(Item::word);
        first.is_some_and(|word| self.recognise.not_when.first_word.iter().any(|w| w == word))
    }

    fn is_added(&self, item: &Item) -> bool {
        self.flags.is_one(item, &self.start.add)
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
}
