//! Which certificate a connection gets: the site's, or for an authority that looks who is here, the answer to its challenge.
//! TLS-ALPN-01 (RFC 8737) needs no other port and no file.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

/// What the authority asks for instead of HTTP.
pub(super) const PROTOCOL: &[u8] = b"acme-tls/1";

/// The certificate of an authority, once there is one, and the answer to its challenge, while there is one.
#[derive(Default)]
pub struct Resolver {
    certificate: ArcSwapOption<CertifiedKey>,
    challenge: Mutex<Option<Arc<CertifiedKey>>>,
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver").field("has_certificate", &self.certificate.load().is_some()).finish_non_exhaustive()
    }
}

impl Resolver {
    /// From now on connections get this certificate.
    pub(super) fn set(&self, certified: CertifiedKey) {
        self.certificate.store(Some(Arc::new(certified)));
    }

    /// Answers a challenge for this name, until the other is dropped.
    pub(super) fn answer(&self, domain: &str, digest: &[u8]) -> Result<Answering<'_>, String> {
        let answer = Arc::new(certificate_of_challenge(domain, digest)?);
        *self.challenge() = Some(answer);
        Ok(Answering(self))
    }

    fn challenge(&self) -> std::sync::MutexGuard<'_, Option<Arc<CertifiedKey>>> {
        self.challenge.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As long as it is there, a challenge is answered.
#[must_use]
pub(super) struct Answering<'a>(&'a Resolver);

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        *self.0.challenge() = None;
    }
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        if hello.alpn().is_some_and(|mut protocols| protocols.any(|protocol| protocol == PROTOCOL)) {
            return self.challenge().clone();
        }
        self.certificate.load_full()
    }
}

/// A certificate that proves to the authority that whoever has its account is here (RFC 8737, section 3).
fn certificate_of_challenge(domain: &str, digest: &[u8]) -> Result<CertifiedKey, String> {
    let made = || {
        let mut params = CertificateParams::new(vec![domain.to_owned()])?;
        params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
        let key = KeyPair::generate()?;
        Ok::<_, rcgen::Error>((params.self_signed(&key)?, key))
    };
    let (certificate, key) = made().map_err(|error| error.to_string())?;
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let key = ring::sign::any_supported_type(&key).map_err(|error| error.to_string())?;
    // Not by way of `from_der`, which does not know the extension that makes it an answer.
    Ok(CertifiedKey::new(vec![certificate.der().clone()], key))
}
