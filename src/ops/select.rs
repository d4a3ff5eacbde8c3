//! From what a person typed to the tab that is meant. Must not guess: two candidates are an error.

use std::path::Path;

use anyhow::Result;

use crate::error::{Fault, Kind, kind_of};
use crate::model::id::TabId;
use crate::model::name;
use crate::model::row::Known;
use crate::store::{Loaded, Standing, Trust};

use super::Ctx;

/// Reads the tab that `typed` names: a tab's name, its id, a session file, or a folder with one tab.
/// Without it, the tab one stands in.
pub fn tab(ctx: &Ctx, typed: Option<&str>) -> Result<Loaded> {
    match typed {
        Some(typed) => named(ctx, typed),
        None => here(ctx),
    }
}

/// Like [`tab`] for several; none typed means all registered tabs.
pub fn tabs(ctx: &Ctx, typed: &[String]) -> Result<Vec<Known>> {
    let all = ctx.store.all()?;
    if typed.is_empty() {
        return Ok(all);
    }
    let mut chosen: Vec<Known> = Vec::new();
    for word in typed {
        let id = if let Some(known) = find(ctx, &all, word)? {
            known.session.id
        } else {
            let tab = named(ctx, word)?;
            must_not_be_a_copy(ctx, &tab)?;
            tab.session.id
        };
        if chosen.iter().any(|known| known.session.id == id) {
            continue;
        }
        let known = all.iter().find(|known| known.session.id == id).cloned();
        chosen.push(known.ok_or_else(|| unregistered(word))?);
    }
    Ok(chosen)
}

/// Refuses a copied session file where its id would reach the tab that it was copied from.
pub fn must_not_be_a_copy(ctx: &Ctx, tab: &Loaded) -> Result<()> {
    let Standing::Copy { of } = &tab.standing else { return Ok(()) };
    let (file, of) = (ctx.paths.short(&tab.file), ctx.paths.short(of));
    Err(Fault::new(Kind::NotTrusted, format!("{file} is a copy of {of}: it is no tab of its own"))
        .hint("`tabctl note`, or any other change of it, makes it one; or take the file away")
        .into())
}

/// Like [`tab`]; where its file or folder cannot be used any more, what is remembered of it. For
/// verbs that need nothing else of it: they end something, or only look.
pub fn tab_or_remembered(ctx: &Ctx, typed: Option<&str>) -> Result<Loaded> {
    match tab(ctx, typed) {
        Err(error) if matches!(kind_of(&error), Kind::NotFound | Kind::BadFile) => {
            remembered(ctx, typed).ok_or(error)
        }
        other => other,
    }
}

fn remembered(ctx: &Ctx, typed: Option<&str>) -> Option<Loaded> {
    let all = ctx.store.all().ok()?;
    let known = if let Some(typed) = typed {
        find(ctx, &all, typed).ok()??
    } else {
        let id = standing_in(ctx)?;
        all.iter().find(|known| known.session.id == id)?
    };
    Some(Loaded {
        file: known.file.clone().into(),
        workspace: known.workspace.clone().into(),
        session: known.session.clone(),
        standing: Standing::Known,
        trust: Trust::Never,
        in_file: None,
    })
}

fn unregistered(word: &str) -> Fault {
    Fault::new(
        Kind::NotFound,
        format!("the session file of '{}' is not registered", name::shown(word)),
    )
    .hint("look at it and run `tabctl trust` in its folder")
}

/// The tab of this id, else of this name. An id comes first: a file may call its tab by another's.
/// A file that came from elsewhere may also take a name that is in use: then nobody is meant.
fn find<'a>(ctx: &Ctx, all: &'a [Known], typed: &str) -> Result<Option<&'a Known>> {
    if let Some(known) = all.iter().find(|known| known.session.id.to_string() == typed) {
        return Ok(Some(known));
    }
    let mut called = all.iter().filter(|known| known.session.tab == typed);
    let (first, second) = (called.next(), called.next());
    let (Some(one), Some(other)) = (first, second) else { return Ok(first) };
    let place = |known: &Known| ctx.paths.short(Path::new(&known.workspace));
    let tab = name::shown(typed);
    Err(Fault::new(
        Kind::Clash,
        format!("two tabs are called '{tab}', in {} and in {}", place(one), place(other)),
    )
    .hint("`tabctl rename FOLDER NAME` gives one of them another name")
    .into())
}

fn named(ctx: &Ctx, typed: &str) -> Result<Loaded> {
    let all = ctx.store.all()?;
    if let Some(known) = find(ctx, &all, typed)? {
        return ctx.store.load_id(known.session.id);
    }
    let path = Path::new(typed);
    if path.is_dir() {
        return in_folder(ctx, path)?.ok_or_else(|| {
            Fault::new(Kind::NotFound, format!("no tab in the folder {typed}"))
                .hint(format!("`tabctl new NAME --dir {typed}` makes one"))
                .into()
        });
    }
    if path.extension().is_some_and(|end| end == "yaml") && path.exists() {
        return ctx.store.load(path);
    }
    Err(unknown(typed, &all).into())
}

fn unknown(typed: &str, all: &[Known]) -> Fault {
    let mut near: Vec<(usize, &str)> = all
        .iter()
        .map(|known| (strsim::damerau_levenshtein(typed, &known.session.tab), &*known.session.tab))
        .filter(|(distance, tab)| *distance <= 3 || tab.contains(typed))
        .collect();
    near.sort_unstable();
    let near: Vec<String> =
        near.iter().take(3).map(|(_, tab)| format!("'{}'", name::shown(tab))).collect();
    let hint = match (near.is_empty(), all.is_empty()) {
        (false, _) => format!("did you mean {}?", near.join(" or ")),
        (true, true) => "there are no tabs yet; `tabctl new NAME` makes one".to_owned(),
        (true, false) => "`tabctl ls` shows the tabs there are".to_owned(),
    };
    Fault::new(Kind::NotFound, format!("no tab is called '{}'", name::shown(typed))).hint(hint)
}

/// The tab one stands in: by the variable that the runner sets, by the pane's mark, by the folder.
fn here(ctx: &Ctx) -> Result<Loaded> {
    if let Some(id) = standing_in(ctx) {
        return ctx.store.load_id(id);
    }
    let cwd = std::env::current_dir()?;
    for folder in cwd.ancestors() {
        if let Some(loaded) = in_folder(ctx, folder)? {
            return Ok(loaded);
        }
        if folder == ctx.paths.home {
            break;
        }
    }
    Err(Fault::new(Kind::NotFound, "you are not in a tab, and this folder has none")
        .hint("name one (`tabctl ls` shows them), or make one with `tabctl new NAME`")
        .into())
}

/// The registered tab whose pane this process runs in.
pub fn standing_in(ctx: &Ctx) -> Option<TabId> {
    let set: Option<TabId> = std::env::var("TABCTL_TAB").ok().and_then(|id| id.parse().ok());
    if let Some(id) = set.filter(|id| ctx.store.is_registered(*id)) {
        return Some(id);
    }
    let here = ctx.engine().here()?;
    let panes = ctx.engine().panes().ok()?;
    let marked = panes.into_iter().find(|pane| pane.id == here)?.tab?;
    ctx.store.is_registered(marked).then_some(marked)
}

fn in_folder(ctx: &Ctx, folder: &Path) -> Result<Option<Loaded>> {
    let files = ctx.store.files_in(folder);
    match files.as_slice() {
        [] => Ok(None),
        [file] => ctx.store.load(file).map(Some),
        several => {
            let names: Vec<String> = several
                .iter()
                .filter_map(|file| ctx.store.load(file).ok())
                .map(|loaded| name::shown(&loaded.session.tab))
                .collect();
            Err(Fault::new(
                Kind::Usage,
                format!("{} holds {} tabs", ctx.paths.short(folder), several.len()),
            )
            .hint(format!("name one: {}", names.join(", ")))
            .into())
        }
    }
}
