//! Random secrets that stand for something: a login, an invite, a link to set a new password.

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

/// Length of a token, in bytes: 256 bits, twice what ASVS 5.0 (7.2.3) asks.
pub const TOKEN_BYTES: usize = 32;

/// A random secret. Only whom it was given has it; the database holds its digest.
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

    /// The token as text for a cookie or a link.
    pub fn to_text(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.0)
    }

    /// What the database keeps: with it alone nobody can do anything.
    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is written is read back, and nothing else is a token.
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
