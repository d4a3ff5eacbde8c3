//! Gives an agent that tabctl starts its hooks, beside the user's settings and without touching them.
//! Must not override what the person has set, and must never keep an agent from starting.

use std::path::Path;

use anyhow::Result;

use crate::agents::{MARK, Spec};
use crate::model::argv::Argv;
use crate::model::plan::Order;
use crate::model::session::Launch;
use crate::sys::file::{self, Durability};

use super::{Ctx, hooks, order};

/// The order with hooks in it, if they can be given and are not in the user's settings already, and
/// with what they will tell.
pub fn give(
    ctx: &Ctx,
    spec: &Spec,
    launch: Option<&Launch>,
    directory: &Path,
    order: Order,
) -> Order {
    let (mut order, hooked) = given(ctx, spec, launch, directory, order);
    order.evidence = spec.evidence(hooked);
    order
}

/// The order, and whether hooks will be called.
fn given(
    ctx: &Ctx,
    spec: &Spec,
    launch: Option<&Launch>,
    directory: &Path,
    mut order: Order,
) -> (Order, bool) {
    if !ctx.settings.hooks || order.argv.words().is_empty() {
        return (order, false);
    }
    let Ok(tabctl) = hooks::own_program() else { return (order, false) };
    let Some(hooks) = spec.registration(&tabctl) else { return (order, false) };
    let environment = order::environment(spec, launch);
    let around = order::surroundings(ctx, &environment, directory);
    let text = |path: &Path| {
        let path = path.canonicalize().ok()?;
        String::from_utf8(file::read(&path).ok()??).ok()
    };
    // Twice would tell everything twice.
    let files = hooks.files(&around);
    let installed = |path: &std::path::PathBuf| {
        hooks.look(path, text(path).as_deref()).is_ok_and(|look| look.is_complete())
    };
    if !files.is_empty() && files.iter().all(installed) {
        return (order, true);
    }
    let replaced = hooks.replaced_in(&around);
    let theirs = replaced.as_deref().and_then(text);
    let is_set = |name: &str| {
        let value = order.set.get(name).cloned().or_else(|| std::env::var(name).ok());
        value.is_some_and(|value| !value.is_empty() && !spec.is_hook_variable(name, &value))
    };
    // What is there and cannot be read may hold what ours would replace.
    if theirs.is_none() && replaced.is_some_and(|path| path.symlink_metadata().is_ok()) {
        return (order, false);
    }
    let folder = ctx.paths.state.join(MARK).join(spec.kind());
    match hooks.at_launch(order.argv.words(), &folder, &is_set, theirs.as_deref()) {
        Ok(Some(given)) => {
            order.argv = Argv(spec.with_words(order.argv.words(), &given.words));
            order.set.extend(given.set);
            let files = given
                .files
                .into_iter()
                .filter_map(|(name, text)| Some((folder.join(name).to_str()?.to_owned(), text)));
            order.files.extend(files);
            (order, true)
        }
        Ok(None) => (order, false),
        Err(why) => {
            order.greeting.push(why);
            (order, false)
        }
    }
}

/// Writes the files that an order names; each stays as it is if it says the same already.
pub fn write_files(ctx: &Ctx, order: &Order) -> Result<()> {
    for (path, text) in &order.files {
        let path = Path::new(path);
        // An order says what was just composed here; elsewhere nothing is written all the same.
        if !path.starts_with(ctx.paths.state.join(MARK)) {
            continue;
        }
        if file::read(path).ok().flatten().as_deref() == Some(text.as_bytes()) {
            continue;
        }
        let folders: Vec<&Path> = path.ancestors().skip(1).collect();
        let own = folders.into_iter().take_while(|folder| folder.starts_with(&ctx.paths.state));
        for folder in own.collect::<Vec<_>>().into_iter().rev() {
            file::private_dir(folder)?;
        }
        file::write(path, text.as_bytes(), Durability::Ordered)?;
    }
    Ok(())
}
