//! Settings: read once, checked once, then passed on.
//!
//! Later wins: built-in default, config file, `FLASKR_*` environment, command line. Whatever is wrong is refused with
//! the place it was set at.

mod accounts;
mod api;
mod base_url;
mod comments;
mod database;
mod fixed;
mod limits;
mod listen;
mod load;
mod log;
mod metrics;
mod pages;
mod proxies;
mod security_txt;
mod site;
mod tls;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use accounts::{PasswordSettings, RegistrationMode, SessionLimits, ThrottleLimits};
pub use api::Api;
pub use base_url::BaseUrl;
pub use comments::{CommentMode, Comments};
pub use database::{Database, DatabaseUrl};
pub use limits::Limits;
pub use listen::Listen;
use load::SYSTEM_FILE;
pub use load::{Error, Override, load};
pub use log::{Log, LogLevel};
pub use metrics::Metrics;
pub use pages::Pages;
pub use proxies::TrustedProxy;
pub use security_txt::SecurityTxt;
pub use site::Site;
pub use tls::{Acme, Certificate, Tls};

/// Every setting there is. `docs/` and the shipped `config.toml` say what each means to an administrator.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    pub listen: Listen,
    /// The directory that holds the site.
    pub instance: PathBuf,
    /// The file of the secret key, unless systemd hands one over. Without it: `secret_key` in the instance.
    pub secret_key_file: Option<PathBuf>,
    /// The address that visitors use. Without it: what their requests say.
    pub base_url: Option<BaseUrl>,
    /// Peers whose `X-Forwarded-*` fields count.
    pub trusted_proxies: Vec<TrustedProxy>,
    /// How it is served over https.
    pub tls: Tls,
    /// Who may register.
    pub registration: RegistrationMode,
    /// What the site is called.
    pub site: Site,
    /// Whom to tell of its weaknesses.
    pub security_txt: SecurityTxt,
    /// What is on a page.
    pub pages: Pages,
    /// What visitors may say to posts.
    pub comments: Comments,
    /// What programs may do.
    pub api: Api,
    /// What clients may use.
    pub limits: Limits,
    /// Where the database is, and how it is used.
    pub database: Database,
    /// What a password must be, and what its hash costs.
    pub password: PasswordSettings,
    /// How long a login lasts.
    pub session: SessionLimits,
    /// How many failed logins there may be.
    pub throttle: ThrottleLimits,
    /// What the log says.
    pub log: Log,
    /// Where measures are served.
    pub metrics: Metrics,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: Listen::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, 8080))),
            instance: PathBuf::from("instance"),
            secret_key_file: None,
            base_url: None,
            trusted_proxies: Vec::new(),
            registration: RegistrationMode::default(),
            tls: Tls::default(),
            site: Site::default(),
            security_txt: SecurityTxt::default(),
            pages: Pages::default(),
            comments: Comments::default(),
            api: Api::default(),
            limits: Limits::default(),
            database: Database::default(),
            password: PasswordSettings::default(),
            session: SessionLimits::default(),
            throttle: ThrottleLimits::default(),
            log: Log::default(),
            metrics: Metrics::default(),
        }
    }
}

impl Config {
    /// The database of the instance.
    pub fn database_file(&self) -> PathBuf {
        self.instance.join("flaskr.sqlite")
    }

    /// Where the secret key is when systemd hands none over.
    pub fn secret_key_path(&self) -> PathBuf {
        self.secret_key_file.clone().unwrap_or_else(|| self.instance.join("secret_key"))
    }

    /// Whether it is known that visitors come over https alone.
    pub fn is_https(&self) -> bool {
        self.tls.is_on() || self.base_url.as_ref().is_some_and(BaseUrl::is_https)
    }

    /// The path of the site on its host, without a slash at its end: mostly empty.
    pub fn base_path(&self) -> &str {
        self.base_url.as_ref().map_or("", BaseUrl::path)
    }

    /// Whether a peer's word about the client counts.
    pub fn trusts(&self, peer: Option<std::net::IpAddr>) -> bool {
        self.trusted_proxies.iter().any(|proxy| proxy.is(peer))
    }
}

/// The settings that took effect, and where they came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// The config file, if there was one.
    pub file: Option<PathBuf>,
}

impl Loaded {
    /// Whether they are the packaged service's.
    pub fn is_packaged(&self) -> bool {
        self.file.as_deref() == Some(Path::new(SYSTEM_FILE))
    }

    /// The config file for a message: its path, or that there is none.
    pub fn file_name(&self) -> String {
        self.file.as_deref().map_or_else(|| "no config file".to_owned(), |file: &Path| file.display().to_string())
    }
}
