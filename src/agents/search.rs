//! Finding files at the places that an agent's file names, and reading them with care: they belong
//! to somebody else. Must not write, and must not follow an endless tree.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::Value;

use super::place::{Caught, Pattern, Place, Root, Target, Values};
use super::{Spec, Surroundings};

/// An agent's record of one process or one list of folders is small; a larger file is not one.
const RECORD_BYTES: u64 = 1024 * 1024;

/// As much of a transcript or a prompt history is read as holds any conversation that fits a disk
/// and a person's patience.
const LONG_FILE_BYTES: u64 = 1024 * 1024 * 1024;

/// One search. It ends after a number of folder entries, so that no tree can hold it up.
#[derive(Debug)]
pub(super) struct Search<'a> {
    spec: &'a Spec,
    around: &'a Surroundings<'a>,
    /// The folder that the agent runs in, without links: agents ask the system for it.
    directory: PathBuf,
    slug: Option<String>,
    entries_left: usize,
}

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) path: PathBuf,
    pub(super) caught: Caught,
}

impl<'a> Search<'a> {
    pub(super) fn new(spec: &'a Spec, around: &'a Surroundings<'a>) -> Search<'a> {
        let directory =
            fs::canonicalize(around.directory).unwrap_or_else(|_| around.directory.to_owned());
        let mut search = Search { spec, around, directory, slug: None, entries_left: 100_000 };
        search.slug = search.read_slug();
        search
    }

    /// Whether it was ended early: what was not found may still be there.
    pub(super) fn gave_up(&self) -> bool {
        self.entries_left == 0
    }

    /// The place with everything filled in that is known. `None` if it is nowhere.
    pub(super) fn target(
        &self,
        place: &Place,
        id: Option<&str>,
        pid: Option<u32>,
    ) -> Option<Target> {
        let values =
            Values { id, pid, slug: self.slug.as_deref(), directory: Some(&self.directory) };
        place.below(self.root(&place.root)?, &values)
    }

    fn root(&self, root: &Root) -> Option<PathBuf> {
        Some(match root {
            Root::Home => self.around.home.to_owned(),
            Root::Directory => self.directory.clone(),
            Root::Repository => {
                let repository = self.directory.ancestors().find(|dir| dir.join(".git").exists());
                repository.unwrap_or(&self.directory).to_owned()
            }
            // A relative value is relative to where the agent runs.
            Root::Variable(name) => match self.around.environment.get(name) {
                Some(value) if !value.is_empty() => self.directory.join(value),
                _ => return None,
            },
            Root::Data => return self.data(),
        })
    }

    /// The agent's data folder, whether it is there or not.
    pub(super) fn data(&self) -> Option<PathBuf> {
        // `check.rs` sees to it that a data folder is not defined by itself.
        self.spec.data.iter().find_map(|place| Some(self.target(place, None, None)?.shown()))
    }

    /// The file that holds the agent's names for folders.
    pub(super) fn list_of_slugs(&self) -> Option<PathBuf> {
        Some(self.target(&self.spec.slug.as_ref()?.file, None, None)?.shown())
    }

    fn read_slug(&self) -> Option<String> {
        let slug = self.spec.slug.as_ref()?;
        let folders = record(&self.list_of_slugs()?)?;
        let name = folders.get(&slug.field)?.get(self.directory.to_str()?)?.as_str()?;
        // The name becomes one part of a path: it may not be more than that.
        let is_one_part = !name.is_empty() && !name.contains('/') && name != "." && name != "..";
        is_one_part.then(|| name.to_owned())
    }

    /// Calls `visit` for each file at the place until it breaks. In one folder the greatest name
    /// comes first: where names begin with a date, the newest.
    pub(super) fn find<T>(
        &mut self,
        target: &Target,
        visit: &mut dyn FnMut(Hit) -> ControlFlow<T>,
    ) -> Option<T> {
        match self.walk(&target.root, &target.parts, &Caught::default(), visit) {
            ControlFlow::Break(found) => Some(found),
            ControlFlow::Continue(()) => None,
        }
    }

    fn walk<T>(
        &mut self,
        at: &Path,
        parts: &[Pattern],
        caught: &Caught,
        visit: &mut dyn FnMut(Hit) -> ControlFlow<T>,
    ) -> ControlFlow<T> {
        let Some((first, rest)) = parts.split_first() else {
            if at.exists() {
                return visit(Hit { path: at.to_owned(), caught: caught.clone() });
            }
            return ControlFlow::Continue(());
        };
        if let Some(name) = first.text() {
            return self.walk(&at.join(name), rest, caught, visit);
        }
        for name in self.names(at) {
            let mut caught = caught.clone();
            if first.catch(&name, &mut caught).is_some() {
                self.walk(&at.join(name), rest, &caught, visit)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// The names in a folder, the greatest first; none if it is not one.
    fn names(&mut self, folder: &Path) -> Vec<std::ffi::OsString> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names: Vec<_> =
            entries.take(self.entries_left).map(|entry| entry.file_name()).collect();
        self.entries_left -= names.len();
        names.sort_unstable_by(|a, b| b.cmp(a));
        names
    }
}

/// Opens a file if it is a plain one: a pipe would wait for ever.
fn open(path: &Path) -> Option<fs::File> {
    fs::metadata(path).ok()?.is_file().then(|| fs::File::open(path).ok())?
}

/// A small JSON file. `None` if it is missing, large or something else.
pub(super) fn record(path: &Path) -> Option<Value> {
    serde_json::from_str(&record_text(path)?).ok()
}

/// A small text file. `None` if it is missing, large or no text.
pub(super) fn record_text(path: &Path) -> Option<String> {
    let mut text = String::new();
    open(path)?.take(RECORD_BYTES + 1).read_to_string(&mut text).ok()?;
    (text.len() as u64 <= RECORD_BYTES).then_some(text)
}

/// A top-level field of a record, as text.
pub(super) fn field(record: &Value, name: &str) -> Option<String> {
    match record.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The lines of a long file, one at a time, without their ends.
pub(super) fn lines(path: &Path) -> impl Iterator<Item = Vec<u8>> {
    let file = open(path).map(|file| BufReader::new(file.take(LONG_FILE_BYTES)));
    file.into_iter().flat_map(|file| file.split(b'\n')).map_while(Result::ok)
}

/// When a file was last written.
pub(super) fn written(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// `path` with the home shortened to `~`, for messages.
pub(super) fn short(path: &Path, home: &Path) -> String {
    match path.strip_prefix(home) {
        Ok(rest) => Path::new("~").join(rest).display().to_string(),
        Err(_) => path.display().to_string(),
    }
}
