//! The doors: the only place where tabctl touches processes, files, folders and the clock.
//! Must not know what a tab, an agent or a multiplexer is.

pub mod background;
pub mod clock;
pub mod doorbell;
pub mod fifo;
pub mod file;
pub mod outlet;
pub mod paths;
pub mod printer;
pub mod pty;
pub mod relay;
pub mod run;
pub mod screen;
pub mod signals;
pub mod tty;
pub mod user;
pub mod watch;
