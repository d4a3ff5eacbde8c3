//! Composes what a pane runner is told to run. Must not start anything but `--help` of an agent.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::agents::{self, Spec, Surroundings};
use crate::model::argv::Argv;
use crate::model::plan::{Evidence, Order};
use crate::model::session::{Executable, Launch};
use crate::sys::run;

use super::unbound::Strangers;
use super::{Ctx, launch_hooks};

/// The longest that an agent may take to print its help. Claude needs 0.3 s, node agents up to 2 s; on
/// a machine on which everything starts at once it can be ten times that, and a flag that is left out
/// then is missed for the tab's life.
const HELP_LIMIT: Duration = Duration::from_secs(30);

/// The absolute folder that a tab runs in.
pub fn directory(workspace: &Path, executable: &Executable) -> PathBuf {
    let launched = executable.launch.as_ref().and_then(|launch| launch.directory.as_deref());
    let relative = launched.unwrap_or(&executable.directory);
    // `join` takes an absolute path as it is.
    let joined = workspace.join(relative);
    joined.canonicalize().unwrap_or(joined)
}

/// The variables that decide where an agent keeps its things: the recorded ones over this process's,
/// and flags of the launch over both.
pub fn environment(spec: &Spec, launch: Option<&Launch>) -> BTreeMap<String, String> {
    let mut environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, value)| {
            // Inside a tab, what that tab was given for its hooks is no choice of the person's.
            spec.is_recorded_variable(name) && !spec.is_hook_variable(name, value)
        })
        .collect();
    if let Some(launch) = launch {
        environment.extend(launch.environment.clone());
        environment.extend(spec.variables_in_argv(launch.argv.words()));
    }
    environment
}

/// Where an agent's things are, for a look at its conversations.
pub fn surroundings<'a>(
    ctx: &'a Ctx,
    environment: &'a BTreeMap<String, String>,
    directory: &'a Path,
) -> Surroundings<'a> {
    Surroundings { home: &ctx.paths.home, environment, directory }
}

/// The order to start an agent with `argv`.
pub fn agent(
    ctx: &Ctx,
    spec: &Spec,
    argv: Argv,
    session_id: Option<&str>,
    launch: Option<&Launch>,
    directory: &Path,
) -> Order {
    let mut set = spec.environment().clone();
    set.extend(launch.map(|launch| launch.environment.clone()).unwrap_or_default());
    let environment = environment(spec, launch);
    let order = Order {
        argv,
        set,
        conversation: spec
            .conversation_key(session_id, &surroundings(ctx, &environment, directory)),
        ..shell(ctx, directory)
    };
    launch_hooks::give(ctx, spec, launch, directory, order)
}

/// The order for a shell only.
pub fn shell(ctx: &Ctx, directory: &Path) -> Order {
    Order {
        argv: Argv::default(),
        prompt: Vec::new(),
        directory: directory.display().to_string(),
        set: BTreeMap::new(),
        unset: agents::inherited_markers(ctx.agents()),
        // The multiplexer's server may have been started by something with a poorer PATH.
        path: std::env::var("PATH").ok(),
        conversation: None,
        fork: None,
        resumes: false,
        evidence: Evidence::Nothing,
        greeting: Vec::new(),
        files: Vec::new(),
    }
}

/// The launch record of a command line that ran in `environment`, and the names of the secrets that
/// were left out of it.
pub fn launch(
    spec: &Spec,
    argv: &[String],
    environment: BTreeMap<String, String>,
) -> (Launch, Vec<String>) {
    let (argv, secrets) = spec.without_secrets(argv);
    let binary = find_program(&argv, None).map(|path| path.display().to_string());
    let environment = environment.into_iter().filter(|(name, value)| {
        spec.is_recorded_variable(name) && !spec.is_hook_variable(name, value)
    });
    let environment = environment.collect();
    (Launch { argv, directory: None, environment, binary }, secrets)
}

/// Finds the program of a command line: in `PATH`, else where it was when it was recorded.
pub fn find_program(argv: &Argv, launch: Option<&Launch>) -> Option<PathBuf> {
    let path: Option<OsString> = std::env::var_os("PATH");
    let program = argv.words().first()?;
    run::find_program(program, path.as_deref())
        .or_else(|| {
            let binary = Path::new(launch?.binary.as_deref()?);
            // Another program's place is no place for this one.
            let same = binary.file_name() == Path::new(program).file_name();
            binary.to_str().filter(|_| same).and_then(|binary| run::find_program(binary, None))
        })
        .or_else(|| own_program(program))
}

/// This very program, if it is the one that is looked for: freshly installed, it may stand in no
/// folder of `PATH` yet.
fn own_program(program: &str) -> Option<PathBuf> {
    let own = std::env::current_exe().ok()?;
    (own.file_name()? == program).then_some(own)
}

/// The command line with its program where it was when it was recorded, if `PATH` does not have it.
pub fn found(mut argv: Argv, launch: Option<&Launch>) -> Argv {
    let path: Option<OsString> = std::env::var_os("PATH");
    let is_on_path =
        argv.words().first().is_some_and(|word| run::find_program(word, path.as_deref()).is_some());
    if !is_on_path
        && let Some(place) = find_program(&argv, launch)
        && let Some(program) = argv.0.first_mut()
    {
        *program = place.display().to_string();
    }
    argv
}

/// Asks installed programs which flags they know, each at most once.
#[derive(Default)]
pub struct Helps {
    texts: RefCell<HashMap<PathBuf, String>>,
    /// What else is looked at once for all tabs.
    pub strangers: Strangers,
}

impl Helps {
    /// Whether `program --help` mentions `flag` as a word of its own.
    pub fn mention(&self, program: &Path, flag: &str) -> bool {
        let mut texts = self.texts.borrow_mut();
        let text = texts.entry(program.to_owned()).or_insert_with(|| {
            let mut command = run::command(program);
            command.arg("--help");
            run::capture(command, HELP_LIMIT)
                .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
                .unwrap_or_default()
        });
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
            .any(|word| word == flag)
    }
}
