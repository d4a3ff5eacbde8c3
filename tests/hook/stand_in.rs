//! A stand-in for an agent: a shell under the agent's name, with a tab's record, that runs what it is
//! told. Must not need the multiplexer.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::Value;
use tabctl::model::argv::Argv;
use tabctl::model::id::TabId;
use tabctl::model::session::{Agent, Launch, Session};
use tabctl::model::status::Claim;
use tabctl::scan;
use tabctl::store::Store;

use crate::support::World;
use crate::support::inside::store;

/// The processes of one tab.
pub struct StandIn {
    pub id: TabId,
    pub child: Child,
    pub folder: PathBuf,
    store: Store,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl StandIn {
    /// Makes a tab that is bound to a process under the agent's name, as an adopted one is: it knows
    /// no secret.
    pub fn start(world: &World, kind: &str, tab: &str, session_id: Option<&str>) -> StandIn {
        let store = store(world);
        let folder = world.workspace(tab);
        let number = tab.bytes().fold(1, |sum, byte| sum * 31 + u128::from(byte));
        let id = TabId::from_parts(1_700_000_000_000, number);
        let mut session = Session::new(id, tab);
        session.agent = Some(Agent {
            kind: kind.to_owned(),
            session_id: session_id.map(str::to_owned),
            launch: Some(Launch { argv: Argv::from_iter([kind]), ..Launch::default() }),
            ..Agent::default()
        });
        store.create(&folder, session).unwrap();
        let script = world.path("stand-in.sh");
        // Not on the command line, which shall be the agent's.
        let lines =
            "unset BASH_ENV\nwhile read -r line; do eval \"$line\"; echo \"ended $?\"; done\n";
        std::fs::write(&script, lines).unwrap();
        let mut command = world.command("bash");
        command.args(["-c", "BASH_ENV=$1 exec -a \"$0\" bash", kind]).arg(script);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.current_dir(&folder).spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let agent = scan::identity(child.id(), &store.boot).unwrap();
        store.update_live(id, &mut |live| live.agent = Some(agent.clone())).unwrap();
        let mut tab = StandIn { id, child, folder, store, input, output };
        // It has become the agent when it answers.
        assert_eq!(tab.run("true"), "0");
        tab
    }

    /// Starts a line.
    pub fn begin(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    /// Waits for a line's end; gives its exit code, or whatever was printed before that.
    pub fn end(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let line = line.trim();
        line.strip_prefix("ended ").unwrap_or(line).to_owned()
    }

    /// Runs a line.
    pub fn run(&mut self, line: &str) -> String {
        self.begin(&format!("( {line} ) 2>&1"));
        self.end()
    }

    /// Calls an agent's hook with a payload; it must say nothing and succeed.
    #[track_caller]
    pub fn hook(&mut self, agent: &str, payload: &Value) {
        let payload = payload.to_string().replace('\'', "'\\''");
        assert_eq!(self.run(&format!("printf %s '{payload}' | tabctl hook {agent}")), "0");
    }

    /// What is said of the tab.
    pub fn claim(&self) -> Option<Claim> {
        self.store.live(self.id).unwrap().claims.first().cloned()
    }

    /// The state that is said of the tab.
    #[track_caller]
    pub fn state(&self) -> String {
        self.claim().expect("something was said").state.word().to_owned()
    }

    /// The tab's record.
    pub fn session(&self) -> Session {
        self.store.load_id(self.id).unwrap().session
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A pipe into a program that stands in for an agent.
pub struct Calls(PathBuf);

impl Calls {
    /// Has the program run a line.
    pub fn send(&self, line: &str) {
        let mut pipe = std::fs::File::options().write(true).open(&self.0).unwrap();
        writeln!(pipe, "{line}").unwrap();
    }
}

/// Puts a program of an agent's name into a world's path. It runs the lines that it is sent.
pub fn program(world: &mut World, name: &str) -> Calls {
    let (folder, pipe) = (world.path("bin"), world.path("calls"));
    std::fs::create_dir_all(&folder).unwrap();
    let made = world.command("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let body = folder.join("body.sh");
    let lines = format!(
        "while true; do while read -r l; do eval \"$l\"; done < {}; done\n",
        pipe.display()
    );
    std::fs::write(&body, lines).unwrap();
    let program = folder.join(name);
    let start = format!("#!/usr/bin/env bash\nexec -a {name} bash {} \"$@\"\n", body.display());
    std::fs::write(&program, start).unwrap();
    executable(&program);
    world.put_on_path(&folder);
    Calls(pipe)
}

fn executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
}
