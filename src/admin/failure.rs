//! How a command ends that was not done: a message, and the status that tells a script what kind of failure it was.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use crate::db::OpenError;

/// A failure of a kind that a script may want to tell from others. All others end with status 1.
#[derive(Debug)]
pub(super) enum Failure {
    /// What was named is not there.
    NotFound(String),
    /// So many faults were found, and shown.
    Faults(usize),
    /// It needs a yes, or what is there is in the way.
    Refused(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound(message) | Self::Refused(message) => f.write_str(message),
            Self::Faults(1) => f.write_str("found 1 fault"),
            Self::Faults(faults) => write!(f, "found {faults} faults"),
        }
    }
}

impl Error for Failure {}

/// The status that the help and the manual page promise.
pub(super) fn status(error: &(dyn Error + Send + Sync + 'static)) -> ExitCode {
    match error.downcast_ref() {
        Some(Failure::NotFound(_)) => ExitCode::from(3),
        Some(Failure::Faults(_)) => ExitCode::from(4),
        Some(Failure::Refused(_)) => ExitCode::from(5),
        None if error.downcast_ref().is_some_and(OpenError::is_away) => ExitCode::from(6),
        None => ExitCode::FAILURE,
    }
}
