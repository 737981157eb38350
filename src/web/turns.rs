//! Turns: how many requests do at a time what takes much memory, or a connection that reads. Others wait, and not for long.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::error::{Error, Result};

/// Pages of posts that are made at a time, for each connection that reads: while one is read, another is rendered.
const PAGES_OF_A_READER: usize = 2;
/// One search at a time for so many connections that read.
const READERS_OF_A_SEARCH: usize = 2;
/// One part of a picture is read at a time for so many connections that read.
const READERS_OF_AN_IMAGE: usize = 2;
/// Longest wait for a turn. Past it: 503.
const WAIT_MAX: Duration = Duration::from_secs(1);

/// The turns of one kind. Each ends when it is dropped.
#[derive(Debug)]
pub(super) struct Kind {
    free: Arc<Semaphore>,
    /// What is said of it when there is none.
    busy: &'static str,
}

/// The turns of each kind.
#[derive(Debug)]
pub(super) struct Turns {
    /// To make a page of posts: each holds all it shows while it waits for a core.
    pub(super) page: Kind,
    /// To search: some of the connections that read are always left for pages.
    pub(super) search: Kind,
    /// To read a part of a picture, likewise.
    pub(super) image: Kind,
    /// To download all that somebody wrote: one holds all of it.
    pub(super) download: Kind,
}

impl Turns {
    /// Those of a site with so many connections that read.
    pub(super) fn new(readers: usize) -> Self {
        Self {
            page: Kind::new(PAGES_OF_A_READER * readers, "no turn to make a page"),
            search: Kind::new(readers / READERS_OF_A_SEARCH, "no turn to search"),
            image: Kind::new(readers / READERS_OF_AN_IMAGE, "no turn to read a picture"),
            download: Kind::new(1, "no turn to download"),
        }
    }
}

impl Kind {
    fn new(count: usize, busy: &'static str) -> Self {
        Self { free: Arc::new(Semaphore::new(count.max(1))), busy }
    }

    /// Waits for one, unless that takes too long.
    pub(super) async fn wait(&self) -> Result<OwnedSemaphorePermit> {
        let waited = timeout(WAIT_MAX, self.wait_long()).await;
        waited.ok().flatten().ok_or_else(|| Error::Busy(self.busy.to_owned()))
    }

    /// Waits for one as long as it takes. `None` only when there will be none.
    pub(super) async fn wait_long(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).acquire_owned().await.ok()
    }
}
