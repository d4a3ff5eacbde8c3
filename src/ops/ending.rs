//! Ends a tree of processes: it is told to, has some time, and is ended. Must not reach a process that
//! was not seen in the tree, whatever its number is now.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use crate::model::proc::ProcId;
use crate::scan;
use crate::sys::signals;

use super::Ctx;

/// How long processes have to end by themselves.
pub const GRACE: Duration = Duration::from_secs(5);
/// How long it may take the system to end them.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked.
pub const PAUSE: Duration = Duration::from_millis(20);

/// The signals of it.
const TERM: i32 = 15;
const CONT: i32 = 18;
const KILL: i32 = 9;

/// Processes that are being ended.
pub struct Ending<'a> {
    ctx: &'a Ctx,
    roots: Vec<u32>,
    spared: HashSet<u32>,
    /// Who was told, and whether in the last words.
    told: HashMap<ProcId, bool>,
    /// How many lived at one look, at most.
    most: usize,
    begun: Instant,
    grace: Duration,
}

impl<'a> Ending<'a> {
    /// Of the trees below `roots`, with the roots, without those that are spared. Nothing is done yet.
    pub fn new(ctx: &'a Ctx, roots: &[u32], spared: &[u32], grace: Duration) -> Ending<'a> {
        let (roots, spared) = (roots.to_vec(), spared.iter().copied().collect());
        let (told, most, begun) = (HashMap::new(), 0, Instant::now());
        Ending { ctx, roots, spared, told, most, begun, grace }
    }

    /// Looks, and tells those that were not told yet; says how many still live. To be called again
    /// until none does: what is started meanwhile is found by the next look, and what has lost its
    /// parent is remembered.
    pub fn step(&mut self) -> usize {
        let boot = &self.ctx.store.boot;
        let is_over = self.begun.elapsed() >= self.grace;
        let seen = scan::trees(&self.roots, boot).into_iter().flatten().map(|process| process.id);
        // Parents first, as they stand in their trees: a shell that sees its command end before it is
        // told itself would start the next one.
        let mut known: Vec<ProcId> = seen.filter(|id| !self.spared.contains(&id.pid)).collect();
        let orphans = self.told.keys().filter(|id| !known.contains(id)).cloned();
        known.extend(orphans.collect::<Vec<_>>());
        known.retain(|id| scan::lives(id, boot));
        let living = known.len();
        self.most = self.most.max(living);
        for id in known {
            let is_it = || scan::lives(&id, boot);
            let told = self.told.get(&id).copied();
            if is_over && told != Some(true) {
                signals::send(id.pid, KILL, &is_it);
                self.told.insert(id, true);
            } else if told.is_none() {
                signals::send(id.pid, TERM, &is_it);
                // One that is stopped hears nothing until it goes on.
                signals::send(id.pid, CONT, &is_it);
                self.told.insert(id, false);
            }
        }
        living
    }

    /// How many processes there were at one time. One that goes on for a while starts others, and as many
    /// of those as it is patient: to count them all would tell of the waiting.
    pub fn count(&self) -> usize {
        self.most
    }

    /// Steps until none lives; gives how many live even so.
    pub fn see_through(&mut self) -> usize {
        let mut gone = 0;
        loop {
            let living = self.step();
            // What was started between two looks is seen by a second one.
            gone = if living == 0 { gone + 1 } else { 0 };
            if gone == 2 || self.begun.elapsed() > self.grace + PATIENCE {
                return living;
            }
            std::thread::sleep(PAUSE);
        }
    }
}

/// Sends one signal to every process of these trees; gives to how many.
pub fn tell(ctx: &Ctx, roots: &[u32], spared: &[u32], signal: i32) -> usize {
    let boot = &ctx.store.boot;
    let all = scan::trees(roots, boot).into_iter().flatten().map(|process| process.id);
    all.filter(|id| !spared.contains(&id.pid))
        .filter(|id| signals::send(id.pid, signal, &|| scan::lives(id, boot)))
        .count()
}
