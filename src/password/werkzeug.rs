//! Hashes that the tutorial's Flaskr stored: `method$salt$hexdigest`, made by `werkzeug.security`.
//!
//! The method is `scrypt:N:r:p` or `pbkdf2:DIGEST:ITERATIONS`; what is left out has Werkzeug's default. The salt is
//! used as the text it is. <https://werkzeug.palletsprojects.com/en/stable/utils/#module-werkzeug.security>

use blake2::{Blake2b512, Blake2s256};
use hmac::SimpleHmac;
use pbkdf2::{pbkdf2, pbkdf2_hmac};
use subtle::ConstantTimeEq;

use super::Verdict;
use crate::user::Password;

/// Werkzeug's default since 2.3.
const SCRYPT_DEFAULT: [u64; 3] = [32768, 8, 1];
/// Length of Werkzeug's scrypt output, in bytes.
const SCRYPT_BYTES: usize = 64;
/// Most that a stored `N * r * p` may be: 8 times the default, 256 MiB.
const SCRYPT_COST_MAX: u64 = 8 * 32768 * 8;
/// Werkzeug's default since 3.1.
const PBKDF2_ITERATIONS_DEFAULT: u32 = 1_000_000;
/// Most iterations that a stored hash may ask for: 10 times the default.
const PBKDF2_ITERATIONS_MAX: u32 = 10 * PBKDF2_ITERATIONS_DEFAULT;

/// Checks a password against a hash that Werkzeug made. A right one is always to be replaced.
pub(super) fn verify(password: &Password, stored: &str) -> Verdict {
    let mut parts = stored.splitn(3, '$');
    let (Some(method), Some(salt), Some(digest)) = (parts.next(), parts.next(), parts.next()) else {
        return Verdict::Unusable;
    };
    let Some(computed) = derive(method, salt.as_bytes(), password.as_bytes()) else {
        return Verdict::Unusable;
    };
    if bool::from(base16ct::lower::encode_string(&computed).as_bytes().ct_eq(digest.as_bytes())) {
        Verdict::RightButOutdated
    } else {
        Verdict::Wrong
    }
}

fn derive(method: &str, salt: &[u8], password: &[u8]) -> Option<Vec<u8>> {
    let mut words = method.split(':');
    let (method, arguments) = (words.next()?, words.collect::<Vec<_>>());
    match (method, arguments.as_slice()) {
        ("scrypt", []) => scrypt(SCRYPT_DEFAULT, salt, password),
        ("scrypt", [n, r, p]) => scrypt([number(n)?, number(r)?, number(p)?], salt, password),
        ("pbkdf2", []) => pbkdf2_any("sha256", PBKDF2_ITERATIONS_DEFAULT, salt, password),
        ("pbkdf2", [digest]) => pbkdf2_any(digest, PBKDF2_ITERATIONS_DEFAULT, salt, password),
        ("pbkdf2", [digest, iterations]) => pbkdf2_any(digest, number(iterations)?.try_into().ok()?, salt, password),
        _ => None,
    }
}

fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}

fn scrypt([n, r, p]: [u64; 3], salt: &[u8], password: &[u8]) -> Option<Vec<u8>> {
    let cost = n.checked_mul(r)?.checked_mul(p)?;
    if !n.is_power_of_two() || cost > SCRYPT_COST_MAX {
        return None;
    }
    let log_n = u8::try_from(n.ilog2()).ok()?;
    let params = scrypt::Params::new(log_n, r.try_into().ok()?, p.try_into().ok()?).ok()?;
    let mut derived = vec![0; SCRYPT_BYTES];
    scrypt::scrypt(password, salt, &params, &mut derived).ok()?;
    Some(derived)
}

/// PBKDF2 over any digest that every Python has (`hashlib.algorithms_guaranteed`), and the truncated SHA-512s.
fn pbkdf2_any(digest: &str, iterations: u32, salt: &[u8], password: &[u8]) -> Option<Vec<u8>> {
    if iterations == 0 || iterations > PBKDF2_ITERATIONS_MAX {
        return None;
    }
    macro_rules! hmac {
        ($digest:ty, $bytes:literal) => {{
            let mut derived = vec![0; $bytes];
            pbkdf2_hmac::<$digest>(password, salt, iterations, &mut derived);
            derived
        }};
    }
    // SHA-3 and BLAKE2 do not have what the fast HMAC is built on.
    macro_rules! simple_hmac {
        ($digest:ty, $bytes:literal) => {{
            let mut derived = vec![0; $bytes];
            pbkdf2::<SimpleHmac<$digest>>(password, salt, iterations, &mut derived).ok()?;
            derived
        }};
    }
    Some(match digest {
        "md5" => hmac!(md5::Md5, 16),
        "sha1" => hmac!(sha1::Sha1, 20),
        "sha224" => hmac!(sha2::Sha224, 28),
        "sha256" => hmac!(sha2::Sha256, 32),
        "sha384" => hmac!(sha2::Sha384, 48),
        "sha512" => hmac!(sha2::Sha512, 64),
        "sha512_224" => hmac!(sha2::Sha512_224, 28),
        "sha512_256" => hmac!(sha2::Sha512_256, 32),
        "sha3_224" => simple_hmac!(sha3::Sha3_224, 28),
        "sha3_256" => simple_hmac!(sha3::Sha3_256, 32),
        "sha3_384" => simple_hmac!(sha3::Sha3_384, 48),
        "sha3_512" => simple_hmac!(sha3::Sha3_512, 64),
        "blake2b" => simple_hmac!(Blake2b512, 64),
        "blake2s" => simple_hmac!(Blake2s256, 32),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, stored: &str) -> Verdict {
        verify(&Password::new(typed.into()), stored)
    }

    /// Every method that a stored hash may name, computed with Python's `hashlib`.
    #[test]
    fn vectors() {
        for stored in include_str!("werkzeug_vectors.txt").lines() {
            assert_eq!(check("correct horse", stored), Verdict::RightButOutdated, "{stored}");
            assert_eq!(check("correct horsf", stored), Verdict::Wrong, "{stored}");
        }
    }

    /// A password counts whole: not only ASCII, not only to a NUL.
    #[test]
    fn passwords_count_whole() {
        let stored = "scrypt:32768:8:1$AbCdEfGh12345678$\
            3ccf6f56a6376f6535a9a162313843d6457f47a41db40805421a2f62547dabb6e7c17fac41b06c145e7c198c30f8c9a3a\
            63df6899ae001ff13aa768cf5656895";
        assert_eq!(check("비밀번호", stored), Verdict::RightButOutdated);
        assert_eq!(check("비밀번호\0x", stored), Verdict::Wrong);
    }

    /// A hash that cannot be read, or costs too much, is refused without work.
    #[test]
    fn unusable() {
        for stored in [
            "",
            "plain",
            "scrypt:32768:8:1",
            "plain$$secret",
            "sha256$salt$00",
            "md5$salt$00",
            "pbkdf2:whirlpool:1$salt$00",
            "pbkdf2:sha256:0$salt$00",
            "pbkdf2:sha256:-1$salt$00",
            "pbkdf2:sha256:10000001$salt$00",
            "pbkdf2:sha256:99999999999999999999$salt$00",
            "pbkdf2:sha256:1:2$salt$00",
            "scrypt:1073741824:8:1$salt$00",
            "scrypt:32768:8:64$salt$00",
            "scrypt:32767:8:1$salt$00",
            "scrypt:0:8:1$salt$00",
            "scrypt:32768:0:1$salt$00",
            "scrypt:32768:8$salt$00",
        ] {
            assert_eq!(check("secret", stored), Verdict::Unusable, "{stored}");
        }
    }
}
