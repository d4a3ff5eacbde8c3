//! What an agent's file may say. These types are the format; their comments are its documentation.
//! Must not act on it, and must not know any agent: what differs between agents is in their files.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::answer::Answers;
use super::event::Hooks;
use super::install::{Install, Setting};
use super::place::Place;
use super::sight::Observe;
use super::sights::Sights;
use super::template::Template;

/// One agent's file, down to a line `---`; what stands behind it is told in `sights.rs`. Keys that
/// are not listed here are an error.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Its name: lower-case letters, digits and `-`.
    pub(super) kind: String,
    /// The program to look for in `PATH`. Left out where the person gives whole command lines.
    #[serde(default)]
    pub(super) program: String,
    /// How its processes and command lines are told from others.
    #[serde(default)]
    pub(super) recognise: Recognise,
    /// What its conversation ids look like. A word of a command line that does not look like one (a
    /// name, a search term, a path) is not taken for one.
    #[serde(default)]
    pub(super) session_id: IdForm,
    /// `{data}`: the folder where it keeps its conversations. The first place whose variable is set.
    #[serde(default)]
    pub(super) data: Vec<Place>,
    /// `{slug}`: its name for a folder, where it keeps a list of them.
    #[serde(default)]
    pub(super) slug: Option<Slug>,
    /// The files in a workspace that it reads as the person's instructions. The first that is there is
    /// written to, else the first is made.
    #[serde(default)]
    pub(super) instructions: Vec<String>,
    /// Variables.
    #[serde(default)]
    pub(super) environment: Environment,
    /// The flags of its command line.
    #[serde(default)]
    pub(super) flags: Flags,
    /// What a word is that is neither a flag nor a flag's value.
    #[serde(default)]
    pub(super) positionals: Positionals,
    /// The subcommands that matter to a conversation.
    #[serde(default)]
    pub(super) subcommands: Subcommands,
    /// The command lines that tabctl makes.
    #[serde(default)]
    pub(super) start: Start,
    /// Files that tie a living process to its conversation; the first that answers is taken.
    #[serde(default)]
    pub(super) claims: Vec<Claim>,
    /// Where conversations are kept.
    #[serde(default)]
    pub(super) transcript: Kept,
    /// How its terminal is observed.
    #[serde(default)]
    pub(super) observe: Observe,
    /// What its hook events mean.
    #[serde(default)]
    pub(super) hooks: Hooks,
    /// How tabctl's hooks are registered with it. Left out where there is no way.
    #[serde(default)]
    pub(super) install: Option<Install>,
    /// What is seen of it: the file's second document.
    #[serde(skip)]
    pub(super) sights: Sights,
}

/// How an agent's command lines are told from others: by the program's name, or, behind an
/// interpreter or a package runner, by the script's name or path.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Recognise {
    /// File names of the program, besides `program`.
    pub(super) names: Vec<String>,
    /// File names that other programs have too: they count only with a `packages` path behind them.
    pub(super) shared_names: Vec<String>,
    /// Package names and folders (`@scope/name`, `tool/versions`) that hold the program.
    pub(super) packages: Vec<String>,
    /// Words that the program's own start script puts before the person's: flags, or names of files.
    pub(super) inserted: Vec<String>,
    /// A command line is only meant with a `subcommands.base`.
    pub(super) needs_base: bool,
    /// First words of the command lines under which the program starts itself a second time, and from
    /// which it calls its hooks.
    pub(super) helpers: Vec<String>,
    /// Command lines that are no conversation: one-shot runs, servers, helpers, management.
    pub(super) not_when: NotWhen,
}

/// See [`Recognise::not_when`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct NotWhen {
    /// One of these flags is there.
    pub(super) flags: Vec<String>,
    /// The first word (after `subcommands.base`) is one of these.
    pub(super) first_word: Vec<String>,
}

/// What a conversation id looks like.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum IdForm {
    /// Any word that may be an id.
    #[default]
    Any,
    /// Hexadecimal digits in groups of 8-4-4-4-12.
    Uuid,
    /// A word that begins like this.
    Prefix(String),
    /// It has none: one folder is one conversation.
    None,
}

/// A JSON file that maps absolute folders to the agent's names for them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Slug {
    /// The file.
    pub(super) file: Place,
    /// The top-level key that holds the map.
    pub(super) field: String,
}

/// Variables that matter to the agent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Environment {
    /// Set at every start.
    pub(super) set: BTreeMap<String, String>,
    /// Belong into the launch record when the person has set them. Never one that names a secret.
    pub(super) record: Vec<String>,
    /// Flags that say the same as a variable, and win over it: `--history-file: HISTORY_FILE`.
    pub(super) of_flags: BTreeMap<String, String>,
    /// Left by the agent in its children; another agent must not inherit them. A `*` at the end
    /// makes a prefix.
    pub(super) scrub: Vec<String>,
}

/// The flags, first by what follows them, then by what they mean.
///
/// In the first four lists an entry holds all spellings: `-m|--model`. `--two-words`, `--twoWords` and
/// `--two_words` are the same. In the others one spelling is enough, and must be in one of the four.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Flags {
    /// Nothing follows.
    pub(super) alone: Vec<String>,
    /// One word follows, whatever it is.
    pub(super) value: Vec<String>,
    /// One word may follow: the next one, unless it begins with `-`.
    pub(super) optional: Vec<String>,
    /// All words follow, up to the next that begins with `-`.
    pub(super) many: Vec<String>,

    /// The value is the conversation's id. Replaced when it is resumed.
    pub(super) id: Vec<String>,
    /// Choose a conversation in another way. Left out when it is resumed.
    pub(super) conversation: Vec<String>,
    /// Make a new conversation from an old one: ids on this command line name the old one.
    pub(super) fork: Vec<String>,
    /// Give the first prompt or belong to it. Left out when it is resumed.
    pub(super) prompt: Vec<String>,
    /// Make something new each time unless they name it. Left out, without a value, when resumed.
    pub(super) once: Vec<String>,
    /// Skip permissions or load other configuration: `--flag`, or `--flag value` for that value.
    pub(super) privileged: Vec<String>,
}

/// What a word is that is neither a flag nor a flag's value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Positionals {
    /// The first prompt: left out when the conversation is resumed.
    #[default]
    Prompt,
    /// A folder or files: kept.
    Keep,
    /// A prompt that makes it a one-shot run, which is no conversation to come back to.
    OneShot,
}

/// The subcommands that matter to a conversation. Each may be several words: `threads continue`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Subcommands {
    /// The subcommand that conversations run under, then other spellings of it. The first is put
    /// where none is.
    pub(super) base: Vec<String>,
    /// The next word is the conversation's id.
    pub(super) id: Vec<String>,
    /// The next word is the id of the conversation that is forked.
    pub(super) fork: Vec<String>,
}

/// The command lines that tabctl makes. Each is the program, `add`, the base subcommand, one of
/// these, and then the person's own flags in their order. A flag that the person has given wins.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Start {
    /// Added to every start, each only if the installed program knows it.
    pub(super) add: Vec<String>,
    /// Chooses the id of a new conversation. Left out where it cannot be chosen.
    pub(super) preset: Option<Template>,
    /// Resumes. Left out where there is no way.
    pub(super) resume: Option<Template>,
    /// Forks. Left out where there is no way.
    pub(super) fork: Option<Template>,
    /// Gives the first prompt, behind all else. Left out where it takes none together with a resume.
    pub(super) prompt: Option<Template>,
    /// What a person should know before it is resumed: lower case, without a full stop.
    pub(super) remark: Option<String>,
    /// The agent may delete a transcript after resuming it: a copy must be kept and put back.
    pub(super) keep_copy: bool,
    /// It deletes it for the sake of a second file that the resume left behind, in which nothing was
    /// said: such a file is put aside as soon as it is seen.
    pub(super) empty_twins: bool,
    /// The agent's own setting with which it does not.
    pub(super) keep_setting: Option<Setting>,
}

/// A file by which a living process and its conversation are known. The id is in its path (`{id}`)
/// or in a field; the process is in its path (`{pid}`), in a field, or holds the file locked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claim {
    /// Its place.
    pub(super) file: Place,
    /// The JSON field that holds the id.
    #[serde(default)]
    pub(super) id: Option<String>,
    /// The JSON field that holds the process id.
    #[serde(default)]
    pub(super) pid: Option<String>,
    /// The JSON field that holds the start of the process: clock ticks since boot (also after a
    /// `:`), or what `ps -o lstart` prints in UTC. A file that does not tell the right one is stale.
    #[serde(default)]
    pub(super) start: Option<String>,
    /// The process holds the file open and locked. Of several, the newest counts.
    #[serde(default)]
    pub(super) locked: bool,
    /// Processes that hold a conversation outside of any terminal.
    #[serde(default)]
    pub(super) background: Option<Background>,
    /// It is written for a new conversation, and not for one that is resumed.
    #[serde(default)]
    pub(super) new_only: bool,
}

/// A process that holds a conversation outside of any terminal.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Background {
    /// The record has these fields.
    pub(super) when: BTreeMap<String, String>,
    /// The command with which a person gets at it. `{id}` and `{id8}` stand for the conversation's id
    /// and its first eight characters.
    pub(super) reach: String,
}

/// Where conversations are kept.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Kept {
    /// The transcript, most likely place first; of several in one place the greatest name first.
    pub(super) files: Vec<Place>,
    /// A file is the transcript only if it has a line (a JSON object) with each of these fields.
    /// `{id}` stands for the conversation's id.
    pub(super) lines: Vec<BTreeMap<String, String>>,
    /// Files that list every prompt with its conversation's id: an id that is in none of them was
    /// never prompted.
    pub(super) prompts: Vec<Place>,
    /// Files that exist from the moment a conversation is opened, prompted or not.
    pub(super) opened: Vec<Place>,
    /// Files that exist once something was said in a conversation, and stay when it is deleted: with
    /// one of them it was prompted, whatever the others say.
    pub(super) prompted: Vec<Place>,
    /// Why tabctl cannot look: lower case, without a full stop. Instead of `files`.
    pub(super) unknowable: Option<String>,
    /// What the agent says before it ends, started with the id of a conversation that is gone.
    pub(super) refuses: Option<String>,
    /// Which lines of the transcript are answers. Left out where nobody has looked.
    pub(super) answers: Option<Answers>,
}
