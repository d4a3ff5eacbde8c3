//! Who descends from whom, and the portable process table to look it up in.
//! Must not walk all processes where the system lists the children of one.

use std::collections::{HashMap, HashSet};

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// The process and all that descend from it, parents before children.
pub fn descent(root: u32, mut children: impl FnMut(u32) -> Vec<u32>) -> Vec<u32> {
    let mut order = vec![root];
    let mut known = HashSet::from([root]);
    let mut next = 0;
    while let Some(&parent) = order.get(next) {
        // A number that was reused while we looked must not lead round in a circle.
        order.extend(children(parent).into_iter().filter(|child| known.insert(*child)));
        next += 1;
    }
    order
}

/// The children of every process that has any.
pub fn by_parent() -> HashMap<u32, Vec<u32>> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let Some(all) = look(None, ProcessRefreshKind::nothing()) else { return children };
    for (pid, process) in all.processes() {
        if let Some(parent) = process.parent() {
            children.entry(parent.as_u32()).or_default().push(pid.as_u32());
        }
    }
    children
}

/// The given processes, or all, with what `wanted` says, and never their threads.
pub fn look(pids: Option<&[u32]>, wanted: ProcessRefreshKind) -> Option<System> {
    let mut system = System::new().ok()?;
    let pids: Option<Vec<Pid>> = pids.map(|pids| pids.iter().copied().map(Pid::from_u32).collect());
    let which = pids.as_deref().map_or(ProcessesToUpdate::All, ProcessesToUpdate::Some);
    system.refresh_processes_specifics(which, true, wanted.without_tasks());
    Some(system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_come_before_children_and_a_circle_ends() {
        let children = |pid| match pid {
            1 => vec![2, 5],
            2 => vec![3, 1],
            3 => vec![2],
            _ => Vec::new(),
        };
        assert_eq!(descent(1, children), [1, 2, 5, 3]);
        assert_eq!(descent(5, children), [5]);
    }
}
