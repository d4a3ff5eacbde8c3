//! The verbs: what tabctl can do, whoever asks. Surfaces bring arguments and show what comes back.
//! Must not print, and must not parse a command line.

pub mod actor;
pub mod adopted;
pub mod anew;
pub mod answer;
pub mod attach;
pub mod autostart;
pub mod bind;
pub mod board;
pub mod brief;
pub mod briefing;
pub mod broadcast;
pub mod changes;
pub mod checkout;
pub mod close;
pub mod context;
pub mod cpu;
pub mod deliver;
pub mod demo;
pub mod demo_agent;
pub mod doctor;
pub mod edit;
pub mod editor;
pub mod ending;
pub mod evidence;
pub mod exec;
pub mod explain;
pub mod explain_screen;
pub mod follow;
pub mod fzf;
pub mod git;
pub mod heal;
pub mod hook;
pub mod hooks;
pub mod instructions;
pub mod jobs;
pub mod keep_setting;
pub mod kept;
pub mod kill;
pub mod launch_hooks;
pub mod lease;
pub mod list;
pub mod log;
pub mod new;
pub mod next;
pub mod notify;
pub mod observe;
pub mod offers;
pub mod opening;
pub mod order;
pub mod output;
pub mod pane;
pub mod plan;
pub mod presence;
pub mod prompt;
pub mod queue;
pub mod rebind;
pub mod record;
pub mod reset;
pub mod resume;
pub mod runner;
pub mod scrollback;
pub mod segment;
pub mod select;
pub mod selftest;
pub mod send;
pub mod sights;
pub mod snapshot;
pub mod standing;
pub mod start;
pub mod status;
pub mod trust;
pub mod unbound;
pub mod visits;
pub mod wait;

use std::cell::OnceCell;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use anyhow::Result;
use chrono::{DateTime, Utc};

use crate::agents::Registry;
use crate::config::{self, Settings};
use crate::engine::Engine;
use crate::engine::tmux::{Server, Tmux};
use crate::model::id::TabId;
use crate::model::session::Place;
use crate::store::Store;
use crate::sys::{clock, paths::Paths};

/// The doors that a verb needs, opened when first used.
pub struct Ctx {
    /// The user's folders.
    pub paths: Paths,
    /// The effective settings.
    pub settings: Settings,
    /// What is remembered.
    pub store: Store,
    registry: Arc<OnceLock<Registry>>,
    engine: OnceCell<Box<dyn Engine>>,
    places: OnceCell<Vec<(TabId, Place)>>,
}

impl Ctx {
    /// Reads the environment and the settings; touches nothing else.
    pub fn open() -> Result<Ctx> {
        let boot = clock::boot_id();
        let paths = Paths::from_env(&boot)?;
        let (settings, _) = config::load(&paths)?;
        Ok(Ctx::of_boot(boot, paths, settings))
    }

    /// The same for what must go on with broken settings: then with none.
    pub fn open_leniently() -> Result<Ctx> {
        let boot = clock::boot_id();
        let paths = Paths::from_env(&boot)?;
        let settings = config::load(&paths).or_else(|_| config::defaults())?.0;
        Ok(Ctx::of_boot(boot, paths, settings))
    }

    /// A context over given folders and settings.
    pub fn new(paths: Paths, settings: Settings) -> Ctx {
        Ctx::of_boot(clock::boot_id(), paths, settings)
    }

    /// The same once more, for a thread of its own that looks after the same tab: what was read is
    /// read once for all.
    #[must_use]
    pub fn again(&self) -> Ctx {
        let (boot, paths) = (self.store.boot.clone(), self.paths.clone());
        let mut again = Ctx::of_boot(boot, paths, self.settings.clone());
        again.store.recall = self.store.recall.clone();
        Ctx { registry: Arc::clone(&self.registry), ..again }
    }

    fn of_boot(boot: String, paths: Paths, settings: Settings) -> Ctx {
        let store = Store::new(paths.clone(), boot, settings.git_exclude);
        let (registry, engine, places) = (Arc::default(), OnceCell::new(), OnceCell::new());
        Ctx { paths, settings, store, registry, engine, places }
    }

    /// The same with another multiplexer, for tests and for `demo`.
    #[must_use]
    pub fn with_engine(self, engine: Box<dyn Engine>) -> Ctx {
        Ctx { engine: OnceCell::from(engine), ..self }
    }

    /// The agents that are known.
    pub fn agents(&self) -> &Registry {
        self.registry.get_or_init(|| Registry::load(&self.paths.config.join("agents")))
    }

    /// The multiplexer.
    pub fn engine(&self) -> &dyn Engine {
        self.engine.get_or_init(|| Box::new(self.tmux())).as_ref()
    }

    /// Where every tab stood when it was asked first: to read all of them takes long, and a resume of
    /// many tabs asks for each.
    pub fn places(&self) -> &[(TabId, Place)] {
        self.places.get_or_init(|| {
            let tabs = self.store.all().unwrap_or_default().into_iter();
            tabs.filter_map(|known| Some((known.session.id, known.session.place?))).collect()
        })
    }

    /// The tmux server of the settings, for the few things that only tmux is asked for.
    pub fn tmux(&self) -> Tmux {
        let server = match self.settings.tmux_socket.as_str() {
            "" => Server::Default,
            path if path.starts_with('/') => Server::Socket(PathBuf::from(path)),
            label => Server::Label(label.to_owned()),
        };
        let conf = &self.settings.tmux_conf;
        let tmux = Tmux::new(server, (!conf.is_empty()).then(|| PathBuf::from(conf)));
        // A server that is started from inside a tab must not take that tab's identity for its own.
        tmux.withholding([runner::TAB_VARIABLE, runner::TOKEN_VARIABLE].map(str::to_owned))
    }

    /// The time at which this verb happens.
    pub fn now(&self) -> DateTime<Utc> {
        clock::now()
    }

    /// A new identity for a tab.
    pub fn new_id(&self) -> Result<TabId> {
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or(0);
        Ok(TabId::from_parts(millis, clock::random_u128()?))
    }
}
