//! Why a site was not copied.

use std::path::PathBuf;
use std::{fmt, io};

use crate::db::error::Error as Failure;
use crate::db::open_error::OpenError;

/// Why a site was not copied. Nothing of it is left, and where it was to be copied to is as it was.
#[derive(Debug)]
pub enum Error {
    /// One of the databases cannot be used.
    Open(OpenError),
    /// Both are files, for which there is a backup.
    Files,
    /// There is a file of that name.
    Exists(PathBuf),
    /// The server's database has rows.
    NotEmpty(String),
    /// The source cannot be read.
    Read(Failure),
    /// The target cannot be written.
    Write(Failure),
    /// The target's file cannot be made.
    Make(PathBuf, io::Error),
    /// A value that another engine has no column for.
    Unfit {
        /// The table.
        table: &'static str,
        /// The number of the row.
        row: String,
        /// The column.
        column: &'static str,
    },
    /// These tables have other rows than those they were copied from.
    Differs(Vec<&'static str>),
    /// Somebody has asked to stop.
    Interrupted,
}

impl Error {
    /// Whether it is refused for what is there.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Files | Self::Exists(_) | Self::NotEmpty(_))
    }
}

impl From<Failure> for Error {
    fn from(error: Failure) -> Self {
        Self::Read(error)
    }
}

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        Self::Open(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(error) => write!(f, "{error}"),
            Self::Files => f.write_str(
                "both databases are files: `flaskr-admin backup FILE` copies one to another; nothing was copied",
            ),
            Self::Exists(path) => {
                let path = path.display();
                write!(
                    f,
                    "{path} is there already: move it away first, as in `mv {path} {path}.before`, or name another; nothing was copied"
                )
            }
            Self::NotEmpty(place) => write!(
                f,
                "the database {place} has rows already: name one that is empty (`createdb` makes it), or empty it, if nobody needs \
                 them, by `flaskr-admin init-db --clear` with its address as FLASKR_DATABASE_URL; nothing was copied"
            ),
            Self::Read(error) => write!(f, "cannot read what is to be copied: {error}; nothing was copied"),
            Self::Write(error) => write!(f, "cannot write the copy: {error}; nothing of it is left"),
            Self::Make(path, error) => write!(f, "cannot make {}: {error}; nothing of it is left", path.display()),
            Self::Unfit { table, row, column } => write!(
                f,
                "the row {row} of {table} has in {column} what is neither a number nor nothing: mend it with `sqlite3`; nothing was copied"
            ),
            Self::Differs(tables) => write!(
                f,
                "the copy differs from what was copied, in {}: try again, and report it if it is so again; nothing of it is left",
                tables.join(", ")
            ),
            Self::Interrupted => f.write_str("interrupted: nothing of the copy is left"),
        }
    }
}

impl std::error::Error for Error {}
