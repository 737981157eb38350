//! `flaskr-admin reload`: the daemon takes its settings, its theme and its key anew, while it serves.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::Result;
use crate::config::Config;
use crate::control::{self, Answer, RUNTIME_DIRECTORY};
use crate::secret_key::KeyRing;
use crate::systemd;

/// Asks the daemon, and says what it answers.
pub(super) fn run(config: &Config, out: &mut dyn Write) -> Result<()> {
    let path = config.secret_key_path();
    KeyRing::from_file(&path)?;
    let keys = fs::read_to_string(&path)?;
    // Who is at a terminal means the packaged service.
    let directory = systemd::runtime_directory().unwrap_or_else(|| RUNTIME_DIRECTORY.into());
    let socket = control::socket(&directory);
    match control::reload(&socket, &keys).map_err(|error| unanswered(&socket, &error))? {
        Answer::Done(done) => Ok(writeln!(out, "{done}")?),
        Answer::Refused(why) => Err(why.into()),
    }
}

fn unanswered(socket: &Path, error: &io::Error) -> String {
    let socket = socket.display();
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
            format!("no daemon to reload: nobody answers at {socket}. `systemctl start flaskr` starts the service")
        }
        _ => format!("cannot ask the daemon at {socket}: {error}"),
    }
}
