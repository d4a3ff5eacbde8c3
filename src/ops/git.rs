//! Questions to git about a folder. Must only read, must not let the repository start anything, and
//! must not take long, however large the repository is.

use std::cell::OnceCell;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::sys::run;

/// The longest that all questions about one folder may take.
const LIMIT: Duration = Duration::from_secs(2);

/// Questions about one folder, with one limit for all.
pub struct Git<'a> {
    folder: &'a Path,
    deadline: Instant,
    filters: OnceCell<Option<Vec<String>>>,
}

/// What git answered.
#[derive(Debug, PartialEq)]
pub enum Answer {
    /// This, and nothing went wrong.
    Said(Vec<u8>),
    /// No repository, no commit, no git.
    Nothing,
    /// It did not come in time.
    TooSlow,
}

impl<'a> Git<'a> {
    /// Git about this folder, and whatever is below it.
    pub fn of(folder: &'a Path) -> Git<'a> {
        Git { folder, deadline: Instant::now() + LIMIT, filters: OnceCell::new() }
    }

    /// Asks one thing. Git looks into a file that is as old as its index even where its date would do,
    /// and passes it through the filter that the repository names for it: those are taken away.
    pub fn ask(&self, words: &[&str]) -> Answer {
        match self.own_filters() {
            Some(filters) => self.answer(words, filters),
            None if Instant::now() >= self.deadline => Answer::TooSlow,
            None => Answer::Nothing,
        }
    }

    /// The filters that the repository's own configuration names; nothing where git does not tell.
    pub fn own_filters(&self) -> Option<&[String]> {
        let ask = || {
            // One that is surely there tells an empty list from a git that does not understand.
            let words = ["-c", "tabctl.asked=1", "config", "--show-scope", "-z", "--name-only"];
            let words = [&words[..], &["--get-regexp", r"^(tabctl|filter)\."]].concat();
            let all = self.answer(&words, &[]).list();
            let own = all.chunks_exact(2).filter_map(|pair| {
                let is_persons = ["system", "global", "command"].contains(&pair[0].as_str());
                let (name, _) = pair[1].strip_prefix("filter.")?.rsplit_once('.')?;
                (!is_persons).then(|| name.to_owned())
            });
            (!all.is_empty()).then(|| own.collect())
        };
        self.filters.get_or_init(ask).as_deref()
    }

    fn answer(&self, words: &[&str], without: &[String]) -> Answer {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Answer::TooSlow;
        }
        let mut git = run::command("git");
        // Nothing that the repository's own configuration names is to be started or fetched.
        git.args(["--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false"]);
        git.args(["-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false"]);
        git.args(words).current_dir(self.folder);
        git.env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1").env("LC_ALL", "C");
        for inherited in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            git.env_remove(inherited);
        }
        // By variables: a filter may have any name, also one that no `-c` could say.
        let parts = [("clean", ""), ("process", ""), ("required", "false")];
        let off = without.iter().flat_map(|name| parts.map(|(key, value)| (name, key, value)));
        for (at, (name, key, value)) in off.enumerate() {
            git.env(format!("GIT_CONFIG_KEY_{at}"), format!("filter.{name}.{key}"));
            git.env(format!("GIT_CONFIG_VALUE_{at}"), value);
        }
        git.env("GIT_CONFIG_COUNT", (without.len() * parts.len()).to_string());
        match run::capture(git, left) {
            Ok(output) if output.status.success() => Answer::Said(output.stdout),
            Err(_) if Instant::now() >= self.deadline => Answer::TooSlow,
            Ok(_) | Err(_) => Answer::Nothing,
        }
    }
}

impl Answer {
    /// The parts of an answer that a zero byte ends each.
    pub fn list(&self) -> Vec<String> {
        let Answer::Said(bytes) = self else { return Vec::new() };
        let parts = bytes.split(|byte| *byte == 0).map(<[u8]>::trim_ascii);
        let parts = parts.filter(|part| !part.is_empty());
        parts.map(|part| String::from_utf8_lossy(part).into_owned()).collect()
    }

    /// The answer as one line.
    pub fn line(&self) -> Option<String> {
        let Answer::Said(bytes) = self else { return None };
        let line = String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned();
        Some(line).filter(|line| !line.is_empty())
    }
}

/// Runs git as a person does in his own repository: for the tests of those who ask it.
///
/// # Panics
/// If git says no.
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
pub fn as_a_person(folder: &Path, line: &str) {
    let mut git = run::command("git");
    git.args(["-c", "user.name=T", "-c", "user.email=t@example.org"]);
    git.args(line.split(' ')).current_dir(folder);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = run::capture(git, Duration::from_secs(20)).unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}
