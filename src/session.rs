//! Sessions: the secret a browser holds, and what the database keeps of it.

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

/// How long a login lasts, in seconds: 31 days, as in the original.
pub const SESSION_SECONDS_MAX: i64 = 31 * 24 * 60 * 60;

/// Length of a session token, in bytes: 256 bits, twice what ASVS 5.0 (7.2.3) asks.
pub const TOKEN_BYTES: usize = 32;

/// The random secret that stands for one login. Only its owner's browser has it.
#[derive(Clone)]
pub struct Token([u8; TOKEN_BYTES]);

impl Token {
    /// A token of these random bytes.
    pub fn new(random: [u8; TOKEN_BYTES]) -> Self {
        Self(random)
    }

    /// Reads the text that [`Token::to_text`] made.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut bytes = [0; TOKEN_BYTES];
        let decoded = Base64UrlUnpadded::decode(text, &mut bytes).ok()?;
        (decoded.len() == TOKEN_BYTES).then_some(Self(bytes))
    }

    /// The token as text for a cookie.
    pub fn to_text(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.0)
    }

    /// What the database keeps: with it nobody can log in.
    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

/// Ties a session to the password it was opened with.
///
/// A session whose user has another password by now is over, whoever changed it and with whatever program. It also
/// keeps an old cookie from becoming a new user: the tutorial's `init-db` makes user number 1 anew, with a new salt.
pub fn password_digest(password_hash: &str) -> Vec<u8> {
    Sha256::digest(password_hash).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written to a cookie is read back, and nothing else is a token.
    #[test]
    fn tokens_as_text() {
        let token = Token::new([7; TOKEN_BYTES]);
        let text = token.to_text();
        assert_eq!(Token::from_text(&text).map(|t| t.digest()), Some(token.digest()));
        for bad in ["", "x", &text[1..], &format!("{text}A"), &text.replace('B', "!")] {
            assert!(Token::from_text(bad).is_none(), "{bad}");
        }
    }
}
