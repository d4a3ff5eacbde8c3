//! Contradictions in an agent's file that its types cannot rule out.
//! Must not repair anything: a file is used as it is, or left out.

use super::Spec;
use super::install::{self, Install};
use super::place::{Place, Root};
use super::secrets::names_a_secret;
use super::spec::{Claim, IdForm};
use super::template::Template;

/// The first thing that is wrong, for the person who wrote the file.
pub(super) fn problem(spec: &Spec) -> Option<String> {
    kind(&spec.kind)
        .or_else(|| flags(spec))
        .or_else(|| spec.claims.iter().find_map(claim))
        .or_else(|| places(spec))
        .or_else(|| start(spec))
        .or_else(|| spec.instructions.iter().find_map(|name| instructions(name)))
        .or_else(|| spec.install.as_ref().and_then(install::problem))
        .or_else(|| {
            let secret = spec.environment.record.iter().find(|name| names_a_secret(name))?;
            Some(format!("environment.record: `{secret}` looks like a secret"))
        })
}

fn kind(kind: &str) -> Option<String> {
    let good = kind.starts_with(|c: char| c.is_ascii_lowercase())
        && kind.len() <= 32
        && kind.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    (!good).then(|| format!("kind: `{kind}` is not made of lower-case letters, digits and `-`"))
}

/// A flag of which is not known what follows it could not be told from a prompt.
fn flags(spec: &Spec) -> Option<String> {
    let flags = &spec.flags;
    let of_flags: Vec<String> = spec.environment.of_flags.keys().cloned().collect();
    let meanings = [
        ("id", &flags.id),
        ("conversation", &flags.conversation),
        ("fork", &flags.fork),
        ("prompt", &flags.prompt),
        ("once", &flags.once),
        ("privileged", &flags.privileged),
        ("of_flags", &of_flags),
        ("not_when", &spec.recognise.not_when.flags),
        ("add", &spec.start.add),
    ];
    let mut known: Vec<&str> = Vec::new();
    for flag in [&flags.alone, &flags.value, &flags.optional, &flags.many]
        .into_iter()
        .flatten()
        .flat_map(|entry| entry.split('|'))
    {
        if known.contains(&flag) {
            return Some(format!("flags: `{flag}` is listed twice"));
        }
        known.push(flag);
    }
    meanings.iter().find_map(|(meaning, list)| {
        let name = |entry: &str| entry.split(' ').next().unwrap_or(entry).to_owned();
        let stray = list.iter().map(|entry| name(entry)).find(|flag| !flags.knows(flag))?;
        Some(format!("flags: `{stray}` ({meaning}) is in none of alone, value, optional, many"))
    })
}

fn claim(claim: &Claim) -> Option<String> {
    let count = |sources: [bool; 3]| sources.into_iter().filter(|&source| source).count();
    let ids = count([claim.file.has_id(), claim.id.is_some(), false]);
    let pids = count([claim.file.has_pid(), claim.pid.is_some(), claim.locked]);
    (ids != 1 || pids != 1).then(|| {
        "claims: the id comes from the path or a field, the process from the path, a field or a lock"
            .to_owned()
    })
}

fn places(spec: &Spec) -> Option<String> {
    let kept = &spec.transcript;
    let claims = spec.claims.iter().map(|claim| &claim.file);
    let slug = spec.slug.iter().map(|slug| &slug.file);
    let hooks: Vec<&Place> = spec.install.iter().flat_map(Install::places).collect();
    let all = claims.chain(&kept.files).chain(&kept.prompts).chain(&kept.opened);
    let all = all.chain(&kept.prompted).chain(spec.start.keep_setting.iter().map(|it| &it.file));
    let all = all.chain(hooks.iter().copied());
    if spec
        .data
        .iter()
        .any(|place| place.root == Root::Data || place.needs_id() || place.has_slug())
    {
        return Some("data: may hold neither {data} nor {id}, {id8} and {slug}".to_owned());
    }
    if slug.clone().any(|place| place.has_slug() || place.needs_id()) {
        return Some("slug: its file may hold neither {slug} nor {id} and {id8}".to_owned());
    }
    if spec.data.is_empty() && all.clone().chain(slug).any(|place| place.root == Root::Data) {
        return Some("data: {data} is used and not given".to_owned());
    }
    if spec.slug.is_none() && all.clone().any(Place::has_slug) {
        return Some("slug: {slug} is used and not given".to_owned());
    }
    if !kept.files.is_empty() && kept.unknowable.is_some() {
        return Some("transcript: either files or unknowable".to_owned());
    }
    None
}

/// It is written to: nothing but a file of the workspace itself.
fn instructions(name: &str) -> Option<String> {
    let bad = name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', '\0']);
    bad.then(|| format!("instructions: `{name}` is not the name of a file"))
}

fn start(spec: &Spec) -> Option<String> {
    let resume_needs_id = spec.start.resume.as_ref().is_some_and(Template::needs_id);
    if spec.session_id == IdForm::None && (resume_needs_id || spec.start.preset.is_some()) {
        return Some("start: uses an id, and session_id says that there is none".to_owned());
    }
    let start = &spec.start;
    let others = [&start.preset, &start.resume, &start.fork];
    if others.into_iter().flatten().any(Template::has_prompt)
        || start.prompt.as_ref().is_some_and(|prompt| !prompt.has_prompt() || prompt.needs_id())
    {
        return Some("start: {prompt} belongs into `prompt`, and nothing else does".to_owned());
    }
    if spec.program.is_empty() && spec.start.resume.is_some() {
        return Some("program: is missing".to_owned());
    }
    None
}
