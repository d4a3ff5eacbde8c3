//! A person's approval of what a session file can run. Must never be given by an agent or a script.

use anyhow::Result;
use serde::Serialize;

use crate::error::{Fault, Kind};
use crate::model::session::Executable;
use crate::store::{Loaded, Standing, Trust};

use super::actor::Actor;
use super::{Ctx, order};

/// What is to be approved.
#[derive(Debug, Serialize)]
pub struct Question {
    /// The command that `resume` would run, one element a line when it is shown.
    pub argv: Vec<String>,
    /// The command that starts a new conversation where that is another one: never prompted, `--fresh`.
    pub first: Option<Vec<String>>,
    /// Where the program is taken from if it is not in `PATH`.
    pub binary: Option<String>,
    /// The folder it would run in.
    pub directory: String,
    /// Its variables.
    pub environment: Vec<(String, String)>,
    /// The flags among both that skip permissions or load other configuration.
    pub privileged: Vec<String>,
    /// What is different from the last approved version: field, then, now.
    pub changes: Vec<(String, String, String)>,
    /// The file is tracked by git: it came, or can come, with a pull.
    pub tracked: bool,
}

/// What `tab` would run, for a person to look at.
pub fn question(ctx: &Ctx, tab: &Loaded) -> Result<Question> {
    if let Standing::Copy { of } = &tab.standing {
        return Err(Fault::new(
            Kind::NotTrusted,
            format!(
                "this is a copy of {}: its conversation belongs to that tab",
                ctx.paths.short(of)
            ),
        )
        .hint("`tabctl new NAME` makes a tab of its own here")
        .into());
    }
    let executable = tab.session.executable();
    let launch = executable.launch.as_ref();
    let written = executable.resume.clone().or_else(|| launch.map(|launch| launch.argv.clone()));
    let argv = match (&written, &executable.kind) {
        (Some(argv), _) => argv.words().to_vec(),
        (None, Some(kind)) => {
            let spec = ctx.agents().get(kind)?;
            let folder = order::directory(&tab.workspace, &executable);
            let id = executable.session_id.as_deref();
            spec.resume_argv(id, None, &folder, &|_| false)
                .map(|argv| argv.words().to_vec())
                .unwrap_or_default()
        }
        (None, None) => Vec::new(),
    };
    let spec = executable.kind.as_deref().and_then(|kind| ctx.agents().get(kind).ok());
    let first = launch.map(|launch| launch.argv.words().to_vec());
    let first = first.filter(|words| !words.is_empty() && *words != argv);
    let all = [argv.as_slice(), first.as_deref().unwrap_or_default()].concat();
    let privileged = spec.map(|spec| spec.privileged(&all)).unwrap_or_default();
    let privileged = privileged.into_iter().map(str::to_owned).collect();
    Ok(Question {
        privileged,
        first,
        binary: launch.and_then(|launch| launch.binary.clone()),
        directory: order::directory(&tab.workspace, &executable).display().to_string(),
        environment: launch
            .map(|l| l.environment.clone().into_iter().collect())
            .unwrap_or_default(),
        changes: changes(tab, &executable),
        tracked: ctx.store.is_tracked(&tab.file),
        argv,
    })
}

fn changes(tab: &Loaded, now: &Executable) -> Vec<(String, String, String)> {
    let Trust::Changed(then) = &tab.trust else { return Vec::new() };
    let fields = |executable: &Executable| -> serde_json::Map<String, serde_json::Value> {
        match serde_json::to_value(executable) {
            Ok(serde_json::Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        }
    };
    let (then, now) = (fields(then), fields(now));
    now.iter()
        .filter_map(|(field, value)| {
            let old = then.get(field).cloned().unwrap_or_default();
            (old != *value).then(|| (field.clone(), old.to_string(), value.to_string()))
        })
        .collect()
}

/// Records the approval. The caller has shown the [`Question`] to a person, who said yes.
pub fn approve(ctx: &Ctx, tab: &Loaded) -> Result<()> {
    Actor::of_this_process(ctx).must_be_person("approve what a session file runs")?;
    let registered = match tab.standing {
        Standing::Known => tab.clone(),
        _ => ctx.store.register(&tab.file)?,
    };
    // The file may have changed while the person was reading: what was shown is what is approved.
    if registered.session.executable() != tab.session.executable() {
        return Err(Fault::new(Kind::NotTrusted, "the file changed while you were reading it")
            .hint("run `tabctl trust` again")
            .into());
    }
    ctx.store.trust(&registered, "tabctl trust")
}
