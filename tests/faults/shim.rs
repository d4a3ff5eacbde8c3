//! The small C library that is put before tabctl (shim.c), built once. Must not be needed: where no
//! compiler is, what uses it says so and is left out.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::support::World;

/// The library, built.
#[derive(Debug, Clone)]
pub struct Shim(PathBuf);

impl Shim {
    /// Builds it, and tries it; or says why it cannot be used.
    pub fn built() -> Result<Shim, String> {
        static SHIM: OnceLock<Result<Shim, String>> = OnceLock::new();
        SHIM.get_or_init(build).clone()
    }

    /// Puts it before all that is started in this world from now on.
    pub fn preload(&self, world: &mut World) {
        world.set("LD_PRELOAD", &self.0);
        let clock = world.path("clock");
        world.set("TABCTL_TEST_CLOCK", clock);
    }
}

/// Moves the wall clock of a world in which the library is preloaded: this far from the true time.
pub fn jump(world: &World, seconds: i64) {
    std::fs::write(world.path("clock.new"), seconds.to_string()).unwrap();
    std::fs::rename(world.path("clock.new"), world.path("clock")).unwrap();
}

fn build() -> Result<Shim, String> {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/faults/shim.c");
    let library = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("shim.so");
    // Under a name of its own: another run of the tests may be using the old one.
    let fresh = library.with_extension(format!("{}.so", std::process::id()));
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&fresh).arg(source).arg("-ldl");
    let built = compiler.output().map_err(|error| format!("no `cc`: {error}"))?;
    if !built.status.success() {
        return Err(format!("`cc` failed: {}", String::from_utf8_lossy(&built.stderr).trim()));
    }
    std::fs::rename(&fresh, &library).map_err(|error| error.to_string())?;
    let shim = Shim(library);
    let mut world = World::new();
    shim.preload(&mut world);
    jump(&world, -1_000_000_000);
    let folder = world.workspace("try");
    world
        .tabctl_in(&folder, ["bind", "generic", "--tab", "try", "--session-id", "x", "--", "cat"])
        .ok();
    world.tabctl_in(&folder, ["note", "when is it?"]).ok();
    // A program without the C library, or with its own, does not see what is put before it.
    let is_seen = world.session_file("try").contains("at: \"199");
    if is_seen { Ok(shim) } else { Err("this program does not load what is put before it".into()) }
}
