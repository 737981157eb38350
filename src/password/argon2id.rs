//! New hashes: argon2id, as text in the PHC string format.

use std::fmt;
use std::io;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use base64ct::{Base64Unpadded, Encoding};

use super::Verdict;
use crate::config::PasswordSettings;
use crate::user::Password;

/// Length of a salt, in bytes: what the PHC string format recommends.
pub const SALT_BYTES: usize = 16;

/// A random salt.
pub type Salt = [u8; SALT_BYTES];

/// Length of a hash, in bytes: the crate's default.
const HASH_BYTES: usize = Params::DEFAULT_OUTPUT_LEN;

/// Most memory that a stored hash may ask for, in KiB: 256 MiB, 13 times the default.
const MEMORY_KIB_MAX: u32 = 256 * 1024;
/// Most passes that a stored hash may ask for.
const ITERATIONS_MAX: u32 = 20;
/// Most lanes that a stored hash may ask for.
const LANES_MAX: u32 = 16;

/// argon2id at the configured cost.
pub struct Argon2id {
    params: Params,
}

impl Argon2id {
    /// Takes the cost from the configuration, which has checked it.
    pub fn new(cost: &PasswordSettings) -> io::Result<Self> {
        let params = Params::new(cost.memory_kib, cost.iterations, cost.lanes, None).map_err(io::Error::other)?;
        Ok(Self { params })
    }

    /// The hash of a password, to be stored.
    pub fn hash(&self, password: &Password, salt: Salt) -> io::Result<String> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone());
        let hash: PasswordHash =
            argon2.hash_password_with_salt(password.as_bytes(), &salt).map_err(io::Error::other)?;
        Ok(hash.to_string())
    }

    /// What no password has for its hash, at the same cost as any other: not computed, since that costs as much.
    pub fn decoy(&self, salt: Salt) -> String {
        let (memory_kib, iterations, lanes) = (self.params.m_cost(), self.params.t_cost(), self.params.p_cost());
        let (salt, hash) = (Base64Unpadded::encode_string(&salt), Base64Unpadded::encode_string(&[0; HASH_BYTES]));
        format!("$argon2id$v=19$m={memory_kib},t={iterations},p={lanes}${salt}${hash}")
    }

    /// Checks a password against a stored argon2 hash of any cost within the limits.
    pub fn verify(&self, password: &Password, stored: &str) -> Verdict {
        let Some((hash, params)) = parse(stored) else { return Verdict::Unusable };
        if Argon2::default().verify_password(password.as_bytes(), &hash).is_err() {
            return Verdict::Wrong;
        }
        let current = hash.algorithm.as_str() == "argon2id" && self.same_cost(&params);
        if current { Verdict::Right } else { Verdict::RightButOutdated }
    }

    fn same_cost(&self, other: &Params) -> bool {
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        cost(&self.params) == cost(other)
    }
}

fn parse(stored: &str) -> Option<(PasswordHash, Params)> {
    let hash = PasswordHash::new(stored).ok()?;
    Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let params = Params::try_from(&hash).ok()?;
    let payable =
        params.m_cost() <= MEMORY_KIB_MAX && params.t_cost() <= ITERATIONS_MAX && params.p_cost() <= LANES_MAX;
    payable.then_some((hash, params))
}

impl fmt::Debug for Argon2id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Argon2id").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argon2id(memory_kib: u32) -> Argon2id {
        Argon2id::new(&PasswordSettings { memory_kib, iterations: 1, ..PasswordSettings::default() }).unwrap()
    }

    fn password(typed: &str) -> Password {
        Password::new(typed.into())
    }

    /// A hash verifies its own password, whatever its bytes and length, and no other.
    #[test]
    fn round_trip() {
        let argon2id = argon2id(64);
        for typed in ["", "비밀번호", "nul\0inside", &"long".repeat(1000)] {
            let stored = argon2id.hash(&password(typed), [1; SALT_BYTES]).unwrap();
            assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
            assert_eq!(argon2id.verify(&password(typed), &stored), Verdict::Right);
            assert_eq!(argon2id.verify(&password(&format!("{typed}x")), &stored), Verdict::Wrong);
        }
    }

    /// The decoy is a hash like any other, at the same cost, of no password.
    #[test]
    fn decoy() {
        let (argon2id, salt) = (argon2id(64), [9; SALT_BYTES]);
        let (decoy, real) = (argon2id.decoy(salt), argon2id.hash(&password("a"), salt).unwrap());
        assert_eq!(decoy.rsplit_once('$').unwrap().0, real.rsplit_once('$').unwrap().0);
        assert_eq!(decoy.len(), real.len());
        for typed in ["", "a", "\0"] {
            assert_eq!(argon2id.verify(&password(typed), &decoy), Verdict::Wrong, "{typed:?}");
        }
    }

    /// A hash of another cost verifies, and is to be replaced.
    #[test]
    fn another_cost_is_outdated() {
        let stored = argon2id(32).hash(&password("a"), [1; SALT_BYTES]).unwrap();
        assert_eq!(argon2id(64).verify(&password("a"), &stored), Verdict::RightButOutdated);
    }

    /// A stored hash cannot make the daemon work for hours.
    #[test]
    fn cost_is_capped() {
        let stored = argon2id(32).hash(&password("a"), [1; SALT_BYTES]).unwrap();
        for (was, dear) in [("m=32", "m=4000000"), ("t=1", "t=1000000"), ("p=1", "p=255"), ("argon2id", "bcrypt")] {
            assert_eq!(argon2id(32).verify(&password("a"), &stored.replace(was, dear)), Verdict::Unusable, "{dear}");
        }
        assert_eq!(argon2id(32).verify(&password("a"), "$"), Verdict::Unusable);
    }
}
