//! The command line: one file a command, whose doc comment is its help.
//! Must not decide anything: it brings arguments to `ops` and shows what comes back.

pub mod ask;
pub mod attach;
pub mod autostart;
pub mod back;
pub mod bind;
pub mod board;
pub mod brief;
pub mod broadcast;
pub mod clear;
pub mod close;
pub mod complete;
pub mod completions;
pub mod config;
pub mod context;
pub mod demo;
pub mod demo_agent;
pub mod doctor;
pub mod exec;
pub mod explain;
pub mod history;
pub mod hook;
pub mod hooks;
pub mod init;
pub mod interrupt;
pub mod keep;
pub mod keep_job;
pub mod kill;
pub mod lock;
pub mod log;
pub mod ls;
pub mod man;
pub mod new;
pub mod next;
pub mod note;
pub mod notify;
pub mod out;
pub mod output;
pub mod pick;
pub mod prompt;
pub mod queue;
pub mod release;
pub mod rename;
pub mod reset;
pub mod resume;
pub mod rm;
pub mod run;
pub mod runner;
pub mod selftest;
pub mod send;
pub mod show;
pub mod snapshot;
pub mod status;
pub mod tag;
pub mod take;
pub mod take_terminal;
pub mod task;
pub mod tmux_conf;
pub mod trust;
pub mod unlock;
pub mod wait;
pub mod watch;

use anyhow::Result;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::ops::Ctx;
use out::Out;

/// Durable terminal tabs for people who run many coding agents
///
/// A tab is a record (`.session.yaml` in its folder) and, while it lives, a window in tmux. After a
/// reboot, `tabctl resume` brings every tab back with its own conversation.
#[derive(Debug, Parser)]
#[command(
    name = "tabctl",
    version,
    max_term_width = 100,
    after_help = "\
Without a command, tabctl lists the tabs. Without TAB, a command means the tab you stand in.
Exit codes: 0 well, 1 other, 2 usage, 3 not found, 4 not trusted, 5 locked, 6 name or id taken,
7 broken file, 8 multiplexer, 9 agent missing, 10 conversation missing, 11 busy, 12 some tabs
failed, 13 needs a person, 14 read-only, 15 agent failed, 16 time over, 17 tab not live,
18 not confirmed, 130 interrupted."
)]
pub struct Cli {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide = true)]
    pub color: out::Color,
    /// What to do
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands, in the order of the help.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
#[allow(missing_docs)] // the help of each is the doc comment of its `Args`
pub enum Command {
    #[command(visible_alias = "list")]
    Ls(ls::Args),
    New(new::Args),
    Bind(bind::Args),
    Resume(resume::Args),
    #[command(visible_alias = "go")]
    Attach(attach::Args),
    Pick(pick::Args),
    Watch(watch::Args),
    Next(next::Args),
    Back(back::Args),
    Brief(brief::Args),
    Show(show::Args),
    Status(status::Args),
    Explain(explain::Args),
    Context(context::Args),
    Output(output::Args),
    Wait(wait::Args),
    Send(send::Args),
    Queue(queue::Args),
    Broadcast(broadcast::Args),
    Take(take::Args),
    Release(release::Args),
    Exec(exec::Args),
    Run(run::Args),
    Kill(kill::Args),
    Clear(clear::Args),
    Task(task::Args),
    Note(note::Args),
    Log(log::Args),
    Tag(tag::Args),
    Rename(rename::Args),
    Lock(lock::Args),
    Unlock(unlock::Args),
    Snapshot(snapshot::Args),
    Reset(reset::Args),
    Close(close::Args),
    Rm(rm::Args),
    Trust(trust::Args),
    Hooks(hooks::Args),
    Init(init::Args),
    Prompt(prompt::Args),
    History(history::Args),
    #[command(name = "tmux-conf")]
    TmuxConf(tmux_conf::Args),
    Notify(notify::Args),
    Autostart(autostart::Args),
    Doctor(doctor::Args),
    Config(config::Args),
    Demo(demo::Args),
    Selftest(selftest::Args),
    Completions(completions::Args),
    Man(man::Args),
    Hook(hook::Args),
    #[command(hide = true)]
    Complete(complete::Args),
    #[command(hide = true)]
    Runner(runner::Args),
    #[command(hide = true)]
    Keep(keep::Args),
    #[command(hide = true, name = "keep-job")]
    KeepJob(keep_job::Args),
    #[command(hide = true, name = "demo-agent")]
    DemoAgent(demo_agent::Args),
    #[command(hide = true, name = "take-terminal")]
    TakeTerminal(take_terminal::Args),
}

impl Cli {
    /// Reads the command line of this process; ends it with help or a usage error.
    pub fn of_this_process() -> Cli {
        if let Some(args) = hook::Args::of_this_process() {
            return Cli { color: out::Color::Auto, command: Some(Command::Hook(args)) };
        }
        if let Some(args) = runner::Args::of_this_process() {
            return Cli { color: out::Color::Auto, command: Some(Command::Runner(args)) };
        }
        Cli::try_parse().unwrap_or_else(|error| {
            if is_hook() && error.use_stderr() {
                // An agent would show the complaint to its user, in every turn.
                return Cli {
                    color: out::Color::Auto,
                    command: Some(Command::Hook(hook::Args::nothing())),
                };
            }
            if error.kind() == ErrorKind::DisplayHelp {
                // The commands are built when they are used; the list of all needs all of them.
                let mut whole = Cli::command();
                whole.build();
                let error = whole.try_get_matches_from(std::env::args_os()).err().unwrap_or(error);
                error.exit()
            }
            run::with_a_tip(error, &std::env::args_os().collect::<Vec<_>>()).exit()
        })
    }
}

/// Whether an agent's hook started this process.
pub fn is_hook() -> bool {
    std::env::args_os().nth(1).is_some_and(|word| word == "hook")
}

/// Runs what the command line says. The context is opened by those who need one.
pub fn run(cli: Cli, out: &mut Out) -> Result<()> {
    let ctx = Ctx::open;
    match cli.command.unwrap_or_else(|| Command::Ls(ls::Args::default())) {
        Command::Ls(args) => ls::run(&args, &ctx()?, out),
        Command::New(args) => new::run(&args, &ctx()?, out),
        Command::Bind(args) => bind::run(&args, &ctx()?, out),
        Command::Resume(args) => resume::run(&args, &ctx()?, out),
        Command::Attach(args) => attach::run(&args, &ctx()?, out),
        Command::Pick(args) => pick::run(&args, &ctx()?, out),
        Command::Watch(args) => watch::run(&args, &ctx()?, out),
        Command::Next(args) => next::run(&args, &ctx()?, out),
        Command::Back(args) => back::run(&args, &ctx()?, out),
        Command::Brief(args) => brief::run(&args, &ctx()?, out),
        Command::Show(args) => show::run(&args, &ctx()?, out),
        Command::Status(args) => status::run(&args, &ctx()?, out),
        Command::Explain(args) => explain::run(&args, &ctx()?, out),
        Command::Context(args) => context::run(&args, &ctx()?, out),
        Command::Wait(args) => wait::run(&args, &ctx()?, out),
        Command::Send(args) => send::run(&args, &ctx()?, out),
        Command::Queue(args) => queue::run(&args, &ctx()?, out),
        Command::Broadcast(args) => broadcast::run(&args, &ctx()?, out),
        Command::Take(args) => take::run(&args, &ctx()?, out),
        Command::Release(args) => release::run(&args, &ctx()?, out),
        Command::Run(args) => run::run(&args, &ctx()?, out),
        Command::Output(args) => output::run(&args, &ctx()?, out),
        Command::Kill(args) => kill::run(&args, &ctx()?, out),
        Command::Clear(args) => clear::run(&args, &ctx()?, out),
        Command::Exec(args) => exec::run(&args, &ctx()?, out),
        Command::Task(args) => task::run(&args, &ctx()?, out),
        Command::Note(args) => note::run(&args, &ctx()?, out),
        Command::Log(args) => log::run(&args, &ctx()?, out),
        Command::Tag(args) => tag::run(&args, &ctx()?, out),
        Command::Rename(args) => rename::run(&args, &ctx()?, out),
        Command::Lock(args) => lock::run(&args, &ctx()?, out),
        Command::Unlock(args) => unlock::run(&args, &ctx()?, out),
        Command::Snapshot(args) => snapshot::run(&args, &ctx()?, out),
        Command::Reset(args) => reset::run(&args, &ctx()?, out),
        Command::Close(args) => close::run(&args, &ctx()?, out),
        Command::Rm(args) => rm::run(&args, &ctx()?, out),
        Command::Trust(args) => trust::run(&args, &ctx()?, out),
        Command::Hooks(args) => hooks::run(&args, &ctx()?, out),
        Command::Init(args) => init::run(&args, &Ctx::open_leniently()?, out),
        Command::Prompt(args) => prompt::run(&args, &Ctx::open_leniently()?, out),
        Command::History(args) => history::run(&args, &ctx()?, out),
        Command::TmuxConf(args) => tmux_conf::run(&args, out),
        Command::Notify(args) => notify::run(&args, &ctx()?, out),
        Command::Autostart(args) => autostart::run(&args, &ctx()?, out),
        Command::Doctor(args) => doctor::run(&args, &ctx()?, out),
        Command::Config(args) => config::run(&args, out),
        Command::Demo(args) => demo::run(&args, out),
        Command::Selftest(args) => selftest::run(&args, out),
        Command::Complete(args) => complete::run(args, out),
        Command::Completions(args) => completions::run(&args, out),
        Command::Man(args) => man::run(&args, out),
        Command::Hook(args) => {
            hook::run(args);
            Ok(())
        }
        Command::Runner(args) => runner::run(&args, &ctx()?, out),
        Command::Keep(args) => keep::run(&args, &ctx()?),
        Command::KeepJob(args) => keep_job::run(&args, &ctx()?),
        Command::DemoAgent(args) => demo_agent::run(&args, out),
        Command::TakeTerminal(args) => {
            take_terminal::run(&args);
            Ok(())
        }
    }
}
