//! A certificate from an authority, by ACME (RFC 8555): the account, the order, and where both are kept.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use instant_acme::{
    Account, AccountCredentials, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder, OrderStatus,
    RetryPolicy,
};
use jiff::Timestamp;

use super::certificate::{Validity, certified, chain, validity};
use super::{Error, Resolver};
use crate::config::Acme;

/// What is left of a certificate's time when it is renewed: a third, as authorities advise.
const RENEW_WITH: i32 = 3;

/// Longest wait for the authority to look at the site, and to give the certificate.
const PATIENCE: Duration = Duration::from_mins(2);

/// What an authority says of an account that it does not have (RFC 8555, 6.7).
const UNKNOWN_ACCOUNT: &str = "urn:ietf:params:acme:error:accountDoesNotExist";

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What there is of a certificate's time: when to renew it.
pub fn renewal(validity: Validity) -> Timestamp {
    let left = validity.until.duration_since(validity.from) / RENEW_WITH;
    validity.until.checked_sub(left).unwrap_or(validity.from)
}

/// Where account and certificate are kept: in a directory of the instance. What is lost there is ordered anew.
#[derive(Debug)]
pub struct Order<'a> {
    settings: &'a Acme,
    directory: PathBuf,
}

impl<'a> Order<'a> {
    /// For a site in this instance.
    pub fn new(settings: &'a Acme, instance: &Path) -> Self {
        Self { settings, directory: instance.join("acme") }
    }

    /// Takes the certificate of before, if there is one for this name by this authority. Says from when until when it is good.
    pub fn take_kept(&self, resolver: &Resolver) -> Result<Option<Validity>, Error> {
        let path = self.certificate();
        if self.is_of_another() {
            return Ok(None);
        }
        let pem = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| Error::at(&path, error.to_string()))?,
        };
        resolver.set(certified(chain(&path, &pem)?, &pem).map_err(|why| Error::at(&path, why))?);
        validity(&path, &pem).map(Some)
    }

    /// Orders a certificate, keeps it, and has connections get it.
    pub async fn renew(&self, resolver: &Resolver) -> Result<Validity, Failure> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.directory)?;
        let domain = &self.settings.domain;
        let mut order = self.order().await?;
        let mut answering = None;
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let mut challenge = authorization
                .challenge(ChallengeType::TlsAlpn01)
                .ok_or("the authority has no challenge of the kind tls-alpn-01")?;
            answering = Some(resolver.answer(domain, challenge.key_authorization().digest().as_ref())?);
            challenge.set_ready().await?;
        }
        let retries = RetryPolicy::new().timeout(PATIENCE);
        let status = order.poll_ready(&retries).await.map_err(|error| self.not_found(&error))?;
        drop(answering);
        if status != OrderStatus::Ready {
            return Err(self.refusal(&mut order).await.into());
        }
        let key = order.finalize().await?;
        let pem = order.poll_certificate(&retries).await? + &key;
        write(&self.certificate(), pem.as_bytes())?;
        self.take_kept(resolver)?.ok_or_else(|| "the certificate is gone again".into())
    }

    /// A new order, from the account of before, or from a new one if the authority does not know that.
    async fn order(&self) -> Result<instant_acme::Order, Failure> {
        let names = [Identifier::Dns(self.settings.domain.clone())];
        match self.account().await?.new_order(&NewOrder::new(&names)).await {
            Err(instant_acme::Error::Api(problem)) if problem.r#type.as_deref() == Some(UNKNOWN_ACCOUNT) => {
                fs::remove_file(self.account_file())?;
                Ok(self.account().await?.new_order(&NewOrder::new(&names)).await?)
            }
            order => Ok(order?),
        }
    }

    /// Why the authority did not give a certificate, in its words.
    async fn refusal(&self, order: &mut instant_acme::Order) -> String {
        let mut authorizations = order.authorizations();
        while let Some(Ok(mut authorization)) = authorizations.next().await {
            if let Ok(state) = authorization.refresh().await
                && let Some(problem) = state.challenges.iter().find_map(|challenge| challenge.error.as_ref())
            {
                return self.not_found(problem);
            }
        }
        "the authority refused the order".to_owned()
    }

    fn not_found(&self, why: &impl std::fmt::Display) -> String {
        format!("the authority does not find this site at {}, port 443: {why}", self.settings.domain)
    }

    /// The account at the authority, which is made once.
    async fn account(&self) -> Result<Account, Failure> {
        let builder = match &self.settings.acme_ca {
            Some(path) => Account::builder_with_root(path)?,
            None => Account::builder()?,
        };
        let path = self.account_file();
        if self.is_of_another() {
            // Beside the new account it would be taken for a certificate of the new authority.
            remove(&self.certificate())?;
        } else if let Ok(kept) = fs::read(&path) {
            let kept: Kept = serde_json::from_slice(&kept)?;
            return Ok(builder.from_credentials(kept.credentials).await?);
        }
        let contact: Vec<_> = self.settings.acme_contact.iter().map(String::as_str).collect();
        let account = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
        let directory = self.settings.acme_directory.clone();
        let (account, credentials) = builder.create(&account, directory.clone(), None).await?;
        write(&path, &serde_json::to_vec(&Kept { directory, credentials })?)?;
        Ok(account)
    }

    /// Whether what is kept is of another authority: who has tried one, whose certificates nobody trusts, then names the
    /// one that is meant.
    fn is_of_another(&self) -> bool {
        let kept = fs::read(self.account_file()).ok();
        let kept: Option<Authority> = kept.and_then(|kept| serde_json::from_slice(&kept).ok());
        kept.is_some_and(|kept| kept.directory != self.settings.acme_directory)
    }

    fn account_file(&self) -> PathBuf {
        self.directory.join("account.json")
    }

    fn certificate(&self) -> PathBuf {
        self.directory.join(format!("{}.pem", self.settings.domain))
    }
}

/// An account, and of which authority it is.
#[derive(serde::Deserialize, serde::Serialize)]
struct Kept {
    directory: String,
    credentials: AccountCredentials,
}

/// What every account says, whatever else is in it.
#[derive(serde::Deserialize)]
struct Authority {
    directory: String,
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes a file for its owner alone, in the place of another, all of it or nothing.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = path.with_added_extension("unfinished");
    let _ = fs::remove_file(&unfinished); // of a run that was killed
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    /// The certificate of an authority is kept for that one alone.
    #[test]
    fn of_another_authority() {
        let instance = tempfile::tempdir().unwrap();
        let settings = |directory: &str| Acme {
            domain: "blog.example.org".to_owned(),
            acme_directory: directory.to_owned(),
            acme_contact: None,
            acme_ca: None,
        };
        let (tried, meant) = (settings("https://tried/dir"), settings("https://meant/dir"));
        let kept = |settings| Order::new(settings, instance.path()).take_kept(&Resolver::default()).unwrap();
        assert_eq!(kept(&tried), None);
        let order = Order::new(&tried, instance.path());
        fs::create_dir(&order.directory).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![tried.domain.clone()]).unwrap().self_signed(&key).unwrap();
        fs::write(order.certificate(), certificate.pem() + &key.serialize_pem()).unwrap();
        assert!(kept(&tried).is_some() && kept(&meant).is_some(), "nobody knows whose it is");
        fs::write(order.account_file(), r#"{"directory": "https://tried/dir"}"#).unwrap();
        assert!(kept(&tried).is_some());
        assert_eq!(kept(&meant), None);
    }
}
