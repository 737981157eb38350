//! New hashes: argon2id, as text in the PHC string format.

use std::fmt;
use std::io;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt as PhcSalt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
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
    pub fn hash(&self, memory: &mut Memory, password: &Password, salt: Salt) -> io::Result<String> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone());
        let hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: ParamsString::try_from(&self.params).map_err(io::Error::other)?,
            salt: Some(PhcSalt::new(&salt).map_err(io::Error::other)?),
            hash: Some(memory.hash(&argon2, password, &salt, HASH_BYTES)?),
        };
        Ok(hash.to_string())
    }

    /// What no password has for its hash, at the same cost as any other: not computed, since that costs as much.
    pub fn decoy(&self, salt: Salt) -> String {
        let (memory_kib, iterations, lanes) = (self.params.m_cost(), self.params.t_cost(), self.params.p_cost());
        let (salt, hash) = (Base64Unpadded::encode_string(&salt), Base64Unpadded::encode_string(&[0; HASH_BYTES]));
        format!("$argon2id$v=19$m={memory_kib},t={iterations},p={lanes}${salt}${hash}")
    }

    /// Checks a password against a stored argon2 hash of any cost within the limits.
    pub fn verify(&self, memory: &mut Memory, password: &Password, stored: &str) -> Verdict {
        let Some(stored) = Stored::parse(stored) else { return Verdict::Unusable };
        match memory.hash(&stored.argon2, password, &stored.salt, stored.hash.len()) {
            Ok(hash) if hash == stored.hash => (), // Output compares in constant time
            Ok(_) => return Verdict::Wrong,
            Err(_) => return Verdict::Unusable,
        }
        if stored.is_id && self.same_cost(stored.argon2.params()) { Verdict::Right } else { Verdict::RightButOutdated }
    }

    fn same_cost(&self, other: &Params) -> bool {
        let cost = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        cost(&self.params) == cost(other)
    }
}

/// A stored hash, with what it takes to make it again.
struct Stored {
    argon2: Argon2<'static>,
    is_id: bool,
    salt: PhcSalt,
    hash: Output,
}

impl Stored {
    /// Reads one of a cost within the limits.
    fn parse(stored: &str) -> Option<Self> {
        let read = PasswordHash::new(stored).ok()?;
        let algorithm = Algorithm::try_from(read.algorithm.as_str()).ok()?;
        let version = read.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
        let params = Params::try_from(&read).ok()?;
        let payable =
            params.m_cost() <= MEMORY_KIB_MAX && params.t_cost() <= ITERATIONS_MAX && params.p_cost() <= LANES_MAX;
        let argon2 = payable.then(|| Argon2::new(algorithm, version, params))?;
        Some(Self { argon2, is_id: algorithm == Algorithm::Argon2id, salt: read.salt?, hash: read.hash? })
    }
}

/// What passwords are hashed in, one after the other. To get it from the kernel anew for each takes as long as two thirds of
/// a hash.
#[derive(Default)]
pub struct Memory(Vec<Block>);

impl Memory {
    /// Gives it back, until the next password.
    pub fn give_back(&mut self) {
        self.0 = Vec::new();
    }

    /// The hash of a password, of so many bytes.
    fn hash(&mut self, argon2: &Argon2<'_>, password: &Password, salt: &[u8], bytes: usize) -> io::Result<Output> {
        let count = argon2.params().block_count();
        if self.0.len() < count {
            self.give_back(); // before there is more, and not beside it
            self.0 = vec![Block::new(); count];
        }
        let blocks = self.0.get_mut(..count).unwrap_or_default();
        let mut hash = vec![0; bytes];
        argon2
            .hash_password_into_with_memory(password.as_bytes(), salt, &mut hash, blocks)
            .map_err(io::Error::other)?;
        Output::new(&hash).map_err(io::Error::other)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Memory").field(&self.0.len()).finish()
    }
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

    fn hash(argon2id: &Argon2id, typed: &str) -> String {
        argon2id.hash(&mut Memory::default(), &password(typed), [1; SALT_BYTES]).unwrap()
    }

    fn verify(argon2id: &Argon2id, typed: &str, stored: &str) -> Verdict {
        argon2id.verify(&mut Memory::default(), &password(typed), stored)
    }

    fn password(typed: &str) -> Password {
        Password::new(typed.into())
    }

    /// A hash verifies its own password, whatever its bytes and length, and no other.
    #[test]
    fn round_trip() {
        let argon2id = argon2id(64);
        for typed in ["", "비밀번호", "nul\0inside", &"long".repeat(1000)] {
            let stored = hash(&argon2id, typed);
            assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
            assert_eq!(verify(&argon2id, typed, &stored), Verdict::Right);
            assert_eq!(verify(&argon2id, &format!("{typed}x"), &stored), Verdict::Wrong);
        }
    }

    /// The decoy is a hash like any other, at the same cost, of no password.
    #[test]
    fn decoy() {
        let argon2id = argon2id(64);
        let (decoy, real) = (argon2id.decoy([1; SALT_BYTES]), hash(&argon2id, "a"));
        assert_eq!(decoy.rsplit_once('$').unwrap().0, real.rsplit_once('$').unwrap().0);
        assert_eq!(decoy.len(), real.len());
        for typed in ["", "a", "\0"] {
            assert_eq!(verify(&argon2id, typed, &decoy), Verdict::Wrong, "{typed:?}");
        }
    }

    /// A hash of another cost verifies, and is to be replaced.
    #[test]
    fn another_cost_is_outdated() {
        let stored = hash(&argon2id(32), "a");
        assert_eq!(verify(&argon2id(64), "a", &stored), Verdict::RightButOutdated);
    }

    /// A stored hash cannot make the daemon work for hours.
    #[test]
    fn cost_is_capped() {
        let stored = hash(&argon2id(32), "a");
        for (was, dear) in [("m=32", "m=4000000"), ("t=1", "t=1000000"), ("p=1", "p=255"), ("argon2id", "bcrypt")] {
            assert_eq!(verify(&argon2id(32), "a", &stored.replace(was, dear)), Verdict::Unusable, "{dear}");
        }
        assert_eq!(verify(&argon2id(32), "a", "$"), Verdict::Unusable);
    }

    /// What is left in the memory from another password, of whatever cost, makes no difference.
    #[test]
    fn memory_is_used_again() {
        let mut memory = Memory::default();
        for (kib, typed) in [(64, "a"), (32, "b"), (128, "a"), (64, "a")] {
            let (argon2id, password) = (argon2id(kib), password(typed));
            let stored = argon2id.hash(&mut memory, &password, [1; SALT_BYTES]).unwrap();
            assert_eq!(stored, hash(&argon2id, typed));
            assert_eq!(argon2id.verify(&mut memory, &password, &stored), Verdict::Right);
        }
        assert_eq!(memory.0.len(), 128);
        memory.give_back();
        assert_eq!(memory.0.capacity(), 0);
    }
}
