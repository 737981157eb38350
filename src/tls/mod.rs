//! https without a proxy: certificates from files, or from an authority, and what connections are secured with.

mod acme;
mod certificate;
mod challenge;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::server::ResolvesServerCert;
use tokio_rustls::rustls::sign::SingleCertAndKey;
use tokio_rustls::rustls::{self, ServerConfig};

pub use acme::{Order, renewal};
pub use certificate::{Validity, validity_of};
pub use challenge::Resolver;

use crate::config;

/// The protocol that is spoken behind TLS (RFC 7301). HTTP/2 is left to proxies.
const HTTP: &[u8] = b"http/1.1";

/// A certificate or a key that cannot be used, and why.
#[derive(Debug)]
pub struct Error {
    path: PathBuf,
    reason: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.reason)
    }
}

impl std::error::Error for Error {}

impl Error {
    fn at(path: &Path, reason: impl Into<String>) -> Self {
        Self { path: path.to_owned(), reason: reason.into() }
    }
}

/// What connections are secured with, if they are. `resolver` has the certificate of an authority, once there is one.
pub fn server_config(settings: &config::Tls, resolver: &Arc<Resolver>) -> Result<Option<Arc<ServerConfig>>, Error> {
    Ok(match &settings.certificate {
        None => None,
        Some(config::Certificate::Files { cert, key }) => {
            let certified = certificate::read(cert, key)?;
            Some(secured(Arc::new(SingleCertAndKey::from(certified)), &[HTTP], cert)?)
        }
        Some(config::Certificate::Acme(_)) => {
            let resolver: Arc<Resolver> = Arc::clone(resolver);
            Some(secured(resolver, &[HTTP, challenge::PROTOCOL], Path::new("acme"))?)
        }
    })
}

fn secured(
    resolver: Arc<dyn ResolvesServerCert>,
    protocols: &[&[u8]],
    path: &Path,
) -> Result<Arc<ServerConfig>, Error> {
    let because = |error: rustls::Error| Error::at(path, error.to_string());
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(because)?
        .with_no_client_auth()
        .with_cert_resolver(resolver);
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    config.ticketer = ring::Ticketer::new().map_err(because)?; // who comes back need not shake hands in full
    Ok(Arc::new(config))
}
