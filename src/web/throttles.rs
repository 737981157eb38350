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
use super::error::{Error, Result};
use super::request::Request;
use crate::api_token::ApiTokenId;
use crate::config::{Api, Comments, ThrottleLimits};
use crate::random;
use crate::throttle::Throttle;
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
    accounts: Throttle<AccountKey>,
    addresses: Throttle<Option<IpAddr>>,
    newcomers: Throttle<(AccountKey, Option<IpAddr>)>,
    devices: Throttle<String>,
    codes: Throttle<i64>,
    comments: Throttle<i64>,
    api_writes: Throttle<ApiTokenId>,
}

/// An attempt, which counts as a failure until it is forgiven.
#[must_use]
pub(super) struct Attempt<'a> {
    throttles: &'a Throttles,
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
        Self {
            accounts: Throttle::new(limits.account, MINUTE_SECONDS),
            addresses: Throttle::new(limits.address, MINUTE_SECONDS),
            newcomers: Throttle::new(NEWCOMER_FAILURES, HOUR_SECONDS),
            devices: Throttle::new(limits.account, MINUTE_SECONDS),
            codes: Throttle::new(CODE_FAILURES, HOUR_SECONDS),
            comments: Throttle::new(comments.per_minute, MINUTE_SECONDS),
            api_writes: Throttle::new(api.writes_per_minute, MINUTE_SECONDS),
        }
    }

    /// Before a password for this name is checked.
    pub(super) fn login(&self, req: &Request, username: &str) -> Result<Attempt<'_>> {
        let (account, network, now) = (key(username), req.client().network(), req.app().clock.now());
        let keys = if let Some(device) = device(req, account) {
            self.devices.enter(device.clone(), now).map_err(|seconds| too_many(req, seconds))?;
            Keys::Device(device)
        } else {
            self.addresses.enter(network, now).map_err(|seconds| too_many(req, seconds))?;
            if let Err(seconds) = self.accounts.enter(account, now) {
                if self.newcomers.enter((account, network), now).is_err() {
                    self.addresses.forgive(&network); // nothing was tried
                    return Err(too_many(req, seconds));
                }
                Keys::Newcomer(account, network)
            } else {
                Keys::Account(account, network)
            }
        };
        Ok(Attempt { throttles: self, keys })
    }

    /// Before somebody is registered, or a link is tried.
    pub(super) fn address(&self, req: &Request) -> Result<Attempt<'_>> {
        let network = req.client().network();
        self.addresses.enter(network, req.app().clock.now()).map_err(|seconds| too_many(req, seconds))?;
        Ok(Attempt { throttles: self, keys: Keys::Address(network) })
    }

    /// Before a code of a second factor is checked.
    pub(super) fn code(&self, req: &Request, user: UserId) -> Result<()> {
        self.codes.enter(user.0, req.app().clock.now()).map_err(|seconds| too_many(req, seconds))
    }

    /// Before a comment is added, which counts; how many seconds to wait if there were too many.
    pub(super) fn comment(&self, req: &Request, user: UserId) -> std::result::Result<(), u64> {
        self.comments.enter(user.0, req.app().clock.now())
    }

    /// Before something is written with a token, which counts; how many seconds to wait if there was too much.
    pub(super) fn api_write(&self, req: &Request, token: ApiTokenId) -> std::result::Result<(), u64> {
        self.api_writes.enter(token, req.app().clock.now())
    }

    /// The code was right.
    pub(super) fn forgive_code(&self, user: UserId) {
        self.codes.forgive(&user.0);
    }
}

impl Attempt<'_> {
    /// What came of it; if there was too much else to do, nothing was tried.
    pub(super) fn settle<T>(self, result: Result<T>) -> Result<(T, Self)> {
        match result {
            Ok(outcome) => Ok((outcome, self)),
            Err(error) => {
                if let Error::Busy(_) = error {
                    self.forgive();
                }
                Err(error)
            }
        }
    }

    /// It was no failure.
    pub(super) fn forgive(self) {
        let throttles = self.throttles;
        match self.keys {
            Keys::Device(device) => throttles.devices.forgive(&device),
            Keys::Address(network) => throttles.addresses.forgive(&network),
            Keys::Account(account, network) => {
                throttles.accounts.forgive(&account);
                throttles.addresses.forgive(&network);
            }
            Keys::Newcomer(account, network) => {
                throttles.newcomers.forgive(&(account, network));
                throttles.addresses.forgive(&network);
            }
        }
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
