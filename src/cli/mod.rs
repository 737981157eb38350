//! The two command lines. Help, man pages and completions come from these definitions.

mod admin;
mod daemon;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use crate::config::{self, Loaded, Override};
pub use admin::{Admin, AdminCommand, RoleName, SecretKeyCommand, ThemeCommand, UserCommand};
pub use daemon::Daemon;

/// Options of both programs.
#[derive(Args, Clone, Debug)]
pub struct ConfigOptions {
    /// The config file [default: /etc/flaskr/config.toml if it exists]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,

    /// The directory that holds the site, instead of the configured one
    #[arg(long, value_name = "DIR", global = true)]
    pub instance: Option<String>,
}

impl ConfigOptions {
    /// Loads the settings that these options, and `more` of them, ask for.
    pub fn load(
        &self,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        more: Vec<Override>,
    ) -> Result<Loaded, config::Error> {
        let instance = self.instance.iter().map(|path| Override::option("instance", path.clone()));
        config::load(self.config.as_deref(), environment, instance.chain(more).collect())
    }
}
