//! The mock model server: what real agents talk to in the tests, and what they asked it.
//! Must not be reachable from outside: it listens on the loopback alone.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::run::Run;
use super::world::World;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mock_model_server.py");

/// A server of one test; it ends with the value.
pub struct Mock {
    child: Child,
    port: u16,
}

impl Mock {
    /// Starts a server on a free port and seeds the world's home, so that the agents start there
    /// without any dialog, talk to this server, and trust `project`.
    pub fn start(world: &World, project: &Path) -> Mock {
        Mock::start_for(world, &[project.to_owned()])
    }

    /// The same, and the agents trust all of `projects`.
    pub fn start_for(world: &World, projects: &[PathBuf]) -> Mock {
        let port_file = world.path("mock.port");
        // Outside the world: the server must outlive the reboots in it.
        let mut server = Command::new("python3");
        server.args([PROGRAM, "--port", "0", "--port-file"]).arg(&port_file);
        server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
        let child = server.spawn().expect("python3 is installed (`sh tests/run.sh` does it)");
        let mut mock = Mock { child, port: 0 };
        mock.port = world.wait_for("the model server", Duration::from_secs(30), || {
            std::fs::read_to_string(&port_file).ok()?.parse().ok()
        });
        let mut seed = Command::new("python3");
        seed.args([PROGRAM, "--port", &mock.port.to_string(), "--seed-home"]).arg(world.home());
        for project in projects {
            seed.arg("--project").arg(project);
        }
        Run::of(&mut seed).ok();
        mock
    }

    /// Where it listens: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The turns of conversations, oldest first: what was asked and what was answered. What agents
    /// ask on the side (titles, models) is left out.
    pub fn turns(&self) -> Vec<Turn> {
        self.requests().iter().filter_map(Turn::of).collect()
    }

    /// Everything that was asked, oldest first.
    pub fn requests(&self) -> Vec<Value> {
        let asked = self.get("/__mock/requests");
        asked.as_array().cloned().expect("a list")
    }

    /// The marks that each request for a turn carried (a mark is a word such as `mark.api.1`), oldest
    /// first: all that an agent sent along, wherever in its request.
    pub fn marks(&self) -> Vec<Vec<String>> {
        let of_turn = |request: &Value| {
            let marks = request["marks"].as_array().filter(|_| request["aux"] == false)?;
            Some(marks.iter().filter_map(|mark| Some(mark.as_str()?.to_owned())).collect())
        };
        self.requests().iter().filter_map(of_turn).collect()
    }

    /// What is true now and what was: each turn's changes, with their moments.
    pub fn state(&self) -> Value {
        self.get("/__mock/state")
    }

    fn get(&self, path: &str) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the server listens");
        let ask = format!("GET {path} HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n");
        stream.write_all(ask.as_bytes()).expect("the server reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the server answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        serde_json::from_str(body).expect("the server answers in JSON")
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The last prompt of the request.
    pub prompt: String,
    /// What the server said.
    pub answer: String,
    /// How many prompts, answers and tool calls the request carried.
    pub items: u64,
}

impl Turn {
    fn of(request: &Value) -> Option<Turn> {
        let said = |act: &Value| act.get(1)?.as_str().map(str::to_owned);
        (request["aux"] == false).then_some(())?;
        Some(Turn {
            prompt: request["prompt"].as_str()?.to_owned(),
            answer: request["acts"].as_array()?.iter().filter_map(said).collect(),
            items: request["nitems"].as_u64()?,
        })
    }
}
