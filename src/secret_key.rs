//! The secret key: a ring, whose first key signs and whose others still verify.
//!
//! A file with one key a line, made once, readable by its owner alone. There is no default key anywhere.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Least length of a key, in bytes: the output of the signature's hash (RFC 2104, section 3).
pub const KEY_BYTES_MIN: usize = 32;
/// Random bytes in a key that is made here; in the file they are twice as many hexadecimal digits.
pub const KEY_RANDOM_BYTES: usize = 32;
/// Most keys that [`rotate`] keeps: each costs a computation for every forged cookie.
const KEYS_MAX: usize = 4;

/// Keys that sign and verify.
#[derive(Clone)]
pub struct KeyRing {
    keys: Vec<Hmac<Sha256>>,
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyRing({})", self.keys.len())
    }
}

/// A key file that cannot be used, and what to do about it.
#[derive(Debug)]
pub struct Error {
    path: PathBuf,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Missing,
    Unreadable(io::Error),
    ReadableByOthers(u32),
    Short { line: usize },
    Empty,
    NotHandedOver,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.reason {
            Reason::Missing => {
                write!(f, "there is no secret key at {path}: make one with `flaskr-admin secret-key generate`")
            }
            Reason::Unreadable(error) => write!(f, "cannot use the secret key {path}: {error}"),
            Reason::ReadableByOthers(mode) => {
                write!(f, "others can read the secret key {path} (mode {mode:04o}): `chmod 600 {path}`, then rotate it")
            }
            Reason::Short { line } => {
                write!(
                    f,
                    "{path}:{line}: the key is shorter than {KEY_BYTES_MIN} bytes: it could be guessed; remove the line, \
                     or if there is no other the file, then `flaskr-admin secret-key generate`"
                )
            }
            Reason::Empty => {
                write!(f, "the secret key file {path} is empty: remove it, then `flaskr-admin secret-key generate`")
            }
            Reason::NotHandedOver => f.write_str(
                "systemd found no secret key to hand over: make one with `flaskr-admin secret-key generate`, then \
                 `systemctl restart flaskr`; `flaskr-admin check` says what is wrong with one that is there",
            ),
        }
    }
}

impl std::error::Error for Error {}

impl KeyRing {
    /// Reads the ring that systemd handed over, empty if it found none. Who may read it is systemd's business.
    pub fn from_credential(path: &Path) -> Result<Self, Error> {
        Self::read(path).map_err(|reason| match reason {
            Reason::Empty => Error { path: path.to_owned(), reason: Reason::NotHandedOver },
            reason => Error { path: path.to_owned(), reason },
        })
    }

    /// Reads the ring from a file that nobody else may read.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let because = |reason| Error { path: path.to_owned(), reason };
        let mode = fs::metadata(path).map_err(|error| because(unreadable(error)))?.mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(because(Reason::ReadableByOthers(mode)));
        }
        Self::read(path).map_err(because)
    }

    /// Reads the ring from the text of this file, which somebody else has read.
    pub fn from_text(text: &str, path: &Path) -> Result<Self, Error> {
        Self::parse(text).map_err(|reason| Error { path: path.to_owned(), reason })
    }

    fn read(path: &Path) -> Result<Self, Reason> {
        Self::parse(&fs::read_to_string(path).map_err(unreadable)?)
    }

    fn parse(text: &str) -> Result<Self, Reason> {
        let key = |(index, line): (usize, &str)| {
            let long_enough = Some(line.as_bytes()).filter(|key| key.len() >= KEY_BYTES_MIN);
            let key = long_enough.ok_or(Reason::Short { line: index + 1 })?;
            Hmac::new_from_slice(key).map_err(|_| Reason::Short { line: index + 1 })
        };
        let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
        let keys = lines.map(key).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() { Err(Reason::Empty) } else { Ok(Self { keys }) }
    }

    /// The signature of a message that is meant for this purpose, as text.
    pub fn sign(&self, purpose: &str, message: &str) -> String {
        let signature = self.keys.first().map(|key| mac(key, purpose, message).finalize().into_bytes());
        Base64UrlUnpadded::encode_string(&signature.unwrap_or_default())
    }

    /// Whether one of the keys made this signature, found in constant time for each.
    pub fn verify(&self, purpose: &str, message: &str, signature: &str) -> bool {
        let Ok(signature) = Base64UrlUnpadded::decode_vec(signature) else { return false };
        self.keys.iter().any(|key| mac(key, purpose, message).verify_slice(&signature).is_ok())
    }
}

fn mac(key: &Hmac<Sha256>, purpose: &str, message: &str) -> Hmac<Sha256> {
    key.clone().chain_update(purpose).chain_update(b"\0").chain_update(message)
}

fn unreadable(error: io::Error) -> Reason {
    if error.kind() == io::ErrorKind::NotFound { Reason::Missing } else { Reason::Unreadable(error) }
}

/// Makes the file with one key, unless it is there. Says whether it made it.
pub fn generate(path: &Path, random: [u8; KEY_RANDOM_BYTES]) -> Result<bool, Error> {
    if fs::symlink_metadata(path).is_ok() {
        return Ok(false); // without a file beside it, which another may be writing
    }
    match write(path, &line(random), |finished| fs::hard_link(finished, path)) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(Error { path: path.to_owned(), reason: Reason::Unreadable(error) }),
    }
}

/// Puts a new key in front, and forgets the oldest if there are too many. Says how many there are now.
pub fn rotate(path: &Path, random: [u8; KEY_RANDOM_BYTES]) -> Result<usize, Error> {
    KeyRing::from_file(path)?;
    let because = |error| Error { path: path.to_owned(), reason: unreadable(error) };
    let old = fs::read_to_string(path).map_err(because)?;
    let kept = old.lines().filter(|line| !line.trim().is_empty()).take(KEYS_MAX - 1);
    let ring: String = kept.fold(line(random), |ring, key| ring + key + "\n");
    let owner = fs::metadata(path).map_err(because)?;
    let replace = |finished: &Path| {
        std::os::unix::fs::chown(finished, Some(owner.uid()), Some(owner.gid()))?;
        fs::rename(finished, path)
    };
    write(path, &ring, replace).map_err(because)?;
    Ok(ring.lines().count())
}

fn line(random: [u8; KEY_RANDOM_BYTES]) -> String {
    base16ct::lower::encode_string(&random) + "\n"
}

/// Writes a file beside `path`, and gives it its name when it is whole and on disk. A link replaces nothing, a rename does.
fn write(path: &Path, text: &str, name: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let unfinished = path.with_added_extension("unfinished");
    let _ = fs::remove_file(&unfinished); // of a run that was killed
    let written = write_new(&unfinished, text).and_then(|()| name(&unfinished));
    let _ = fs::remove_file(&unfinished); // it has another name by now, or is of no use
    written
}

/// Creates a file with its final mode, so that there is no moment at which others can read it.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn file_with(text: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret_key");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        (directory, path)
    }

    /// What one key signed for one purpose verifies there and nowhere else.
    #[test]
    fn signatures() {
        let ring = KeyRing::parse(&"k".repeat(KEY_BYTES_MIN)).unwrap();
        let other = KeyRing::parse(&"x".repeat(KEY_BYTES_MIN)).unwrap();
        let signature = ring.sign("session", "message");
        assert!(ring.verify("session", "message", &signature));
        for (ring, purpose, message) in
            [(&other, "session", "message"), (&ring, "flash", "message"), (&ring, "session", "messagf")]
        {
            assert!(!ring.verify(purpose, message, &signature));
        }
        for bad in ["", "x", "!", &signature[1..]] {
            assert!(!ring.verify("session", "message", bad), "{bad}");
        }
    }

    /// After a rotation new signatures are by the new key, and old ones still count, for so many rotations.
    #[test]
    fn rotation() {
        let (_directory, path) = file_with("", 0o600);
        fs::remove_file(&path).unwrap();
        assert!(generate(&path, [0; KEY_RANDOM_BYTES]).unwrap());
        assert!(!generate(&path, [9; KEY_RANDOM_BYTES]).unwrap(), "an existing key is left alone");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
        let first = KeyRing::from_file(&path).unwrap().sign("p", "m");
        for round in 1..KEYS_MAX {
            assert_eq!(rotate(&path, [u8::try_from(round).unwrap(); KEY_RANDOM_BYTES]).unwrap(), round + 1);
            let ring = KeyRing::from_file(&path).unwrap();
            assert!(ring.verify("p", "m", &first) && ring.sign("p", "m") != first);
        }
        assert_eq!(rotate(&path, [8; KEY_RANDOM_BYTES]).unwrap(), KEYS_MAX);
        assert!(!KeyRing::from_file(&path).unwrap().verify("p", "m", &first), "the oldest key is forgotten");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o7777, 0o600);
    }

    /// A key that others know or could guess is refused.
    #[test]
    fn refused() {
        let good = "k".repeat(KEY_BYTES_MIN);
        for (text, mode, message) in [
            (good.as_str(), 0o640, "others can read the secret key"),
            (good.as_str(), 0o604, "others can read the secret key"),
            ("dev", 0o600, "secret_key:1: the key is shorter than 32 bytes"),
            (&format!("{good}\ndev\n"), 0o600, "secret_key:2: the key is shorter than 32 bytes"),
            ("\n\n", 0o600, "is empty"),
        ] {
            let (_directory, path) = file_with(text, mode);
            let error = KeyRing::from_file(&path).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
