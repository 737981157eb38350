//! Where the daemon has its settings and its keys from: the same at the start and at each reload.

use std::ffi::OsString;

use crate::cli::Daemon;
use crate::config::{self, Config, Loaded};
use crate::secret_key::{self, KeyRing};
use crate::systemd;

/// The name under which systemd hands over the key.
const CREDENTIAL: &str = "secret_key";

/// The command line and the environment, and what they name.
#[derive(Debug)]
pub(super) struct Sources {
    pub(super) args: Daemon,
    pub(super) environment: Vec<(OsString, OsString)>,
}

impl Sources {
    /// The settings as they are now.
    pub(super) fn load(&self) -> Result<Loaded, config::Error> {
        self.args.config.load(self.environment.iter().cloned(), self.args.overrides())
    }
}

/// The keys that sign cookies.
pub(super) fn keys(config: &Config) -> Result<KeyRing, secret_key::Error> {
    match systemd::credential(CREDENTIAL) {
        Some(path) => KeyRing::from_credential(&path),
        None => KeyRing::from_file(&config.secret_key_path()),
    }
}

/// The same later. What systemd has handed over is what was there at the start: whoever has brought newer ones since is
/// right.
pub(super) fn keys_again(config: &Config, running: &KeyRing) -> Result<KeyRing, secret_key::Error> {
    match systemd::credential(CREDENTIAL) {
        Some(_) => Ok(running.clone()),
        None => keys(config),
    }
}
