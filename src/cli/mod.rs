//! The two command lines. Help, man pages and completions come from these definitions.

mod admin;
mod completions;
mod copy;
mod daemon;
mod theme;
mod user;
mod writing;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::config::{self, Loaded, Override};
pub use admin::{Admin, AdminCommand, Output, SecretKeyCommand};
pub use completions::{ShellName, completions};
pub use copy::CopyOptions;
pub use daemon::Daemon;
pub use theme::ThemeCommand;
pub use user::{RoleName, UserCommand};
pub use writing::{CommentCommand, Decision, ListPart, PostCommand};

/// Options of both programs.
#[derive(Args, Clone, Debug)]
pub struct ConfigOptions {
    /// The config file [default: /etc/flaskr/config.toml if it exists]
    #[arg(long, value_name = "FILE", global = true, value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// The directory that holds the site, instead of the configured one
    #[arg(long, value_name = "DIR", global = true, value_hint = ValueHint::DirPath)]
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
