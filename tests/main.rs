//! The one integration-test binary: every file beside this one is a module of it, so all link once.
//! Must not hold tests itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at the first surprise"
)]
#![allow(clippy::disallowed_methods, reason = "the doors are the program's; tests stand outside")]
#![allow(clippy::print_stderr, reason = "a test may say why it was left out")]

mod install;
mod real_agents;
mod sealed_world;
mod support;
mod tidy;
