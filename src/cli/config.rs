//! `tabctl config`

use anyhow::Result;

use super::out::Out;
use crate::config::{self, Origin, Setting};
use crate::error::{Fault, Kind};
use crate::sys::{clock, paths::Paths};
use crate::ui::{style, text};

/// Show the settings, and where each comes from
///
/// Settings come from the environment, else from config.yaml in the settings folder, else they are
/// built in.
///
/// Examples:
///   tabctl config
///   tabctl config session
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// Print this setting's value alone
    key: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub fn run(args: &Args, out: &mut Out) -> Result<()> {
    let paths = Paths::from_env(&clock::boot_id())?;
    let (_, settings) = config::load(&paths)?;
    if let Some(key) = &args.key {
        let known = settings.iter().find(|setting| setting.key == key).ok_or_else(|| {
            Fault::new(Kind::NotFound, format!("no setting is called '{}'", text::clean(key)))
                .hint("`tabctl config` lists them")
        })?;
        return if args.json { out.json(known) } else { out.line(&text::clean(&known.value)) };
    }
    if args.json {
        return out.json(&settings);
    }
    let file = text::clean(&paths.short(&config::file_of(&paths)));
    out.line(&style::paint(style::DIM, &format!("# {file}")))?;
    let widest = settings.iter().map(|setting| setting.key.len()).max().unwrap_or(0);
    for setting in &settings {
        let key = format!("{:widest$}", setting.key);
        out.line(&format!("{}  {}", style::paint(style::HEADING, &key), value(setting)))?;
        let about = format!("{:widest$}  {} ({})", "", setting.about, setting.variable);
        out.line(&style::paint(style::DIM, &about))?;
    }
    Ok(())
}

fn value(setting: &Setting) -> String {
    let value =
        if setting.value.is_empty() { "\"\"".to_owned() } else { text::clean(&setting.value) };
    let origin = match setting.origin {
        Origin::Default => "built in".to_owned(),
        Origin::File => "from the file".to_owned(),
        Origin::Environment => format!("from {}", setting.variable),
    };
    format!("{value}  {}", style::paint(style::DIM, &format!("({origin})")))
}
