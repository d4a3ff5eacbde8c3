//! Candidates of a completion in the form that each shell reads.
//! Must be given harmless text, and must quote what a shell would take for more than one word.

use super::text;

/// One candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What is put into the command line.
    pub value: String,
    /// What it is, in one line; may be empty.
    pub about: String,
}

/// How a shell reads candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One a line, as they are to stand in the line; or a list to look at.
    Bash,
    /// One a line, `value:about`, colons in the value behind a `\`.
    Zsh,
    /// One a line, with a tab before what it is. The shell quotes.
    Tabbed,
    /// The same, quoted for PowerShell.
    Powershell,
    /// JSON: a list of `value` and `description`, quoted for nushell.
    Nushell,
}

/// What is known of the place that is completed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Listing<'a> {
    /// The word so far.
    pub typed: &'a str,
    /// It stands in quotes that are open.
    pub quoted: bool,
    /// The end of it, as it stands in the line, which alone is replaced.
    pub replaced: Option<&'a str>,
    /// Candidates are only looked at, on a terminal with so many columns.
    pub columns: Option<usize>,
}

/// Writes candidates down for a shell.
pub fn draw(form: Form, candidates: &[Candidate], listing: &Listing) -> String {
    let lines: Vec<String> = match form {
        Form::Nushell => return json(candidates),
        Form::Bash => match listing.columns {
            Some(columns) if candidates.len() > 1 => list(candidates, columns),
            _ => candidates.iter().map(|one| for_bash(&one.value, listing)).collect(),
        },
        Form::Zsh => candidates.iter().map(for_zsh).collect(),
        Form::Tabbed => candidates.iter().map(|one| tabbed(&one.value, &one.about)).collect(),
        Form::Powershell => {
            candidates.iter().map(|one| tabbed(&for_powershell(&one.value), &one.about)).collect()
        }
    };
    lines.into_iter().map(|line| line + "\n").collect()
}

/// Each with what it is, and wide enough that bash puts them below each other.
fn list(candidates: &[Candidate], columns: usize) -> Vec<String> {
    let widest = candidates.iter().map(|one| text::width(&one.value)).max().unwrap_or(0);
    let line = |one: &Candidate| {
        let gap = " ".repeat(widest - text::width(&one.value) + 2);
        // The last column stays free: a line that fills it would wrap.
        text::cut(&format!("{}{gap}{}", one.value, one.about), columns.saturating_sub(1))
    };
    let wide = |line: String| {
        let missing = (columns / 2 + 1).saturating_sub(text::width(&line));
        line + &" ".repeat(missing)
    };
    candidates.iter().map(|one| wide(line(one))).collect()
}

/// The part that bash puts in the place of its own word, which ends before each `:` and `=`.
fn for_bash(value: &str, listing: &Listing) -> String {
    let replaced =
        listing.replaced.map(|word| if listing.quoted { word.to_owned() } else { unescaped(word) });
    let kept = replaced.and_then(|word| listing.typed.strip_suffix(word.as_str())).unwrap_or("");
    let value = value.strip_prefix(kept).unwrap_or(value);
    if listing.quoted { value.to_owned() } else { escaped(value) }
}

/// A word for any POSIX shell, so that the part before the cursor stays as it is typed.
fn escaped(value: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@+=,%~".contains(c) || !c.is_ascii();
    value.chars().fold(String::new(), |mut out, c| {
        if !plain(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

fn unescaped(word: &str) -> String {
    let mut out = String::new();
    let mut rest = word.chars();
    while let Some(c) = rest.next() {
        out.extend(if c == '\\' { rest.next() } else { Some(c) });
    }
    out
}

fn for_zsh(one: &Candidate) -> String {
    let value = one.value.replace('\\', "\\\\").replace(':', "\\:");
    if one.about.is_empty() { value } else { format!("{value}:{}", one.about) }
}

fn tabbed(value: &str, about: &str) -> String {
    if about.is_empty() { value.to_owned() } else { format!("{value}\t{about}") }
}

/// PowerShell takes nothing for itself between single quotes but a single quote.
fn for_powershell(value: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:+=~".contains(c);
    if value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', "''"))
    }
}

/// Nushell puts a value into the line as it is.
fn json(candidates: &[Candidate]) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@+=~,".contains(c);
    let quoted = |value: &str| {
        if value.chars().all(plain) {
            return value.to_owned();
        }
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    };
    let offers = candidates
        .iter()
        .map(|one| serde_json::json!({ "value": quoted(&one.value), "description": one.about }));
    format!("{}\n", serde_json::Value::Array(offers.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(value: &str, about: &str) -> Candidate {
        Candidate { value: value.to_owned(), about: about.to_owned() }
    }

    fn bash(typed: &str, replaced: &str, quoted: bool, value: &str) -> String {
        let listing = Listing { typed, quoted, replaced: Some(replaced), columns: None };
        draw(Form::Bash, &[one(value, "about")], &listing)
    }

    #[test]
    fn bash_gets_the_part_that_it_replaces() {
        assert_eq!(bash("a", "a", false, "api"), "api\n");
        assert_eq!(bash("v1:l", "l", false, "v1:login"), "login\n");
        assert_eq!(bash("v1:", "", false, "v1:login"), "login\n");
        assert_eq!(bash("--agent=cl", "cl", false, "--agent=claude"), "claude\n");
        assert_eq!(bash("my t", "my\\ t", false, "my tab"), "my\\ tab\n");
        assert_eq!(bash("my t", "my t", true, "my tab"), "my tab\n");
    }

    #[test]
    fn no_value_is_more_than_one_word() {
        for value in ["my tab", "a;b", "$(id)", "`id`", "a'b", "a\"b", "a&b", "*", "a\\b", "#x"] {
            let written = bash("", "", false, value);
            assert_eq!(shell_words::split(&written).unwrap_or_default(), [value], "{written}");
        }
        assert_eq!(for_powershell("it's"), "'it''s'");
        assert_eq!(
            json(&[one("my tab", "")]),
            "[{\"value\":\"\\\"my tab\\\"\",\"description\":\"\"}]\n"
        );
    }

    #[test]
    fn a_list_says_what_each_one_is_and_fits() {
        let all = [one("api", "! attention, make the login page work"), one("a tab", "· down")];
        let listing = Listing { columns: Some(24), ..Listing::default() };
        let drawn = draw(Form::Bash, &all, &listing);
        assert_eq!(drawn, "api    ! attention, ma…\na tab  · down\n");
    }

    #[test]
    fn the_others_tell_values_from_what_they_are() {
        let all = [one("v1:login", "idle: yes"), one("web", "")];
        let draw = |form| draw(form, &all, &Listing::default());
        assert_eq!(draw(Form::Zsh), "v1\\:login:idle: yes\nweb\n");
        assert_eq!(draw(Form::Tabbed), "v1:login\tidle: yes\nweb\n");
    }
}
