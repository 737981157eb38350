//! Sessions: what the database keeps of a login.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::user::User;

/// How exactly the last visit is known, in seconds: noting each one would be a write for every page.
pub const SEEN_SECONDS: i64 = 60 * 60;

/// Longest name of a browser that is kept, in bytes: the usual ones have less than 150.
pub const AGENT_BYTES_MAX: usize = 255;

/// Where a login came from, as its owner sees it in the list of their sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The client's address, empty if it is not known.
    pub address: String,
    /// What the browser says it is.
    pub agent: String,
}

/// A session that is not over.
#[derive(Clone, Debug)]
pub struct Session {
    /// What names it: the digest of its token, with which alone nobody can do anything.
    pub id: Vec<u8>,
    /// Whose it is.
    pub user: User,
    /// When it was opened.
    pub created: Timestamp,
    /// When it was last used, to [`SEEN_SECONDS`].
    pub seen: Timestamp,
    /// Where it was opened.
    pub origin: Origin,
}

impl Session {
    /// Whether it is over.
    pub fn is_over(&self, expiry: Expiry) -> bool {
        self.created.as_second() <= expiry.created || self.seen.as_second() <= expiry.seen
    }
}

/// When sessions are over: those opened, or last seen, at this second or before.
#[derive(Clone, Copy, Debug)]
pub struct Expiry {
    /// Of the opening.
    pub created: i64,
    /// Of the last visit.
    pub seen: i64,
}

/// Ties a session to the password it was opened with.
///
/// A session whose user has another password by now is over, whoever changed it and with whatever program. It also
/// keeps an old cookie from becoming a new user: the tutorial's `init-db` makes user number 1 anew, with a new salt.
pub fn password_digest(password_hash: &str) -> Vec<u8> {
    Sha256::digest(password_hash).to_vec()
}
