//! Whether files and directories are there, whose they are, who may read them, and how much room is left.

use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use indicatif::HumanBytes;
use nix::sys::statvfs::statvfs;
use nix::unistd::{Uid, User, geteuid};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::finding::Finding;
use crate::config::{Config, Database, Loaded};
use crate::db::log_of;
use crate::secret_key::KeyRing;

/// The user of the packaged service.
const SERVICE_USER: &str = "flaskr";

/// Least room on the disk, in bytes: some days of posts with pictures, until somebody looks.
const ROOM_BYTES_MIN: u64 = 100_000_000;

/// Looks at the secret key.
pub(super) fn key(config: &Config) -> Finding {
    let path = config.secret_key_path();
    let shown = path.display();
    if path.is_dir() {
        let message = format!("{shown} is a directory: move it away, then `flaskr-admin secret-key generate`");
        return Finding::fault("secret key", message);
    }
    if let Err(error) = KeyRing::from_file(&path) {
        return Finding::fault("secret key", error.to_string());
    }
    let owner = fs::metadata(&path).map(|file| file.uid()).unwrap_or_default();
    let daemon = fs::metadata(&config.instance).map_or(owner, |directory| directory.uid());
    // systemd hands root's to the service; what is in the instance the daemon reads itself.
    if owner == daemon || (owner == 0 && config.secret_key_file.is_some()) {
        return Finding::well("secret key", shown.to_string());
    }
    let (owner, daemon) = (name(owner), name(daemon));
    let message = format!("{shown} belongs to {owner}, and the daemon runs as {daemon}: `chown {daemon}: {shown}`");
    Finding::fault("secret key", message)
}

/// Looks at the directory that holds the site.
pub(super) fn instance(loaded: &Loaded) -> Finding {
    let path = &loaded.config.instance;
    match wrong_with_instance(loaded, path) {
        Some(fault) => Finding::fault("instance", fault),
        None => Finding::well("instance", path.display().to_string()),
    }
}

fn wrong_with_instance(loaded: &Loaded, path: &Path) -> Option<String> {
    let shown = path.display();
    let directory = match fs::metadata(path) {
        Ok(directory) => directory,
        Err(error) => return Some(unreachable(path, &error)),
    };
    if !directory.is_dir() {
        return Some(format!("{shown} is not a directory: move it away, then `flaskr-admin init-db`"));
    }
    if let Some(user) = expected_owner(loaded).filter(|user| *user != directory.uid()) {
        let (owner, user) = (name(directory.uid()), name(user));
        return Some(if geteuid().is_root() {
            format!("{shown} belongs to {owner}, and the service runs as {user}: `chown -R {user}: {shown}`")
        } else {
            format!("{shown} belongs to {owner}, and this is {user}: run it as {owner}, or as root")
        });
    }
    match directory.mode() & 0o777 {
        mode if mode & 0o007 != 0 => Some(format!("others can enter {shown} (mode {mode:04o}): `chmod 700 {shown}`")),
        mode if mode & 0o700 != 0o700 => {
            Some(format!("its owner cannot read and write in {shown} (mode {mode:04o}): `chmod 700 {shown}`"))
        }
        _ => None,
    }
}

fn unreachable(path: &Path, error: &std::io::Error) -> String {
    let shown = path.display();
    match fs::read_link(path) {
        Ok(target) => format!(
            "{shown} is a link to {}, which is not there: mount the disk that it is on, or make it",
            target.display()
        ),
        Err(_) if error.kind() == ErrorKind::NotFound => {
            format!("there is no directory {shown}: mount the disk that it is on, or `flaskr-admin init-db` makes it")
        }
        Err(_) => format!("cannot look at {shown}: {error}"),
    }
}

/// Who has to own the instance, as far as that is known: the packaged service's user, else whoever runs this.
fn expected_owner(loaded: &Loaded) -> Option<u32> {
    if !geteuid().is_root() {
        return Some(geteuid().as_raw());
    }
    loaded.is_packaged().then(|| User::from_name(SERVICE_USER).ok().flatten()).flatten().map(|user| user.uid.as_raw())
}

/// Looks at the database's files from outside.
pub(super) fn database_files(config: &Config) -> Vec<Finding> {
    let Ok(directory) = fs::metadata(&config.instance) else { return Vec::new() };
    let database = config.database_file();
    let log = log_of(&database);
    let index = PathBuf::from(log.display().to_string().replace("-wal", "-shm"));
    let files = [database, log, index].into_iter().filter_map(|path| {
        let file = fs::metadata(&path).ok()?;
        wrong_with_file(&path, &file, directory.uid())
    });
    files.collect()
}

fn wrong_with_file(path: &Path, file: &Metadata, owner: u32) -> Option<Finding> {
    let (shown, mode) = (path.display(), file.mode() & 0o777);
    let fault = |message: String| Some(Finding::fault("database", message));
    if !file.is_file() {
        return fault(format!("{shown} is not a file: move it away, then restore a backup or `flaskr-admin init-db`"));
    }
    if file.uid() != owner {
        let (wrong, owner) = (name(file.uid()), name(owner));
        return fault(format!("{shown} belongs to {wrong}, and its directory to {owner}: `chown {owner}: {shown}`"));
    }
    if mode & 0o600 != 0o600 {
        return fault(format!("its owner cannot read and write {shown} (mode {mode:04o}): `chmod 600 {shown}`"));
    }
    if mode & 0o022 != 0 {
        return fault(format!("others can write {shown} (mode {mode:04o}): `chmod 600 {shown}`"));
    }
    let message =
        format!("others could read {shown} (mode {mode:04o}), if its directory let them in: `chmod 600 {shown}`");
    (mode & 0o044 != 0).then(|| Finding::note("database", message))
}

/// Looks at who may read the password of the database's server.
pub(super) fn password(loaded: &Loaded, settings: &Database) -> Vec<Finding> {
    let password = settings.url.as_ref().and_then(|url| url.parsed().get_password()).unwrap_or_default();
    // The address may be one from the environment.
    let in_settings = loaded.file.as_deref().filter(|file| has(file, password));
    let files = [
        (in_settings, "put it into a file of its own, and that into `password_file`"),
        (settings.password_file.as_deref(), ""),
    ];
    let faults = files.into_iter().filter_map(|(path, instead)| {
        let path = path?;
        let mode = fs::metadata(path).ok()?.mode() & 0o777;
        let shown = path.display();
        let mend = if instead.is_empty() { format!("`chmod o= {shown}`") } else { instead.to_owned() };
        let message = format!(
            "others can read the password of the database in {shown} (mode {mode:04o}): {mend}, then change it"
        );
        (mode & 0o007 != 0).then(|| Finding::fault("database", message))
    });
    faults.collect()
}

/// Whether a file has this password, as it is or as an address writes it.
fn has(file: &Path, password: &[u8]) -> bool {
    let (text, password) = (fs::read_to_string(file).unwrap_or_default(), String::from_utf8_lossy(password));
    let encoded = utf8_percent_encode(&password, NON_ALPHANUMERIC).to_string();
    !password.is_empty() && (text.contains(&*password) || text.contains(&encoded))
}

/// Looks at how much can still be written. Where the directory is not there, that was said.
pub(super) fn room(config: &Config) -> Option<Finding> {
    let shown = config.instance.display();
    let system = statvfs(&config.instance).ok()?;
    let free = system.blocks_available().saturating_mul(system.fragment_size());
    let database = fs::metadata(config.database_file()).map_or(0, |file| file.len());
    let left = format!("{} left in {shown}", HumanBytes(free));
    Some(if free < ROOM_BYTES_MIN {
        let least = HumanBytes(ROOM_BYTES_MIN);
        Finding::fault(
            "disk",
            format!("{left}, less than {least}: delete old backups there, or move it to a larger disk"),
        )
    } else if free < database {
        Finding::note(
            "disk",
            format!("{left}: a backup beside the database, as the next version may make, has no room"),
        )
    } else {
        Finding::well("disk", left)
    })
}

/// A user's name, or number.
fn name(uid: u32) -> String {
    User::from_uid(Uid::from_raw(uid)).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name)
}
