//! What the daemon tells systemd, and what systemd hands to the daemon.
//!
//! Without systemd every message goes nowhere, which is no error.
//! <https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html>

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use sd_notify::NotifyState;
use tracing::warn;

/// The daemon serves.
pub fn ready(status: &str) {
    notify(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// What the daemon does now, for `systemctl status`.
pub fn status(status: &str) {
    notify(&[NotifyState::Status(status)]);
}

/// The daemon ends on purpose.
pub fn stopping(status: &str) {
    notify(&[NotifyState::Stopping, NotifyState::Status(status)]);
}

/// The daemon is well.
pub fn watchdog() {
    notify(&[NotifyState::Watchdog]);
}

/// How often to say so, if systemd wants to hear it: twice in the time it waits.
pub fn watchdog_interval() -> Option<Duration> {
    sd_notify::watchdog_enabled().map(|timeout| timeout / 2)
}

/// A secret that systemd handed over, if it did.
pub fn credential(name: &str) -> Option<PathBuf> {
    let directory = PathBuf::from(env::var_os("CREDENTIALS_DIRECTORY")?);
    Some(directory.join(name)).filter(|path| path.exists())
}

fn notify(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        warn!(%error, "cannot notify systemd");
    }
}
