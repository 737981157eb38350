//! The site over HTTP. A request goes `server` → `routes` → `request` → a view → `db` → `page` → `response`.

mod account;
mod assets;
mod auth;
mod blog;
mod client;
mod connections;
mod cookies;
mod cross_site;
mod error;
mod form;
mod host;
mod login;
mod memory;
mod new_password;
mod page;
mod pending_login;
mod request;
mod reset;
mod response;
mod routes;
mod second_factor;
mod seldom;
pub mod server;
mod session;
mod target;
mod throttles;

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::password::PasswordPool;
use crate::secret_key::KeyRing;
use assets::Assets;
pub use client::Peer;
use connections::Connections;
use memory::Memory;
use page::Templates;
pub use routes::service;
use seldom::Seldom;
use throttles::Throttles;

/// Pages of posts that are made at a time, for each connection that reads: while one is read, another is rendered.
const TURNS_OF_A_READER: usize = 2;

/// What every request shares.
#[derive(Debug)]
pub struct App {
    config: Config,
    db: Db,
    passwords: PasswordPool,
    keys: KeyRing,
    clock: Clock,
    throttles: Throttles,
    templates: Templates,
    assets: Assets,
    connections: Connections,
    memory: Memory,
    busy_log: Seldom,
    throttled_log: Seldom,
    /// For pages of posts: each holds all it shows while it waits for a core.
    turns: Semaphore,
}

impl App {
    /// Puts the parts together; the templates are parsed here.
    pub fn new(
        config: Config,
        db: Db,
        passwords: PasswordPool,
        keys: KeyRing,
        clock: Clock,
    ) -> Result<Arc<Self>, Box<dyn std::error::Error + Send + Sync>> {
        let templates = Templates::built_in()?;
        let throttles = Throttles::new(&config.throttle);
        let limits = &config.limits;
        let connections = Connections::new(limits.connections_max);
        let memory = Memory::new(limits, connections.clone());
        let turns = Semaphore::new(TURNS_OF_A_READER * config.database.readers);
        Ok(Arc::new(Self {
            config,
            db,
            passwords,
            keys,
            clock,
            throttles,
            templates,
            assets: Assets::built_in(),
            connections,
            memory,
            busy_log: Seldom::default(),
            throttled_log: Seldom::default(),
            turns,
        }))
    }

    /// The database, for whoever watches over it.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }
}
