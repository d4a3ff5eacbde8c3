//! The promise itself, with all real agents at once: the machine goes down, one `resume`, and every
//! tab has its own conversation again, as it was started.
//! Must not fake an agent; only the model behind them is ours.

mod agents;
mod cases;
mod tab;
mod table;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use agents::{AGENTS, Agent};
use tab::Tab;
use table::{Outcome, Table};

use crate::live::report::words;
use crate::live::stage::Stage;

/// In the long run, so many agents are led through their cases at the same time.
const AT_ONCE: usize = 2;
const OWN: &str = "three tabs, two in one folder";

#[test]
fn real_agents_come_back_after_a_reboot() {
    let _turn = crate::support::agents::turn();
    let long = std::env::var_os("TABCTL_TEST_LONG").is_some();
    // Twelve tabs are as many as start in a while; all agents come in the long run.
    let few = if long { "" } else { "claude,codex,gemini,aider" };
    let only = std::env::var("TABCTL_TEST_REBOOT").unwrap_or_else(|_| few.to_owned());
    let wanted = |agent: &&Agent| only.is_empty() || only.split(',').any(|it| it == agent.kind);
    let agents: Vec<&'static Agent> = AGENTS.iter().filter(wanted).collect();
    let mut table = Table::default();
    let all = !long || std::env::var_os("TABCTL_TEST_REBOOT_CASES").is_none();
    if all && all_at_once(&agents, &mut table).is_none() {
        return;
    }
    if long {
        for group in agents.chunks(AT_ONCE) {
            let players: Vec<_> = std::thread::scope(|scope| {
                let players: Vec<_> = group
                    .iter()
                    .map(|agent| (agent.kind, scope.spawn(|| cases::all_of(agent))))
                    .collect();
                let join = |(kind, player): (_, std::thread::ScopedJoinHandle<_>)| {
                    (kind, player.join().ok().flatten())
                };
                players.into_iter().map(join).collect()
            });
            for (kind, outcomes) in players {
                let died = || vec![("cases", Outcome::Wrong("the thread died".to_owned()))];
                for (case, outcome) in outcomes.unwrap_or_else(died) {
                    table.add(kind, case, outcome);
                }
            }
        }
    }
    table.print();
    table.keep();
    table.check();
}

/// Three tabs of each agent, with two turns each, and one reboot for all of them.
fn all_at_once(agents: &[&'static Agent], table: &mut Table) -> Option<()> {
    let places = agents.iter().flat_map(|agent| (0..3).map(|at| place(agent, at)));
    let mut places: Vec<String> = places.collect();
    places.dedup();
    let stage = Stage::set(&places)?;
    let begun = Instant::now();
    let mut tabs: Vec<Vec<Tab>> = agents.iter().map(|agent| tabs_of(&stage, agent)).collect();
    each(&mut tabs, table, true, &|tab| {
        tab.opens(&[]);
        tab.says("keep this in mind");
        tab.says("and this");
        tab.is_bound();
    });
    let talked = begun.elapsed();

    stage.world.reboot();
    let rows = stage.world.rows();
    assert!(rows.iter().all(|row| row["status"]["state"] == "down"), "{rows:#?}");
    let resumed = stage.world.tabctl(["resume"]);
    let came_back = begun.elapsed();
    eprintln!("{resumed}");
    each(&mut tabs, table, false, &|tab| {
        tab.is_ready();
        tab.runs_as_before();
        tab.says("[[recall]]");
        tab.remembers_its_own();
    });
    let asked = begun.elapsed();
    eprintln!("talked {talked:.0?}, resumed {came_back:.0?}, asked {asked:.0?}");
    let panes = || stage.world.tmux(["list-panes", "-a", "-F", "#{pane_id} #{pane_pid}"]).stdout;
    let before = panes();
    stage.world.tabctl(["resume"]);
    assert_eq!(panes(), before, "a second resume starts nothing");
    Some(())
}

fn tabs_of<'a>(stage: &'a Stage, agent: &'static Agent) -> Vec<Tab<'a>> {
    let name = |at: usize| format!("{}-{}", agent.kind, ["a", "b", "c"][at]);
    (0..3).map(|at| Tab::new(stage, agent, &name(at), &place(agent, at), at)).collect()
}

/// The first two tabs share a workspace, where an agent can tell them apart.
fn place(agent: &Agent, at: usize) -> String {
    let at = if agent.shares_a_folder { at / 2 } else { at };
    format!("{}-{}", agent.kind, ["one", "two", "three"][at])
}

/// Does something with every tab, the agents side by side. Of each agent the first tab goes before
/// the others if that is asked for: what an agent does once in a home is then done. A tab with which
/// something went wrong is left out from then on.
fn each(
    tabs: &mut Vec<Vec<Tab>>,
    table: &mut Table,
    first_alone: bool,
    act: &(dyn Fn(&mut Tab) + Sync),
) {
    let outcomes = std::thread::scope(|scope| {
        let of_agent = |tabs: &mut Vec<Tab>| {
            // There is at least one.
            let (first, others) = tabs.split_at_mut(usize::from(first_alone));
            let mut outcomes: Vec<Outcome> = first.iter_mut().map(|tab| tried(act, tab)).collect();
            outcomes.extend(side_by_side(others, act));
            let mut came = outcomes.iter();
            tabs.retain(|_| came.next() == Some(&Outcome::Right));
            outcomes
        };
        let agents = tabs.iter_mut().filter(|tabs| !tabs.is_empty());
        let agents: Vec<_> =
            agents.map(|tabs| (tabs[0].agent.kind, scope.spawn(move || of_agent(tabs)))).collect();
        let ended =
            agents.into_iter().map(|(kind, agent)| (kind, agent.join().unwrap_or_default()));
        ended.collect::<Vec<_>>()
    });
    for (kind, outcomes) in outcomes {
        for outcome in outcomes {
            table.add(kind, OWN, outcome);
        }
    }
}

fn side_by_side(tabs: &mut [Tab], act: &(dyn Fn(&mut Tab) + Sync)) -> Vec<Outcome> {
    std::thread::scope(|scope| {
        let all: Vec<_> = tabs.iter_mut().map(|tab| scope.spawn(|| tried(act, tab))).collect();
        let died = |_| Outcome::Wrong("the thread of the test died".to_owned());
        all.into_iter().map(|one| one.join().unwrap_or_else(died)).collect()
    })
}

fn tried(act: &(dyn Fn(&mut Tab) + Sync), tab: &mut Tab) -> Outcome {
    match catch_unwind(AssertUnwindSafe(|| act(tab))) {
        Ok(()) => Outcome::Right,
        Err(why) => Outcome::Wrong(words(why.as_ref())),
    }
}
