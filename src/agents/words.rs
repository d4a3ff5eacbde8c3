//! The words of a command line, read by an agent's own flags: what is a flag, what its value, what
//! stands alone. Must not decide what they mean.

use super::spec::Flags;

/// A flag with its values, or a word that is neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Which argument it begins in.
    pub(super) at: usize,
    /// The arguments it is made of. Short flags that were written together stand apart.
    pub(super) words: Vec<String>,
    /// What it is.
    pub(super) kind: Kind,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A flag.
    Flag {
        /// Without `=value`.
        name: String,
        /// What follows it.
        values: Vec<String>,
    },
    /// A word that is neither a flag nor a flag's value.
    Word,
    /// `--`: only words follow.
    Separator,
}

/// What follows a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follows {
    Nothing,
    One,
    Maybe,
    Many,
}

impl Item {
    /// The flag's name, if it is one.
    pub(super) fn flag_name(&self) -> Option<&str> {
        if let Kind::Flag { name, .. } = &self.kind { Some(name) } else { None }
    }

    /// The flag's values; none for a word.
    pub(super) fn values(&self) -> &[String] {
        if let Kind::Flag { values, .. } = &self.kind { values } else { &[] }
    }

    /// The word, if it is one.
    pub(super) fn word(&self) -> Option<&str> {
        if self.kind == Kind::Word { self.words.first().map(String::as_str) } else { None }
    }
}

/// Whether two words are one flag: parsers take `--approval-mode` and `--approvalMode` alike.
fn spelled_alike(a: &str, b: &str) -> bool {
    fn plain(name: &str) -> impl Iterator<Item = char> {
        name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase)
    }
    match (a.strip_prefix("--"), b.strip_prefix("--")) {
        (Some(a), Some(b)) => plain(a).eq(plain(b)),
        _ => a == b,
    }
}

impl Flags {
    /// The entry of a flag, with all its spellings, and what follows it.
    fn entry(&self, name: &str) -> Option<(&str, Follows)> {
        let lists = [
            (&self.alone, Follows::Nothing),
            (&self.value, Follows::One),
            (&self.optional, Follows::Maybe),
            (&self.many, Follows::Many),
        ];
        let mut entries = lists.iter().flat_map(|(list, f)| list.iter().map(move |e| (&**e, *f)));
        entries.find(|(entry, _)| entry.split('|').any(|own| spelled_alike(own, name)))
    }

    fn follows(&self, name: &str) -> Option<Follows> {
        self.entry(name).map(|(_, follows)| follows)
    }

    /// Whether it is known what follows this flag.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// Whether two names are spellings of one flag.
    pub(super) fn same(&self, a: &str, b: &str) -> bool {
        spelled_alike(a, b)
            || self
                .entry(a)
                .is_some_and(|(entry, _)| entry.split('|').any(|own| spelled_alike(own, b)))
    }

    /// Whether an item is one of these flags, however they are spelled.
    pub(super) fn is_one(&self, item: &Item, among: &[String]) -> bool {
        item.flag_name().is_some_and(|name| among.iter().any(|flag| self.same(flag, name)))
    }
}

/// Reads arguments (without the program).
///
/// A flag that is not known is read with care: `--x=y` and `--no-x` stand alone, and a word behind
/// `--x` is its value. Only the very last word of the line, if it has a blank in it, is taken for a
/// prompt instead: that a flag loses its value is seen at once, that a prompt is sent twice is not.
pub(super) fn read(args: &[String], flags: &Flags) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(word) = args.get(at) {
        if word == "--" {
            items.push(Item { at, words: vec![word.clone()], kind: Kind::Separator });
            let rest = args.iter().enumerate().skip(at + 1);
            items.extend(rest.map(|(at, word)| plain_word(at, word)));
            break;
        }
        if !word.starts_with('-') || word == "-" {
            items.push(plain_word(at, word));
            at += 1;
        } else if word.starts_with("--") {
            let taken = long_flag(args, at, flags);
            at += taken.words.len();
            items.push(taken);
        } else {
            let taken = short_flags(args, at, flags);
            at += taken.last().map_or(1, |last| last.words.len().max(1));
            items.extend(taken);
        }
    }
    items
}

fn plain_word(at: usize, word: &str) -> Item {
    Item { at, words: vec![word.to_owned()], kind: Kind::Word }
}

fn flag(at: usize, name: &str, values: Vec<String>) -> Item {
    let words = std::iter::once(name.to_owned()).chain(values.iter().cloned()).collect();
    Item { at, words, kind: Kind::Flag { name: name.to_owned(), values } }
}

fn long_flag(args: &[String], at: usize, flags: &Flags) -> Item {
    let word = &args[at];
    if let Some((name, value)) = word.split_once('=') {
        let kind = Kind::Flag { name: name.to_owned(), values: vec![value.to_owned()] };
        return Item { at, words: vec![word.clone()], kind };
    }
    flag(at, word, following(args, at, flags.follows(word)))
}

/// The words behind the flag at `at` that belong to it.
fn following(args: &[String], at: usize, follows: Option<Follows>) -> Vec<String> {
    let rest = &args[at + 1..];
    let plain = rest.iter().take_while(|word| !word.starts_with('-')).count();
    let count = match follows {
        Some(Follows::Nothing) => 0,
        Some(Follows::One) => rest.len().min(1),
        Some(Follows::Many) => plain,
        None if args[at].starts_with("--no-") => 0,
        None if rest.len() == 1 && rest[0].contains(char::is_whitespace) => 0,
        Some(Follows::Maybe) | None => plain.min(1),
    };
    rest[..count].to_vec()
}

/// `-x`, `-x value`, `-xvalue`, `-x=value`, and `-xyz` where all of them are known.
fn short_flags(args: &[String], at: usize, flags: &Flags) -> Vec<Item> {
    let word = &args[at];
    if flags.knows(word) || word.chars().count() == 2 {
        return vec![flag(at, word, following(args, at, flags.follows(word)))];
    }
    let mut items = Vec::new();
    for (place, letter) in word[1..].char_indices() {
        let name = format!("-{letter}");
        let left = &word[1 + place + letter.len_utf8()..];
        match flags.follows(&name) {
            Some(Follows::Nothing) => items.push(flag(at, &name, Vec::new())),
            Some(_) if left.is_empty() => {
                items.push(flag(at, &name, following(args, at, flags.follows(&name))));
            }
            Some(_) => {
                let value = left.strip_prefix('=').unwrap_or(left).to_owned();
                let kind = Kind::Flag { name: name.clone(), values: vec![value] };
                items.push(Item { at, words: vec![format!("{name}{left}")], kind });
                break;
            }
            // A letter that is not known: the word is kept as it is.
            None => return vec![flag(at, word, Vec::new())],
        }
    }
    items
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    /// Each item in brackets, so that a whole reading is one line.
    fn reading(line: &str) -> String {
        let list = |flags: &[&str]| flags.iter().map(|&flag| flag.to_owned()).collect();
        let flags = Flags {
            alone: list(&["-y|--yolo", "-d"]),
            value: list(&["-m|--model"]),
            optional: list(&["-r|--resume"]),
            many: list(&["--add-dir"]),
            ..Flags::default()
        };
        let args = shell_words::split(line).unwrap();
        let items = read(&args, &flags);
        let words: Vec<String> = items.iter().map(|item| item.words.join(" ")).collect();
        format!("[{}]", words.join("]["))
    }

    #[test]
    fn flags_take_what_belongs_to_them() {
        for (line, expected) in [
            ("--model opus fix", "[--model opus][fix]"),
            ("--model=opus fix", "[--model=opus][fix]"),
            ("--model -y", "[--model -y]"),
            ("--resume --yolo", "[--resume][--yolo]"),
            ("--resume abc fix", "[--resume abc][fix]"),
            ("--add-dir a b --yolo c", "[--add-dir a b][--yolo][c]"),
            ("-mopus -m=opus -m opus", "[-mopus][-m=opus][-m opus]"),
            ("-dy -dm opus fix", "[-d][-y][-d][-m opus][fix]"),
            ("--yolo -- --model x", "[--yolo][--][--model][x]"),
            ("- -", "[-][-]"),
            ("--YOLO fix", "[--YOLO][fix]"),
            ("--model", "[--model]"),
        ] {
            assert_eq!(reading(line), expected, "{line}");
        }
    }

    #[test]
    fn a_flag_that_is_not_known_keeps_the_word_behind_it() {
        for (line, expected) in [
            ("--new word --yolo", "[--new word][--yolo]"),
            ("--new word", "[--new word]"),
            ("--new=word fix", "[--new=word][fix]"),
            ("--new --yolo", "[--new][--yolo]"),
            ("--no-new fix", "[--no-new][fix]"),
            ("--new 'fix the bug'", "[--new][fix the bug]"),
            ("--new 'two words' --yolo", "[--new two words][--yolo]"),
            ("-z word fix", "[-z word][fix]"),
            ("-zy word", "[-zy][word]"),
            ("-é x", "[-é x]"),
        ] {
            assert_eq!(reading(line), expected, "{line}");
        }
    }

    #[test]
    fn a_flag_has_several_spellings() {
        let flags = Flags { value: vec!["-C|--cd".to_owned()], ..Flags::default() };
        assert!(flags.same("--cd", "-C") && flags.same("-C", "--cd"));
        assert!(flags.same("--approval-mode", "--approvalMode"));
        assert!(flags.same("--skip_it", "--skip-it"));
        assert!(!flags.same("-c", "-C"));
        assert!(!flags.same("--model", "-model"));
    }
}
