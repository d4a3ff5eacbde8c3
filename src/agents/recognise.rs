//! Which agent a command line is, and where its own arguments begin.
//! Must not look at processes: it is given command lines, and a process's `comm` lies.

use std::path::Path;

use super::Spec;
use super::spec::Positionals;
use super::words::Item;

/// Something that starts another program: its words, the flags that take a value, what it starts.
struct Starter {
    words: &'static [&'static str],
    value_flags: &'static [&'static str],
    /// How many words stand between its flags and what it starts: a container, a folder, a time.
    operands: usize,
    starts: Starts,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Starts {
    /// A program, itself perhaps such a starter.
    Command,
    /// A package or a program of one.
    Package,
    /// A script.
    Script,
}

const fn starter(
    words: &'static [&'static str],
    value_flags: &'static [&'static str],
    starts: Starts,
) -> Starter {
    Starter { words, value_flags, operands: 0, starts }
}

/// One that is told where, or how long, before what.
const fn starter_in(
    words: &'static [&'static str],
    value_flags: &'static [&'static str],
) -> Starter {
    Starter { words, value_flags, operands: 1, starts: Starts::Command }
}

const PACKAGE_FLAGS: &[&str] = &["-p", "--package", "--from", "--with", "--python", "--spec", "-c"];
const SCRIPT_FLAGS: &[&str] = &["-r", "--require", "--import", "--loader", "-C", "-X", "-W"];

const SUDO_FLAGS: &[&str] = &[
    "-C",
    "--close-from",
    "-D",
    "--chdir",
    "-g",
    "--group",
    "-h",
    "--host",
    "-p",
    "--prompt",
    "-R",
    "--chroot",
    "-r",
    "--role",
    "-T",
    "--command-timeout",
    "-t",
    "--type",
    "-U",
    "--other-user",
    "-u",
    "--user",
];
const CONTAINER_FLAGS: &[&str] =
    &["--detach-keys", "-e", "--env", "--env-file", "--index", "-u", "--user", "-w", "--workdir"];

/// Longer ones before their beginnings.
const STARTERS: &[Starter] = &[
    starter(&["env"], &["-u", "--unset", "-C", "--chdir"], Starts::Command),
    starter(&["command"], &[], Starts::Command),
    starter(&["exec"], &["-a"], Starts::Command),
    starter(&["nohup"], &[], Starts::Command),
    starter(&["nice"], &["-n", "--adjustment"], Starts::Command),
    starter(&["ionice"], &["-c", "--class", "-n", "--classdata"], Starts::Command),
    starter(&["sudo"], SUDO_FLAGS, Starts::Command),
    starter(&["doas"], &["-C", "-u"], Starts::Command),
    // The client in the pane: what runs in the container is no child of it.
    starter_in(&["docker", "exec"], CONTAINER_FLAGS),
    starter_in(&["docker", "container", "exec"], CONTAINER_FLAGS),
    starter_in(&["docker", "compose", "exec"], CONTAINER_FLAGS),
    starter_in(&["podman", "exec"], CONTAINER_FLAGS),
    starter_in(&["timeout"], &["-k", "--kill-after", "-s", "--signal"]),
    starter_in(&["direnv", "exec"], &[]),
    starter(&["mise", "exec"], &["-C", "--cd"], Starts::Command),
    starter(&["time"], &[], Starts::Command),
    starter(&["setsid"], &[], Starts::Command),
    starter(&["stdbuf"], &["-i", "-o", "-e"], Starts::Command),
    starter(&["caffeinate"], &["-t", "-w"], Starts::Command),
    starter(&["npx"], PACKAGE_FLAGS, Starts::Package),
    starter(&["npm", "exec"], PACKAGE_FLAGS, Starts::Package),
    starter(&["pnpm", "dlx"], PACKAGE_FLAGS, Starts::Package),
    starter(&["pnpm", "exec"], PACKAGE_FLAGS, Starts::Package),
    starter(&["pnpx"], PACKAGE_FLAGS, Starts::Package),
    starter(&["yarn", "dlx"], PACKAGE_FLAGS, Starts::Package),
    starter(&["bunx"], PACKAGE_FLAGS, Starts::Package),
    starter(&["bun", "x"], PACKAGE_FLAGS, Starts::Package),
    starter(&["uvx"], PACKAGE_FLAGS, Starts::Package),
    starter(&["uv", "tool", "run"], PACKAGE_FLAGS, Starts::Package),
    starter(&["uv", "run"], PACKAGE_FLAGS, Starts::Package),
    starter(&["pipx", "run"], PACKAGE_FLAGS, Starts::Package),
    starter(&["node"], SCRIPT_FLAGS, Starts::Script),
    starter(&["nodejs"], SCRIPT_FLAGS, Starts::Script),
    starter(&["bun", "run"], SCRIPT_FLAGS, Starts::Script),
    starter(&["bun"], SCRIPT_FLAGS, Starts::Script),
    starter(&["deno", "run"], SCRIPT_FLAGS, Starts::Script),
    starter(&["deno"], SCRIPT_FLAGS, Starts::Script),
    starter(&["python"], SCRIPT_FLAGS, Starts::Script),
];

/// The word of a command line that names the program, and what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Program<'a> {
    /// The word.
    pub(super) word: &'a str,
    /// How many words start it: it and all before it.
    pub(super) start: usize,
    /// It was not the first word: an interpreter or a package runner starts it.
    behind: bool,
}

/// The last part of a path, without `.exe`: some packages call a Linux binary that.
fn base_name(word: &str) -> &str {
    let name = word.rsplit('/').next().unwrap_or(word);
    name.strip_suffix(".exe").unwrap_or(name)
}

/// Whether a word sets a variable for the program behind it: `NAME=value`.
pub(super) fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// The program of a command line, behind all that only starts it. `None` if there is none.
pub(super) fn program(argv: &[String]) -> Option<Program<'_>> {
    let mut at = argv.iter().position(|word| !is_assignment(word))?;
    // A word that only a shell could take for a program: `env` would take it for a flag.
    if argv[at].starts_with('-') {
        return None;
    }
    loop {
        let Some(starter) = STARTERS.iter().find(|starter| starter.begins(&argv[at..])) else {
            return Some(Program { word: &argv[at], start: at + 1, behind: false });
        };
        let found = starter.skip(argv, at);
        match (starter.starts, found) {
            (Starts::Command, Some(next)) => at = next,
            // The bare starter: a program by itself, and nobody's.
            (_, None) => return Some(Program { word: &argv[at], start: at + 1, behind: false }),
            (starts, Some(next)) => {
                let separated = starts == Starts::Package
                    && argv.get(next + 1).is_some_and(|word| word == "--");
                let start = next + 1 + usize::from(separated);
                return Some(Program { word: &argv[next], start, behind: true });
            }
        }
    }
}

impl Starter {
    fn begins(&self, words: &[String]) -> bool {
        let Some((first, rest)) = words.split_first() else { return false };
        let name = base_name(first);
        let named = match self.words[0] {
            "python" => name
                .strip_prefix("python")
                .is_some_and(|version| version.chars().all(|c| c.is_ascii_digit() || c == '.')),
            own => name == own,
        };
        named
            && rest.len() >= self.words.len() - 1
            && rest.iter().zip(&self.words[1..]).all(|(a, b)| a == b)
    }

    /// Whether the next word is a flag's value: also of the last of several letters, `-iu`.
    fn takes_value(&self, flag: &str) -> bool {
        let is_known = |letter: char| self.value_flags.contains(&format!("-{letter}").as_str());
        let letters = flag.strip_prefix('-').filter(|letters| !letters.starts_with('-'));
        let of_several = |letters: &str| {
            // `-ume` is `-u me`.
            let (mut all, more) = (letters.chars(), letters.chars().count() > 1);
            more && !all.next().is_some_and(is_known) && all.next_back().is_some_and(is_known)
        };
        let joined = self.starts == Starts::Command && letters.is_some_and(of_several);
        self.value_flags.contains(&flag) || joined
    }

    /// Where the word is that it starts; `None` if it starts none (inline code, no words left).
    fn skip(&self, argv: &[String], at: usize) -> Option<usize> {
        let mut at = at + self.words.len();
        let mut operands = self.operands;
        loop {
            let word = argv.get(at)?;
            match word.as_str() {
                "--" => return (at + 1 < argv.len()).then_some(at + 1),
                "-m" if self.starts == Starts::Script => return argv.get(at + 1).map(|_| at + 1),
                "-e" | "--eval" | "-p" | "--print" | "-c" if self.starts == Starts::Script => {
                    return None;
                }
                flag if self.takes_value(flag) => at += 2,
                flag if flag.starts_with('-') => at += 1,
                other if self.starts == Starts::Command && is_assignment(other) => at += 1,
                _ if operands > 0 => {
                    operands -= 1;
                    at += 1;
                }
                _ => return Some(at),
            }
        }
    }
}

/// Whether a word names a package (`name@1.2`, `@scope/name`, `npm:name`) and not a path.
fn is_package(word: &str) -> bool {
    word.starts_with('@') || word.starts_with("npm:") || !word.contains('/')
}

/// A package without its version: `@scope/name@1.2` and `name==1.2` are `@scope/name` and `name`.
fn without_version(package: &str) -> &str {
    let package = package.strip_prefix("npm:").unwrap_or(package);
    let package = package.split("==").next().unwrap_or(package);
    match package.rfind('@') {
        Some(at) if at > 0 => &package[..at],
        _ => package,
    }
}

impl Spec {
    /// Whether the program is this agent's.
    pub(super) fn owns(&self, program: &Program, argv: &[String]) -> bool {
        let named = |name: &str| {
            !name.is_empty()
                && (name == self.program || self.recognise.names.iter().any(|own| own == name))
        };
        let name = base_name(program.word);
        if program.behind && is_package(program.word) {
            let package = without_version(program.word);
            return named(package) || self.recognise.packages.iter().any(|own| own == package);
        }
        if named(name) || program.behind && self.in_package(program.word) {
            return true;
        }
        let inserted = &argv[program.start..program.start + self.inserted(&argv[program.start..])];
        self.recognise.shared_names.iter().any(|own| own == name)
            && inserted.iter().any(|word| self.in_package(word))
    }

    /// Whether a process with this command line is this agent itself, in whatever job. What a
    /// package runner shows (`npx NAME`) is not: the agent is below it.
    pub fn is_process(&self, argv: &[String]) -> bool {
        program(argv).is_some_and(|program| {
            !(program.behind && is_package(program.word)) && self.owns(&program, argv)
        })
    }

    /// Whether a process of this agent holds a conversation in a terminal, and is not a one-shot run
    /// or a helper.
    pub fn converses(&self, argv: &[String]) -> bool {
        self.own_arguments(argv).is_some_and(|arguments| self.is_conversation(arguments))
    }

    /// Whether `inner`, which `outer` has started, is the same agent a second time: with the same
    /// arguments, or the helper that its file names. Else it was started as a tool.
    pub fn is_one_with(&self, outer: &[String], inner: &[String]) -> bool {
        let Some(arguments) = self.own_arguments(inner) else { return false };
        self.own_arguments(outer) == Some(arguments)
            || arguments.first().is_some_and(|word| self.recognise.helpers.contains(word))
    }

    /// The arguments that are the agent's own.
    fn own_arguments<'a>(&self, argv: &'a [String]) -> Option<&'a [String]> {
        let rest = &argv[program(argv)?.start..];
        Some(&rest[self.inserted(rest)..])
    }

    /// Whether a path leads into one of the agent's packages.
    fn in_package(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('/').collect();
        self.recognise.packages.iter().any(|package| {
            let package: Vec<&str> = package.split('/').collect();
            parts.len() > package.len()
                && parts.windows(package.len()).any(|window| window == package)
        })
    }

    /// How many of the first arguments the agent's own start script put there.
    pub(super) fn inserted(&self, args: &[String]) -> usize {
        let own = |word: &&String| {
            self.recognise.inserted.iter().any(|own| own == *word || Path::new(word).ends_with(own))
        };
        args.iter().take_while(own).count()
    }

    /// Whether a command line of this agent is a conversation in a terminal.
    pub(super) fn is_conversation(&self, args: &[String]) -> bool {
        let reading = self.read_arguments(args);
        let other = |item: &Item| self.flags.is_one(item, &self.recognise.not_when.flags);
        if reading.items.iter().any(other) || (self.recognise.needs_base && reading.base.is_none())
        {
            return false;
        }
        match reading.items.iter().find_map(Item::word) {
            _ if reading.subcommand.is_some() => true,
            None => true,
            Some(_) if self.positionals == Positionals::OneShot => false,
            Some(word) => !self.recognise.not_when.first_word.iter().any(|other| other == word),
        }
    }
}
