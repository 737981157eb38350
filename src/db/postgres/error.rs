//! What a server refuses, and what it means to us.

use std::sync::Arc;
use std::{fmt, io};

use tokio_postgres::error::SqlState;
use tokio_rustls::rustls;

use crate::db::error::Error;

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(state) = error.code() else {
            return if error.is_closed() || is_of_connection(&error) { lost(&in_full(&error)) } else { engine(error) };
        };
        match *state {
            SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED | SqlState::LOCK_NOT_AVAILABLE => {
                Self::Busy("another node holds the database")
            }
            SqlState::QUERY_CANCELED => Self::Busy("a statement took too long"),
            _ if is_passing(state) => Self::Away(in_full(&error).into()),
            _ => engine(error),
        }
    }
}

/// Whether it is about who the server is, or that it has no TLS at all.
fn is_of_certificate(error: &tokio_postgres::Error) -> bool {
    let Some(source) = std::error::Error::source(error) else { return false };
    match source.downcast_ref::<io::Error>() {
        Some(error) => matches!(
            error.get_ref().and_then(|inner| inner.downcast_ref()),
            Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented)
        ),
        None => error.to_string().starts_with("error performing TLS handshake"),
    }
}

/// Of the connection, and nothing that the server has said.
fn is_of_connection(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<io::Error>)
}

fn engine(error: tokio_postgres::Error) -> Error {
    Error::Engine(Arc::new(Said(error)))
}

/// What a server said of a statement.
#[derive(Debug)]
struct Said(tokio_postgres::Error);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&in_full(&self.0))
    }
}

impl std::error::Error for Said {}

/// The connection is gone.
pub(super) fn lost(why: &str) -> Error {
    Error::Away(format!("no connection to the database: {why}").into())
}

/// Whether what the server says is about itself and not about the statement: it stops or starts, has no connection or no
/// space left, or is a standby. <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn is_passing(state: &SqlState) -> bool {
    let class = state.code().get(..2).unwrap_or_default();
    matches!(class, "08" | "53" | "57" | "58") || *state == SqlState::READ_ONLY_SQL_TRANSACTION
}

/// The error with what is behind it: by itself it says "db error".
pub(super) fn in_full(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(said), _) => format!("{} ({})", said.message(), said.code().code()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

/// Why a server cannot be used.
#[derive(Debug)]
pub(in crate::db) struct Refused {
    why: String,
    /// Whether trying again would not help: somebody has to do something about it first.
    pub(in crate::db) is_lasting: bool,
}

impl Refused {
    /// Somebody has to do something about it first.
    pub(in crate::db) fn lasting(why: String) -> Self {
        Self { why, is_lasting: true }
    }

    /// It has not answered.
    pub(super) fn late() -> Self {
        Self { why: "no answer in time".to_owned(), is_lasting: false }
    }
}

impl From<tokio_postgres::Error> for Refused {
    fn from(error: tokio_postgres::Error) -> Self {
        // A wrong password, no such database, no such user: not so where the server has just not started yet.
        let is_lasting = error.code().map_or_else(|| is_of_certificate(&error), |state| !is_passing(state));
        Self { why: in_full(&error), is_lasting }
    }
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self { why: error.to_string(), is_lasting: false }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}
