//! Whether a conversation can be resumed: is its transcript where the agent looks for it.
//! Must not read what was said, only whether it is there and whose it is.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde_json::Value;

use super::place::Place;
use super::search::{Hit, Search, field, lines, written};
use super::spec::Kept;
use super::{Spec, Surroundings, Transcript};
use crate::model::session::is_session_id;

/// As many conversations as a person can have begun; the search ends there.
const MOST_LISTED: usize = 1000;

impl Spec {
    /// Whether the last lines of an agent that ended say that it does not have the conversation.
    pub fn says_gone(&self, screen: &str) -> bool {
        self.transcript.refuses.as_ref().is_some_and(|words| screen.contains(words))
    }

    /// Where the conversation is.
    pub fn transcript(&self, session_id: Option<&str>, around: &Surroundings) -> Transcript {
        let kept = &self.transcript;
        if kept.files.is_empty() {
            let why = kept.unknowable.as_deref().unwrap_or("nothing is known of where it is");
            return Transcript::Unknowable(why.to_owned());
        }
        let id = session_id.filter(|id| is_session_id(id));
        let needs_id = kept.files.iter().any(Place::needs_id);
        if needs_id && id.is_none() {
            return Transcript::Unknowable("the conversation's id is not known".to_owned());
        }
        let mut search = Search::new(self, around);
        let looked_at = match find(kept, id, &mut search) {
            Ok(file) => return Transcript::Present(file),
            Err(places) => places,
        };
        if search.gave_up() {
            return Transcript::Unknowable("there are too many files to look through".to_owned());
        }
        // Without an id nobody tells whether something was ever said in this folder.
        let never = id.filter(|_| needs_id).is_some_and(|id| never_prompted(kept, id, &mut search));
        if never { Transcript::NeverPrompted } else { Transcript::Missing(looked_at) }
    }

    /// The file that a conversation was begun in, whether or not anything was said in it.
    pub fn begun_in(&self, session_id: &str, around: &Surroundings) -> Option<PathBuf> {
        let id = is_session_id(session_id).then_some(session_id)?;
        let mut search = Search::new(self, around);
        self.transcript.files.iter().find_map(|place| {
            let target = search.target(place, Some(id), None)?;
            search.find(&target, &mut |hit| {
                let its_own = self.is_begun(&hit.path, id);
                if its_own { ControlFlow::Break(hit.path) } else { ControlFlow::Continue(()) }
            })
        })
    }

    /// The conversations that are kept where those of this folder are, each with the time of its last
    /// word; not all, where there are very many. Only file names are looked at.
    pub fn conversations(&self, around: &Surroundings) -> Vec<(String, SystemTime)> {
        let mut found = Vec::new();
        let mut search = Search::new(self, around);
        let Some(place) = self.transcript.files.iter().find(|place| place.has_id()) else {
            return found;
        };
        let Some(target) = search.target(place, None, None) else { return found };
        search.find(&target, &mut |hit| {
            if let (Some(id), Some(at)) = (self.named_by(&hit), written(&hit.path)) {
                found.push((id, at));
            }
            if found.len() < MOST_LISTED {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        found
    }

    /// The conversation's id in the name that was found. What stands before it may look like a part
    /// of it, so the longest end that is an id is taken.
    fn named_by(&self, hit: &Hit) -> Option<String> {
        let is_id = |id: &str| is_session_id(id) && self.accepts_id(id);
        if let Some(id) = hit.caught.id.as_deref().filter(|id| is_id(id)) {
            return Some(id.to_owned());
        }
        let name = hit.path.file_stem()?.to_str()?;
        let ends = name.match_indices('-').map(|(at, _)| &name[at + 1..]);
        std::iter::once(name).chain(ends).find(|end| is_id(end)).map(str::to_owned)
    }

    /// Files that a resume of this conversation left behind beside its own, `whole`, and in which
    /// nothing was said; with them there, the agent deletes both.
    pub fn empty_twins(
        &self,
        session_id: &str,
        whole: &Path,
        around: &Surroundings,
    ) -> Vec<PathBuf> {
        let mut twins = Vec::new();
        let mut search = Search::new(self, around);
        for place in self.transcript.files.iter().filter(|_| self.start.empty_twins) {
            let Some(target) = search.target(place, Some(session_id), None) else { continue };
            search.find(&target, &mut |hit| -> ControlFlow<()> {
                let is_other = hit.path != whole && self.is_begun(&hit.path, session_id);
                if is_other && !self.is_whole(&[&hit.path], session_id) {
                    twins.push(hit.path);
                }
                ControlFlow::Continue(())
            });
        }
        twins
    }

    /// Whether a file is this conversation's, as far as it goes.
    pub fn is_begun(&self, file: &Path, session_id: &str) -> bool {
        let names_it = |fields: &&Fields| fields.values().any(|text| text.contains("{id}"));
        has_lines(&[file], self.transcript.lines.iter().filter(names_it), session_id)
    }

    /// Whether files, one behind the other, are this conversation, with something said in it.
    pub fn is_whole(&self, files: &[&Path], session_id: &str) -> bool {
        has_lines(files, self.transcript.lines.iter(), session_id)
    }

    /// What the one process that may have this conversation open has claimed: its id, or, where there
    /// are no ids, the file that it is in.
    pub fn conversation_key(
        &self,
        session_id: Option<&str>,
        around: &Surroundings,
    ) -> Option<String> {
        if self.has_ids() {
            return session_id.map(|id| format!("{}.{id}", self.kind()));
        }
        let search = Search::new(self, around);
        let mut places = self.transcript.files.iter();
        let target = places.find_map(|place| search.target(place, None, None))?;
        Some(format!("{}.{}", self.kind(), target.shown().display()))
    }
}

/// The fields that a line must have.
type Fields = BTreeMap<String, String>;

/// The transcript, or the places where it is not.
fn find(kept: &Kept, id: Option<&str>, search: &mut Search) -> Result<PathBuf, Vec<PathBuf>> {
    let mut looked_at = Vec::new();
    for place in &kept.files {
        let Some(target) = search.target(place, id, None) else {
            // The agent has no name for this folder: its list of names is what was looked at.
            looked_at.extend(search.list_of_slugs().filter(|_| place.has_slug()));
            continue;
        };
        let found = search.find(&target, &mut |hit| {
            let whole = has_lines(&[&hit.path], kept.lines.iter(), id.unwrap_or_default());
            if whole { ControlFlow::Break(hit.path) } else { ControlFlow::Continue(()) }
        });
        if let Some(file) = found {
            return Ok(file);
        }
        looked_at.push(target.shown());
    }
    Err(looked_at)
}

/// Whether files, one behind the other, have for each of these a line with these fields.
fn has_lines<'a>(files: &[&Path], wanted: impl Iterator<Item = &'a Fields>, id: &str) -> bool {
    let mut left: Vec<_> = wanted.collect();
    if left.is_empty() {
        return files.iter().all(|file| file.is_file());
    }
    files.iter().flat_map(|file| lines(file)).any(|line| {
        if let Ok(line) = serde_json::from_slice::<Value>(&line) {
            left.retain(|fields| {
                !fields.iter().all(|(name, text)| {
                    field(&line, name).is_some_and(|value| value == text.replace("{id}", id))
                })
            });
        }
        left.is_empty()
    })
}

/// Whether the agent's own records say so: the conversation was opened, and no prompt of it is in
/// the histories. Where it keeps none of these, or where its data folder is not, they say nothing.
fn never_prompted(kept: &Kept, id: &str, search: &mut Search) -> bool {
    let no_records = kept.prompts.is_empty() && kept.opened.is_empty();
    if no_records || !search.data().is_some_and(|data| data.is_dir()) {
        return false;
    }
    let mut is_one_there = |places: &[Place]| {
        places.iter().any(|place| {
            let target = search.target(place, Some(id), None);
            target.is_some_and(|target| search.find(&target, &mut ControlFlow::Break).is_some())
        })
    };
    let opened = kept.opened.is_empty() || is_one_there(&kept.opened);
    opened
        && !is_one_there(&kept.prompted)
        && kept.prompts.iter().all(|place| {
            let Some(target) = search.target(place, Some(id), None) else { return false };
            let prompted = search.find(&target, &mut |hit| {
                if mentions(&hit.path, id) {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            });
            prompted.is_none() && !search.gave_up()
        })
}

/// Whether a history names the id. In JSON text an id that was typed stands between escaped quotes,
/// so that `"id"` is only found where the agent wrote it.
fn mentions(history: &Path, id: &str) -> bool {
    let quoted = format!("\"{id}\"");
    lines(history).any(|line| line.windows(quoted.len()).any(|part| part == quoted.as_bytes()))
}
