//! Something that may happen only so often: counted here, and by all nodes together where several serve the site.

use std::hash::Hash;

use jiff::Timestamp;
use serde::Serialize;
use tracing::debug;

use super::error::{Error, Result};
use crate::db::Db;
use crate::throttle::{Limit, Throttle, seconds};

/// The count for each key.
#[derive(Debug)]
pub(super) struct Counted<K> {
    /// What tells it from others.
    name: &'static str,
    here: Throttle<K>,
}

impl<K: Eq + Hash + Clone + Serialize> Counted<K> {
    /// Nothing has happened yet.
    pub(super) fn new(name: &'static str, limit: Limit) -> Self {
        Self { name, here: Throttle::new(limit) }
    }

    /// Counts it before it happens; how many seconds to wait if it was too often, which counts nothing.
    pub(super) async fn enter(&self, db: &Db, key: &K, now: Timestamp) -> Result<std::result::Result<(), u64>> {
        // What is too much for one is too much for all, and a flood of it is kept from the database.
        if let Err(seconds) = self.here.enter(key.clone(), now) {
            return Ok(Err(seconds));
        }
        let Some(shared) = db.shared_throttles().filter(|_| self.is_limited()) else { return Ok(Ok(())) };
        let entered = shared.enter(self.shared_key(key)?, self.here.limit(), now.as_millisecond()).await;
        if !matches!(entered, Ok(Ok(()))) {
            self.here.forgive(key);
        }
        Ok(entered?.map_err(seconds))
    }

    /// It has not happened, or was right.
    pub(super) async fn forgive(&self, db: &Db, key: &K) {
        self.here.forgive(key);
        let (Some(shared), Ok(key)) = (db.shared_throttles().filter(|_| self.is_limited()), self.shared_key(key))
        else {
            return;
        };
        if let Err(error) = shared.forgive(key, self.here.limit()).await {
            debug!(%error, "a failure was not forgiven"); // it wears off
        }
    }

    fn is_limited(&self) -> bool {
        self.here.limit().cost > 0
    }

    fn shared_key(&self, key: &K) -> Result<Vec<u8>> {
        serde_json::to_vec(&(self.name, key)).map_err(|error| Error::Internal(error.into()))
    }
}
