//! Rows to text: pure drawing. Must not read, ask or print anything.

pub mod board;
pub mod card;
pub mod compared;
pub mod diff;
pub mod history;
pub mod log;
pub mod offered;
pub mod outcomes;
pub mod progress;
pub mod segment;
pub mod style;
pub mod table;
pub mod text;
