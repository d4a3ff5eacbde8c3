//! tabctl's hook in a YAML settings file: a top-level key with a command line, and what it needs.
//! Must not touch a key that the person has set.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::merge::Refusal;
use super::spec::Install;
use super::words::is_ours;
use super::{Look, json::Wrong};

type Settings = BTreeMap<String, Json>;

/// What of ours is in the file.
pub(super) fn look(
    install: &Install,
    text: Option<&str>,
    command: &str,
    kind: &str,
) -> Result<Look, Refusal> {
    let settings = read(text.unwrap_or_default())?;
    let key = key(install);
    let some = settings.get(&key).and_then(Json::as_str).is_some_and(|it| is_ours(it, kind));
    let complete = settings.get(&key).and_then(Json::as_str) == Some(command)
        && install.root.iter().all(|(name, value)| settings.get(name) == Some(value));
    Ok(Look {
        missing: if some { Vec::new() } else { vec![key.clone()] },
        wrong: if some && !complete { vec![key.clone()] } else { Vec::new() },
        some,
        others: usize::from(settings.contains_key(&key) && !some),
    })
}

/// The file with our command at its end.
pub(super) fn with(
    install: &Install,
    text: Option<&str>,
    command: &str,
    kind: &str,
) -> Result<String, Refusal> {
    let clean = without(install, text.unwrap_or_default(), kind)?;
    let (before, key) = (read(&clean)?, key(install));
    if before.contains_key(&key) {
        return Err(Refusal::Form(format!("`{key}` is set already, to another command")));
    }
    let mut added = Settings::new();
    for (name, value) in &install.root {
        match before.get(name) {
            None => _ = added.insert(name.clone(), value.clone()),
            Some(set) if set == value => {}
            Some(_) => return Err(Refusal::Form(format!("`{name}` is set otherwise"))),
        }
    }
    added.insert(key, Json::from(command));
    let line_end = if clean.contains("\r\n") { "\r\n" } else { "\n" };
    let mut new = clean.clone();
    if !new.is_empty() && !new.ends_with('\n') {
        new.push_str(line_end);
    }
    for (name, value) in &added {
        new.extend([name, ": ", &value.to_string(), line_end]);
    }
    let expected: Settings = before.into_iter().chain(added).collect();
    if read(&new).is_ok_and(|now| now == expected) { Ok(new) } else { Err(unsure()) }
}

/// The file without our command, and without what it needed if that stands beside it.
pub(super) fn without(install: &Install, text: &str, kind: &str) -> Result<String, Refusal> {
    let mut settings = read(text)?;
    let key = key(install);
    if !settings.get(&key).and_then(Json::as_str).is_some_and(|it| is_ours(it, kind)) {
        return Ok(text.to_owned());
    }
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let Some(at) = lines.iter().position(|line| line.starts_with(&format!("{key}:"))) else {
        return Err(unsure());
    };
    lines.remove(at);
    settings.remove(&key);
    for (name, value) in &install.root {
        let line = format!("{name}: {value}");
        let beside = [at.checked_sub(1), Some(at)].into_iter().flatten();
        let beside =
            beside.into_iter().find(|at| lines.get(*at).is_some_and(|it| it.trim_end() == line));
        if let Some(at) = beside {
            lines.remove(at);
            settings.remove(name);
        }
    }
    let new = lines.concat();
    if read(&new).is_ok_and(|now| now == settings) { Ok(new) } else { Err(unsure()) }
}

fn key(install: &Install) -> String {
    install.entry.keys().next().cloned().unwrap_or_default()
}

fn read(text: &str) -> Result<Settings, Refusal> {
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    if text.trim_start_matches('\u{feff}').lines().all(blank) {
        return Ok(Settings::new());
    }
    serde_yaml::from_str(text).map_err(|error| {
        let place = error.location();
        let number = |n: Option<u64>| n.and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
        Refusal::Broken(Wrong {
            line: number(place.map(|place| place.line())),
            column: number(place.map(|place| place.column())),
            why: "not YAML with one value for each name",
        })
    })
}

fn unsure() -> Refusal {
    Refusal::Form("it could not be changed without touching something else".to_owned())
}
