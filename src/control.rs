//! The way to the daemon for whoever administers it: a Unix socket that only its user and root can open.
//!
//! Who asks writes the secret key file, which the daemon's user cannot read, and closes that side; the daemon takes its
//! settings anew and says what came of it. A signal could do neither: bring a key, or tell an answer.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The packaged service's runtime directory.
pub const RUNTIME_DIRECTORY: &str = "/run/flaskr";
/// Most bytes of a key file.
pub const KEYS_BYTES_MAX: usize = 64 * 1024;
/// Most bytes of what the daemon answers.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;
/// Longest wait for the answer: what systemd waits for a command of a service by default is longer.
const ANSWER_MAX: Duration = Duration::from_mins(1);

/// Where the socket is, below the service's runtime directory.
pub fn socket(runtime_directory: &Path) -> PathBuf {
    runtime_directory.join("control")
}

/// What the daemon says to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What was asked for took effect.
    Done(String),
    /// It did not, for this reason, and all is as before.
    Refused(String),
}

impl fmt::Display for Answer {
    /// As it goes over the socket.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(text) => write!(f, "done\n{text}"),
            Self::Refused(text) => write!(f, "refused\n{text}"),
        }
    }
}

impl Answer {
    fn parse(text: &str) -> Option<Self> {
        match text.split_once('\n')? {
            ("done", text) => Some(Self::Done(text.to_owned())),
            ("refused", text) => Some(Self::Refused(text.to_owned())),
            _ => None,
        }
    }
}

/// Has the daemon take its settings and theme anew, and these keys, and waits until it has.
pub fn reload(socket: &Path, keys: &str) -> io::Result<Answer> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(ANSWER_MAX))?;
    stream.write_all(keys.as_bytes())?;
    stream.shutdown(Shutdown::Write)?;
    let mut text = String::new();
    stream.take(ANSWER_BYTES_MAX).read_to_string(&mut text)?;
    Answer::parse(&text).ok_or_else(|| io::Error::other("the daemon ended before it answered"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer arrives as it was sent, and half of one is none.
    #[test]
    fn answers() {
        for answer in [Answer::Done(String::new()), Answer::Refused("one\ntwo".to_owned())] {
            assert_eq!(Answer::parse(&answer.to_string()), Some(answer));
        }
        assert_eq!(Answer::parse("don"), None);
        assert_eq!(Answer::parse(""), None);
    }
}
