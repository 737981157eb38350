//! Whether the daemon can listen where it is to.

use std::fs;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use nix::unistd::{AccessFlags, access};

use super::finding::Finding;
use super::process::Holder;
use crate::config::{Listen, Loaded};
use crate::control::RUNTIME_DIRECTORY;

/// Tries it, as the daemon's user.
pub(super) fn look(loaded: &Loaded, listen: &Listen, holder: Option<&Holder>) -> Finding {
    match holder {
        Some(Holder { process: Some((number, name)) }) if holder.is_some_and(Holder::is_daemon) => {
            return Finding::well("listen", format!("{listen}: {name}, process {number}, listens there"));
        }
        Some(Holder { process: Some((number, name)) }) => {
            let message =
                format!("{listen}: {name}, process {number}, listens there already: end it, or change `listen`");
            return Finding::fault("listen", message);
        }
        _ => (),
    }
    let tried = match listen {
        Listen::Tcp(address) => try_tcp(*address),
        Listen::Unix(path) => try_unix(path, loaded.is_packaged(), holder.is_some()),
    };
    match tried {
        Ok(()) => Finding::well("listen", format!("{listen}: nobody listens there yet")),
        Err(wrong) => Finding::fault("listen", format!("{listen}: {wrong}")),
    }
}

fn try_tcp(address: SocketAddr) -> Result<(), String> {
    let Err(error) = TcpListener::bind(address) else { return Ok(()) };
    Err(match error.kind() {
        ErrorKind::AddrInUse => {
            "another process listens there already: `ss -ltnp`, as root, shows which; end it, or change `listen`".to_owned()
        }
        ErrorKind::AddrNotAvailable => {
            format!("{} is no address of this machine: `ip address` shows those that are; change `listen`", address.ip())
        }
        ErrorKind::PermissionDenied => {
            "ports below 1024 are for root alone: `listen` at another, with a proxy before it, or let systemd open this one \
             (systemd.socket(5))"
                .to_owned()
        }
        _ => format!("cannot listen there: {error}"),
    })
}

fn try_unix(path: &Path, is_packaged: bool, is_held: bool) -> Result<(), String> {
    if is_held {
        return Err("another process listens there already: end it, or change `listen`".to_owned());
    }
    let directory = path.parent().unwrap_or(Path::new("/"));
    let shown = directory.display();
    match fs::symlink_metadata(path) {
        Ok(file) if !file.file_type().is_socket() => {
            return Err(format!("what is there is no socket: `rm {}`, if nobody needs it", path.display()));
        }
        // systemd makes it when it starts the service.
        _ if is_packaged && directory == Path::new(RUNTIME_DIRECTORY) => return Ok(()),
        _ => (),
    }
    match fs::metadata(directory) {
        Ok(found) if found.is_dir() => (),
        _ => return Err(format!("there is no directory {shown}: make it, or change `listen`")),
    }
    access(directory, AccessFlags::W_OK | AccessFlags::X_OK).map_err(|error| {
        format!("the daemon cannot make a socket in {shown} ({error}): `chown` it, or change `listen`")
    })
}
