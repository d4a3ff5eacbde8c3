//! A path as an agent's file writes it: `{data}/projects/{cwd_dashed}/{id}.jsonl`.
//! Must not look at the file system; `search.rs` does.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;

/// A path with variables and wildcards.
///
/// It begins with `~`, `$VARIABLE`, `{data}`, `{directory}` or `{git_root}`. In the parts after it
/// stand plain text, `*` (anything, within one folder's or file's name) and the variables of [`Piece`].
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Place {
    /// What it begins with.
    pub(super) root: Root,
    parts: Vec<Vec<Piece>>,
}

/// What a place begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Root {
    /// `~`: the user's home.
    Home,
    /// `$NAME`: a folder or file named by a variable; nowhere if it is not set.
    Variable(String),
    /// `{data}`: the first of the agent's data folders that is somewhere.
    Data,
    /// `{directory}`: the folder that the agent runs in.
    Directory,
    /// `{git_root}`: the repository that holds it, else the folder itself.
    Repository,
}

/// A piece of one path part.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// `*`
    Any,
    /// `{id}`: the conversation's id.
    Id,
    /// `{id8}`: its first eight characters.
    Id8,
    /// `{pid}`: a process id.
    Pid,
    /// `{cwd_dashed}`: the folder, everything but ASCII letters and digits made a `-`.
    CwdDashed,
    /// `{cwd_slashes_dashed}`: the folder, only each `/` made a `-`.
    CwdSlashesDashed,
    /// `{slug}`: the agent's own name for the folder.
    Slug,
}

/// The values of the variables. What is not known is searched for, where that makes sense.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Values<'a> {
    pub(super) id: Option<&'a str>,
    pub(super) pid: Option<u32>,
    pub(super) slug: Option<&'a str>,
    /// The folder that the agent runs in, without links.
    pub(super) directory: Option<&'a Path>,
}

/// A place whose beginning is known: what is left is text to compare and names to catch.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// The absolute folder that the parts are below.
    pub(super) root: PathBuf,
    /// One pattern for each part of the path below the root.
    pub(super) parts: Vec<Pattern>,
}

/// What the name of one file or folder must look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Bit>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Bit {
    Text(String),
    Any,
    Id,
    Pid,
}

/// What a name told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Caught {
    pub(super) id: Option<String>,
    pub(super) pid: Option<u32>,
}

impl TryFrom<String> for Place {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (first, rest) = text.split_once('/').unwrap_or((&text, ""));
        let root = match first {
            "~" => Root::Home,
            "{data}" => Root::Data,
            "{directory}" => Root::Directory,
            "{git_root}" => Root::Repository,
            _ => match first.strip_prefix('$') {
                Some(name) if !name.is_empty() => Root::Variable(name.to_owned()),
                _ => {
                    return Err(format!(
                        "`{text}` must begin with ~, $VARIABLE, {{data}}, {{directory}} or {{git_root}}"
                    ));
                }
            },
        };
        let parts = rest.split('/').filter(|part| !part.is_empty()).map(pieces);
        Ok(Place { root, parts: parts.collect::<Result<_, _>>()? })
    }
}

/// Cuts one path part into its pieces.
fn pieces(part: &str) -> Result<Vec<Piece>, String> {
    if part == "." || part == ".." {
        return Err(format!("`{part}` has no place in a path that tabctl looks for"));
    }
    let mut pieces = Vec::new();
    let mut rest = part;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('*') {
            pieces.push(Piece::Any);
            rest = after;
        } else if let Some(after) = rest.strip_prefix('{') {
            let (name, after) = after.split_once('}').ok_or(format!("`{part}` lacks a }}"))?;
            pieces.push(variable(name)?);
            rest = after;
        } else {
            let (text, after) = rest.split_at(rest.find(['*', '{']).unwrap_or(rest.len()));
            pieces.push(Piece::Text(text.to_owned()));
            rest = after;
        }
    }
    Ok(pieces)
}

fn variable(name: &str) -> Result<Piece, String> {
    Ok(match name {
        "id" => Piece::Id,
        "id8" => Piece::Id8,
        "pid" => Piece::Pid,
        "cwd_dashed" => Piece::CwdDashed,
        "cwd_slashes_dashed" => Piece::CwdSlashesDashed,
        "slug" => Piece::Slug,
        _ => {
            return Err(format!(
                "{{{name}}} is not a variable: within a path there are id, id8, pid, cwd_dashed, \
                 cwd_slashes_dashed and slug"
            ));
        }
    })
}

impl Place {
    /// Whether the path holds `{id}` in full.
    pub(super) fn has_id(&self) -> bool {
        self.parts.iter().flatten().any(|piece| *piece == Piece::Id)
    }

    /// Whether the path holds anything of the conversation's id.
    pub(super) fn needs_id(&self) -> bool {
        self.has_id() || self.parts.iter().flatten().any(|piece| *piece == Piece::Id8)
    }

    /// Whether the path holds `{pid}`.
    pub(super) fn has_pid(&self) -> bool {
        self.parts.iter().flatten().any(|piece| *piece == Piece::Pid)
    }

    /// Whether the path holds `{slug}`.
    pub(super) fn has_slug(&self) -> bool {
        self.parts.iter().flatten().any(|piece| *piece == Piece::Slug)
    }

    /// The place below `root` with the values filled in. `None` if one is missing that cannot be
    /// searched for.
    pub(super) fn below(&self, root: PathBuf, values: &Values) -> Option<Target> {
        let parts = self.parts.iter().map(|part| {
            part.iter().map(|piece| bit(piece, values)).collect::<Option<Vec<_>>>().map(Pattern)
        });
        Some(Target { root, parts: parts.collect::<Option<_>>()? })
    }
}

fn bit(piece: &Piece, values: &Values) -> Option<Bit> {
    let dashed = |other: fn(char) -> bool| {
        let folder = values.directory?.to_str()?;
        Some(Bit::Text(folder.chars().map(|c| if other(c) { '-' } else { c }).collect()))
    };
    match piece {
        Piece::Text(text) => Some(Bit::Text(text.clone())),
        Piece::Any => Some(Bit::Any),
        Piece::Id => Some(values.id.map_or(Bit::Id, |id| Bit::Text(id.to_owned()))),
        Piece::Id8 => values.id.map(|id| Bit::Text(id.chars().take(8).collect())),
        Piece::Pid => Some(values.pid.map_or(Bit::Pid, |pid| Bit::Text(pid.to_string()))),
        Piece::CwdDashed => dashed(|c| !c.is_ascii_alphanumeric()),
        Piece::CwdSlashesDashed => dashed(|c| c == '/'),
        Piece::Slug => values.slug.map(|slug| Bit::Text(slug.to_owned())),
    }
}

impl Target {
    /// The whole path where nothing is left to search for, else with `*` for what is: for messages.
    pub(super) fn shown(&self) -> PathBuf {
        let mut path = self.root.clone();
        path.extend(self.parts.iter().map(Pattern::shown));
        path
    }

    /// What this path tells, if it is the place.
    pub(super) fn catch(&self, path: &Path) -> Option<Caught> {
        let mut names = path.strip_prefix(&self.root).ok()?.components();
        let mut caught = Caught::default();
        for pattern in &self.parts {
            let Some(Component::Normal(name)) = names.next() else { return None };
            pattern.catch(name, &mut caught)?;
        }
        names.next().is_none().then_some(caught)
    }
}

impl Pattern {
    /// The one name that it stands for, if it is only text.
    pub(super) fn text(&self) -> Option<String> {
        self.0
            .iter()
            .map(|bit| if let Bit::Text(text) = bit { Some(&**text) } else { None })
            .collect()
    }

    fn shown(&self) -> String {
        self.0.iter().map(|bit| if let Bit::Text(text) = bit { text } else { "*" }).collect()
    }

    /// Compares a name with the pattern and adds what it tells to `caught`.
    pub(super) fn catch(&self, name: &OsStr, caught: &mut Caught) -> Option<()> {
        catch(&self.0, name.to_str()?, caught)
    }
}

/// Compares the rest of a name with the rest of a pattern. A catch takes as much as it can.
fn catch(bits: &[Bit], name: &str, caught: &mut Caught) -> Option<()> {
    let Some((first, rest)) = bits.split_first() else { return name.is_empty().then_some(()) };
    if let Bit::Text(text) = first {
        return catch(rest, name.strip_prefix(text.as_str())?, caught);
    }
    let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]).rev();
    for end in ends {
        let (taken, left) = name.split_at(end);
        let mut tried = caught.clone();
        let fits = match first {
            Bit::Id => {
                tried.id = Some(taken.to_owned());
                !taken.is_empty()
            }
            Bit::Pid => {
                tried.pid = taken.parse().ok();
                tried.pid.is_some()
            }
            _ => true,
        };
        if fits && catch(rest, left, &mut tried).is_some() {
            *caught = tried;
            return Some(());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    fn target(place: &str, values: &Values) -> Option<Target> {
        Place::try_from(place.to_owned()).unwrap().below(PathBuf::from("/r"), values)
    }

    #[test]
    fn a_path_is_filled_in_and_the_rest_is_searched_for() {
        let folder = Path::new("/home/me/a.b/ü c");
        let values =
            Values { id: Some("0123456789"), directory: Some(folder), ..Values::default() };
        for (place, path) in [
            ("{data}/{cwd_dashed}/{id}.jsonl", "/r/-home-me-a-b---c/0123456789.jsonl"),
            ("~/{cwd_slashes_dashed}/x", "/r/-home-me-a.b-ü c/x"),
            ("$X/chats/session-*-{id8}.jsonl", "/r/chats/session-*-01234567.jsonl"),
            ("{git_root}", "/r"),
        ] {
            assert_eq!(target(place, &values).unwrap().shown(), Path::new(path), "{place}");
        }
        assert!(target("{data}/{slug}", &values).is_none(), "a slug cannot be guessed");
        assert!(target("{data}/{id8}", &Values::default()).is_none());
    }

    #[test]
    fn what_a_path_leaves_open_is_caught_from_a_real_one() {
        let caught = |place: &str, path: &str| {
            target(place, &Values::default()).unwrap().catch(Path::new(path))
        };
        let hit = caught("{data}/{id}/inuse.{pid}.lock", "/r/ab-1/inuse.42.lock").unwrap();
        assert_eq!((hit.id.as_deref(), hit.pid), (Some("ab-1"), Some(42)));
        assert!(caught("{data}/*/x-*-{id}.l", "/r/d/x-1-2-3.l").is_some());
        for miss in
            ["/r/ab/inuse.x.lock", "/r/inuse.4.lock", "/q/a/inuse.4.lock", "/r/a/inuse.4.lock/b"]
        {
            assert!(caught("{data}/{id}/inuse.{pid}.lock", miss).is_none(), "{miss}");
        }
    }

    #[test]
    fn a_folder_with_a_star_in_its_name_is_no_wildcard() {
        let values = Values { directory: Some(Path::new("/a*b")), ..Values::default() };
        let target = target("{data}/{cwd_slashes_dashed}/f", &values).unwrap();
        assert!(target.catch(Path::new("/r/-aXb/f")).is_none());
        assert!(target.catch(Path::new("/r/-a*b/f")).is_some());
    }

    #[test]
    fn a_path_that_leads_elsewhere_is_refused() {
        for bad in
            ["/etc/passwd", "x/y", "~/../x", "$/x", "{data}/{cwd}", "{id}/x", "~/{id", "~/ü{x}", ""]
        {
            assert!(Place::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
