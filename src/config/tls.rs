//! How the site is served over https without a proxy.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Listen;

/// Let's Encrypt's.
const DIRECTORY: &str = "https://acme-v02.api.letsencrypt.org/directory";

/// `[tls]`. Without a certificate and without a domain the site is served over http.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, try_from = "Table")]
pub struct Tls {
    /// Where the certificate comes from.
    #[serde(flatten)]
    pub certificate: Option<Certificate>,
    /// Where to listen for those who come over http, and are sent to https.
    pub redirect_listen: Option<Listen>,
}

/// Where the certificate of the site comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Certificate {
    /// From files that somebody else renews.
    Files {
        /// The certificate, and those of the authorities between it and the root, in PEM.
        cert: PathBuf,
        /// Its private key, in PEM.
        key: PathBuf,
    },
    /// From an authority, by ACME (RFC 8555), for as long as the site is served.
    Acme(Acme),
}

/// Who gives a certificate, and for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Acme {
    /// The site's name.
    pub domain: String,
    /// The address of the authority's directory.
    pub acme_directory: String,
    /// Whom the authority writes to: `mailto:ADDRESS`.
    pub acme_contact: Option<String>,
    /// The certificates, in PEM, that the directory's own is checked by, instead of the system's.
    pub acme_ca: Option<PathBuf>,
}

/// As it is written.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Table {
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    domain: Option<String>,
    acme_directory: Option<String>,
    acme_contact: Option<String>,
    acme_ca: Option<PathBuf>,
    redirect_listen: Option<Listen>,
}

impl TryFrom<Table> for Tls {
    type Error = &'static str;

    fn try_from(table: Table) -> Result<Self, Self::Error> {
        let is_of_acme = table.acme_directory.is_some() || table.acme_contact.is_some() || table.acme_ca.is_some();
        let certificate = match (table.cert, table.key, table.domain) {
            (None, None, None) if is_of_acme => return Err("`acme_…` is of use with `domain` alone"),
            (None, None, None) if table.redirect_listen.is_some() => {
                return Err("`redirect_listen` needs `cert` and `key`, or `domain`");
            }
            (None, None, None) => None,
            (Some(cert), Some(key), None) => Some(Certificate::Files { cert, key }),
            (None, None, Some(domain)) => Some(Certificate::Acme(Acme {
                domain: name(&domain)?,
                acme_directory: table.acme_directory.map_or_else(|| Ok(DIRECTORY.to_owned()), https)?,
                acme_contact: table.acme_contact.map(contact).transpose()?,
                acme_ca: table.acme_ca,
            })),
            (_, _, Some(_)) => return Err("expected `cert` and `key`, or `domain`, and not both"),
            (_, _, None) => return Err("`cert` and `key` go together"),
        };
        Ok(Self { certificate, redirect_listen: table.redirect_listen })
    }
}

/// A name of the DNS, which is what a certificate is for.
fn name(domain: &str) -> Result<String, &'static str> {
    let is_label = |label: &str| {
        let is_in_it = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&label.len()) && label.chars().all(is_in_it) && !label.starts_with('-')
    };
    let is_name = domain.len() <= 253 && domain.contains('.') && domain.split('.').all(is_label);
    let is_address = domain.parse::<std::net::Ipv4Addr>().is_ok();
    if is_name && !is_address {
        Ok(domain.to_ascii_lowercase())
    } else {
        Err("expected `domain` to be a name such as \"blog.example.org\"")
    }
}

fn https(directory: String) -> Result<String, &'static str> {
    if directory.starts_with("https://") {
        Ok(directory)
    } else {
        Err("expected `acme_directory` to begin with https://")
    }
}

fn contact(contact: String) -> Result<String, &'static str> {
    let address = contact.strip_prefix("mailto:").unwrap_or_default();
    if address.contains('@') { Ok(contact) } else { Err("expected `acme_contact` to be \"mailto:ADDRESS\"") }
}

impl Tls {
    /// Whether the site is served over https.
    pub fn is_on(&self) -> bool {
        self.certificate.is_some()
    }
}

#[cfg(test)]
mod tests {
    use crate::config::load::parse;

    /// A certificate is in two files, or of an authority; what contradicts itself is refused.
    #[test]
    fn certificates() {
        let tls = |text: &str| parse(&format!("[tls]\n{text}")).map(|config| config.tls);
        for (text, is_on) in [
            ("", false),
            ("cert = \"a\"\nkey = \"b\"", true),
            ("cert = \"a\"\nkey = \"b\"\nredirect_listen = \"[::]:80\"", true),
            ("domain = \"Blog.example.org\"", true),
            ("domain = \"blog.example.org\"\nacme_contact = \"mailto:a@example.org\"", true),
        ] {
            assert_eq!(tls(text).unwrap().is_on(), is_on, "{text}");
        }
        for (text, message) in [
            ("cert = \"a\"", "`cert` and `key` go together"),
            ("key = \"a\"", "`cert` and `key` go together"),
            ("cert = \"a\"\nkey = \"b\"\ndomain = \"a.b\"", "and not both"),
            ("redirect_listen = \"[::]:80\"", "`redirect_listen` needs"),
            ("acme_ca = \"x\"", "with `domain` alone"),
            ("domain = \"blog\"", "a name such as"),
            ("domain = \"192.0.2.1\"", "a name such as"),
            ("domain = \"-a.b\"", "a name such as"),
            ("domain = \"a.b\"\nacme_directory = \"http://x\"", "begin with https"),
            ("domain = \"a.b\"\nacme_contact = \"ann\"", "mailto:ADDRESS"),
            ("crt = \"a\"", "unknown field `crt`"),
        ] {
            let error = tls(text).unwrap_err();
            assert!(error.contains("tls") && error.contains(message), "{text}: {error}");
        }
    }

    /// What is shown as taking effect is what is read.
    #[test]
    fn shown() {
        for text in ["cert = \"a\"\nkey = \"b\"\n", "domain = \"a.b\"\nacme_directory = \"https://x\"\n"] {
            let config = parse(&format!("[tls]\n{text}")).unwrap();
            assert_eq!(parse(&toml::to_string(&config).unwrap()).unwrap(), config);
        }
    }
}
