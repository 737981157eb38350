//! What the daemon tells systemd, and what systemd hands to the daemon.
//!
//! Without systemd every message goes nowhere, which is no error.
//! <https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html>

use std::io::{self, Read, pipe};
use std::net::TcpListener;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixListener;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::time::Duration;
use std::{env, thread};

use listenfd::ListenFd;
use sd_notify::NotifyState;
use tracing::warn;

/// Longest wait for systemd to have done what it was told.
const BARRIER_MAX: Duration = Duration::from_secs(5);

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

/// The daemon takes its settings anew, and says when it is ready again.
pub fn reloading(status: &str) {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => notify(&[NotifyState::Reloading, now, NotifyState::Status(status)]),
        Err(error) => warn!(%error, "cannot read the clock"),
    }
}

/// What the daemon does now takes so much longer than a start, or a stop, may.
pub fn extend_timeout(time: Duration, status: &str) {
    let microseconds = u32::try_from(time.as_micros()).unwrap_or(u32::MAX);
    notify(&[NotifyState::ExtendTimeoutUsec(microseconds), NotifyState::Status(status)]);
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

/// Where the service may put files that last as long as it runs.
pub fn runtime_directory() -> Option<PathBuf> {
    let directories = env::var_os("RUNTIME_DIRECTORY")?;
    env::split_paths(&directories).next()
}

/// A socket that systemd has handed over.
#[derive(Debug)]
pub enum HandedOver {
    /// Over TCP.
    Tcp(TcpListener),
    /// In the file system.
    Unix(UnixListener),
}

/// The sockets that systemd has handed over, with their names: those of a socket unit, and those it was given to keep. To
/// be asked once, while there is one thread.
pub fn handed_over() -> io::Result<Vec<(String, HandedOver)>> {
    let names = env::var("LISTEN_FDNAMES").unwrap_or_default();
    let mut handed = ListenFd::from_env();
    let mut sockets = Vec::new();
    for (index, name) in (0..handed.len()).zip(names.split(':').chain(std::iter::repeat(""))) {
        let socket = match handed.take_tcp_listener(index) {
            Ok(socket) => socket.map(HandedOver::Tcp),
            Err(_) => handed.take_unix_listener(index)?.map(HandedOver::Unix),
        };
        sockets.extend(socket.map(|socket| (name.to_owned(), socket)));
    }
    Ok(sockets)
}

/// Gives systemd a socket to keep while no daemon runs. Says whether there is a systemd.
pub fn keep_socket(name: &str, socket: &impl AsFd) -> bool {
    let states = [NotifyState::FdStore, NotifyState::FdName(name)];
    notify_with(&states, &[socket.as_fd()]);
    is_there()
}

/// Has systemd close a socket that it keeps, and waits until it has.
pub fn forget_socket(name: &str) {
    notify(&[NotifyState::FdStoreRemove, NotifyState::FdName(name)]);
    if is_there()
        && let Err(error) = barrier()
    {
        warn!(%error, "cannot tell whether systemd has closed a socket");
    }
}

/// Waits until systemd has done all that it was told: then it closes what it is given here.
/// <https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html#BARRIER=1>
fn barrier() -> io::Result<()> {
    let (mut mine, theirs) = pipe()?;
    notify_with(&[NotifyState::Custom("BARRIER=1")], &[theirs.as_fd()]);
    drop(theirs);
    let (done, is_done) = channel();
    thread::Builder::new().name("barrier".to_owned()).spawn(move || {
        let _ = done.send(mine.read(&mut [0])); // Err: nobody waits any more
    })?;
    is_done.recv_timeout(BARRIER_MAX).map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?.map(|_| ())
}

/// Whether somebody hears what is said.
fn is_there() -> bool {
    env::var_os("NOTIFY_SOCKET").is_some_and(|path| !path.is_empty())
}

fn notify_with(states: &[NotifyState<'_>], descriptors: &[BorrowedFd<'_>]) {
    if is_there()
        && let Err(error) = sd_notify::notify_with_fds(states, descriptors)
    {
        warn!(%error, "cannot give systemd a file descriptor");
    }
}

fn notify(states: &[NotifyState<'_>]) {
    if is_there()
        && let Err(error) = sd_notify::notify(states)
    {
        warn!(%error, "cannot notify systemd");
    }
}
