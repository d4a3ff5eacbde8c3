//! The cases of files: from a process to its conversation and back, and transcripts.
//! Must not name an agent.

use std::collections::BTreeMap;

use super::{Outcome, each};
use crate::agents::{Process, Surroundings, Transcript};

#[test]
fn a_process_is_traced_to_its_conversation() {
    each(|spec, cases, world| {
        for case in &cases.processes {
            let world = world();
            world.write(&case.files);
            let process = Process {
                pid: 4242,
                start: 1000,
                argv: world.argv(&case.argv).0,
                children: case.children.clone(),
                open_files: case.open.iter().map(|path| world.path(path)).collect(),
                ..Process::default()
            };
            let environment: BTreeMap<String, String> =
                case.environment.iter().map(|(k, v)| (k.clone(), world.text(v))).collect();
            let (home, dir) = (world.home(), world.dir());
            let around = Surroundings { home: &home, environment: &environment, directory: &dir };
            let found = spec.id_of_process(&process, &around);
            let wanted = case.gives.as_deref().map(|id| world.text(id));
            assert_eq!(found.as_ref().map(|f| f.session_id.clone()), wanted, "{case:?}");
            if let (Some(how), Some(found)) = (&case.how, found) {
                assert_eq!(found.how, world.text(how), "{}", spec.kind());
            }
        }
    });
}

#[test]
fn the_holders_of_a_conversation_are_known_by_the_agents_records() {
    each(|spec, cases, world| {
        for case in &cases.holders {
            let world = world();
            world.write(&case.files);
            let (home, dir, environment) = (world.home(), world.dir(), BTreeMap::new());
            let around = Surroundings { home: &home, environment: &environment, directory: &dir };
            let holders = spec.holders(&world.id, &around);
            let pids: Vec<u32> = holders.iter().map(|holder| holder.pid).collect();
            assert_eq!(pids, case.gives, "{}: {case:?}", spec.kind());
            let reach: Vec<_> = holders.into_iter().filter_map(|holder| holder.reach).collect();
            let wanted: Vec<_> = case.reach.iter().map(|text| world.text(text)).collect();
            assert_eq!(reach, wanted, "{}: {case:?}", spec.kind());
            assert!(spec.holders("../x", &around).is_empty());
        }
    });
}

#[test]
fn a_transcript_is_there_or_was_never_begun_or_is_gone() {
    each(|spec, cases, world| {
        assert!(!cases.transcripts.is_empty(), "{}: no transcript cases", spec.kind());
        for case in &cases.transcripts {
            let world = world();
            world.write(&case.files);
            let environment: BTreeMap<String, String> =
                case.environment.iter().map(|(k, v)| (k.clone(), world.text(v))).collect();
            let (home, dir) = (world.home(), world.dir());
            let around = Surroundings { home: &home, environment: &environment, directory: &dir };
            let found = spec.transcript(Some(&world.id), &around);
            let outcome = match &found {
                Transcript::Present(_) => Outcome::Present,
                Transcript::NeverPrompted => Outcome::NeverPrompted,
                Transcript::Missing(_) => Outcome::Missing,
                Transcript::Unknowable(_) => Outcome::Unknowable,
            };
            assert_eq!(outcome, case.gives, "{}: {found:?} {case:?}", spec.kind());
            if let (Some(file), Transcript::Present(path)) = (&case.file, &found) {
                assert_eq!(*path, world.path(file), "{}", spec.kind());
            }
            if let Transcript::Present(path) = &found {
                let twins = spec.empty_twins(&world.id, path, &around);
                let wanted: Vec<_> = case.twins.iter().map(|twin| world.path(twin)).collect();
                assert_eq!(twins, wanted, "{}: {case:?}", spec.kind());
            }
            if let Transcript::Missing(places) = &found {
                assert!(!places.is_empty() && places.iter().all(|place| place.is_absolute()));
            }
        }
    });
}

#[test]
fn a_process_says_in_its_state_file_what_it_does() {
    each(|spec, cases, world| {
        assert_eq!(
            spec.sights.rules().state_file.is_none(),
            cases.state_files.is_empty(),
            "{}",
            spec.kind()
        );
        for case in &cases.state_files {
            let world = world();
            world.write(&case.files);
            let process = Process {
                pid: 4242,
                start: 1000,
                argv: world.argv(&case.argv).0,
                children: case.children.clone(),
                ..Process::default()
            };
            let (home, dir, environment) = (world.home(), world.dir(), BTreeMap::new());
            let around = Surroundings { home: &home, environment: &environment, directory: &dir };
            let claim = spec.state_file_says(&process, &around);
            let said = claim.as_ref().map(|claim| match &claim.reason {
                Some(reason) => format!("{} {reason}", claim.state.word()),
                None => claim.state.word().to_owned(),
            });
            assert_eq!(said, case.gives, "{}: {case:?}", spec.kind());
            let Some(claim) = claim else { continue };
            assert_eq!(claim.session_id, Some(world.id.clone()), "{case:?}");
            if let Some(at) = &case.at {
                assert_eq!(claim.at.to_rfc3339(), *at, "{case:?}");
            }
            if let Some(evidence) = &case.evidence {
                assert_eq!(claim.evidence.as_ref(), Some(evidence), "{case:?}");
            }
            let watched = spec.state_files(&process, &around);
            let written = case.files.keys().map(|file| world.path(file));
            assert!(written.into_iter().any(|file| watched.contains(&file)), "{watched:?}");
        }
    });
}
