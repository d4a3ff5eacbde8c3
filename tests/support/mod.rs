//! What the tests share: a sealed world, the screens in it, a model server, the real agents.
//! Must not know what any one test is about.

pub mod agents;
pub mod crowd;
pub mod desk;
pub mod fault_table;
pub mod hostile;
pub mod inside;
pub mod mock;
pub mod processes;
pub mod run;
pub mod screen;
pub mod scribe;
pub mod shells;
pub mod source;
pub mod tabs;
pub mod terminal;
pub mod throwaway;
pub mod trace;
pub mod trap;
pub mod world;

pub use desk::Desk;
pub use mock::Mock;
pub use run::Run;
pub use world::World;
