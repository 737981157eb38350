//! What is done otherwise where the database is on a server.

use std::path::PathBuf;

use super::Result;
use crate::config::Config;
use crate::db::Location;

/// The database's file. Where it is on a server, an error that says what to do there instead.
pub(super) fn file_of(config: &Config, instead: impl FnOnce(&Location) -> String) -> Result<PathBuf> {
    match Location::of(config) {
        Location::File(path) => Ok(path),
        server @ Location::Server(_) => {
            Err(format!("the database {server} is on a server: {}", instead(&server)).into())
        }
    }
}
