//! Passwords: argon2id for every new one, Werkzeug's hashes verified and then replaced.

mod advice;
mod argon2id;
mod policy;
mod werkzeug;

use std::io;
use std::iter;
use std::sync::Arc;

use crate::config::PasswordSettings;
use crate::pool::{Pool, Rejected};
use crate::problem::Problem;
use crate::user::Password;

pub use argon2id::{Argon2id, Memory, SALT_BYTES, Salt};
pub use policy::{Policy, Strength};

/// What came of checking a password against a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the password, and the hash is as good as a new one.
    Right,
    /// It is the password, but the hash is of another kind or cost than new ones are.
    RightButOutdated,
    /// It is not the password.
    Wrong,
    /// The hash is of no kind that is supported, or costs more than the limits allow.
    Unusable,
}

/// Checks a password against a stored hash of any kind that is supported.
pub fn verify(argon2id: &Argon2id, memory: &mut Memory, password: &Password, stored: &str) -> Verdict {
    if stored.starts_with('$') { argon2id.verify(memory, password, stored) } else { werkzeug::verify(password, stored) }
}

/// Hashing on threads of its own, so that a flood of logins never slows a page.
#[derive(Debug)]
pub struct PasswordPool {
    pool: Arc<Pool<Memory>>,
    argon2id: Arc<Argon2id>,
    policy: Policy,
    /// The hash of no password, for names that nobody has: a guess costs the same time as a wrong password.
    decoy: Arc<str>,
}

impl PasswordPool {
    /// Starts the threads.
    pub fn start(settings: &PasswordSettings, decoy_salt: Salt) -> io::Result<Self> {
        let threads = iter::repeat_with(Memory::default).take(settings.threads).collect();
        let pool = Pool::start_resting("password", threads, settings.queue_max, Memory::give_back)?;
        Self::over(Arc::new(pool), settings, decoy_salt)
    }

    /// The same threads with other settings, but for their number and what may wait for them.
    pub fn reloaded(&self, settings: &PasswordSettings, decoy_salt: Salt) -> io::Result<Self> {
        Self::over(Arc::clone(&self.pool), settings, decoy_salt)
    }

    fn over(pool: Arc<Pool<Memory>>, settings: &PasswordSettings, decoy_salt: Salt) -> io::Result<Self> {
        let argon2id = Argon2id::new(settings)?;
        let decoy = argon2id.decoy(decoy_salt).into();
        Ok(Self { pool, argon2id: Arc::new(argon2id), policy: Policy::new(settings), decoy })
    }

    /// How many passwords wait, and most that may.
    pub fn queue(&self) -> [usize; 2] {
        self.pool.queue()
    }

    /// Whether a new password of this user will do, and how good it is.
    pub async fn judge(
        &self,
        password: Password,
        username: String,
    ) -> Result<std::result::Result<Strength, Problem>, Rejected> {
        let policy = self.policy.clone();
        self.pool.run(move |_| policy.check(&password, &username)).await
    }

    /// Makes the hash of a new password.
    pub async fn hash(&self, password: Password, salt: Salt) -> Result<io::Result<String>, Rejected> {
        let argon2id = Arc::clone(&self.argon2id);
        self.pool.run(move |memory| argon2id.hash(memory, &password, salt)).await
    }

    /// Checks a password against what is stored for its user, if there is one.
    ///
    /// Whatever has no usable hash takes as long as a wrong password.
    pub async fn verify(&self, password: Password, stored: Option<String>) -> Result<Verdict, Rejected> {
        let argon2id = Arc::clone(&self.argon2id);
        let decoy = Arc::clone(&self.decoy);
        let check = move |memory: &mut Memory| {
            let verdict = stored.map_or(Verdict::Unusable, |stored| verify(&argon2id, memory, &password, &stored));
            if verdict == Verdict::Unusable {
                argon2id.verify(memory, &password, &decoy);
            }
            verdict
        };
        self.pool.run(check).await
    }
}
