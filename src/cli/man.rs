//! `tabctl man`

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::CommandFactory;

use super::out::Out;
use crate::error::{Fault, Kind};
use crate::sys::file::{self, Durability};

/// Print a man page, or write them all
///
/// Examples:
///   tabctl man | man -l -
///   tabctl man resume | man -l -
///   tabctl man --dir ~/.local/share/man/man1
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Args {
    /// The command [default: tabctl itself]
    command: Option<String>,
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    dir: Option<PathBuf>,
}

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
    let name = match &args.command {
        Some(command) => format!("tabctl-{command}.1"),
        None => "tabctl.1".to_owned(),
    };
    let page = pages.iter().find(|(page, _)| *page == name).ok_or_else(|| {
        Fault::new(Kind::NotFound, format!("there is no page {name}"))
            .hint("`tabctl help` lists the commands")
    })?;
    out.bytes(&page.1)
}

/// Every page: file name and text.
pub fn pages() -> Result<Vec<(String, Vec<u8>)>> {
    let mut command = super::Cli::command();
    command.build();
    let mut pages = vec![("tabctl.1".to_owned(), page(&command)?)];
    for sub in
        command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help")
    {
        let name = format!("tabctl-{}", sub.get_name());
        let sub = sub.clone().name(name.clone()).bin_name(format!("tabctl {}", sub.get_name()));
        pages.push((format!("{name}.1"), page(&sub)?));
    }
    Ok(pages)
}

fn page(command: &clap::Command) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut bytes)?;
    Ok(bytes)
}
