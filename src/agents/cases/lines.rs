//! The cases of command lines: made, told apart, and read.
//! Must not name an agent.

use proptest::prelude::*;

use super::{Line, OLD, World, each, registry};
use crate::agents::{KnowsFlag, Spec};
use crate::model::argv::Argv;
use crate::model::session::Launch;

/// Compares the command lines that a list of cases makes.
fn compare(
    spec: &Spec,
    lines: &[Line],
    world: &World,
    make: impl Fn(&Line, &str, KnowsFlag) -> Option<Argv>,
) {
    for line in lines {
        let id = world.text(line.id.as_deref().unwrap_or("<id>"));
        let result = make(line, &id, &|_| !line.old_program);
        let wanted = line.gives.as_ref().map(|argv| world.argv(argv));
        assert_eq!(
            result.map(|argv| argv.display()),
            wanted.map(|argv| argv.display()),
            "{} from {:?}",
            spec.kind(),
            line.from
        );
    }
}

#[test]
fn a_launch_chooses_the_id_where_it_can_be_chosen() {
    each(|spec, cases, world| {
        let world = world();
        assert!(!cases.launch.is_empty(), "{}: no launch cases", spec.kind());
        compare(spec, &cases.launch, &world, |line, id, knows| {
            let args = line.from.as_ref().map(|argv| world.argv(argv)).unwrap_or_default();
            Some(spec.launch_argv(args.words(), Some(id), knows))
        });
    });
}

#[test]
fn a_resume_keeps_the_flags_that_the_agent_was_started_with() {
    each(|spec, cases, world| {
        let world = world();
        assert!(!cases.resume.is_empty(), "{}: no resume cases", spec.kind());
        compare(spec, &cases.resume, &world, |line, id, knows| {
            let launch = world.launch(line.from.as_ref());
            spec.resume_argv(Some(id), launch.as_ref(), &world.dir(), knows)
        });
    });
}

#[test]
fn a_resume_of_a_resume_says_the_same() {
    each(|spec, cases, world| {
        let world = world();
        for line in cases.resume.iter().filter(|line| line.gives.is_some()) {
            let id = world.text(line.id.as_deref().unwrap_or("<id>"));
            let again = |argv: Option<Argv>| {
                let launch = world.launch(argv.as_ref());
                let knows = |_: &str| !line.old_program;
                spec.resume_argv(Some(&id), launch.as_ref(), &world.dir(), &knows)
            };
            let once = again(line.gives.clone()).unwrap();
            let twice = again(Some(once.clone())).unwrap();
            assert_eq!(once, twice);
            // A flag of tabctl's own may have changed its place: it counts as the person's now.
            let sorted = |argv: &Argv| {
                let mut words = argv.0.clone();
                words.sort();
                words
            };
            assert_eq!(sorted(&once), sorted(&world.argv(line.gives.as_ref().unwrap())));
        }
    });
}

#[test]
fn a_fork_keeps_the_flags_too() {
    each(|spec, cases, world| {
        let world = world();
        assert_eq!(spec.start.fork.is_some(), !cases.fork.is_empty(), "{}", spec.kind());
        compare(spec, &cases.fork, &world, |line, id, knows| {
            let launch = world.launch(line.from.as_ref());
            spec.fork_argv(id, Some(OLD), launch.as_ref(), &world.dir(), knows)
        });
    });
}

#[test]
fn a_fresh_start_keeps_the_flags_and_not_the_prompt() {
    each(|spec, cases, world| {
        let world = world();
        compare(spec, &cases.fresh, &world, |line, id, knows| {
            spec.fresh_argv(Some(id), world.launch(line.from.as_ref()).as_ref(), knows)
        });
    });
}

/// Every line that an agent is resumed with, and what its first prompt adds.
fn each_with_prompt(test: impl Fn(&Spec, &[Argv], &dyn Fn(&Argv, &str) -> Option<Vec<String>>)) {
    each(|spec, cases, world| {
        let world = world();
        let launches = cases.resume.iter().map(|line| world.launch(line.from.as_ref()));
        let resumed: Vec<Argv> = launches
            .chain([None])
            .filter_map(|it| {
                spec.resume_argv(Some(&world.id), it.as_ref(), &world.dir(), &|_| true)
            })
            .collect();
        let prompted = |argv: &Argv, text: &str| {
            let words = spec.prompt_words(argv.words(), text)?;
            Some([argv.words(), &words].concat())
        };
        if spec.takes_prompt() {
            test(spec, &resumed, &prompted);
        }
    });
}

#[test]
fn a_first_prompt_stands_last_and_changes_nothing_else() {
    let prompt = "This tab went down.\n--yolo {id} $(id)";
    each_with_prompt(|spec, resumed, prompted| {
        for argv in resumed {
            let line = prompted(argv, prompt).unwrap_or_else(|| panic!("{}", argv.display()));
            assert_eq!(line.last().map(String::as_str), Some(prompt), "{}", spec.kind());
            assert_eq!(spec.privileged(&line), spec.privileged(argv.words()), "{}", spec.kind());
            assert_eq!(spec.id_in_argv(&line), spec.id_in_argv(argv.words()), "{}", spec.kind());
            assert_eq!(spec.prompt_words(&line, prompt), None, "one is enough: {line:?}");
        }
    });
}

#[test]
fn the_next_resume_does_not_repeat_the_first_prompt() {
    each_with_prompt(|spec, resumed, prompted| {
        for argv in resumed {
            let again = |words: Vec<String>| {
                let launch = Launch { argv: Argv(words), ..Launch::default() };
                spec.resume_argv(Some(OLD), Some(&launch), "/w".as_ref(), &|_| true)
            };
            let before = again(argv.words().to_vec());
            assert_eq!(again(prompted(argv, "This is it").unwrap()), before, "{}", spec.kind());
        }
    });
}

#[test]
fn what_could_be_taken_for_something_else_is_no_first_prompt() {
    each_with_prompt(|_, resumed, prompted| {
        for text in
            ["", "-x", "--yolo", "/clear", "!rm -rf .", "#note", "@file", " a", "\n", "a\0b"]
        {
            assert!(resumed.iter().all(|argv| prompted(argv, text).is_none()), "{text:?}");
        }
    });
}

#[test]
fn a_hostile_id_is_never_given_to_an_agent() {
    each(|spec, _, world| {
        let world = world();
        for id in ["--dangerously-skip-permissions", "../../x", "a b", "$(id)", "", "-", "a\nb"] {
            let argv = spec.resume_argv(Some(id), None, &world.dir(), &|_| true);
            assert!(!spec.has_ids() || argv.is_none(), "{}: {id:?}", spec.kind());
            assert!(spec.fork_argv(id, None, None, &world.dir(), &|_| true).is_none());
            let launch = spec.launch_argv(&[], Some(id), &|_| false);
            assert!(launch.words().iter().all(|word| !id.starts_with('-') || word != id));
        }
    });
}

#[test]
fn every_line_is_told_from_others() {
    let registry = registry();
    each(|spec, cases, world| {
        let world = world();
        let recognise = |argv: &Argv| registry.recognise(world.argv(argv).words()).map(Spec::kind);
        for argv in &cases.is {
            assert_eq!(recognise(argv), Some(spec.kind()), "{}", argv.display());
        }
        for argv in &cases.is_not {
            assert_eq!(recognise(argv), None, "{}: {}", spec.kind(), argv.display());
        }
    });
}

#[test]
fn what_tabctl_starts_it_recognises() {
    let registry = registry();
    each(|spec, cases, world| {
        let world = world();
        if spec.program().is_empty() {
            return;
        }
        let resume = spec.resume_argv(Some(&world.id), None, &world.dir(), &|_| true);
        let launch = spec.launch_argv(&[], Some(&world.id), &|_| true);
        let fork = spec.fork_argv(&world.id, None, None, &world.dir(), &|_| true);
        for argv in [Some(launch), resume, fork].into_iter().flatten() {
            let found = registry.recognise(argv.words()).map(Spec::kind);
            assert_eq!(found, Some(spec.kind()), "{}", argv.display());
        }
        assert_eq!(cases.id, world.id);
    });
}

#[test]
fn flags_that_skip_permissions_are_named() {
    each(|spec, cases, world| {
        let world = world();
        for case in &cases.privileged {
            let argv = world.argv(&case.of);
            assert_eq!(spec.privileged(argv.words()), case.are, "{}", argv.display());
        }
        for entry in &spec.flags.privileged {
            let line: Vec<String> =
                [spec.program()].into_iter().chain(entry.split(' ')).map(str::to_owned).collect();
            let flag = line[usize::from(!spec.program().is_empty())].as_str();
            assert_eq!(spec.privileged(&line), [flag], "{}: {entry}", spec.kind());
        }
    });
}

/// Words that command lines are made of, and some that they are not.
fn word() -> impl Strategy<Value = String> {
    let known =
        ["--", "-", "--resume", "-r", "--model=x", "-cy", "resume", "fork", "session", "A=b"];
    let starters =
        ["env", "npx", "node", "python3", "-m", "-p", "uv", "run", "npm", "exec", "claude"];
    let fixed: Vec<String> = known.iter().chain(&starters).map(|&word| word.to_owned()).collect();
    prop_oneof![prop::sample::select(fixed), "-{0,2}[a-zäß ./=@{}*-]{0,8}", any::<String>()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_command_line_is_too_strange(argv in prop::collection::vec(word(), 0..8)) {
        let registry = registry();
        registry.recognise(&argv);
        for kind in registry.kinds() {
            let spec = registry.get(kind).unwrap();
            spec.privileged(&argv);
            spec.id_in_argv(&argv);
            spec.without_secrets(&argv);
            spec.launch_argv(&argv, Some(OLD), &|_| true);
            let launch = Launch { argv: Argv(argv.clone()), ..Launch::default() };
            let resume = spec.resume_argv(Some(OLD), Some(&launch), "/w".as_ref(), &|_| true);
            let privileged = resume.map(|resume| spec.privileged(resume.words()).len());
            // What the person did not allow, a resume does not allow either.
            prop_assert!(privileged.unwrap_or(0) <= spec.privileged(&argv).len());
        }
    }
}
