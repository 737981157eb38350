//! Takes settings, theme and keys anew while the site is served. What is not good is refused, and changes nothing.

use std::error::Error;
use std::sync::Arc;

use tokio::sync::Notify;
use tokio::task::block_in_place;
use tracing::warn;

use super::sockets::Sockets;
use super::sources::{self, Sources};
use crate::config::Config;
use crate::secret_key::KeyRing;
use crate::theme::{self, Theme};
use crate::tls::{self, Resolver};
use crate::web::App;
use crate::web::server::Live;
use crate::{log, random};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// What is served, and from what it is made.
#[derive(Debug)]
pub(super) struct Reloader {
    pub(super) sources: Sources,
    pub(super) live: Arc<Live>,
    pub(super) sockets: Sockets,
    /// The certificate of an authority.
    pub(super) resolver: Arc<Resolver>,
    /// For who renews that: the settings may be others.
    pub(super) settings_changed: Arc<Notify>,
}

impl Reloader {
    /// Serves by the settings, the theme and the keys that there are now. Says what it did.
    ///
    /// `keys` is the file of the secret key, where somebody has brought it: a daemon of systemd's has it from the start, and
    /// cannot read it.
    pub(super) async fn reload(&self, keys: Option<&str>) -> Result<String> {
        let running = self.live.app();
        let loaded = self.sources.load()?;
        let (config, late) = loaded.config.clone().over(running.config());
        let theme = block_in_place(|| theme::load(config.site.theme.as_deref()))?;
        theme.notes.iter().for_each(|note| warn!("theme: {note}"));
        let keys = match keys {
            Some(text) => KeyRing::from_text(text, &config.secret_key_path())?,
            None => sources::keys_again(&config, running.keys())?,
        };
        let tls = tls::server_config(&config.tls, &self.resolver)?;
        let app = block_in_place(|| with(&running, config, theme, keys))?;
        self.sockets.replace(running.config(), app.config()).await?;
        log::set_level(app.config().log.level);
        self.live.replace(app, tls);
        self.settings_changed.notify_one();
        let done = format!("reloaded, settings from {}", loaded.file_name());
        Ok(match late.as_slice() {
            [] => done,
            names => format!("{done}; what takes effect with the next start: {}", names.join(", ")),
        })
    }
}

fn with(running: &App, config: Config, theme: Theme, keys: KeyRing) -> Result<Arc<App>> {
    let passwords = running.passwords().reloaded(&config.password, random::bytes()?)?;
    running.reloaded(config, theme, passwords, keys)
}
