//! Opens the database, and waits for it where that helps: while another process holds it, and while it is migrated.
//! Meanwhile systemd hears that the start takes longer, and what it waits for.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tracing::{info, warn};

use super::failure::{Failure, Result};
use crate::config::Config;
use crate::db::{self, Db, Location, OpenError, Progress};
use crate::systemd;

/// What systemd waits on for, after it has heard that something is done: much longer than until it hears it again.
const PATIENCE: Duration = Duration::from_mins(1);

/// Pause before a database is tried again.
const PAUSE: Duration = Duration::from_millis(250);

/// Opens the database of the instance, whatever time it takes.
pub(super) fn open(config: &Config, now: Timestamp) -> Result<Db> {
    let location = Location::of(config);
    systemd::extend_timeout(PATIENCE, "Opening the database");
    match when_free(|| db::bring_up_to_date(&location, now, &progress())) {
        Err(error) if error.is_lasting() => return Err(Failure::lasting(error)),
        // The same will be found once more, or can be served as it is.
        _ => (),
    }
    when_free(|| Db::open(&location, &config.database, now))
        .map_err(|error| if error.is_lasting() { Failure::lasting(error) } else { Failure::passing(error) })
}

/// Does what needs the database, as often as another process holds it.
fn when_free<T>(work: impl Fn() -> std::result::Result<T, OpenError>) -> std::result::Result<T, OpenError> {
    let mut warned = false;
    loop {
        match work() {
            Err(error) if error.is_busy() => {
                if !warned {
                    warn!("{error}; waiting for it");
                    warned = true;
                }
                systemd::extend_timeout(PATIENCE, &format!("Waiting: {error}"));
                thread::sleep(PAUSE);
            }
            done => return done,
        }
    }
}

/// Tells systemd how far the migration is, and the log of each new stage.
fn progress() -> Progress {
    let began = Instant::now();
    let last = Mutex::new(None);
    Progress::new(move |stage| {
        let status = format!("Starting: {stage}, {} s so far", began.elapsed().as_secs());
        systemd::extend_timeout(PATIENCE, &status);
        let kind = std::mem::discriminant(&stage);
        if let Ok(mut last) = last.lock()
            && *last != Some(kind)
        {
            *last = Some(kind);
            info!("{stage}");
        }
    })
}
