//! Lets a person change a text in the editor of their choice. Must leave no copy of it behind.

use anyhow::{Context, Result};

use super::Ctx;
use super::actor::Actor;
use crate::error::{Fault, Kind};
use crate::sys::file::{self, Durability};
use crate::sys::{clock, run, screen};

/// The text as it is when the editor is left.
pub fn edit(ctx: &Ctx, text: &str) -> Result<String> {
    Actor::of_this_process(ctx).must_be_person("open an editor")?;
    let chosen = ["VISUAL", "EDITOR"].into_iter().find_map(|name| std::env::var(name).ok());
    let chosen = chosen.filter(|line| !line.trim().is_empty());
    let line = chosen.unwrap_or_else(|| "vi".to_owned());
    let words = shell_words::split(&line).ok().filter(|words| !words.is_empty());
    let Some(words) = words else {
        let fault = Fault::new(Kind::Usage, format!("the editor '{line}' is no command line"));
        return Err(fault.hint("set EDITOR, or give the text with --text").into());
    };
    if !screen::is_there(false) {
        // An editor would draw into a pipe, and read what was meant for somebody else.
        let fault = Fault::new(Kind::NeedsAnswer, "there is no terminal to edit the text on");
        return Err(fault.hint("give it with --text").into());
    }
    let folder = ctx.paths.runtime.join("edit");
    file::private_dir(&folder)?;
    let path = folder.join(format!("{:032x}.md", clock::random_u128()?));
    file::write(&path, text.as_bytes(), Durability::Quick)?;
    let mut command = run::command(&words[0]);
    command.args(&words[1..]).arg(&path);
    let edited = run::stand_aside(command).and_then(|status| {
        if !status.success() {
            let fault = Fault::new(Kind::Other, "the editor failed: nothing was changed");
            return Err(fault.hint("give the text with --text").into());
        }
        let bytes = file::read(&path)?.context("the editor took the file away")?;
        String::from_utf8(bytes).context("the editor left no text")
    });
    file::remove(&path)?;
    edited
}
