//! The project's own source as data: its files, and which module names which.
//! Must not judge: tests/tidy.rs does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// A source file.
pub struct Source {
    /// Its path from the project's folder: `src/engine/tmux.rs`.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// The project's folder.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files below `folder` (from the project's folder) with this extension, by path.
pub fn files(folder: &str, extension: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|known| known == extension) {
                found.push(read(&path));
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

fn read(path: &Path) -> Source {
    let name = path.strip_prefix(root()).expect("it was found below the root");
    let text = std::fs::read_to_string(path).expect("sources are UTF-8");
    Source { path: name.display().to_string(), text }
}

impl Source {
    /// The top-level module that it belongs to: `engine` for `src/engine/tmux.rs`, `main` for
    /// `src/main.rs`; nothing for `src/lib.rs`, which only lists the modules.
    pub fn module(&self) -> Option<String> {
        let first = self.path.strip_prefix("src/")?.split('/').next()?;
        let name = first.strip_suffix(".rs").unwrap_or(first);
        (name != "lib").then(|| name.to_owned())
    }

    /// The file's stem: `tmux` for `src/engine/tmux.rs`.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split_once('.').map_or(name, |(stem, _)| stem)
    }

    /// Every path into another top-level module, once: `crate::store::Loaded`.
    pub fn paths_into_other_modules(&self) -> BTreeSet<String> {
        let file = syn::parse_file(&self.text)
            .unwrap_or_else(|error| panic!("{} does not parse: {error}", self.path));
        let mut here: Vec<String> =
            self.path.trim_start_matches("src/").split('/').map(str::to_owned).collect();
        let last = here.pop().unwrap_or_default();
        let last = last.trim_end_matches(".rs");
        if !["mod", "main", "lib"].contains(&last) {
            here.push(last.to_owned());
        }
        let mut reader = Reader { here, found: BTreeSet::new() };
        reader.visit_file(&file);
        let own = self.module();
        let foreign = |path: &String| path.split("::").nth(1) != own.as_deref();
        reader.found.into_iter().filter(foreign).collect()
    }

    /// Every method call `….receiver.method(…)` as `receiver.method`, and every call of a path as
    /// its last two segments: `io::stdout`.
    pub fn calls(&self) -> BTreeSet<String> {
        let file = syn::parse_file(&self.text)
            .unwrap_or_else(|error| panic!("{} does not parse: {error}", self.path));
        let mut calls = Calls(BTreeSet::new());
        calls.visit_file(&file);
        calls.0
    }
}

/// Collects what starts at the crate's root, by `crate`, by the crate's name, or by `super`.
struct Reader {
    here: Vec<String>,
    found: BTreeSet<String>,
}

impl Reader {
    fn note(&mut self, words: &[String]) {
        let below = match words.first().map(String::as_str) {
            Some("crate" | "tabctl") => words[1..].to_vec(),
            Some("super") => {
                let up = words.iter().take_while(|word| *word == "super").count();
                let kept = self.here.len().saturating_sub(up);
                [&self.here[..kept], &words[up..]].concat()
            }
            _ => return,
        };
        if let Some(module) = below.first().filter(|module| *module != "*") {
            self.found.insert(format!("crate::{module}{}", tail(&below[1..])));
        }
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.note(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.note(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.note(&[before, &["*".to_owned()]].concat()),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.tree(before, item));
            }
        }
    }
}

fn tail(words: &[String]) -> String {
    words.iter().flat_map(|word| ["::", word]).collect()
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let words: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if words.len() > 1 {
            self.note(&words);
        }
        visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.here.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.here.pop();
    }

    /// What stands in a macro's brackets is not parsed; its words are enough.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let tokens = call.tokens.to_string().replace(' ', "");
        for (at, _) in tokens.match_indices("crate::") {
            let path = tokens[at..].split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            let words = path.take(1).flat_map(|path| path.split("::")).map(str::to_owned);
            self.note(&words.filter(|word| !word.is_empty()).collect::<Vec<_>>());
        }
        visit::visit_macro(self, call);
    }
}

/// Collects calls by the names they are written with.
struct Calls(BTreeSet<String>);

impl<'ast> Visit<'ast> for Calls {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let receiver = match call.receiver.as_ref() {
            syn::Expr::Field(syn::ExprField { member: syn::Member::Named(name), .. }) => {
                Some(name.to_string())
            }
            syn::Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
            _ => None,
        };
        self.0.extend(receiver.map(|receiver| format!("{receiver}.{}", call.method)));
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = call.func.as_ref() {
            let words: Vec<_> = path.path.segments.iter().map(|s| s.ident.to_string()).collect();
            self.0.insert(words[words.len().saturating_sub(2)..].join("::"));
        }
        visit::visit_expr_call(self, call);
    }
}
