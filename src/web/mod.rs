//! The site over HTTP. A request goes `server` → `routes` → `request` → a view → `db` → `page` → `response`.

mod assets;
mod auth;
mod blog;
mod client;
mod cross_site;
mod error;
mod form;
mod page;
mod request;
mod response;
mod routes;
pub mod server;
mod session;
mod target;

use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::password::PasswordPool;
use crate::secret_key::KeyRing;
use assets::Assets;
pub use client::Peer;
use page::Templates;
pub use routes::service;

/// What every request shares.
#[derive(Debug)]
pub struct App {
    config: Config,
    db: Db,
    passwords: PasswordPool,
    keys: KeyRing,
    clock: Clock,
    templates: Templates,
    assets: Assets,
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
        Ok(Arc::new(Self { config, db, passwords, keys, clock, templates, assets: Assets::built_in() }))
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
