//! A world from the inside: the library on its folders, for what is asked too often for processes.
//! Must not be used where what a user sees is meant.

use tabctl::config::{self, Settings};
use tabctl::engine::fake::Fake;
use tabctl::ops::Ctx;
use tabctl::store::Store;
use tabctl::sys::paths::Paths;

use super::world::World;

fn paths(world: &World) -> Paths {
    Paths {
        home: world.home(),
        config: world.path("config"),
        state: world.path("state"),
        runtime: world.path("run"),
    }
}

/// What is remembered in a world.
pub fn store(world: &World) -> Store {
    Store::new(paths(world), "boot-1".to_owned(), false)
}

/// The verbs on a world and its own tmux server.
pub fn with_its_tmux(world: &World) -> Ctx {
    let mut ctx = Ctx::new(paths(world), settings(world));
    // As what is started in it sees it.
    ctx.store = store(world);
    ctx
}

/// The verbs on a world, with a multiplexer that is not there.
pub fn context(world: &World, engine: Fake) -> Ctx {
    Ctx::new(paths(world), settings(world)).with_engine(Box::new(engine))
}

fn settings(world: &World) -> Settings {
    Settings {
        tmux_socket: world.socket().display().to_string(),
        tmux_conf: "/dev/null".to_owned(),
        git_exclude: false,
        ..config::defaults().expect("the defaults are settings").0
    }
}
