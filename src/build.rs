//! Turns the built-in agents' files into JSON when tabctl is built: reading that takes a tenth of
//! the time that YAML takes, and hooks are called within an agent's turn.
//! Must not check what the files say: the tests do, on the files themselves.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a build script stops the build by panicking, talks to cargo, and has no doors"
)]

use std::path::{Path, PathBuf};

/// The line between what is needed to start an agent and what may be seen of it.
const SIGHTS: &str = "\n---\n";

fn main() {
    let folder = Path::new("src/agents");
    println!("cargo::rerun-if-changed={}", folder.display());
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    for entry in std::fs::read_dir(folder).expect("the agents' folder is there") {
        let file = entry.expect("it can be listed").path();
        if file.extension().is_none_or(|end| end != "yaml") {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("an agent's file is text");
        let (first, second) = text.split_once(SIGHTS).unwrap_or((&text, "{}"));
        let json = [first, second].map(|document| {
            let value: serde_json::Value = serde_yaml::from_str(document)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            value.to_string()
        });
        let name = file.with_extension("json");
        let name = name.file_name().expect("a file has a name");
        // One document a line.
        std::fs::write(out.join(name), json.join("\n")).expect("cargo's folder can be written");
    }
}
