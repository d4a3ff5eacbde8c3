#![doc = include_str!("README.md")]

pub mod agents;
pub mod cli;
pub mod config;
pub mod engine;
pub mod error;
pub mod model;
pub mod ops;
pub mod scan;
pub mod shell;
pub mod store;
pub mod sys;
pub mod ui;
