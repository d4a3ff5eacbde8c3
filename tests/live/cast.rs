//! The agents of the play: how each is started, what it shows, which keys it wants.
//! Must not say what is true: that is the model server's and the script's to know.

/// One agent as a person uses it.
#[derive(Debug)]
pub struct Actor {
    pub kind: &'static str,
    pub flags: &'static [&'static str],
    /// Stands on its screen once it takes a prompt.
    pub ready: &'static str,
    /// A prompt that makes it ask for permission, and what it then shows; `Enter` allows it.
    pub permission: (&'static str, &'static str),
    /// What it shows while it asks a question; `Enter` takes the first answer.
    pub question: Option<&'static str>,
    /// The keys that interrupt a turn.
    pub interrupt: &'static [&'static str],
    /// The interrupted or failed prompt is in the input line again and has to be cleared.
    pub gives_back: bool,
    /// Starts a new conversation in the same process.
    pub clear: Option<&'static str>,
    /// Ends the agent.
    pub exit: &'static str,
    /// What makes a new conversation of an old one; `{id}` is the old one's.
    pub fork: &'static [&'static str],
}

// Qwen runs no command that begins with a sleep.
const ASKS_A_SHELL: &str = "[[bash touch made && sleep 3]]";

/// All that run without an account.
pub const CAST: &[Actor] = &[
    Actor {
        kind: "claude",
        flags: &["--model", "opus", "--permission-mode", "default"],
        ready: "manual mode on",
        permission: (ASKS_A_SHELL, "Do you want to proceed?"),
        question: Some("Enter to select"),
        interrupt: &["Escape"],
        gives_back: true,
        clear: Some("/clear"),
        exit: "/exit",
        fork: &["--resume", "{id}", "--fork-session"],
    },
    Actor {
        kind: "codex",
        flags: &["-s", "read-only"],
        ready: "Ask Codex to do anything",
        permission: ("[[escalate touch made && sleep 3]]", "Press enter to confirm"),
        // It offers that tool only while it plans.
        question: None,
        interrupt: &["Escape"],
        gives_back: true,
        // `/new` asks for a worktree first.
        clear: None,
        exit: "/quit",
        fork: &["fork", "{id}"],
    },
    Actor {
        kind: "gemini",
        flags: &[],
        ready: "Type your message",
        permission: (ASKS_A_SHELL, "Allow execution of"),
        question: Some("Answer Questions"),
        interrupt: &["Escape"],
        gives_back: false,
        clear: Some("/clear"),
        exit: "/quit",
        fork: &[],
    },
    Actor {
        kind: "opencode",
        flags: &[],
        ready: "ctrl+p commands",
        permission: (ASKS_A_SHELL, "Permission required"),
        question: Some("esc dismiss"),
        interrupt: &["Escape", "Escape"],
        gives_back: false,
        clear: None,
        exit: "/exit",
        fork: &["-s", "{id}", "--fork"],
    },
    Actor {
        kind: "qwen",
        flags: &["--approval-mode", "default"],
        ready: "Type your message",
        permission: (ASKS_A_SHELL, "Waiting for user confirmation"),
        question: Some("Enter: Select"),
        interrupt: &["Escape"],
        gives_back: true,
        clear: Some("/clear"),
        exit: "/quit",
        fork: &["--resume", "{id}", "--fork-session"],
    },
    Actor {
        kind: "copilot",
        flags: &[],
        ready: "/ commands",
        permission: (ASKS_A_SHELL, "Do you want to run this command?"),
        question: Some("Copilot needs information."),
        interrupt: &["Escape", "Escape"],
        gives_back: true,
        clear: Some("/clear"),
        exit: "/exit",
        fork: &[],
    },
    Actor {
        kind: "droid",
        flags: &[],
        ready: "? for help",
        permission: (ASKS_A_SHELL, "Command to approve"),
        question: Some("Or type your own answer"),
        interrupt: &["Escape"],
        gives_back: false,
        clear: None,
        exit: "/quit",
        fork: &["--fork", "{id}"],
    },
    Actor {
        kind: "aider",
        flags: &[
            "--model",
            "openai/mock-model",
            "--no-gitignore",
            "--no-check-update",
            "--no-show-model-warnings",
            "--no-show-release-notes",
            "--analytics-disable",
        ],
        ready: "─\n>",
        permission: (r"[[say f.txt\n```\nhi\n```]]", "(Y)es/(N)o"),
        question: None,
        interrupt: &["C-c"],
        gives_back: false,
        clear: Some("/clear"),
        exit: "/exit",
        fork: &[],
    },
];
