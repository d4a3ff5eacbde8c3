//! The scripts for the person's own shell, as text, and the settings that stand before each.
//! Must not know where anything is: it is told, and quotes what it is told.

/// A shell that there is a script for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// bash.
    Bash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
}

/// What a script is told.
#[derive(Debug, Clone)]
pub struct Told<'a> {
    /// The folder of the lines and marks that a prompt reads.
    pub run: &'a str,
    /// The folder of the files that a shell writes to.
    pub shell: &'a str,
    /// Put the tab before the prompt.
    pub prompt: bool,
    /// Mark prompts and commands for the terminal.
    pub marks: bool,
    /// Write down every command; else only the programs that `agents` names.
    pub history: bool,
    /// Programs that may be the start of an agent.
    pub agents: &'a [String],
}

impl Shell {
    /// The script, with its settings.
    pub fn script(self, told: &Told) -> String {
        let body = match self {
            Shell::Bash => include_str!("../shell/tabctl.bash"),
            Shell::Zsh => include_str!("../shell/tabctl.zsh"),
            Shell::Fish => include_str!("../shell/tabctl.fish"),
        };
        let word = |on: bool| if on { "on" } else { "off" };
        // The first two look for a name between spaces, fish in a list.
        let list = match self {
            Shell::Fish => told.agents.iter().map(|name| self.quoted(name)).collect::<Vec<_>>(),
            _ => vec![self.quoted(&format!(" {} ", told.agents.join(" ")))],
        };
        let settings = [
            ("run", self.quoted(told.run)),
            ("shell", self.quoted(told.shell)),
            ("prompt", word(told.prompt).to_owned()),
            ("marks", word(told.marks).to_owned()),
            ("history", word(told.history).to_owned()),
            ("agents", list.join(" ")),
        ];
        let line = |(name, value): &(&str, String)| match self {
            Shell::Fish => format!("set -g __tabctl_{name} {value}\n"),
            _ => format!("__tabctl_{name}={value}\n"),
        };
        settings.iter().map(line).collect::<String>() + body
    }

    /// One word, whatever is in it.
    fn quoted(self, text: &str) -> String {
        match self {
            Shell::Fish => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
            _ => format!("'{}'", text.replace('\'', "'\\''")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_any_name_is_one_word() {
        let odd = r"/a b'c\$(id)`id`;x";
        let told = Told {
            run: odd,
            shell: odd,
            prompt: true,
            marks: false,
            history: true,
            agents: &["claude".to_owned(), "codex".to_owned()],
        };
        let bash = Shell::Bash.script(&told);
        assert!(bash.starts_with("__tabctl_run='/a b'\\''c\\$(id)`id`;x'\n"), "{bash}");
        assert!(bash.contains("\n__tabctl_agents=' claude codex '\n"));
        let fish = Shell::Fish.script(&told);
        assert!(fish.starts_with("set -g __tabctl_run '/a b\\'c\\\\$(id)`id`;x'\n"), "{fish}");
        assert!(fish.contains("\nset -g __tabctl_agents 'claude' 'codex'\n"));
        assert!(fish.contains("\nset -g __tabctl_marks off\n"));
    }
}
