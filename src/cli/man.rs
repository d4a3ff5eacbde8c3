//! `tabctl man`: the pages, from the help that every command has. Must stay free of `mandoc`'s warnings.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::sys::file::{self, Durability};

/// Print a man page, or write them all
///
/// Examples:
///   tabctl man | man -l -
///   tabctl man resume | man -l -
///   tabctl man hooks install | man -l -
///   tabctl man --dir ~/.local/share/man/man1
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The command [default: tabctl itself]
    command: Vec<String>,
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    dir: Option<PathBuf>,
}

/// The day of this version, as the pages show it.
const DATE: &str = "2026-11-21";

/// Runs it.
pub fn run(args: &Args, out: &mut Out) -> Result<()> {
    let pages = pages()?;
    if let Some(dir) = &args.dir {
        file::shared_dir(dir)?;
        for (name, page) in &pages {
            let path = dir.join(name);
            file::write(&path, page, Durability::Quick)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        return Ok(());
    }
    let name = [&["tabctl".to_owned()], args.command.as_slice()].concat().join("-") + ".1";
    let page = pages.iter().find(|(page, _)| *page == name).ok_or_else(|| {
        Fault::new(Kind::NotFound, format!("there is no page {name}"))
            .hint("`tabctl help` lists the commands")
    })?;
    out.bytes(&page.1)
}

/// Every page: file name and text.
pub fn pages() -> Result<Vec<(String, Vec<u8>)>> {
    let mut whole = super::Cli::command().disable_help_subcommand(true);
    whole.build();
    let mut pages = Vec::new();
    add(&mut pages, &whole, &["tabctl"])?;
    Ok(pages)
}

/// Adds the page of a command, those of its other names, and those of the commands below it.
fn add(pages: &mut Vec<(String, Vec<u8>)>, command: &clap::Command, words: &[&str]) -> Result<()> {
    pages.push((format!("{}.1", words.join("-")), page(command, words)?));
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
        let below = [words, &[sub.get_name()]].concat();
        add(pages, sub, &below)?;
        for alias in sub.get_visible_aliases() {
            let link = format!(".so man1/{}.1\n", below.join("-"));
            pages.push((format!("{}-{alias}.1", words.join("-")), link.into_bytes()));
        }
    }
    Ok(())
}

fn page(command: &clap::Command, words: &[&str]) -> Result<Vec<u8>> {
    let name = words.join("-");
    // A description of its own: clap's would run the examples together.
    let named =
        command.clone().name(name.clone()).display_name(name.clone()).bin_name(words.join(" "));
    let man = Man::new(named)
        .title(name.to_uppercase())
        .date(DATE)
        .source(format!("tabctl {}", env!("CARGO_PKG_VERSION")))
        .manual("tabctl manual");
    let mut bytes = Vec::new();
    man.render_title(&mut bytes)?;
    man.render_name_section(&mut bytes)?;
    man.render_synopsis_section(&mut bytes)?;
    prose(command).to_writer(&mut bytes)?;
    if command.get_arguments().any(|arg| !arg.is_hide_set()) {
        man.render_options_section(&mut bytes)?;
    }
    if command.get_subcommands().any(|sub| !sub.is_hide_set()) {
        man.render_subcommands_section(&mut bytes)?;
    }
    ending(command, words).to_writer(&mut bytes)?;
    Ok(tidied(&String::from_utf8_lossy(&bytes)).into_bytes())
}

/// The description, and the examples as they are typed.
fn prose(command: &clap::Command) -> Roff {
    let mut roff = Roff::new();
    let about = command.get_long_about().or_else(|| command.get_about());
    let about = about.map(ToString::to_string).unwrap_or_default();
    let (text, examples) = match about.split_once("\nExamples:\n") {
        Some(both) => both,
        None => about.split_once("\nExample:\n").unwrap_or((&about, "")),
    };
    roff.control("SH", ["DESCRIPTION"]);
    // The first line stands in NAME already.
    let short = command.get_about().map(ToString::to_string).unwrap_or_default();
    let rest = text.strip_prefix(short.as_str()).unwrap_or(text).trim();
    paragraphs(&mut roff, if rest.is_empty() { &short } else { rest });
    if !examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]);
        roff.control("nf", []);
        for line in examples.lines().filter(|line| !line.trim().is_empty()) {
            roff.text([roman(line.trim_start())]);
        }
        roff.control("fi", []);
    }
    roff
}

/// Text with a blank line between paragraphs.
fn paragraphs(roff: &mut Roff, text: &str) {
    let mut is_first = true;
    for paragraph in text.split("\n\n").map(str::trim).filter(|text| !text.is_empty()) {
        if !is_first {
            roff.control("PP", []);
        }
        is_first = false;
        for line in paragraph.lines() {
            roff.text([roman(line.trim())]);
        }
    }
}

/// Where tabctl keeps things, for the page of the whole.
const FILES: [(&str, &str); 3] = [
    (".session.yaml", "A tab's record, in the folder that it works in."),
    ("~/.config/tabctl/config.yaml", "The settings; `tabctl config` shows them."),
    (
        "~/.local/state/tabctl",
        "What belongs to this machine: the list of the tabs, their journals.",
    ),
];

/// What stands below the help, and where to read on.
fn ending(command: &clap::Command, words: &[&str]) -> Roff {
    let mut roff = Roff::new();
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (notes, codes) = after.split_once("Exit codes: ").unwrap_or((&after, ""));
    if !notes.trim().is_empty() {
        roff.control("SH", ["NOTES"]);
        paragraphs(&mut roff, notes);
    }
    let codes = codes.replace('\n', " ");
    let codes: Vec<_> = codes.split(", ").filter_map(|code| code.split_once(' ')).collect();
    if !codes.is_empty() {
        roff.control("SH", ["EXIT STATUS"]);
        list(&mut roff, codes.into_iter().map(|(code, means)| (code, means.trim_end_matches('.'))));
    }
    if words.len() == 1 {
        roff.control("SH", ["FILES"]);
        list(&mut roff, FILES);
    }
    roff.control("SH", ["SEE ALSO"]);
    match words {
        [_] => see(&mut roff, &["tabctl-ls", "tabctl-new", "tabctl-resume", "tmux"]),
        [whole, verb, _, ..] => see(&mut roff, &[whole, &format!("{whole}-{verb}")]),
        _ => see(&mut roff, &["tabctl"]),
    }
    roff
}

/// Words with a hanging text each.
fn list<'a>(roff: &mut Roff, entries: impl IntoIterator<Item = (&'a str, &'a str)>) {
    for (word, text) in entries {
        roff.control("TP", []);
        roff.text([bold(word)]);
        roff.text([roman(text)]);
    }
}

fn see(roff: &mut Roff, names: &[&str]) {
    for (at, name) in names.iter().enumerate() {
        let end = if at + 1 < names.len() { "(1)," } else { "(1)" };
        roff.text([bold(*name), roman(end)]);
    }
}

/// The widest line that `mandoc` finds good.
const COLUMNS: usize = 80;

/// One preamble for all sections, no blanks at the ends of lines, no long lines, and one empty line
/// where clap asks for two.
fn tidied(page: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut as_typed = false;
    for (at, line) in page.lines().map(str::trim_end).enumerate() {
        let is_preamble = line.starts_with(".ie \\n(.g") || line.starts_with(".el .ds Aq");
        match line {
            _ if is_preamble && at >= 2 => continue,
            ".br" if out.last().is_some_and(|last| last == ".sp") => continue,
            "" if out.last().is_some_and(|last| last == ".br") => {
                out.pop();
                out.push(".sp".to_owned());
                continue;
            }
            ".nf" | ".fi" => as_typed = line == ".nf",
            _ => {}
        }
        // What stands beside a hanging text is one line, and an example is as it is typed.
        let is_whole =
            as_typed || line.starts_with('.') || out.last().is_some_and(|last| last == ".TP");
        if is_whole { out.push(line.to_owned()) } else { out.extend(folded(line)) }
    }
    out.join("\n") + "\n"
}

/// A line as several, which are filled into one again.
fn folded(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        let last = lines.last().map_or(0, String::len);
        // A line that begins with one of these would be a request.
        let may_begin = !word.starts_with(['.', '\'']) && !word.is_empty();
        if last > 0 && last + 1 + word.len() > COLUMNS && may_begin {
            lines.push(word.to_owned());
        } else if let Some(line) = lines.last_mut() {
            if last > 0 {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
