//! Who may become a user, and how they prove who they are: `registration`, `[password]`, `[session]`, `[throttle]`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::limits::between;
use crate::session::Expiry;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// Who may register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RegistrationMode {
    /// Everybody.
    #[default]
    Open,
    /// Whoever has an invite from `flaskr-admin invite`.
    Invite,
    /// Nobody: `flaskr-admin user add` makes the accounts.
    Closed,
}

/// What a new password must be, and what its hash costs: `[password]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordSettings {
    /// Fewest characters of a new password. Shorter ones that exist still open their account.
    #[serde(deserialize_with = "between::<1, 128, _, _>")]
    pub length_min: usize,
    /// Whether a new password that is among the first to be guessed is refused.
    pub refuse_common: bool,
    /// Memory of one hash, in KiB: at least 8 for each lane that there may be.
    #[serde(deserialize_with = "between::<128, 262_144, _, _>")]
    pub memory_kib: u32,
    /// Passes over that memory.
    #[serde(deserialize_with = "between::<1, 20, _, _>")]
    pub iterations: u32,
    /// Lanes of that memory.
    #[serde(deserialize_with = "between::<1, 16, _, _>")]
    pub lanes: u32,
    /// Threads that hash: so many at a time.
    #[serde(deserialize_with = "between::<1, 64, _, _>")]
    pub threads: usize,
    /// Most passwords that wait for a thread. Past it: 503.
    #[serde(deserialize_with = "between::<1, 1024, _, _>")]
    pub queue_max: usize,
}

impl Default for PasswordSettings {
    /// ASVS 5.0 (6.2.1, 6.2.4), and the first choice of the OWASP Password Storage Cheat Sheet for argon2id.
    fn default() -> Self {
        Self {
            length_min: 8,
            refuse_common: true,
            memory_kib: 19 * 1024,
            iterations: 2,
            lanes: 1,
            threads: 1,
            queue_max: 16,
        }
    }
}

/// How long a login lasts: `[session]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionLimits {
    /// Longest time without a visit, in days.
    #[serde(deserialize_with = "between::<1, 3650, _, _>")]
    pub idle_days_max: i64,
    /// Longest time in all, in days.
    #[serde(deserialize_with = "between::<1, 3650, _, _>")]
    pub days_max: i64,
}

impl SessionLimits {
    /// When sessions are over, at this time.
    pub fn expiry(&self, now: Timestamp) -> Expiry {
        let before = |days: i64| now.as_second().saturating_sub(days * DAY_SECONDS);
        Expiry { created: before(self.days_max), seen: before(self.idle_days_max) }
    }
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self { idle_days_max: 14, days_max: 90 }
    }
}

/// How many failed logins there may be: `[throttle]`. Past it: 429.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ThrottleLimits {
    /// Failures a minute for one account, 0 for no limit.
    #[serde(deserialize_with = "between::<0, 60_000, _, _>")]
    pub account: u32,
    /// Failures and registrations a minute from one address (IPv6: one /64), 0 for no limit.
    #[serde(deserialize_with = "between::<0, 60_000, _, _>")]
    pub address: u32,
}

impl Default for ThrottleLimits {
    /// An address may fill less than the queue of passwords.
    fn default() -> Self {
        Self { account: 5, address: 12 }
    }
}
