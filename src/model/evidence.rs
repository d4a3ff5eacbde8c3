//! What a shell writes down of the commands in its tab, one line for a beginning and one for an end.
//! Must not trust it: folders and commands have any name, and what is not certain is no launch.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

mod typed;

/// Stands between the fields of a line.
const FIELD: char = '\u{1f}';
/// Stands for a line break, or another control character, within a field.
const BREAK: char = '\u{1e}';

/// A command that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The shell's name: quotes are read as it reads them.
    pub shell: String,
    /// Its process, and a number that grows from one command of it to the next.
    pub key: (u32, u64),
    /// When; nothing where the shell has no clock.
    pub at: Option<DateTime<Utc>>,
    /// Its first word is a function: what it starts is not known.
    pub is_function: bool,
    /// The shell's folder.
    pub folder: String,
    /// The command with its aliases resolved, where that is another one.
    pub resolved: Option<String>,
    /// The command as it was typed.
    pub line: String,
    /// It was written down as the launch of the tab's agent.
    pub recorded: bool,
}

/// A command that has ended, or was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ran {
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// The shell's folder.
    pub folder: String,
    /// The command as it was typed, without what looks like a secret.
    pub command: String,
    /// Its exit code; nothing while it runs, and for one that was cut off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<i32>,
    /// How long it ran, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub millis: Option<u64>,
}

impl Ran {
    /// How long it ran.
    pub fn took(&self) -> Option<Duration> {
        self.millis.map(Duration::from_millis)
    }

    /// Whether it ended badly.
    pub fn has_failed(&self) -> bool {
        self.code.is_some_and(|code| code != 0)
    }
}

/// All that a shell's file tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// What has ended, in the order of the ends; and what it was.
    pub ended: Vec<(Started, Ran)>,
    /// What has begun, and of which no end is known, in order.
    pub open: Vec<Started>,
}

/// One line.
enum Line {
    Started(Started),
    Ended { key: (u32, u64), code: i32, took: Took, at: Option<DateTime<Utc>> },
    Recorded { key: (u32, u64) },
}

/// How long a command ran, as a shell tells it.
enum Took {
    Micros(u64),
    Until(DateTime<Utc>),
    Unknown,
}

impl Log {
    /// Reads the lines of a file. What is torn or not understood is passed over.
    pub fn read(text: &str) -> Log {
        let mut log = Log::default();
        for line in text.split('\n').filter_map(parse) {
            match line {
                Line::Started(started) => log.open.push(started),
                Line::Ended { key, code, took, at } => {
                    let Some(place) = log.open.iter().position(|open| open.key == key) else {
                        continue;
                    };
                    let mut started = log.open.remove(place);
                    started.at = started.at.or(at);
                    let millis = took.millis(started.at);
                    log.ended
                        .push((started.clone(), Ran { code: Some(code), millis, ..started.ran() }));
                }
                Line::Recorded { key } => {
                    let open = log.open.iter_mut().filter(|open| open.key == key);
                    open.for_each(|open| open.recorded = true);
                }
            }
        }
        log
    }

    /// What runs now, as far as its shell knows: the newest of those of which no end is known, and
    /// after which the same shell has begun no other.
    pub fn running(&self) -> Option<&Started> {
        self.open.iter().rev().find(|open| self.may_run(open))
    }

    /// Whether its shell has begun no other command since: else the end was lost.
    pub fn may_run(&self, open: &Started) -> bool {
        let (pid, number) = open.key;
        let mut all = self.ended.iter().map(|(started, _)| started).chain(&self.open);
        !all.any(|other| other.key.0 == pid && other.key.1 > number)
    }
}

impl Took {
    fn read(text: &str) -> Took {
        let micros = || text.parse().ok().map(Took::Micros);
        let until = || time(text).map(Took::Until);
        micros().or_else(until).unwrap_or(Took::Unknown)
    }

    /// A clock that was set back in between tells nothing.
    fn millis(&self, began: Option<DateTime<Utc>>) -> Option<u64> {
        match self {
            Took::Micros(micros) => Some(micros / 1000),
            Took::Until(end) => u64::try_from((*end - began?).num_milliseconds()).ok(),
            Took::Unknown => None,
        }
    }
}

impl Started {
    /// The words of the command, if it is one command and nothing else: no list, no pipeline, no
    /// redirection, nothing that the shell would still have replaced.
    pub fn words(&self, home: &str) -> Option<Vec<String>> {
        let whole = typed::words(&self.line, &self.shell, home)?;
        match &self.resolved {
            _ if self.is_function => None,
            Some(resolved) => typed::words(resolved, &self.shell, home),
            None => Some(whole),
        }
    }

    /// As an entry of the history.
    pub fn ran(&self) -> Ran {
        let (folder, command) = (self.folder.clone(), self.line.clone());
        Ran { at: self.at, folder, command, code: None, millis: None }
    }

    /// The line that says of it that it was written down as a launch.
    pub fn recorded_line(&self) -> String {
        format!("A{FIELD}{}{FIELD}{}", self.key.0, self.key.1)
    }

    /// The line that it was read from.
    pub fn line(&self) -> String {
        let broken = |text: &str| text.replace(['\n', FIELD], &BREAK.to_string());
        let at = self.at.map_or_else(|| "-".to_owned(), |at| at.timestamp_micros().to_string());
        let kind = if self.is_function { "function" } else { "-" };
        let (pid, number) = self.key;
        [
            "S",
            &self.shell,
            &pid.to_string(),
            &number.to_string(),
            &at,
            kind,
            &broken(&self.folder),
            &broken(self.resolved.as_deref().unwrap_or_default()),
            &broken(&self.line),
        ]
        .join(&FIELD.to_string())
    }
}

fn parse(line: &str) -> Option<Line> {
    let fields: Vec<&str> = line.split(FIELD).collect();
    match fields[..] {
        // A field too many is one that somebody has put into a name: nothing of it is believed.
        ["S", shell, pid, number, at, kind, folder, resolved, typed] => {
            let text = |field: &str| field.replace(BREAK, "\n");
            let resolved = Some(text(resolved)).filter(|resolved| !resolved.is_empty());
            Some(Line::Started(Started {
                shell: shell.to_owned(),
                key: key(pid, number)?,
                at: time(at),
                is_function: kind != "-",
                folder: text(folder),
                resolved,
                line: text(typed),
                recorded: false,
            }))
        }
        ["E", pid, number, code, took, ref rest @ ..] if rest.len() <= 1 => Some(Line::Ended {
            key: key(pid, number)?,
            code: code.parse().ok()?,
            took: Took::read(took),
            at: rest.first().and_then(|at| time(at)),
        }),
        ["A", pid, number] => Some(Line::Recorded { key: key(pid, number)? }),
        _ => None,
    }
}

/// A shell and the number of a command in it: the how-manieth it is, or when it began by the kernel's
/// clock, in seconds with two decimals, and whatever the kernel says behind a space.
fn key(pid: &str, number: &str) -> Option<(u32, u64)> {
    let number = number.split(' ').next()?;
    let number = match number.split_once('.') {
        Some((seconds, hundredths)) if hundredths.len() == 2 => format!("{seconds}{hundredths}"),
        Some(_) => return None,
        None => number.to_owned(),
    };
    Some((pid.parse().ok()?, number.parse().ok()?))
}

/// Microseconds since 1970; or seconds and microseconds, with whatever the shell's language has between
/// them; or the seconds at which the kernel's clock began and what it shows, added up by nobody yet:
/// `1700000000+36221.76`. A shell without a clock has none.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let micros: i64 = match text.split_once('+') {
        Some((began, shows)) => {
            let (_, hundredths) = key("0", shows).filter(|_| shows.contains('.'))?;
            let began = began.parse::<i64>().ok()?.checked_mul(1_000_000)?;
            began.checked_add(i64::try_from(hundredths).ok()?.checked_mul(10_000)?)?
        }
        None => match text.split_once(|c: char| !c.is_ascii_digit()) {
            Some((seconds, micros)) if seconds.len() >= 10 && micros.len() == 6 => {
                format!("{seconds}{micros}").parse().ok()?
            }
            Some(_) => return None,
            None => text.parse().ok()?,
        },
    };
    DateTime::from_timestamp_micros(Some(micros).filter(|micros| *micros > 0)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    fn lines(lines: &[&str]) -> String {
        lines.iter().map(|line| line.replace('|', "\u{1f}").replace('~', "\u{1e}") + "\n").collect()
    }

    const CLAUDE: &str = "S|bash|7|2|1700000000000000|-|/w||claude --model x";

    #[test]
    fn a_beginning_and_its_end_are_one_entry() {
        let log =
            Log::read(&lines(&["S|zsh|7|1|1700000000000000|-|/w||make~check", "E|7|1|2|1500000"]));
        let [(started, ran)] = &log.ended[..] else { panic!("{log:?}") };
        assert_eq!((started.shell.as_str(), ran.command.as_str()), ("zsh", "make\ncheck"));
        assert_eq!((ran.code, ran.took()), (Some(2), Some(Duration::from_millis(1500))));
        assert_eq!(ran.at.unwrap().timestamp(), 1_700_000_000);
        assert!(ran.has_failed() && log.open.is_empty() && log.running().is_none());
    }

    #[test]
    fn a_shell_without_a_clock_tells_the_time_at_the_end() {
        let log = Log::read(&lines(&["S|fish|7|1|-|-|/w||ls", "E|7|1|0|3000|1700000000000000"]));
        assert_eq!(log.ended[0].1.at.unwrap().timestamp(), 1_700_000_000);
        let log = Log::read(&lines(&["S|fish|7|1.50|1700000000+1.50|-|/w||ls", "E|7|1.50|0|3000"]));
        assert_eq!(log.ended[0].1.at.unwrap().timestamp_millis(), 1_700_000_001_500);
        // What the kernel says, as it says it.
        let log = Log::read(&lines(&[
            "S|fish|7|1.50 9.75|1700000000+1.50 9.75|-|/w||ls",
            "E|7|1.50 9.75|0|3000",
        ]));
        assert_eq!(log.ended[0].1.at.unwrap().timestamp_millis(), 1_700_000_001_500);
        assert_eq!(log.ended[0].0.key, (7, 150));
        let log = Log::read(&lines(&["S|fish|7|1|-|-|/w||ls", "E|7|1|0|-|-000000"]));
        assert_eq!((log.ended[0].1.at, log.ended[0].1.millis), (None, None));
    }

    #[test]
    fn a_shell_that_does_no_sums_tells_when_it_began_and_ended() {
        for (begun, ended, millis) in [
            ("1700000000.900000", "1700000002.000999", Some(1100)),
            ("1700000000,900000", "1700000002\u{fffd}000999", Some(1100)),
            // The clock was set back; a time that is no time.
            ("1700000000.900000", "1600000000.000000", None),
            ("1700000000.900000", "1700000002.0", None),
            ("1700000000.9", "1700000002.000000", None),
            ("-", "1700000002.000000", None),
        ] {
            let (begun, ended) =
                (format!("S|bash|7|1|{begun}|-|/w||ls"), format!("E|7|1|0|{ended}"));
            let log = Log::read(&lines(&[&begun, &ended]));
            assert_eq!(log.ended[0].1.millis, millis, "{begun} {ended}");
        }
    }

    #[test]
    fn what_has_begun_last_and_not_ended_is_what_runs() {
        let log = Log::read(&lines(&["S|bash|7|1|-|-|/w||ls", "E|7|1|0|1", CLAUDE]));
        assert_eq!(log.running().unwrap().line, "claude --model x");
        // An end that was lost: the shell has gone on since.
        let log = Log::read(&lines(&[CLAUDE, "S|bash|7|3|-|-|/w||ls", "E|7|3|0|1"]));
        assert!(log.running().is_none() && log.open.len() == 1);
        // A shell within a shell.
        let log = Log::read(&lines(&["S|bash|7|1|-|-|/w||bash", "S|bash|8|1|-|-|/w||claude"]));
        assert_eq!(log.running().unwrap().line, "claude");
        let log = Log::read(&lines(&[CLAUDE, "A|7|2"]));
        assert!(log.running().unwrap().recorded);
    }

    #[test]
    fn an_open_command_reads_back_as_it_was_written() {
        let text = lines(&["S|bash|7|2|1700000000000000|function|/w|claude -c~x|cc~x"]);
        let log = Log::read(&text);
        assert_eq!(format!("{}\n", log.open[0].line()), text);
    }

    #[test]
    fn what_is_no_line_is_passed_over() {
        for line in [
            "",
            "S|bash|7",
            "S|bash|7|x|-|-|/w||ls",
            "S|bash|7|1|-|-|/w|claude|--yolo||ls",
            "S|bash|-7|1|-|-|/w||ls",
            "S|bash|7|1.5|-|-|/w||ls",
            "E|7|1|0",
            "E|7|1|0|1|2|3",
            "X|7|1",
            "\0\u{1}",
        ] {
            assert_eq!(Log::read(&lines(&[line])), Log::default(), "{line}");
        }
        // An end without a beginning, and one that comes twice.
        assert_eq!(Log::read(&lines(&["E|7|1|0|1", "E|7|1|0|1"])), Log::default());
    }
}
