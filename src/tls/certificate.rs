//! Certificates and keys as they lie in files.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use jiff::Timestamp;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use x509_parser::parse_x509_certificate;

use super::Error;

/// From when until when a certificate is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Reads a certificate with those it rests on, and its key, which others must not be able to read.
pub(super) fn read(cert: &Path, key: &Path) -> Result<CertifiedKey, Error> {
    let chain = chain(cert, &read_file(cert)?)?;
    let mode = fs::metadata(key).map_err(|error| Error::at(key, error.to_string()))?.mode();
    if mode & 0o007 != 0 {
        let why = format!("others can read the private key (mode {:04o}): `chmod o= {}`", mode & 0o7777, key.display());
        return Err(Error::at(key, why));
    }
    certified(chain, &read_file(key)?).map_err(|why| Error::at(key, why))
}

fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|error| Error::at(path, error.to_string()))
}

/// The certificates in a PEM file.
pub(super) fn chain(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match chain {
        Ok(chain) if chain.is_empty() => Err(Error::at(path, "there is no certificate in PEM in it")),
        Ok(chain) => Ok(chain),
        Err(error) => Err(Error::at(path, error.to_string())),
    }
}

/// A certificate with its key, which must be its own.
pub(super) fn certified(chain: Vec<CertificateDer<'static>>, key: &[u8]) -> Result<CertifiedKey, String> {
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| format!("no private key in PEM: {error}"))?;
    CertifiedKey::from_der(chain, key, &ring::default_provider())
        .map_err(|error| format!("this private key does not go with the certificate: {error}"))
}

/// From when until when the certificate in this file is good.
pub fn validity_of(cert: &Path) -> Result<Validity, Error> {
    validity(cert, &read_file(cert)?)
}

/// From when until when the first certificate in a PEM file is good.
pub(super) fn validity(path: &Path, pem: &[u8]) -> Result<Validity, Error> {
    let chain = chain(path, pem)?;
    let first = chain.first().ok_or_else(|| Error::at(path, "there is no certificate in PEM in it"))?;
    let (_, parsed) = parse_x509_certificate(first).map_err(|error| Error::at(path, error.to_string()))?;
    let at = |seconds: i64| Timestamp::from_second(seconds).map_err(|error| Error::at(path, error.to_string()));
    let validity = parsed.validity();
    Ok(Validity { from: at(validity.not_before.timestamp())?, until: at(validity.not_after.timestamp())? })
}
