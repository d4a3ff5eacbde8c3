//! `tabctl demo-agent`: the small agent of `demo`. Hidden: it is started like any agent.

use anyhow::Result;

use super::out::Out;
use crate::ops::demo_agent::{self, Request};

/// Hold a conversation that is kept on disk
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Start a conversation under this id
    #[arg(long, value_name = "ID", conflicts_with = "resume")]
    session_id: Option<String>,
    /// Go on with this conversation
    #[arg(long, value_name = "ID")]
    resume: Option<String>,
    /// Any word: it is shown in the greeting
    #[arg(long, default_value = "small")]
    model: String,
    /// Answer everything without asking (it never asks anyway)
    #[arg(long)]
    yolo: bool,
    /// A first prompt
    prompt: Option<String>,
}

/// Runs it.
pub fn run(args: &Args, out: &mut Out) -> Result<()> {
    let mode = if args.yolo { ", yolo" } else { "" };
    let request = Request {
        session_id: args.session_id.clone(),
        resume: args.resume.clone(),
        model: format!("{}{mode}", args.model),
        prompt: args.prompt.clone(),
        reports: out.columns().is_some(),
    };
    demo_agent::talk(&request, &demo_agent::home()?, &mut std::io::stdin().lock(), &mut out.raw())
}
