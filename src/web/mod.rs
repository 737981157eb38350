//! The site over HTTP. A request goes `server` → `routes` → `request` → a view → `db` → `page` → `response`.

mod about;
mod account;
mod answer;
mod api;
mod assets;
mod audience;
mod auth;
mod blog;
mod cache;
mod client;
mod coding;
mod comments;
mod connections;
mod cookies;
mod cross_site;
mod drafts;
mod error;
mod feeds;
mod flash;
mod form;
mod front;
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
mod moderation;
mod new_password;
mod nonce;
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
mod session;
mod sessions;
mod shown;
mod target;
mod templates;
mod throttles;
mod tokens;
mod upload;
mod visitor;
mod weighted;
mod withdrawn;
mod writing;

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::image::ImagePool;
use crate::password::PasswordPool;
use crate::pool::Pool;
use crate::secret_key::KeyRing;
use crate::theme::Theme;
use answer::Heads;
use assets::Assets;
use cache::Cache;
pub use client::Peer;
use connections::Connections;
pub use images::sweep;
use memory::Memory;
pub use routes::{Answering, Arrived, service};
use seldom::Seldom;
use sessions::Sessions;
use templates::Templates;
use throttles::Throttles;

/// Pages of posts that are made at a time, for each connection that reads: while one is read, another is rendered.
const TURNS_OF_A_READER: usize = 2;

/// One search at a time for so many connections that read.
const READERS_OF_A_SEARCH: usize = 2;

/// One part of a picture is read at a time for so many connections that read.
const READERS_OF_AN_IMAGE: usize = 2;

/// Most pages that wait to be encoded. Past it they are sent as they are.
const ENCODER_QUEUE_MAX: usize = 64;

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
    cache: Cache,
    heads: Heads,
    sessions: Sessions,
    /// Puts pages into a content coding, one at a time.
    encoder: Pool<()>,
    /// Reads the pictures that are sent, one at a time.
    images: ImagePool,
    assets: Assets,
    connections: Connections,
    memory: Memory,
    busy_log: Seldom,
    throttled_log: Seldom,
    /// For pages of posts: each holds all it shows while it waits for a core.
    turns: Semaphore,
    /// For searches: some of the connections that read are always left for pages.
    search_turns: Semaphore,
    /// For parts of pictures, likewise.
    image_turns: Semaphore,
}

impl App {
    /// Puts the parts together.
    pub fn new(
        config: Config,
        mut theme: Theme,
        db: Db,
        passwords: PasswordPool,
        keys: KeyRing,
        clock: Clock,
    ) -> Result<Arc<Self>, Box<dyn std::error::Error + Send + Sync>> {
        let assets = Assets::new(std::mem::take(&mut theme.files)).map_err(|error| format!("{error:?}"))?;
        let templates = Templates::new(&config, theme);
        let encoder = Pool::start("encoder", vec![()], ENCODER_QUEUE_MAX)?;
        let throttles = Throttles::new(&config.throttle, &config.comments, &config.api);
        let limits = &config.limits;
        let connections = Connections::new(limits.connections_max);
        let memory = Memory::new(limits, connections.clone());
        let heads = Heads::new(&config);
        let cache = Cache::new(limits.cache_bytes_max);
        let search_turns = Semaphore::new((config.database.readers / READERS_OF_A_SEARCH).max(1));
        let image_turns = Semaphore::new((config.database.readers / READERS_OF_AN_IMAGE).max(1));
        let turns = Semaphore::new(TURNS_OF_A_READER * config.database.readers);
        Ok(Arc::new(Self {
            config,
            db,
            passwords,
            keys,
            clock,
            throttles,
            templates,
            cache,
            heads,
            sessions: Sessions::new(),
            encoder,
            images: ImagePool::start()?,
            assets,
            connections,
            memory,
            busy_log: Seldom::default(),
            throttled_log: Seldom::default(),
            turns,
            search_turns,
            image_turns,
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
