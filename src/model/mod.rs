//! The pure core: what a tab is, what can happen to it, and what is shown of it.
//! Must not touch a file, a process or the clock: everything comes in as values.

pub mod act;
pub mod argv;
pub mod briefing;
pub mod chain;
pub mod compared;
pub mod doer;
pub mod event;
pub mod evidence;
pub mod glimpse;
pub mod heard;
pub mod id;
pub mod layout;
pub mod live;
pub mod log;
pub mod name;
pub mod notice;
pub mod outcome;
pub mod pace;
pub mod pane;
pub mod plan;
pub mod proc;
pub mod program;
pub mod report;
pub mod resolve;
pub mod row;
pub mod segment;
pub mod session;
pub mod status;
pub mod tally;
pub mod terminal;
pub mod typing;
