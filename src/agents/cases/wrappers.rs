//! Agents behind what starts them: as command lines, and as trees of processes below a pane.
//! Must not name an agent.

use super::{each, registry};
use crate::agents::Spec;

/// Command lines, of which `AGENT` is the agent's own, and `PACKAGE` its package.
const STARTED: &[&str] = &[
    "env AGENT",
    "env -i -u HOME A=b AGENT",
    "nice AGENT",
    "nice -n 5 AGENT",
    "nice -5 AGENT",
    "ionice -c 3 AGENT",
    "sudo AGENT",
    "sudo -u me -E A=b -- AGENT",
    "sudo -iu me nice AGENT",
    "doas -u me AGENT",
    "docker exec -it box AGENT",
    "docker exec --interactive --tty -e A=b -w /w box env B=c AGENT",
    "/usr/bin/docker container exec -ti box AGENT",
    "docker compose exec box AGENT",
    "podman exec -it -u me box AGENT",
    "timeout -k 5 1h AGENT",
    "direnv exec . AGENT",
    "mise exec -- AGENT",
    "npx -y PACKAGE",
    "npx --package PACKAGE@1.2.3 -- AGENT",
    "bunx PACKAGE",
    "bun x PACKAGE@latest",
    "uvx PACKAGE",
    "uvx --from PACKAGE==1.2 AGENT",
    "uv tool run --with x PACKAGE",
    "pipx run PACKAGE",
    "node /usr/lib/node_modules/PACKAGE/start.js",
    "node --enable-source-maps /usr/local/bin/AGENT",
    "bun /home/me/.bun/install/global/node_modules/PACKAGE/start.js",
];

/// Command lines that only look like it.
const NOT_STARTED: &[&str] = &[
    "docker exec -it AGENT",
    "docker exec -it box",
    "docker exec -it AGENT sh",
    "docker run -d AGENT",
    "sudo -u AGENT sh",
    "sudo -l",
    "timeout AGENT",
    "sh -c AGENT",
    "vim AGENT",
    "nice",
];

/// A word that stands for the agent's program.
fn program(spec: &Spec) -> Option<String> {
    // Its name alone is a conversation, without a subcommand.
    let bare = !spec.program().is_empty() && spec.recognise.shared_names.is_empty();
    (bare && !spec.recognise.needs_base).then(|| spec.program().to_owned())
}

/// Whether it is a package, and not only a folder of one.
fn is_published(package: &str) -> bool {
    package.starts_with('@') || !package.contains('/')
}

/// The words of a line for one agent; nothing if it has not what the line needs.
fn words(line: &str, spec: &Spec) -> Option<Vec<String>> {
    let package = spec.recognise.packages.iter().find(|package| is_published(package));
    let mut line = line.to_owned();
    if line.contains("PACKAGE") {
        line = line.replace("PACKAGE", package?);
    }
    if line.contains("AGENT") {
        line = line.replace("AGENT", &program(spec)?);
    }
    Some(line.split(' ').map(str::to_owned).collect())
}

#[test]
fn whatever_starts_an_agent_is_seen_through() {
    let registry = registry();
    let tried = std::cell::Cell::new(0);
    each(|spec, _, _| {
        for line in STARTED {
            let Some(argv) = words(line, spec) else { continue };
            let found = registry.recognise(&argv).map(Spec::kind);
            assert_eq!(found, Some(spec.kind()), "{}", argv.join(" "));
            tried.set(tried.get() + 1);
        }
        for line in NOT_STARTED {
            let Some(argv) = words(line, spec) else { continue };
            assert!(registry.recognise(&argv).is_none(), "{}", argv.join(" "));
        }
    });
    assert!(tried.get() > 100, "only {} lines were tried", tried.get());
}

#[test]
fn a_shell_is_not_the_agent_that_it_has_started() {
    let registry = registry();
    each(|spec, _, _| {
        let Some(agent) = program(spec) else { return };
        // An alias is expanded before anything is started: its name is in no process.
        for tree in [
            &["sh -c AGENT;read", "AGENT"][..],
            &["-zsh", "AGENT"],
            &["bash -i", "sudo AGENT", "AGENT"],
            &["fish", "env A=b AGENT"],
            &["sh", "make agent", "sh -c AGENT", "AGENT", "bash -c ls"],
        ] {
            let argvs = tree.iter().map(|line| line.replace("AGENT", &agent));
            let argvs = argvs.map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>());
            let own: Vec<Vec<String>> =
                argvs.filter(|argv| registry.recognise(argv).is_some()).collect();
            assert!(!own.is_empty(), "{tree:?}");
            let seen: Vec<&str> =
                own.iter().filter_map(|argv| argv.first()).map(String::as_str).collect();
            assert!(seen.iter().all(|first| !["sh", "bash", "make"].contains(first)), "{seen:?}");
            // Each is the same agent once more, and no second one.
            let spec = registry.recognise(&own[0]).unwrap();
            assert!(own.iter().all(|inner| spec.is_one_with(&own[0], inner)), "{own:?}");
        }
    });
}
