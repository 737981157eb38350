//! The listening socket.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::{fmt, net};

use tokio::net::{TcpListener, TcpSocket, TcpStream, UnixListener, UnixStream};

use crate::config::Listen;
use crate::web::Peer;

/// Connections that may wait to be accepted: what Linux allows at most by default (`net.core.somaxconn`).
const BACKLOG: u32 = 4096;

/// Mode of the Unix socket: whoever can enter its directory may connect, as anybody here may connect to a port.
const UNIX_SOCKET_MODE: u32 = 0o666;

/// What somebody who connects gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The site.
    Site,
    /// The address of the site, to which they are sent on.
    Redirect,
}

/// A socket that connections come from.
#[derive(Debug)]
pub struct Listener {
    role: Role,
    socket: Socket,
    /// Goes with the listener, unless the socket is somebody else's too.
    file: Option<SocketFile>,
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// The file of a Unix socket.
#[derive(Debug)]
struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0); // gone already is as good
    }
}

/// A connection that was accepted.
pub(in crate::web) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Listener {
    /// Opens the socket.
    pub fn bind(role: Role, listen: &Listen) -> io::Result<Self> {
        match listen {
            Listen::Tcp(address) => Ok(Self { role, socket: Socket::Tcp(bind_tcp(*address)?), file: None }),
            Listen::Unix(path) => bind_unix(role, path),
        }
    }

    /// A socket that somebody else has opened, over TCP.
    pub fn of_tcp(role: Role, socket: net::TcpListener) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self { role, socket: Socket::Tcp(TcpListener::from_std(socket)?), file: None })
    }

    /// A socket that somebody else has opened, in the file system, where its file stays.
    pub fn of_unix(role: Role, socket: std::os::unix::net::UnixListener) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self { role, socket: Socket::Unix(UnixListener::from_std(socket)?), file: None })
    }

    /// The same, now that somebody else holds the socket too: its file stays when this is gone.
    #[must_use]
    pub fn shared(mut self) -> Self {
        if let Some(file) = self.file.take() {
            std::mem::forget(file);
        }
        self
    }

    /// What somebody who connects gets.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Where it is, with the port that the system may have chosen.
    pub fn place(&self) -> Option<Listen> {
        match &self.socket {
            Socket::Tcp(socket) => socket.local_addr().ok().map(Listen::Tcp),
            Socket::Unix(socket) => Some(Listen::Unix(socket.local_addr().ok()?.as_pathname()?.to_owned())),
        }
    }

    /// Whether this is where it says to listen, and can be found there.
    pub fn is_at(&self, listen: &Listen) -> bool {
        let is_found = match listen {
            Listen::Tcp(_) => true,
            Listen::Unix(path) => is_socket(path),
        };
        is_found && self.place().as_ref() == Some(listen)
    }

    /// The next connection.
    pub(in crate::web) async fn accept(&self) -> io::Result<(Stream, Peer)> {
        match &self.socket {
            Socket::Tcp(socket) => {
                let (stream, peer) = socket.accept().await?;
                // An answer is one write: nothing is gained by waiting for more. It fails if the client is gone already.
                let _ = stream.set_nodelay(true);
                Ok((Stream::Tcp(stream), Peer(Some(peer.ip().to_canonical()))))
            }
            Socket::Unix(socket) => Ok((Stream::Unix(socket.accept().await?.0), Peer(None))),
        }
    }
}

impl AsFd for Listener {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match &self.socket {
            Socket::Tcp(socket) => socket.as_fd(),
            Socket::Unix(socket) => socket.as_fd(),
        }
    }
}

impl fmt::Display for Listener {
    /// As a person would open it: a URL, or the path of the socket.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place() {
            Some(place) => place.fmt(f),
            None => f.write_str("a socket without a place"),
        }
    }
}

fn bind_tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?; // connections of the run before may still be closing
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn bind_unix(role: Role, path: &Path) -> io::Result<Listener> {
    remove_stale(path)?;
    let listener = UnixListener::bind(path)?;
    let file = Some(SocketFile(path.to_owned()));
    fs::set_permissions(path, fs::Permissions::from_mode(UNIX_SOCKET_MODE))?;
    Ok(Listener { role, socket: Socket::Unix(listener), file })
}

/// Removes the socket of a run that was killed: one at which nobody answers.
fn remove_stale(path: &Path) -> io::Result<()> {
    match std::os::unix::net::UnixStream::connect(path) {
        Err(error) if is_socket(path) && error.kind() == io::ErrorKind::ConnectionRefused => fs::remove_file(path),
        Ok(_) => Err(io::ErrorKind::AddrInUse.into()),
        Err(_) => Ok(()),
    }
}

fn is_socket(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket())
}
