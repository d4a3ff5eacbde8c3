//! The jobs as a table, and what has to be said of some of them. Must take foreign text only through
//! `text`.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{history, output, style, text};
use crate::model::job::{JobRow, JobState};

/// Blanks between two columns.
const GAP: &str = "  ";

/// A table with one line each. `columns` is the terminal's width; without it nothing is cut.
pub fn table(jobs: &[JobRow], columns: Option<usize>, now: DateTime<Utc>) -> Vec<String> {
    let mut head = vec!["JOB", "STATE", "RAN", "AGE"];
    let with_tab = jobs.iter().any(|job| job.tab.is_some());
    if with_tab {
        head.push("TAB");
    }
    let cells: Vec<Vec<String>> = jobs.iter().map(|job| cells(job, with_tab, now)).collect();
    let width = |at: usize| {
        let widest = cells.iter().filter_map(|row| row.get(at)).map(|cell| text::width(cell)).max();
        widest.unwrap_or(0).max(head[at].len())
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let front = |row: &[String]| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| text::padded(cell, *width) + GAP);
        padded.collect::<Vec<_>>()
    };
    let room = columns.map_or(usize::MAX, |columns| {
        columns.saturating_sub(widths.iter().map(|width| width + GAP.len()).sum())
    });
    let titles: Vec<String> = head.iter().map(|title| (*title).to_owned()).collect();
    let mut lines = vec![style::paint(style::HEADING, &(front(&titles).concat() + "COMMAND"))];
    lines.extend(jobs.iter().zip(&cells).map(|(job, row)| {
        let mut row = front(row);
        row[1] = style::paint(style::of_state(job.state.like()), &row[1]);
        let command = text::clean(&shell_words::join(&job.argv));
        row.concat() + &text::cut(&command, room)
    }));
    lines
}

fn cells(job: &JobRow, with_tab: bool, now: DateTime<Utc>) -> Vec<String> {
    let ran = job.ran_ms.map(|millis| history::took(Duration::from_millis(millis)));
    let mut cells = vec![
        text::clean(&job.name),
        state(job),
        ran.unwrap_or_else(|| "-".to_owned()),
        text::age(job.started, now),
    ];
    if with_tab {
        cells.push(text::clean(job.tab.as_deref().unwrap_or("-")));
    }
    cells
}

/// What became of it, in a glyph and a word; of one that failed with its code, and of one that was killed
/// with the signal, unless somebody asked tabctl for it: then nobody wonders.
fn state(job: &JobRow) -> String {
    let why = match job.state {
        JobState::Failed => job.code.map(|code| code.to_string()),
        JobState::Killed if job.killed_by.is_none() => job.signal_name.clone(),
        _ => None,
    };
    let why = why.map(|why| format!(" {why}")).unwrap_or_default();
    let full = if job.trouble.is_some() { " ⚠" } else { "" };
    format!("{} {}{why}{full}", job.state.like().glyph(), job.state.word())
}

/// What one has to know of some of them, a line each.
pub fn remarks(jobs: &[JobRow]) -> Vec<String> {
    let mut remarks = Vec::new();
    for job in jobs {
        let name = text::clean(&job.name);
        if let Some(again) = &job.again {
            let lacks =
                if job.altered { " (what is not written down has to be put in again)" } else { "" };
            remarks.push(format!("{name} was cut off; again: `{}`{lacks}", text::clean(again)));
        }
        if job.left_behind > 0 {
            let left = match job.left_behind {
                1 => "1 process of it still runs".to_owned(),
                count => format!("{count} processes of it still run"),
            };
            remarks.push(format!("{name} is over, and {left}; `tabctl kill {name}` ends that"));
        }
        if let Some(trouble) = output::trouble(job.left_out, job.trouble.as_deref()) {
            remarks.push(format!("{name}: {trouble}"));
        }
    }
    remarks
}

/// One line about the jobs that run, if any does.
pub fn running(names: &[String]) -> Option<String> {
    let shown: Vec<String> = names.iter().take(3).map(|name| text::clean(name)).collect();
    let more = if names.len() > 3 { ", …" } else { "" };
    let count = match names.len() {
        0 => return None,
        1 => "1 job runs".to_owned(),
        count => format!("{count} jobs run"),
    };
    Some(format!("{count}: {}{more}; `tabctl ls --jobs`", shown.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::doer::{Doer, DoerKind};
    use crate::model::job::JobId;

    fn job(name: &str, state: JobState, code: Option<i32>) -> JobRow {
        JobRow {
            id: JobId::from_parts(1, 1),
            name: name.to_owned(),
            state,
            code,
            signal: None,
            signal_name: None,
            killed_by: None,
            argv: ["sh", "-c", "a \u{1b}[2J b"].map(str::to_owned).to_vec(),
            directory: "/w".to_owned(),
            tab: None,
            by: Doer::known(DoerKind::Person, "me"),
            pid: None,
            started: DateTime::UNIX_EPOCH,
            ended: None,
            ran_ms: Some(2500),
            bytes: 0,
            left_out: 0,
            trouble: None,
            left_behind: 0,
            again: None,
            altered: false,
        }
    }

    #[test]
    fn a_line_says_what_became_of_it_and_fits() {
        let jobs =
            [job("calm-heron", JobState::Failed, Some(3)), job("x", JobState::Running, None)];
        let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(5);
        let plain = |columns| {
            let lines = table(&jobs, columns, now);
            lines
                .iter()
                .map(|line| anstream::adapter::strip_str(line).to_string())
                .collect::<Vec<_>>()
        };
        let [head, failed, runs] = &plain(None)[..] else { panic!() };
        assert_eq!(head, "JOB         STATE       RAN   AGE  COMMAND");
        assert_eq!(failed, "calm-heron  ✗ failed 3  2.5s  5m   sh -c 'a ?[2J b'");
        assert!(runs.starts_with("x           ▸ running   2.5s  5m   "), "{runs}");
        assert!(plain(Some(44)).iter().all(|line| text::width(line) <= 44));
    }

    #[test]
    fn a_signal_is_named_unless_somebody_asked_for_the_end() {
        let fault =
            JobRow { signal_name: Some("SEGV".to_owned()), ..job("x", JobState::Killed, None) };
        let asked = JobRow { killed_by: Some(fault.by.clone()), ..fault.clone() };
        assert!(state(&fault).ends_with(" killed SEGV"), "{}", state(&fault));
        assert!(state(&asked).ends_with(" killed"), "{}", state(&asked));
    }

    #[test]
    fn what_was_cut_off_can_be_started_again() {
        let mut cut_off = job("x", JobState::Interrupted, None);
        cut_off.again = Some("tabctl run --in /w -- make".to_owned());
        (cut_off.altered, cut_off.left_behind, cut_off.left_out) = (true, 2, 5000);
        cut_off.trouble = Some("no space".to_owned());
        let said = remarks(&[cut_off]).join("\n");
        for part in [
            "`tabctl run --in /w -- make` (what is not written down",
            "2 processes",
            "5.0 kB of its output",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }

    #[test]
    fn running_jobs_are_counted_and_some_are_named() {
        let names = |count: usize| (0..count).map(|at| format!("j{at}")).collect::<Vec<_>>();
        assert_eq!(running(&names(0)), None);
        assert_eq!(running(&names(1)).as_deref(), Some("1 job runs: j0; `tabctl ls --jobs`"));
        assert_eq!(
            running(&names(5)).as_deref(),
            Some("5 jobs run: j0, j1, j2, …; `tabctl ls --jobs`")
        );
    }
}
