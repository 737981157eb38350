//! Why the daemon ended, and whether it is worth while to start it again.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

/// What the daemon's own steps return.
pub(super) type Result<T> = std::result::Result<T, Failure>;

/// Of a daemon that would fail again until somebody does something about it: `EX_CONFIG` of sysexits.h. The unit has
/// systemd leave it then.
const LASTING: u8 = 78;

type Cause = Box<dyn Error + Send + Sync>;

/// Why the daemon ended.
#[derive(Debug)]
pub(super) struct Failure {
    cause: Cause,
    is_lasting: bool,
}

impl Failure {
    /// What a new start may mend.
    pub(super) fn passing(cause: impl Into<Cause>) -> Self {
        Self { cause: cause.into(), is_lasting: false }
    }

    /// What stays until somebody mends it.
    pub(super) fn lasting(cause: impl Into<Cause>) -> Self {
        Self { cause: cause.into(), is_lasting: true }
    }

    pub(super) fn exit_code(&self) -> ExitCode {
        if self.is_lasting { ExitCode::from(LASTING) } else { ExitCode::FAILURE }
    }
}

impl<E: Into<Cause>> From<E> for Failure {
    fn from(cause: E) -> Self {
        Self::passing(cause)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}
