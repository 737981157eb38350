//! The end: nobody who was let in is left without an answer, and nobody waits long for those who are slow.
//!
//! A client that has a connection may send its next request at any moment, also at that in which the connection is
//! closed. So the end is announced first, in answers, while all goes on; only then nobody is let in any more. That phase
//! lasts as long as requests from before do: who comes meanwhile is answered here, and need not wait for the process that
//! comes next.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Live;
use crate::web::App;

/// How long clients have at least to hear of the end on connections that they keep open, and those that were let in last
/// to send the rest of a header, and to take a small answer.
const LAST_WORD: Duration = Duration::from_millis(250);

/// How often to look who is still there.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// Has every answer announce the end, and waits until the requests of before are answered. Returns by when all has to be
/// over.
pub(super) async fn announce(live: &Live) -> Instant {
    let app = live.app();
    let began = Instant::now();
    let deadline = began + Duration::from_secs(app.config().limits.drain_seconds_max);
    live.end();
    let before = app.connections.busy();
    let is_over = || (app.connections.are_none() || began.elapsed() >= LAST_WORD) && before.is_over();
    let latest = deadline.checked_sub(2 * LAST_WORD).unwrap_or(began);
    while Instant::now() < latest && !is_over() {
        sleep(LOOK_AGAIN).await;
    }
    deadline
}

/// Waits for the connections that are left. Says whether they ended by then.
pub(super) async fn finish(live: &Live, deadline: Instant) -> bool {
    let app = live.app();
    // Who was let in last may have sent a request that is still on its way.
    let heard = Instant::now() + LAST_WORD;
    while Instant::now() < deadline.min(heard) && !app.connections.are_quiet_for(LAST_WORD) {
        sleep(LOOK_AGAIN).await;
    }
    app.connections.end();
    if is_over_by(&app, deadline.min(Instant::now() + LAST_WORD)).await {
        return true;
    }
    app.connections.close_idle();
    is_over_by(&app, deadline).await
}

/// Waits until no connection is left, but no longer than this. Says whether none is.
async fn is_over_by(app: &App, deadline: Instant) -> bool {
    while !app.connections.are_none() {
        if Instant::now() >= deadline {
            return false;
        }
        sleep(LOOK_AGAIN).await;
    }
    true
}
