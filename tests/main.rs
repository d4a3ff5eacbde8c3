//! The one integration-test binary: every file beside this one is a module of it, so all link once.
//! Must not hold tests itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at the first surprise"
)]
#![allow(clippy::disallowed_methods, reason = "the doors are the program's; tests stand outside")]
#![allow(clippy::print_stderr, reason = "a test may say why it was left out")]

mod attach;
mod autostart;
mod back;
mod bind;
mod brief;
mod broadcast;
mod by_hand;
mod clear;
mod close;
mod completions;
mod config;
mod context;
mod copies;
mod corpus;
mod demo;
mod doctor;
mod elsewhere;
mod exec;
mod explain;
#[cfg(target_os = "linux")] // strace shows it what is run and opened
mod faults;
mod first_prompt;
mod forks;
mod held;
mod history;
mod hook;
mod hooks;
#[cfg(target_os = "linux")] // strace shows it what is run and opened
mod hostile;
mod init;
mod install;
mod kept;
mod kill;
mod live;
mod lock;
mod log;
mod ls;
mod man;
mod new;
mod next;
mod note;
mod notify;
mod observer;
mod one_folder;
mod output;
mod pick;
mod place;
mod presence;
mod prompt;
mod proxy;
mod queue;
mod readme;
mod real_agents;
mod real_strategies;
mod reboot;
mod release;
mod rename;
mod reset;
mod resume;
mod resume_elsewhere;
#[cfg(target_os = "linux")] // strace ends it at exact moments
mod resume_killed;
mod resume_pace;
#[cfg(target_os = "linux")] // strace shows it what is run and opened
mod resume_race;
mod resume_verified;
mod rm;
mod run;
mod scrollback;
mod sealed_world;
mod selftest;
mod send;
mod show;
mod snapshot;
mod status;
mod support;
mod tag;
mod take;
mod task;
mod tidy;
mod tmux_conf;
mod tmux_injection;
mod trust;
mod unlock;
mod wait;
mod watch;
mod writers;
