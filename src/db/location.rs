//! Where a database is, and what is done to it as a whole, on either engine.

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::SCHEMA_VERSION;
use super::error::Error;
use super::open_error::{OpenError, Reason};
use super::postgres::{self, Refused, Server, ServerContents, ServerState, Session, Standing};
use super::sqlite::{self, Initialized, Progress, Stage};
use crate::config::{Config, Database, DatabaseUrl};

/// Where a database is.
#[derive(Clone, Debug)]
pub enum Location {
    /// In a file of this machine.
    File(PathBuf),
    /// On a server.
    Server(Box<Database>),
}

impl Location {
    /// Where the settings say.
    pub fn of(config: &Config) -> Self {
        match &config.database.url {
            Some(_) => Self::Server(Box::new(config.database.clone())),
            None => Self::File(config.database_file()),
        }
    }

    /// Whether it is a file that is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::File(path) if !path.exists())
    }
}

impl From<&Self> for Location {
    fn from(location: &Self) -> Self {
        location.clone()
    }
}

impl From<&Path> for Location {
    fn from(file: &Path) -> Self {
        Self::File(file.to_owned())
    }
}

impl From<&PathBuf> for Location {
    fn from(file: &PathBuf) -> Self {
        Self::File(file.clone())
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Server(settings) => settings.url.as_ref().map_or(Ok(()), |url| write!(f, "{url}")),
        }
    }
}

/// Makes sure that there is a database: creates it, migrates it, or leaves it.
pub fn init(location: impl Into<Location>, now: Timestamp) -> Result<Initialized, OpenError> {
    match location.into() {
        Location::File(path) => sqlite::init(&path, now),
        Location::Server(settings) => on_server(&settings, |session, because| {
            let before = known(session, because)?;
            let done = postgres::bring_up(session, |_| ()).map_err(|error| because(Reason::Server(error)))?;
            Ok(match (before, done) {
                (_, Some(0)) => Initialized::Created,
                // Somebody else has created it at the same time.
                (0, _) | (_, None) => Initialized::Unchanged,
                _ => Initialized::Migrated { backup: None },
            })
        }),
    }
}

/// Empties an existing database. That of a file is kept, and the path of the copy returned; of a server it need not exist.
pub fn clear(location: impl Into<Location>, now: Timestamp, progress: &Progress) -> Result<Option<PathBuf>, OpenError> {
    match location.into() {
        Location::File(path) => sqlite::clear(&path, now, progress).map(Some),
        Location::Server(settings) => on_server(&settings, |session, because| {
            known(session, because)?;
            postgres::clear(session).map_err(|error| because(Reason::Server(error)))?;
            Ok(None)
        }),
    }
}

/// Brings an existing database up to date, which [`Db::open`](super::Db::open) does too, but without a word.
pub fn bring_up_to_date(location: impl Into<Location>, now: Timestamp, progress: &Progress) -> Result<(), OpenError> {
    match location.into() {
        Location::File(path) => sqlite::bring_up_to_date(&path, now, progress),
        Location::Server(settings) => on_server(&settings, |session, because| {
            existing(session, because)?;
            let tell = |step| progress.tell(Stage::Migrating { step, of: SCHEMA_VERSION });
            postgres::bring_up(session, tell).map_err(|error| because(Reason::Server(error)))?;
            Ok(())
        }),
    }
}

/// The server that the settings name.
pub(super) fn server(settings: &Database) -> Result<Server, OpenError> {
    let named = Server::of(settings).unwrap_or_else(|| Err(Refused::lasting("no address".to_owned())));
    named.map_err(|refused| refused_at(settings.url.as_ref(), refused))
}

/// The server that follows it, if the settings name one.
pub(super) fn replica(settings: &Database) -> Result<Option<Server>, OpenError> {
    let named = Server::replica_of(settings).transpose();
    named.map_err(|refused| refused_at(settings.replica_url.as_ref(), refused))
}

/// One that may follow it, if the settings name several hosts.
pub(super) fn standby(settings: &Database) -> Result<Option<Server>, OpenError> {
    let named = Server::standby_of(settings).transpose();
    named.map_err(|refused| refused_at(settings.url.as_ref(), refused))
}

fn refused_at(url: Option<&DatabaseUrl>, refused: Refused) -> OpenError {
    let place = url.map(DatabaseUrl::to_string).unwrap_or_default();
    OpenError::at(Path::new(&place))(Reason::Refused(refused))
}

/// A connection to an existing database, which is migrated first.
pub(super) fn session(settings: &Database) -> Result<Session, OpenError> {
    let server = server(settings)?;
    let place = server.to_string();
    let because = OpenError::at(Path::new(&place));
    let session = Session::reach(&server).map_err(|refused| because(Reason::Refused(refused)))?;
    existing(&session, &because)?;
    postgres::bring_up(&session, |_| ()).map_err(|error| because(Reason::Server(error)))?;
    Ok(session)
}

/// A connection to a server where there is nothing yet, or tables of ours.
pub(super) fn empty(settings: &Database) -> Result<Session, OpenError> {
    let server = server(settings)?;
    let place = server.to_string();
    let because = OpenError::at(Path::new(&place));
    let session = Session::reach(&server).map_err(|refused| because(Reason::Refused(refused)))?;
    known(&session, &because)?;
    Ok(session)
}

/// What a server says of itself and of its database, and whether nobody can stand between us and it. Nothing is changed.
pub fn look_at_server(settings: &Database) -> Result<(ServerState, bool), OpenError> {
    let server = server(settings)?;
    let place = server.to_string();
    let because = OpenError::at(Path::new(&place));
    // One that takes no writes is found only where there is none that does.
    let session = Session::reach(&server)
        .or_else(|refused| Session::reach(&server.for_a_look()).map_err(|_| because(Reason::Refused(refused))))?;
    let state = postgres::state(&session).map_err(|error| because(Reason::Server(error)))?;
    Ok((state.ok_or_else(|| because(Reason::Empty))?, server.is_near()))
}

/// What is in a server's database of this schema. Nothing is changed, unless rows that refer to nothing are to go: how many did
/// comes with it.
pub fn look_into_server(settings: &Database, mends: bool) -> Result<(ServerContents, usize), OpenError> {
    on_server(settings, |session, because| {
        let deleted =
            if mends { session.transaction(|_| true, postgres::delete_dangling).map(|(rows, _)| rows) } else { Ok(0) };
        let contents = deleted.and_then(|deleted| Ok((session.read(postgres::contents)?, deleted)));
        contents.map_err(|error| because(Reason::Server(error)))
    })
}

/// Does something on a connection of its own, in a thread of its own: it waits there, which those of a runtime must not.
fn on_server<T: Send>(
    settings: &Database,
    work: impl FnOnce(&Session, &dyn Fn(Reason) -> OpenError) -> Result<T, OpenError> + Send,
) -> Result<T, OpenError> {
    let server = server(settings)?;
    let place = server.to_string();
    let because = OpenError::at(Path::new(&place));
    let connected = || work(&Session::reach(&server).map_err(|refused| because(Reason::Refused(refused)))?, &because);
    std::thread::scope(|scope| scope.spawn(connected).join())
        .unwrap_or_else(|_| Err(because(Reason::Server(Error::Stopped))))
}

/// How many migrations were done on it, if it is ours.
fn known(session: &Session, because: &dyn Fn(Reason) -> OpenError) -> Result<usize, OpenError> {
    match postgres::standing(session).map_err(|error| because(Reason::Server(error)))? {
        Standing::Foreign => Err(because(Reason::Foreign("it has tables of another program".to_owned()))),
        Standing::Newer(version) => Err(because(Reason::Newer(version))),
        Standing::Ours(version) => Ok(version),
        Standing::Empty => Ok(0),
    }
}

fn existing(session: &Session, because: &dyn Fn(Reason) -> OpenError) -> Result<(), OpenError> {
    if known(session, because)? == 0 { Err(because(Reason::Empty)) } else { Ok(()) }
}
