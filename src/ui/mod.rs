//! Rows to text: pure drawing. Must not read, ask or print anything.

pub mod board;
pub mod brief;
pub mod card;
pub mod compared;
pub mod context;
pub mod diff;
pub mod history;
pub mod jobs;
pub mod log;
pub mod offered;
pub mod outcomes;
pub mod output;
pub mod progress;
pub mod segment;
pub mod snapshot;
pub mod style;
pub mod table;
pub mod text;
