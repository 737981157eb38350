//! The second factor of a login: six digits that an authenticator app shows for half a minute (RFC 6238), and codes on
//! paper for when the app is lost.

use std::fmt;

use jiff::Timestamp;
use qrcode::QrCode;
use qrcode::render::svg;
use sha2::{Digest, Sha256};
use totp_rs::{Algorithm, Builder, Totp};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Random bytes of a secret: what RFC 4226 (section 4) recommends, and every app takes.
pub const SECRET_BYTES: usize = 20;

/// How many codes for when the app is lost.
pub const RECOVERY_CODES: usize = 8;

/// Random bytes of such a code: as many as need no slow hash (ASVS 5.0, 6.5.2: 112 bits), in whole letters.
pub const RECOVERY_CODE_BYTES: usize = 15;

/// How many letters of a recovery code stand together.
const GROUP_LETTERS: usize = 4;

/// Length of a step, in seconds, and how many steps the app's clock may be wrong by (RFC 6238, section 5.2).
const STEP_SECONDS: u64 = 30;
const STEPS_ASKEW_MAX: u16 = 1;

/// What an app and this site both know.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

/// A span of 30 seconds since 1970, whose code is used once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step(pub i64);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// A new secret of random bytes.
    pub fn new(random: [u8; SECRET_BYTES]) -> Self {
        Self(random.to_vec())
    }

    /// A secret that was stored.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The step whose code this is, near this time.
    pub fn check(&self, code: &str, now: Timestamp) -> Option<Step> {
        let digits: String = code.split_whitespace().collect();
        let step = self.totp().check(&digits, u64::try_from(now.as_second()).ok()?)?;
        i64::try_from(step).ok().map(Step)
    }

    /// The code that the app shows now.
    pub fn code(&self, now: Timestamp) -> String {
        self.totp().generate(now.as_second().unsigned_abs()).to_string()
    }

    /// The secret as a person types it into an app: base32, in groups.
    pub fn to_text(&self) -> String {
        grouped(&totp_rs::Secret::from(self.0.clone()).to_base32())
    }

    /// The secret as a picture for the app's camera: SVG.
    pub fn to_picture(&self, site: &str, username: &str) -> Option<String> {
        let code = QrCode::new(self.to_url(site, username)).ok()?;
        let picture = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
        picture.split_once("?>").map(|(_, svg)| svg.to_owned()) // what stands before is for a file
    }

    /// <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>
    fn to_url(&self, site: &str, username: &str) -> String {
        let [site, username] = [site, username].map(|text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string());
        let secret = totp_rs::Secret::from(self.0.clone()).to_base32();
        format!("otpauth://totp/{site}:{username}?secret={secret}&issuer={site}")
    }

    fn totp(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1) // the one that every app has
            .with_digits(6)
            .with_skew(STEPS_ASKEW_MAX)
            .with_step_duration(STEP_SECONDS)
            .with_secret(self.0.clone())
            .build_noncompliant()
    }
}

/// A code that stands in for the app once.
pub struct RecoveryCode(String);

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}

impl RecoveryCode {
    /// A new code of random bytes.
    pub fn new(random: [u8; RECOVERY_CODE_BYTES]) -> Self {
        Self(totp_rs::Secret::from(random.to_vec()).to_base32())
    }

    /// A code as a person typed it: in whatever case and groups.
    pub fn parse(typed: &str) -> Self {
        Self(typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase())
    }

    /// The code as a person reads it, in groups.
    pub fn to_text(&self) -> String {
        grouped(&self.0)
    }

    /// What the database keeps.
    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(&self.0).to_vec()
    }
}

/// What a person typed where a code was asked for.
#[derive(Debug)]
pub enum Proof {
    /// A code that the app shows in this step.
    App(Step),
    /// Anything else may be a code from paper.
    Paper(RecoveryCode),
}

impl Proof {
    /// Reads what was typed at this time.
    pub fn read(secret: &Secret, typed: &str, now: Timestamp) -> Self {
        secret.check(typed, now).map_or_else(|| Self::Paper(RecoveryCode::parse(typed)), Self::App)
    }
}

fn grouped(text: &str) -> String {
    let letters: Vec<_> = text.chars().collect();
    letters.chunks(GROUP_LETTERS).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// The vectors of RFC 6238, appendix B, cut to six digits.
    #[test]
    fn codes() {
        let secret = Secret::new(*b"12345678901234567890");
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.code(at(second)), code);
            assert_eq!(secret.check(code, at(second)), Some(Step(second / 30)), "{second}");
        }
        assert_eq!(secret.to_text(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    /// A code holds for its own half minute and its neighbours, however it is typed; anything else is none.
    #[test]
    fn near_misses() {
        let secret = Secret::new(*b"12345678901234567890");
        for second in [1, 30, 59, 60, 89] {
            assert_eq!(secret.check("287 082", at(second)), Some(Step(1)), "{second}");
        }
        for (code, second) in [("287082", 90), ("287083", 59), ("", 59), ("28708", 59), ("2870820", 59), ("안녕", 59)]
        {
            assert_eq!(secret.check(code, at(second)), None, "{code} {second}");
        }
        assert_eq!(secret.check("287082", at(-59)), None);
    }

    /// What the camera reads is what the person could type.
    #[test]
    fn picture() {
        let secret = Secret::new([0; SECRET_BYTES]);
        let url = secret.to_url("blog.example.org", "안 & co");
        assert_eq!(
            url,
            "otpauth://totp/blog%2Eexample%2Eorg:%EC%95%88%20%26%20co?secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
             &issuer=blog%2Eexample%2Eorg"
        );
        let picture = secret.to_picture("blog.example.org", "test").unwrap();
        assert!(picture.trim_start().starts_with("<svg") && picture.trim_end().ends_with("</svg>"), "{picture}");
    }

    /// A recovery code is read however it is written.
    #[test]
    fn recovery_codes() {
        let code = RecoveryCode::new([255; RECOVERY_CODE_BYTES]);
        assert_eq!(code.to_text(), "7777 7777 7777 7777 7777 7777");
        for typed in ["777777777777777777777777", "7777-7777 7777 7777 7777 7777\n"] {
            assert_eq!(RecoveryCode::parse(typed).digest(), code.digest());
        }
        let code = RecoveryCode::new([1; RECOVERY_CODE_BYTES]);
        assert_eq!(RecoveryCode::parse(&code.to_text().to_lowercase()).digest(), code.digest());
    }
}
