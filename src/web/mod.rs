//! The site over HTTP. A request goes `server` → `routes` → `request` → a view → `db` → `page` → `response`.

mod account;
mod assets;
mod auth;
mod blog;
mod client;
mod cookies;
mod cross_site;
mod error;
mod form;
mod login;
mod new_password;
mod page;
mod pending_login;
mod request;
mod reset;
mod response;
mod routes;
mod second_factor;
pub mod server;
mod session;
mod target;
mod throttles;

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
use throttles::Throttles;

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
        Ok(Arc::new(Self { config, db, passwords, keys, clock, throttles, templates, assets: Assets::built_in() }))
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
