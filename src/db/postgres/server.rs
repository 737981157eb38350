//! How to get a connection to a server.

use std::fmt;
use std::fs;
use std::future::poll_fn;
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Release};
use std::time::Duration;

use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::error::Severity;
use tokio_postgres::{AsyncMessage, Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use super::error::Refused;
use super::outage::Outage;
use crate::config::{Database, DatabaseUrl};

/// How long to wait for each host, unless the address says otherwise: no network between machines takes as long.
const CONNECT_MAX: Duration = Duration::from_secs(2);
/// The same of a host that may be read while none takes writes: it is asked in turn, and the first may be the one that is lost.
const STANDBY_CONNECT_MAX: Duration = Duration::from_millis(500);
/// How long what was sent may go without a sign that it has come, unless the address says otherwise.
const UNHEARD_MAX: Duration = Duration::from_secs(10);

/// A server, and who we are there.
pub(in crate::db) struct Server {
    config: Config,
    password_file: Option<PathBuf>,
    tls: MakeRustlsConnect,
    shown: String,
    role: Role,
    outage: Outage,
}

/// What a server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It takes writes.
    Primary,
    /// It follows the primary, and is read instead.
    Replica,
    /// It follows the primary, and is read while that is away.
    Standby,
}

impl Server {
    /// The one that takes writes, if the settings name one.
    pub(in crate::db) fn of(settings: &Database) -> Option<Result<Self, Refused>> {
        settings.url.as_ref().map(|url| Self::at(url, settings, Role::Primary))
    }

    /// The one that follows it and may be read instead, if the settings name one.
    pub(in crate::db) fn replica_of(settings: &Database) -> Option<Result<Self, Refused>> {
        settings.replica_url.as_ref().map(|url| Self::at(url, settings, Role::Replica))
    }

    /// Whichever of its hosts answers, if there are several, though it takes no writes.
    pub(in crate::db) fn standby_of(settings: &Database) -> Option<Result<Self, Refused>> {
        let several = settings.url.as_ref().filter(|url| url.parsed().get_hosts().len() > 1);
        several.map(|url| Self::at(url, settings, Role::Standby))
    }

    fn at(url: &DatabaseUrl, settings: &Database, role: Role) -> Result<Self, Refused> {
        let takes = if role == Role::Primary { TargetSessionAttrs::ReadWrite } else { TargetSessionAttrs::Any };
        let mut config = url.parsed().clone();
        config.application_name("flaskr").target_session_attrs(takes);
        if role == Role::Standby {
            config.connect_timeout(STANDBY_CONNECT_MAX);
        } else if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_MAX);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(UNHEARD_MAX);
        }
        if config.get_ssl_mode() == SslMode::Prefer {
            // To prefer it would be to do without where somebody stands between.
            config.ssl_mode(if are_near(&config) { SslMode::Disable } else { SslMode::Require });
        }
        let tls =
            roots(settings, config.get_ssl_mode()).and_then(|roots| client_config(roots).map(MakeRustlsConnect::new));
        tls.map_err(|why| Refused::lasting(why.to_string())).map(|tls| Self {
            config,
            password_file: settings.password_file.clone(),
            tls,
            shown: url.to_string(),
            role,
            outage: Outage::default(),
        })
    }

    /// What it is for.
    pub(super) fn role(&self) -> Role {
        self.role
    }

    /// What is known of it while it is away.
    pub(super) fn outage(&self) -> &Outage {
        &self.outage
    }

    /// How long it may take to be connected to one of its hosts.
    pub(super) fn connect_max(&self) -> Duration {
        let each = self.config.get_connect_timeout().copied().unwrap_or(CONNECT_MAX);
        each * u32::try_from(self.config.get_hosts().len()).unwrap_or(1) + CONNECT_MAX
    }

    /// The same for a look alone, be it a host that takes no writes.
    pub(in crate::db) fn for_a_look(&self) -> Self {
        let mut config = self.config.clone();
        config.target_session_attrs(TargetSessionAttrs::Any);
        let (password_file, tls, shown) = (self.password_file.clone(), self.tls.clone(), self.shown.clone());
        Self { config, password_file, tls, shown, role: self.role, outage: Outage::default() }
    }

    /// Whether nobody can stand between us and any of its hosts.
    pub(in crate::db) fn is_near(&self) -> bool {
        are_near(&self.config)
    }

    /// Connects to the first of its hosts that takes writes, and has somebody see to the connection on this runtime.
    ///
    /// The flag is raised when it warns of something.
    pub(super) async fn connect(&self) -> Result<(Client, Arc<AtomicBool>), Refused> {
        let mut config = self.config.clone();
        if let Some(file) = &self.password_file {
            let text = fs::read_to_string(file).map_err(|error| {
                Refused::lasting(format!("cannot read the password in {}: {error}", file.display()))
            })?;
            config.password(text.lines().next().unwrap_or_default());
        }
        let (client, mut connection) = config.connect(self.tls.clone()).await?;
        let has_warned = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&has_warned);
        tokio::spawn(async move {
            // Its end is seen by the client.
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                if let AsyncMessage::Notice(notice) = message
                    && notice.parsed_severity() == Some(Severity::Warning)
                {
                    flag.store(true, Release);
                }
            }
        });
        Ok((client, has_warned))
    }
}

/// Whether nobody can stand between us and any of its hosts, whatever they are called.
fn are_near(config: &Config) -> bool {
    config.get_hosts().iter().all(is_near) && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

/// Whether nobody can stand between us and this host.
fn is_near(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
    }
}

/// The authorities that may vouch for the server. The system's are some hundred files, and are read where they are asked.
fn roots(settings: &Database, mode: SslMode) -> io::Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let Some(file) = &settings.ca else {
        if mode == SslMode::Disable {
            return Ok(roots);
        }
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(roots);
    };
    let unusable =
        |why: &dyn fmt::Display| io::Error::other(format!("cannot use the certificates in {}: {why}", file.display()));
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unusable(&error))? {
        let certificate = certificate.map_err(|error| unusable(&error))?;
        roots.add(certificate).map_err(|error| unusable(&error))?;
    }
    if roots.is_empty() { Err(unusable(&"there is none in it")) } else { Ok(roots) }
}

fn client_config(roots: RootCertStore) -> io::Result<ClientConfig> {
    let provider = Arc::new(crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(builder.map_err(io::Error::other)?.with_root_certificates(roots).with_no_client_auth())
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
