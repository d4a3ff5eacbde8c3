//! What can happen to a conversation besides: each case with each agent, in a world of its own.
//! Must not soften a case for an agent: what it cannot do is said, and checked to be refused.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use tabctl::error::Kind;

use super::agents::{Agent, Moved};
use super::tab::{Tab, remove};
use super::table::Outcome;
use crate::live::report::words;
use crate::live::stage::Stage;
use crate::support::{Run, World, agents, processes};

/// A case: its name in the table, what is done before the machine goes down, and after.
struct Case {
    name: &'static str,
    before: fn(&mut Scene),
    after: fn(&mut Scene),
    /// Why this agent has no such case.
    impossible: fn(&Agent) -> Option<&'static str>,
}

/// One agent in its world.
struct Scene<'a> {
    agent: &'static Agent,
    tab: Tab<'a>,
    /// The tab of which the case made this one.
    parent: Option<Tab<'a>>,
}

const CASES: &[Case] = &[
    Case { name: "cleared", before: is_cleared, after: comes_back, impossible: has_no_clear },
    Case { name: "forked", before: is_forked, after: both_come_back, impossible: has_no_fork },
    Case { name: "moved", before: is_spoken_to, after: follows_the_move, impossible: has_no_move },
    Case { name: "transcript gone", before: is_spoken_to, after: is_not_blank, impossible: never },
    Case { name: "held elsewhere", before: is_spoken_to, after: is_not_doubled, impossible: never },
    // The last one: it takes the program away for a while.
    Case { name: "program gone", before: is_spoken_to, after: needs_it, impossible: never },
];

/// All cases with one agent. Nothing, if the tests were asked to do without the real agents.
pub fn all_of(agent: &'static Agent) -> Option<Vec<(&'static str, Outcome)>> {
    let place = |case: &Case| format!("{}-{}", agent.kind, case.name.replace(' ', "-"));
    let only = std::env::var("TABCTL_TEST_REBOOT_CASES").unwrap_or_default();
    let wanted = |case: &&Case| only.is_empty() || only.split(',').any(|it| it == case.name);
    let cases: Vec<&Case> = CASES.iter().filter(wanted).collect();
    let places = cases.iter().flat_map(|case| [place(case), place(case) + "-away"]);
    let mut stage = Stage::set(&places.collect::<Vec<_>>())?;
    link_programs(&mut stage.world, &agents::folder()?);
    let stage = stage;
    if agent.without_hooks.is_some() {
        stage.world.tabctl(["hooks", "install", agent.kind, "--yes"]).ok();
    }
    let mut outcomes = Vec::new();
    let mut scenes = Vec::new();
    for case in cases {
        if let Some(why) = (case.impossible)(agent) {
            outcomes.push((case.name, Outcome::Impossible(why)));
            continue;
        }
        let tab = Tab::new(&stage, agent, &place(case), &place(case), scenes.len() % 3);
        let mut scene = Scene { agent, tab, parent: None };
        match tried(&mut scene, case.before) {
            Outcome::Right => scenes.push((case, scene)),
            wrong => outcomes.push((case.name, wrong)),
        }
    }
    stage.world.reboot();
    for (case, mut scene) in scenes {
        let outcome = match tried(&mut scene, case.after) {
            Outcome::Right => scene.exception(case.name),
            wrong => wrong,
        };
        outcomes.push((case.name, outcome));
    }
    Some(outcomes)
}

fn tried(scene: &mut Scene, act: fn(&mut Scene)) -> Outcome {
    match catch_unwind(AssertUnwindSafe(|| act(scene))) {
        Ok(()) => Outcome::Right,
        Err(why) => Outcome::Wrong(words(why.as_ref())),
    }
}

/// The agents' programs by links of the world's own, of which one can be taken away.
fn link_programs(world: &mut World, programs: &Path) {
    let bin = world.path("bin");
    std::fs::create_dir(&bin).expect("the world is new");
    for program in std::fs::read_dir(programs).expect("they are installed").flatten() {
        let link = bin.join(program.file_name());
        std::os::unix::fs::symlink(program.path(), link).expect("the world is writable");
    }
    let tabctl = Path::new(env!("CARGO_BIN_EXE_tabctl")).parent().expect("a file has a folder");
    world.set("PATH", std::env::var_os("PATH").unwrap_or_default());
    world.put_on_path(tabctl);
    world.put_on_path(&bin);
}

fn never(_: &Agent) -> Option<&'static str> {
    None
}

fn has_no_clear(agent: &Agent) -> Option<&'static str> {
    let why = "aider has one conversation in a folder, which /clear empties";
    (!agent.has_ids()).then_some(why)
}

fn has_no_move(agent: &Agent) -> Option<&'static str> {
    if let Moved::Useless(why) = agent.moved { Some(why) } else { None }
}

fn has_no_fork(agent: &Agent) -> Option<&'static str> {
    agent.actor().fork.is_empty().then_some("it cannot fork a conversation")
}

fn is_spoken_to(scene: &mut Scene) {
    scene.tab.opens(&[]);
    scene.tab.says("keep this in mind");
    scene.tab.is_bound();
}

/// The agent goes on in the same process with a new conversation.
fn is_cleared(scene: &mut Scene) {
    is_spoken_to(scene);
    let tab = &mut scene.tab;
    let before = tab.conversation();
    tab.types(scene.agent.clear);
    tab.said.clear();
    tab.says("keep this instead");
    tab.until("another conversation", || {
        tab.conversation().filter(|_| tab.conversation() != before)
    });
    tab.is_bound();
}

fn comes_back(scene: &mut Scene) {
    scene.world().tabctl(["resume", &scene.tab.name]).ok();
    scene.tab.is_ready();
    scene.tab.runs_as_before();
    scene.remembers();
}

/// A second tab begins with a copy of the first one's conversation.
fn is_forked(scene: &mut Scene) {
    is_spoken_to(scene);
    let tab = &scene.tab;
    let id = tab.conversation().expect("it is bound");
    let words = scene.agent.actor().fork.iter().map(|word| word.replace("{id}", &id));
    let words: Vec<String> = words.collect();
    let name = format!("{}-child", tab.name);
    let mut child = Tab::new(tab.stage, scene.agent, &name, &tab.place, 0);
    child.said.clone_from(&tab.said);
    child.opens(&words.iter().map(String::as_str).collect::<Vec<_>>());
    child.says("said in the fork");
    child.until("a conversation of its own", || child.conversation().filter(|own| *own != id));
    child.ids.push(id);
    child.is_bound();
    scene.parent = Some(std::mem::replace(&mut scene.tab, child));
}

fn both_come_back(scene: &mut Scene) {
    comes_back(scene);
    let child = std::mem::replace(&mut scene.tab, scene.parent.take().expect("it was forked"));
    scene.parent = Some(child);
    scene.world().tabctl(["resume", &scene.tab.name]).ok();
    scene.tab.is_ready();
    scene.remembers();
}

fn follows_the_move(scene: &mut Scene) {
    let from = scene.tab.folder();
    scene.tab.place += "-away";
    let to = scene.tab.folder();
    std::fs::remove_dir_all(&to).expect("only its own things are in it");
    std::fs::rename(&from, &to).expect("the world is writable");
    let work = to.parent().expect("it has one").display().to_string();
    scene.world().tabctl(["doctor", "--scan", &work]).ok();
    if let Moved::Refused(_) = scene.agent.moved {
        return scene.stays_a_shell(Kind::ConversationMissing);
    }
    scene.world().tabctl(["resume", &scene.tab.name]).ok();
    scene.tab.is_ready();
    scene.remembers();
}

fn is_not_blank(scene: &mut Scene) {
    let id = scene.tab.conversation();
    remove(&scene.tab, id.as_deref());
    if scene.agent.is_copied() {
        let copies = scene.world().path("state").join("copies");
        std::fs::remove_dir_all(copies).expect("it was copied");
    }
    scene.stays_a_shell(Kind::ConversationMissing);
}

/// The tab comes back as a shell, says why, and keeps the id.
impl Scene<'_> {
    fn world(&self) -> &World {
        &self.tab.stage.world
    }

    fn stays_a_shell(&self, kind: Kind) {
        let id = self.tab.conversation();
        let run = self.world().tabctl(["resume", &self.tab.name]).fails_with(kind);
        let named = id.as_ref().is_none_or(|id| run.stdout.contains(id));
        assert!(named && run.stdout.contains("--fresh"), "{run}");
        self.tab.until("a shell", || (self.tab.row()["status"]["state"] == "shell").then_some(()));
        assert_eq!(self.tab.conversation(), id, "the id is kept");
        assert_eq!(self.tab.agents(), Vec::<String>::new(), "no agent runs");
    }

    fn remembers(&mut self) {
        self.tab.says("[[recall]]");
        self.tab.remembers_its_own();
    }

    fn exception(&self, case: &str) -> Outcome {
        match self.agent.moved {
            Moved::Refused(why) if case == "moved" => Outcome::Impossible(why),
            _ => match self.agent.without_hooks {
                Some(why) if case == "cleared" => Outcome::Only(why),
                _ => Outcome::Right,
            },
        }
    }
}

/// Somebody has opened the conversation by hand: the tab is refused while that lives.
fn is_not_doubled(scene: &mut Scene) {
    let tab = &scene.tab;
    let id = tab.conversation();
    let folder = tab.folder().display().to_string();
    let words = scene.agent.by_hand.iter().copied().chain(tab.flags.iter().map(String::as_str));
    let words = words.map(|word| word.replace("{id}", id.as_deref().unwrap_or_default()));
    let line: Vec<String> = std::iter::once(scene.agent.kind.to_owned()).chain(words).collect();
    // Two words, so that tmux starts no login shell: /etc/profile would set another PATH.
    let open = ["new-session", "-d", "-x", "140", "-y", "50", "-P", "-F", "#{pane_id} #{pane_pid}"];
    let shell = ["-c", &folder, "/bin/sh", "-i"];
    let opened = scene.world().tmux([&open[..], &shell[..]].concat()).ok().stdout;
    let (pane, shell) = opened.trim().split_once(' ').expect("two fields");
    scene.world().type_line(pane, &line.join(" "));
    tab.shows_ready(pane);
    let run = scene.world().tabctl(["resume", &tab.name]).fails_with(Kind::Busy);
    let below = processes::tree(&scene.world().processes(), shell.parse().expect("a number"));
    let named = below.iter().any(|one| run.stdout.contains(&one.pid.to_string()));
    assert!(named || run.stdout.contains(pane), "it should say who holds it\n{run}");
    assert_eq!(tab.agents(), Vec::<String>::new(), "no agent runs in the tab");
    below.iter().for_each(processes::kill);
    tab.until("the holder to be gone", || {
        let living = scene.world().processes();
        below.iter().all(|gone| living.iter().all(|one| one.pid != gone.pid)).then_some(())
    });
    scene.world().tabctl(["resume", &tab.name]).ok();
    scene.tab.is_ready();
    scene.remembers();
}

/// Without its program the tab is refused and loses nothing; with it, it comes back.
fn needs_it(scene: &mut Scene) {
    let id = scene.tab.conversation();
    let bin = scene.world().path("bin");
    let (link, away) = (bin.join(scene.agent.kind), bin.join("away"));
    std::fs::rename(&link, &away).expect("it is there");
    let run = scene.world().tabctl(["resume", &scene.tab.name]);
    std::fs::rename(&away, &link).expect("it was there");
    let run: Run = run.fails_with(Kind::AgentMissing);
    assert!(run.stdout.contains(scene.agent.kind), "{run}");
    assert_eq!(scene.tab.conversation(), id, "the id is kept");
    scene.world().tabctl(["resume", &scene.tab.name]).ok();
    scene.tab.is_ready();
    scene.remembers();
}
