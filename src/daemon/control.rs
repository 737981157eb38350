//! The daemon's end of the socket for who administers it.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::{sleep, timeout};
use tracing::warn;

use crate::control::{self, Answer, KEYS_BYTES_MAX};

/// Longest wait for what is asked.
const QUESTION_MAX: Duration = Duration::from_secs(5);

/// Pause after a failed `accept`, usually for want of file descriptors, so that the loop does not spin.
const ACCEPT_RETRY: Duration = Duration::from_secs(1);

/// The socket that questions come from.
#[derive(Debug)]
pub(super) struct Control(UnixListener);

/// Somebody has connected, to ask something.
#[derive(Debug)]
pub(super) struct Asker(UnixStream);

/// Somebody waits for an answer.
#[derive(Debug)]
pub(super) struct Question {
    stream: UnixStream,
    /// The secret key file as it is now.
    pub(super) keys: String,
}

impl Control {
    /// Opens the socket in a service's runtime directory, in the place of that of a run before.
    pub(super) fn open(runtime_directory: &Path) -> io::Result<Self> {
        let path = control::socket(runtime_directory);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => (),
        }
        let listener = UnixListener::bind(&path)?;
        // The service's umask is 0077, so there is no moment at which others could open it.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        Ok(Self(listener))
    }

    /// The next who asks. Nobody is lost where this is given up.
    pub(super) async fn next(&self) -> Asker {
        loop {
            match self.0.accept().await {
                Ok((stream, _)) => return Asker(stream),
                Err(error) => {
                    warn!(%error, "cannot hear who asks for a reload; trying again");
                    sleep(ACCEPT_RETRY).await;
                }
            }
        }
    }
}

impl Asker {
    /// What they ask. Who does not say it whole and soon is told so.
    pub(super) async fn question(self) -> Option<Question> {
        let mut question = Question { stream: self.0, keys: String::new() };
        match timeout(QUESTION_MAX, question.read()).await.map_err(io::Error::from).flatten() {
            Ok(()) => Some(question),
            Err(error) => {
                warn!(%error, "somebody asked for a reload, and did not say it whole");
                question.answer(&Answer::Refused(format!("the keys did not come whole: {error}"))).await;
                None
            }
        }
    }
}

impl Question {
    async fn read(&mut self) -> io::Result<()> {
        let most = KEYS_BYTES_MAX + 1; // one more tells that there is more
        let read = (&mut self.stream).take(most as u64).read_to_string(&mut self.keys).await?;
        if read < most { Ok(()) } else { Err(io::ErrorKind::FileTooLarge.into()) }
    }

    /// Tells what came of it. Who has gone is not told.
    pub(super) async fn answer(mut self, answer: &Answer) {
        let _ = timeout(QUESTION_MAX, self.stream.write_all(answer.to_string().as_bytes())).await;
    }
}
