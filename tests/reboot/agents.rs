//! The agents of the reboot: what each tab is started with, and what names a conversation.
//! Must not say how an agent is driven: that is the cast's of `live`.

use std::path::Path;

use tabctl::agents::Registry;

use crate::live::cast::{Actor, CAST};

/// One agent, in three tabs.
#[derive(Debug)]
pub struct Agent {
    pub kind: &'static str,
    /// What each tab is started with, besides what the cast starts it with: three that differ, so
    /// that a tab that comes back with another one's is seen.
    pub flags: [&'static [&'static str]; 3],
    /// One of these stands on its screen once it takes a prompt.
    pub ready: &'static [&'static str],
    /// The words by which its command line chooses a conversation, besides the id.
    pub chooses: &'static [&'static str],
    /// Two tabs in one folder have conversations of their own.
    pub shares_a_folder: bool,
    /// What a person types to begin another conversation in the same process.
    pub clear: &'static str,
    /// What a person types behind its name to open the conversation `{id}`.
    pub by_hand: &'static [&'static str],
    /// It gets no hooks at its start, and has them in its settings here; what is not seen without.
    pub without_hooks: Option<&'static str>,
    /// What it keeps a conversation in.
    pub kept: Kept,
    /// What becomes of a conversation whose folder has moved.
    pub moved: Moved,
}

/// Where a conversation is, so that it can be lost.
#[derive(Debug, Clone, Copy)]
pub enum Kept {
    /// In what has its id in its name.
    ById,
    /// In what has the first eight characters of its id in its name.
    ByShortId,
    /// In this file of the workspace.
    In(&'static str),
    /// Nowhere that a name tells; the agent itself takes it away when called so.
    TakenAwayBy(&'static [&'static str]),
}

/// What an agent does for a folder that has moved.
#[derive(Debug, Clone, Copy)]
pub enum Moved {
    /// It finds the conversation by its id.
    Found,
    /// It does not, and says so to nobody: tabctl must; why.
    Refused(&'static str),
    /// It finds the conversation and cannot go on with it; why.
    Useless(&'static str),
}

const BY_FOLDER: Moved = Moved::Refused(
    "it looks for conversations by the path of the folder; the tab says so, as a shell",
);

impl Agent {
    /// The agent as the cast knows it.
    pub fn actor(&self) -> &'static Actor {
        let actor = CAST.iter().find(|actor| actor.kind == self.kind);
        actor.expect("the cast has every agent of the reboot")
    }

    /// Whether tabctl copies its conversations, because it deletes them itself.
    pub fn is_copied(&self) -> bool {
        let agents = Registry::load(Path::new("/nonexistent"));
        agents.get(self.kind).expect("it is built in").may_lose_transcripts()
    }

    /// Whether its conversations have names.
    pub fn has_ids(&self) -> bool {
        self.shares_a_folder
    }
}

/// All that run without an account. The heavy ones come first: they take the longest to start.
pub const AGENTS: &[Agent] = &[
    Agent {
        kind: "opencode",
        flags: [&["--model", "mock/mock-model"], &["--agent", "plan"], &["--log-level", "DEBUG"]],
        ready: &["ctrl+p commands"],
        chooses: &["-s"],
        shares_a_folder: true,
        clear: "/new",
        by_hand: &["-s", "{id}"],
        without_hooks: None,
        kept: Kept::TakenAwayBy(&["session", "delete", "{id}"]),
        moved: Moved::Useless(
            "it opens the conversation in the folder that it was begun in, and answers nothing when \
             that is gone: begin another one after the move",
        ),
    },
    Agent {
        kind: "gemini",
        flags: [
            &["-m", "gemini-2.5-pro"],
            &["-m", "gemini-2.5-flash", "--approval-mode", "auto_edit"],
            &["--approval-mode", "default"],
        ],
        ready: &["Type your message"],
        chooses: &["--session-id", "--resume"],
        shares_a_folder: true,
        clear: "/clear",
        by_hand: &["--resume", "{id}"],
        without_hooks: Some(
            "with `tabctl hooks install gemini`: nothing else tells of its next conversation",
        ),
        kept: Kept::ByShortId,
        moved: BY_FOLDER,
    },
    Agent {
        kind: "qwen",
        flags: [
            &["--approval-mode", "default"],
            &["--approval-mode", "plan"],
            &["--approval-mode", "default", "--model", "mock-model-2"],
        ],
        ready: &["Type your message"],
        chooses: &["--session-id", "--resume"],
        shares_a_folder: true,
        clear: "/clear",
        by_hand: &["--resume", "{id}"],
        without_hooks: None,
        kept: Kept::ById,
        moved: BY_FOLDER,
    },
    Agent {
        kind: "aider",
        flags: [
            &["--chat-mode", "ask"],
            &["--edit-format", "whole"],
            &["--no-auto-commits", "--chat-mode", "ask"],
        ],
        ready: &["Repo-map:"],
        chooses: &["--restore-chat-history"],
        shares_a_folder: false,
        clear: "",
        by_hand: &["--restore-chat-history"],
        without_hooks: None,
        kept: Kept::In(".aider.chat.history.md"),
        moved: Moved::Found,
    },
    Agent {
        kind: "copilot",
        flags: [
            &["--log-level", "debug"],
            &["--disable-builtin-mcps"],
            &["--no-custom-instructions", "--log-level", "error"],
        ],
        ready: &["/ commands"],
        chooses: &["--session-id={id}", "--resume={id}"],
        shares_a_folder: true,
        clear: "/clear",
        by_hand: &["--resume={id}"],
        without_hooks: None,
        kept: Kept::ById,
        moved: Moved::Found,
    },
    Agent {
        kind: "droid",
        flags: [&["--auto", "low"], &["--append-system-prompt", "Be brief."], &["--use-spec"]],
        ready: &["? for help"],
        chooses: &["--resume"],
        shares_a_folder: true,
        clear: "/new",
        by_hand: &["--resume", "{id}"],
        without_hooks: None,
        kept: Kept::ById,
        moved: Moved::Found,
    },
    Agent {
        kind: "claude",
        flags: [
            &["--model", "opus", "--permission-mode", "default"],
            &["--model", "sonnet", "--permission-mode", "plan"],
            &["--model", "haiku", "--permission-mode", "acceptEdits", "--effort", "high"],
        ],
        ready: &["mode on", "edits on"],
        chooses: &["--session-id", "--resume"],
        shares_a_folder: true,
        clear: "/clear",
        by_hand: &["--resume", "{id}"],
        without_hooks: None,
        kept: Kept::ById,
        moved: Moved::Found,
    },
    Agent {
        kind: "codex",
        flags: [
            &["-s", "read-only"],
            &["-s", "workspace-write", "-a", "on-request"],
            &["-m", "mock-model-2", "-s", "read-only"],
        ],
        ready: &["Ask Codex to do anything"],
        chooses: &["resume", "-C", "{directory}"],
        shares_a_folder: true,
        clear: "/clear",
        by_hand: &["--no-daemon", "resume", "{id}"],
        without_hooks: None,
        kept: Kept::ById,
        moved: Moved::Found,
    },
];
