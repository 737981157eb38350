//! The site over HTTP. A request goes `server` → `routes` → `request` → a view → `db` → `page` → `response`.

mod about;
mod access;
mod account;
mod answer;
mod api;
mod arrival;
mod assets;
mod audience;
mod auth;
mod below;
mod blog;
mod cache;
mod client;
mod coding;
mod comments;
mod connection;
mod connections;
mod cookies;
mod counted;
mod cross_site;
mod download;
mod drafts;
mod encoder;
mod error;
mod feeds;
mod flash;
mod form;
mod front;
mod health;
mod held_back;
mod host;
mod images;
mod kept;
mod likes;
mod links;
mod lists;
mod login;
mod look;
mod manifest;
mod memory;
pub mod metrics;
mod moderation;
mod new_password;
mod nonce;
mod outcome;
mod page;
mod pending_login;
mod person;
mod post;
mod preferences;
mod rendered;
mod request;
mod reset;
mod resource;
mod response;
mod robots;
mod routes;
mod search;
mod second_factor;
mod security_txt;
mod seldom;
pub mod server;
mod service;
mod session;
mod sessions;
mod shown;
mod stale;
mod target;
mod templates;
mod throttles;
mod tokens;
mod turns;
mod upload;
mod visitor;
mod weighted;
mod withdrawn;
mod writing;

use std::sync::Arc;

use jiff::Timestamp;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::image::ImagePool;
use crate::password::PasswordPool;
use crate::secret_key::KeyRing;
use crate::theme::Theme;
use answer::Heads;
use assets::Assets;
use cache::Cache;
pub use client::Peer;
use connections::Connections;
use encoder::Encoder;
use health::Health;
pub use images::sweep;
use memory::Memory;
use metrics::Meters;
use seldom::Seldom;
pub use service::{Answering, Arrived, BodyError, service};
use sessions::Sessions;
use templates::Templates;
use throttles::Throttles;
use turns::Turns;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What every request shares. A reload makes another one, with which it shares what is behind an `Arc`.
#[derive(Debug)]
pub struct App {
    config: Config,
    db: Arc<Db>,
    passwords: PasswordPool,
    keys: KeyRing,
    clock: Clock,
    /// When all of this began.
    started: Timestamp,
    throttles: Arc<Throttles>,
    templates: Templates,
    cache: Cache,
    heads: Heads,
    sessions: Sessions,
    encoder: Arc<Encoder>,
    /// Reads the pictures that are sent, one at a time.
    images: Arc<ImagePool>,
    assets: Assets,
    connections: Connections,
    memory: Memory,
    health: Arc<Health>,
    meters: Arc<Meters>,
    busy_log: Seldom,
    throttled_log: Seldom,
    turns: Arc<Turns>,
}

impl App {
    /// Puts the parts together.
    pub fn new(
        config: Config,
        theme: Theme,
        db: Db,
        passwords: PasswordPool,
        keys: KeyRing,
        clock: Clock,
    ) -> Result<Arc<Self>> {
        let (assets, templates) = shown(&config, theme)?;
        let limits = &config.limits;
        let connections = Connections::new(limits.connections_max);
        Ok(Arc::new(Self {
            db: Arc::new(db),
            passwords,
            keys,
            started: clock.now(),
            clock,
            throttles: Arc::new(Throttles::new(&config.throttle, &config.comments, &config.api)),
            templates,
            cache: Cache::new(limits.cache_bytes_max),
            heads: Heads::new(&config),
            sessions: Sessions::new(),
            encoder: Arc::new(Encoder::start()?),
            images: Arc::new(ImagePool::start()?),
            assets,
            memory: Memory::new(limits, connections.clone()),
            connections,
            health: Arc::default(),
            meters: Arc::new(Meters::new()),
            busy_log: Seldom::default(),
            throttled_log: Seldom::default(),
            turns: Arc::new(Turns::new(config.database.readers)),
            config,
        }))
    }

    /// The same site with other settings, another theme, other passwords' rules and other keys: over the same database
    /// and the same connections, and with the same failures in mind, unless those are counted to other limits.
    ///
    /// The settings must be [`over`](Config::over) those of this one.
    pub fn reloaded(&self, config: Config, theme: Theme, passwords: PasswordPool, keys: KeyRing) -> Result<Arc<Self>> {
        let (assets, templates) = shown(&config, theme)?;
        let counted = |config: &Config| (config.throttle.clone(), config.comments.clone(), config.api.clone());
        let throttles = if counted(&config) == counted(&self.config) {
            Arc::clone(&self.throttles)
        } else {
            Arc::new(Throttles::new(&config.throttle, &config.comments, &config.api))
        };
        Ok(Arc::new(Self {
            db: Arc::clone(&self.db),
            passwords,
            keys,
            started: self.started,
            clock: self.clock.clone(),
            throttles,
            templates,
            cache: Cache::new(config.limits.cache_bytes_max),
            heads: Heads::new(&config),
            sessions: Sessions::new(),
            encoder: Arc::clone(&self.encoder),
            images: Arc::clone(&self.images),
            assets,
            memory: Memory::new(&config.limits, self.connections.clone()),
            connections: self.connections.clone(),
            health: Arc::clone(&self.health),
            meters: Arc::clone(&self.meters),
            busy_log: Seldom::default(),
            throttled_log: Seldom::default(),
            turns: Arc::clone(&self.turns),
            config,
        }))
    }

    /// The database, for whoever watches over it.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The same, for whoever outlives these settings.
    pub fn shared_db(&self) -> Arc<Db> {
        Arc::clone(&self.db)
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What hashes passwords.
    pub fn passwords(&self) -> &PasswordPool {
        &self.passwords
    }

    /// The keys that sign cookies.
    pub fn keys(&self) -> &KeyRing {
        &self.keys
    }
}

/// What a theme shows: its files and its templates.
fn shown(config: &Config, mut theme: Theme) -> Result<(Assets, Templates)> {
    let assets = Assets::new(std::mem::take(&mut theme.files)).map_err(|error| format!("{error:?}"))?;
    Ok((assets, Templates::new(config, theme)?))
}
