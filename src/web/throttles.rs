//! Slows whoever guesses passwords, and nobody else.
//!
//! Failures are counted for the account, wherever they come from, and for the address. So that nobody is kept out of
//! their own account by the failures of others, a browser that was logged in before has a count of its own (a device
//! cookie), and every address has one more attempt an hour.
//! <https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies>

use std::net::IpAddr;

use base64ct::{Base64UrlUnpadded, Encoding};
use cookie::time::Duration;
use sha2::{Digest, Sha256};
use warp::http::header::HeaderValue;

use super::arrival::say;
use super::cookies::SignedCookie;
use super::counted::Counted;
use super::error::{Error, Result};
use super::request::Request;
use crate::api_token::ApiTokenId;
use crate::config::{Api, Comments, ThrottleLimits};
use crate::random;
use crate::throttle::Limit;
use crate::user::UserId;

const MINUTE_SECONDS: u32 = 60;
const HOUR_SECONDS: u32 = 60 * MINUTE_SECONDS;

/// Failures an hour of an address at one account whose failures are at their limit.
const NEWCOMER_FAILURES: u32 = 1;

/// Wrong codes of the second factor an hour. Whoever tries one knows the password; of a million codes three are right.
const CODE_FAILURES: u32 = 10;

/// Random bytes that tell one browser from another.
const DEVICE_BYTES: usize = 12;

/// A name stands for an account, whether it exists or not; its digest is as long for every name.
type AccountKey = [u8; 16];

/// A browser that was logged in to an account. Browsers keep a cookie for 400 days at most (RFC 6265bis, 5.6.2).
const DEVICE: SignedCookie =
    SignedCookie { purpose: "device", name: "flaskr-device", max_age: Some(Duration::days(400)) };

/// Everything that is counted.
#[derive(Debug)]
pub(super) struct Throttles {
    accounts: Counted<AccountKey>,
    addresses: Counted<Option<IpAddr>>,
    newcomers: Counted<(AccountKey, Option<IpAddr>)>,
    devices: Counted<String>,
    codes: Counted<i64>,
    comments: Counted<i64>,
    api_writes: Counted<i64>,
}

/// An attempt, which counts as a failure until it is forgiven.
#[must_use]
pub(super) struct Attempt<'a> {
    req: &'a Request,
    keys: Keys,
}

enum Keys {
    Device(String),
    Account(AccountKey, Option<IpAddr>),
    Newcomer(AccountKey, Option<IpAddr>),
    Address(Option<IpAddr>),
}

impl Throttles {
    /// Counts to these limits.
    pub(super) fn new(limits: &ThrottleLimits, comments: &Comments, api: &Api) -> Self {
        let a_minute = |number| Limit::new(number, MINUTE_SECONDS);
        let an_hour = |number| Limit::new(number, HOUR_SECONDS);
        Self {
            accounts: Counted::new("account", a_minute(limits.account)),
            addresses: Counted::new("address", a_minute(limits.address)),
            newcomers: Counted::new("newcomer", an_hour(NEWCOMER_FAILURES)),
            devices: Counted::new("device", a_minute(limits.account)),
            codes: Counted::new("code", an_hour(CODE_FAILURES)),
            comments: Counted::new("comment", a_minute(comments.per_minute)),
            api_writes: Counted::new("api", a_minute(api.writes_per_minute)),
        }
    }

    /// Before a password for this name is checked.
    pub(super) async fn login<'a>(&self, req: &'a Request, username: &str) -> Result<Attempt<'a>> {
        let (db, now) = (req.db(), req.app().clock.now());
        let (account, network) = (key(username), req.client().network());
        if let Some(device) = device(req, account) {
            self.devices.enter(db, &device, now).await?.map_err(|seconds| too_many(req, seconds))?;
            return Ok(Attempt { req, keys: Keys::Device(device) });
        }
        self.addresses.enter(db, &network, now).await?.map_err(|seconds| too_many(req, seconds))?;
        let Err(seconds) = self.accounts.enter(db, &account, now).await? else {
            return Ok(Attempt { req, keys: Keys::Account(account, network) });
        };
        if self.newcomers.enter(db, &(account, network), now).await?.is_err() {
            self.addresses.forgive(db, &network).await; // nothing was tried
            return Err(too_many(req, seconds));
        }
        Ok(Attempt { req, keys: Keys::Newcomer(account, network) })
    }

    /// Before somebody is registered, or a link is tried.
    pub(super) async fn address<'a>(&self, req: &'a Request) -> Result<Attempt<'a>> {
        let network = req.client().network();
        let entered = self.addresses.enter(req.db(), &network, req.app().clock.now()).await?;
        entered.map_err(|seconds| too_many(req, seconds))?;
        Ok(Attempt { req, keys: Keys::Address(network) })
    }

    /// Before a code of a second factor is checked.
    pub(super) async fn code(&self, req: &Request, user: UserId) -> Result<()> {
        let entered = self.codes.enter(req.db(), &user.0, req.app().clock.now()).await?;
        entered.map_err(|seconds| too_many(req, seconds))
    }

    /// Before a comment is added, which counts; how many seconds to wait if there were too many.
    pub(super) async fn comment(&self, req: &Request, user: UserId) -> Result<std::result::Result<(), u64>> {
        self.comments.enter(req.db(), &user.0, req.app().clock.now()).await
    }

    /// Before something is written with a token, which counts; how many seconds to wait if there was too much.
    pub(super) async fn api_write(&self, req: &Request, token: ApiTokenId) -> Result<std::result::Result<(), u64>> {
        self.api_writes.enter(req.db(), &token.0, req.app().clock.now()).await
    }

    /// The code was right.
    pub(super) async fn forgive_code(&self, req: &Request, user: UserId) {
        self.codes.forgive(req.db(), &user.0).await;
    }
}

impl Attempt<'_> {
    /// What came of it; if there was too much else to do, nothing was tried.
    pub(super) async fn settle<T>(self, result: Result<T>) -> Result<(T, Self)> {
        match result {
            Ok(outcome) => Ok((outcome, self)),
            Err(error) => {
                if let Error::Busy(_) | Error::Away(_) = error {
                    self.forgive().await;
                }
                Err(error)
            }
        }
    }

    /// It was no failure.
    pub(super) async fn forgive(self) {
        let (throttles, db) = (&self.req.app().throttles, self.req.db());
        let network = match self.keys {
            Keys::Device(device) => return throttles.devices.forgive(db, &device).await,
            Keys::Address(network) => network,
            Keys::Account(account, network) => {
                throttles.accounts.forgive(db, &account).await;
                network
            }
            Keys::Newcomer(account, network) => {
                throttles.newcomers.forgive(db, &(account, network)).await;
                network
            }
        };
        throttles.addresses.forgive(db, &network).await;
    }
}

fn too_many(req: &Request, seconds: u64) -> Error {
    let address = req.client().shown_address();
    let hint = if req.client().may_be_a_proxy() { " (if that is a proxy, name it in trusted_proxies)" } else { "" };
    req.app().throttled_log.say(|unsaid| {
        say!(info, req.visitor(), "too many failed attempts, the last from {address}{hint}{unsaid}");
    });
    Error::TooManyAttempts(seconds)
}

/// The cookie of a browser that was logged in to this account.
pub(super) fn device_cookie(req: &Request, username: &str) -> Result<HeaderValue> {
    let name = Base64UrlUnpadded::encode_string(&key(username));
    let random = Base64UrlUnpadded::encode_string(&random::bytes::<DEVICE_BYTES>()?);
    DEVICE.with(req, &format!("{name}~{random}"))
}

/// What tells this browser from others, if it was logged in to this account.
fn device(req: &Request, account: AccountKey) -> Option<String> {
    let name = Base64UrlUnpadded::encode_string(&account);
    DEVICE.read(req, |value| {
        let (account, random) = value.split_once('~')?;
        (account == name).then(|| random.to_owned())
    })
}

fn key(username: &str) -> AccountKey {
    let digest = Sha256::digest(username);
    let mut key = AccountKey::default();
    key.iter_mut().zip(digest).for_each(|(byte, digested)| *byte = digested);
    key
}
